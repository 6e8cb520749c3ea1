//! Predicates as conditions in queries of Diesel's own, on the tables of [`schema`](crate::schema).

use std::fmt;

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use metagraph_core::query::Predicate;
use metagraph_core::query::condition::Condition;
use metagraph_core::{EdgeType, NodeType, PartOf};

use super::expression::{Scope, of_types};
use crate::backend::Seam;
use crate::error::Result;
use crate::graph::Graph;
use crate::statement::Statement;
use crate::traverse::of_edge_types;

/// A condition on the rows of `nodes` or `edges`, for a query in Diesel's own language.
///
/// It holds of rows of one graph and one type of which a predicate holds; made by [`Graph::node_rows`] and
/// [`Graph::edge_rows`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use diesel::prelude::*;
/// use metagraph::query::RowCondition;
/// use metagraph::schema::sqlite::nodes;
///
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert(&mut conn, &package("serde"))?;
/// let serde: RowCondition<diesel::sqlite::Sqlite> = graph.node_rows::<Package, _>(|p| p.id.eq("serde"))?;
/// assert_eq!(nodes::table.filter(serde).count().get_result(&mut conn), Ok(1));
/// # Ok(())
/// # }
/// ```
pub struct RowCondition<Db> {
    statement: Statement<'static, Db>,
}

impl<Db> fmt::Debug for RowCondition<Db> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.statement.fmt(f)
    }
}

impl<G> Graph<G> {
    /// The rows of `schema::nodes` that are a `N` of this graph and of which the predicate holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// use diesel::prelude::*;
    /// use metagraph::schema::sqlite::nodes;
    ///
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 1000 })?;
    /// graph.insert(&mut conn, &Package { id: "sad".into(), downloads: 1 })?;
    /// let keys: Vec<String> = nodes::table
    ///     .filter(graph.node_rows::<Package, _>(|p| p.downloads.ge(100))?)
    ///     .filter(nodes::version.eq(1))
    ///     .select(nodes::key)
    ///     .load(&mut conn)?;
    /// assert_eq!(keys, ["serde"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when the predicate cannot be asked.
    pub fn node_rows<N, Db>(&self, predicate: impl FnOnce(N::Fields) -> Predicate<N>) -> Result<RowCondition<Db>>
    where
        N: NodeType + PartOf<G>,
        Db: Seam,
    {
        let graph = self.opened();
        let kind = graph.vocabulary.node(N::NAME)?.id;
        let scope = Scope::node(graph, "__metagraph_nodes", &[kind]);
        let statement = Statement::new("(__metagraph_nodes.graph_id = ").integer(graph.id).sql(" AND ");
        let statement = of_types(statement, &scope.alias, &[kind]);
        condition(&scope, statement, &predicate(N::F).into_condition())
    }

    /// The rows of `schema::edges` that are an `E` of this graph and of which the predicate holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// use diesel::prelude::*;
    /// use metagraph::schema::sqlite::edges;
    ///
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let optional = graph.edge_rows::<DependsOn, _>(|d| d.optional.eq(true) & Package::F.id.at_target().eq("serde"))?;
    /// let targets: Vec<i64> = edges::table.filter(optional).select(edges::target_id).load(&mut conn)?;
    /// assert_eq!(targets, [serde.raw()]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when the predicate cannot be asked.
    pub fn edge_rows<E, Db>(&self, predicate: impl FnOnce(E::Fields) -> Predicate<E>) -> Result<RowCondition<Db>>
    where
        E: EdgeType + PartOf<G>,
        Db: Seam,
    {
        let graph = self.opened();
        let kind = graph.vocabulary.edge(E::NAME)?;
        let scope = Scope::edge(graph, "__metagraph_edges", kind);
        let statement = Statement::new("(__metagraph_edges.graph_id = ").integer(graph.id).sql(" AND ");
        let statement = of_edge_types(statement, &scope.alias, &[kind.id]);
        condition(&scope, statement, &predicate(E::F).into_condition())
    }
}

fn condition<Db: Seam>(
    scope: &Scope<'_>,
    statement: Statement<'static, Db>,
    condition: &Condition,
) -> Result<RowCondition<Db>> {
    Ok(RowCondition { statement: scope.and_condition(statement, condition)?.sql(")") })
}

impl<Db> Expression for RowCondition<Db> {
    type SqlType = Bool;
}

impl<Db, Table> AppearsOnTable<Table> for RowCondition<Db> {}

impl<Db, Table> SelectableExpression<Table> for RowCondition<Db> {}

impl<Db, GroupBy> ValidGrouping<GroupBy> for RowCondition<Db> {
    type IsAggregate = is_aggregate::No;
}

impl<Db: Seam> QueryFragment<Db> for RowCondition<Db> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.statement.walk_ast(out)
    }
}

impl<Db> QueryId for RowCondition<Db> {
    type QueryId = ();

    // The text varies, so the cache must look at it.
    const HAS_STATIC_QUERY_ID: bool = false;
}

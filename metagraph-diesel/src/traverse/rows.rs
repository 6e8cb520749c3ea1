//! Every way through a traversal as a row, in one statement.

use std::fmt;
use std::marker::PhantomData;

use super::chain::{Chain, Resolved, of_edge_types};
use super::expand::{Frontier, edge_condition};
use super::form::{Form, Values, Whole};
use super::pattern::{Columns, LastHop, Pattern};
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::Result;
use crate::query::{Explanation, Scope, explain, found_of_types};
use crate::record;
use crate::run;
use crate::statement::Statement;

/// The rows of a traversal: one for every way through it; made by [`Traversal::rows`](super::Traversal::rows).
///
/// Rows come in the order of the ids of what they hold, from their beginning on.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let rows = graph.from_all(graph.nodes::<Package>()).out::<DependsOn>().to::<Package>().rows();
/// let rows = rows.load(&mut conn)?;
/// let (package, (needs, other)) = &rows[0];
/// assert_eq!((package.id, needs.value.optional, other.id), (app, false, serde));
/// # Ok(())
/// # }
/// ```
#[must_use = "rows are not read until they are loaded or counted"]
pub struct Rows<'g, P, F = Whole> {
    chain: Result<Chain<'g>>,
    limit: Option<u32>,
    offset: u64,
    of: PhantomData<fn() -> (P, F)>,
}

impl<P, F> fmt::Debug for Rows<'_, P, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl<'g, P: Pattern> Rows<'g, P> {
    pub(super) fn new(chain: Result<Chain<'g>>) -> Self {
        Self { chain, limit: None, offset: 0, of: PhantomData }
    }
}

impl<'g, P, F> Rows<'g, P, F> {
    /// Reads only the last hop of each way, as the edge and the node it leads to, which takes less time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().rows().last_hop();
    /// for (needs, package) in needed.load(&mut conn)? {
    ///     assert_eq!((needs.value.optional, package.key.as_str()), (true, "serde"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn last_hop(self) -> Rows<'g, LastHop<P>, F> {
        Rows { chain: self.chain, limit: self.limit, offset: self.offset, of: PhantomData }
    }

    /// Reads nodes as their ids and values, and edges as their values: without key, version and times, which takes less
    /// time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let rows = graph.from(app).out::<DependsOn>().to::<Package>().rows().values().load(&mut conn)?;
    /// let ((from, _), (needs, (to, package))) = &rows[0];
    /// assert_eq!((*from, needs.optional, *to, package.id.as_str()), (app, true, serde, "serde"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn values(self) -> Rows<'g, P, Values> {
        Rows { chain: self.chain, limit: self.limit, offset: self.offset, of: PhantomData }
    }
}

impl<'g, F: Form, P: Pattern<F>> Rows<'g, P, F> {
    /// Reads at most this many.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// let rows = graph.from(app).out::<Mentions>().to::<Package>().rows();
    /// assert_eq!(rows.limit(1).load(&mut conn)?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Leaves out the first ones.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// let rows = graph.from(app).out::<Mentions>().to::<Package>().rows();
    /// let (_, (mentions, _)) = &rows.offset(1).load(&mut conn)?[0];
    /// assert_eq!(mentions.value.place, "README.md:9");
    /// # Ok(())
    /// # }
    /// ```
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Reads the rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// let rows = graph.from(app).out::<Mentions>().to::<Package>().rows();
    /// let places: Vec<_> = rows.load(&mut conn)?.into_iter().map(|(_, (mentions, _))| mentions.value.place).collect();
    /// assert_eq!(places, ["README.md:7", "README.md:9"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<P::Row>> {
        let statement = self.statement()?;
        let sorted = self.is_sorted_here();
        let chain = self.chain?;
        let (vocabulary, keys) = (chain.graph.vocabulary, chain.steps.len() + 1);
        if !sorted {
            return run::each(conn, "reading rows", statement, |row| P::read(vocabulary, row, &mut 0));
        }
        let mut rows = run::each(conn, "reading rows", statement, |row| {
            let key = |at| Ok(record::optional_integer::<C::Db>(row, at)?.unwrap_or_default());
            let ids = (0..keys).map(key).collect::<diesel::deserialize::Result<Box<[i64]>>>()?;
            Ok((ids, P::read(vocabulary, row, &mut keys.clone())?))
        })?;
        rows.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Counts the rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// let rows = graph.from(app).out::<Mentions>().to::<Package>().rows();
    /// assert_eq!(rows.count(&mut conn)?, 2, "of one node that is reached");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let bounded = self.limit.is_some() || self.offset > 0;
        let statement = if bounded {
            let rows = joined(self.hops()?, false, Statement::new("SELECT count(*) FROM (SELECT 1 FROM "))?;
            rows.limited(self.limit, self.offset).sql(") AS counted")
        } else {
            joined(self.hops()?, false, Statement::new("SELECT count(*) FROM "))?
        };
        Ok(run::optional(conn, "counting rows", statement)?.unwrap_or(0))
    }

    /// The statement that [`Rows::load`] runs, with placeholders for what is bound.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// let sql = graph.from(app).out::<DependsOn>().to::<Package>().rows().to_sql(&conn)?;
    /// assert!(sql.contains("JOIN"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn to_sql<C: GraphConnection>(&self, _: &C) -> Result<String> {
        Ok(format!("{:?}", self.statement::<C::Db>()?))
    }

    /// How the database would run what [`Rows::load`] runs.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// let explanation = graph.from(app).out::<DependsOn>().to::<Package>().rows().explain(&mut conn)?;
    /// assert!(!explanation.steps.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn explain<C: GraphConnection>(&self, conn: &mut C) -> Result<Explanation> {
        explain(conn, self.statement()?)
    }

    fn hops(&self) -> Result<&Chain<'g>> {
        self.chain.as_ref().map_err(|error| Scope::invalid(error.to_string()))
    }

    /// Whether rows are sorted after they were read: where all are, that spares the database to carry them through a
    /// sort of its own.
    fn is_sorted_here(&self) -> bool {
        self.limit.is_none() && self.offset == 0
    }

    fn statement<'a, Db: Seam>(&self) -> Result<Statement<'a, Db>> {
        let hops = self.hops()?.steps.len();
        let keys = (1..=hops).map(|hop| format!("e{hop}.id"));
        let keys: Vec<_> = std::iter::once("ids.id".to_owned()).chain(keys).collect();
        let mut columns = Columns::default();
        P::columns(&mut columns, hops);
        let (columns, keys) = (columns.into_text(), keys.join(", "));
        let sorted = self.is_sorted_here();
        let select = if sorted { format!("SELECT {keys}, {columns} FROM ") } else { format!("SELECT {columns} FROM ") };
        let statement = joined(self.hops()?, P::READS_BEGINNING, Statement::new("").printed(select))?;
        Ok(if sorted {
            statement
        } else {
            statement.printed(format!(" ORDER BY {keys}")).limited(self.limit, self.offset)
        })
    }
}

/// Appends the tables of a chain, joined in the order of its hops; the nodes where it begins only where they are read, or
/// where no edge tells that they are there.
fn joined<'a, Db: Seam>(
    chain: &Chain<'_>,
    reads_beginning: bool,
    statement: Statement<'a, Db>,
) -> Result<Statement<'a, Db>> {
    let graph = chain.graph;
    let mut statement = Frontier::beginning(chain)?.append(statement);
    if reads_beginning || chain.steps.first().is_none_or(|step| step.optional) {
        statement = join::<Db>(statement, "__metagraph_nodes", "n0", false, |on| {
            Ok(on.sql("n0.id = ids.id AND n0.graph_id = ").integer(graph.id))
        })?;
    }
    for (place, step) in chain.steps.iter().enumerate() {
        let step = Resolved::new(graph, step)?;
        let near = if place == 0 { "ids".to_owned() } else { format!("n{place}") };
        let (edge, node) = (format!("e{}", place + 1), format!("n{}", place + 1));
        let far = far_end(&step, &near, &edge);
        let node_holds = |on: Statement<'a, Db>, alias: &str| {
            let on = on.printed(format!("{alias}.id = {far} AND {alias}.graph_id = ")).integer(graph.id);
            let on = found_of_types(on.sql(" AND "), alias, &step.far);
            let nodes = Scope::node(graph, alias, &step.far);
            nodes.and_condition(nodes.and_condition(on, &step.step.node_condition)?, &step.step.end_condition)
        };
        let optional = step.step.optional;
        statement = join(statement, "__metagraph_edges", &edge, optional, |on| {
            let on = on.printed(format!("{edge}.graph_id = ")).integer(graph.id).printed(near_end(&step, &near, &edge));
            let kinds: Vec<i64> = step.kinds.iter().map(|kind| kind.id).collect();
            let on = edge_condition(of_edge_types(on.sql(" AND "), &edge, &kinds), &step, &edge)?;
            if !optional {
                return Ok(on);
            }
            // A hop to nothing that fits is no hop: the edge stays away together with the node.
            let exists = on.sql(" AND EXISTS (SELECT 1 FROM __metagraph_nodes AS f WHERE ");
            Ok(node_holds(exists, "f")?.sql(")"))
        })?;
        statement = join(statement, "__metagraph_nodes", &node, optional, |on| node_holds(on, &node))?;
    }
    Ok(statement.sql(" WHERE true"))
}

fn join<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    table: &str,
    alias: &str,
    optional: bool,
    on: impl FnOnce(Statement<'a, Db>) -> Result<Statement<'a, Db>>,
) -> Result<Statement<'a, Db>> {
    let (before, after) = Db::joined(table, alias, optional);
    Ok(on(statement.printed(before))?.printed(after))
}

/// Which end of the edge is at the node before the hop.
fn near_end(step: &Resolved<'_>, near: &str, edge: &str) -> String {
    let ends: Vec<_> = step
        .arms()
        .map(|(end, ..)| match end {
            FoundBy::Target => format!("{edge}.target_id = {near}.id"),
            _ => format!("{edge}.source_id = {near}.id"),
        })
        .collect();
    format!(" AND ({})", ends.join(" OR "))
}

fn far_end(step: &Resolved<'_>, near: &str, edge: &str) -> String {
    match (step.from_source.is_empty(), step.from_target.is_empty()) {
        (false, true) => format!("{edge}.target_id"),
        (true, _) => format!("{edge}.source_id"),
        (false, false) => {
            format!("CASE WHEN {edge}.source_id = {near}.id THEN {edge}.target_id ELSE {edge}.source_id END")
        }
    }
}

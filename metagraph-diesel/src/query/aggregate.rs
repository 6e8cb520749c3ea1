//! What is computed over rows: of all of them, or of each group.

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::Element;
use metagraph_core::query::condition::Condition;
use metagraph_core::query::order::OrderKey;
use metagraph_core::query::source::{End, Function, Source};
use metagraph_core::query::{Grouped, Keys, Order, Predicate, Selection};

use super::explain::{Explanation, explain};
use super::expression::Scope;
use super::plan::{Ends, Plan, order_key};
use super::select::{FieldsOf, Read, columns};
use super::{Answer, Query};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::run;
use crate::statement::Statement;

impl<'g, A: Answer> Query<'g, A> {
    /// Computes over all rows: one aggregate, or a tuple of them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// graph.insert(&mut conn, &Package { id: "syn".into(), downloads: 8 })?;
    /// let packages = graph.nodes::<Package>();
    /// let (many, mean) = packages.aggregate(&mut conn, |p| (count(), p.downloads.avg()))?;
    /// assert_eq!((many, mean), (2, Some(7.5)));
    /// let none = graph.nodes::<Package>().filter(|p| p.downloads.gt(9));
    /// assert_eq!(none.aggregate(&mut conn, |p| p.downloads.sum())?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a part of the query cannot be asked.
    pub fn aggregate<C: GraphConnection, S>(
        self,
        conn: &mut C,
        aggregates: impl FnOnce(<A::Of as Element>::Fields) -> S,
    ) -> Result<S::Output>
    where
        A::Of: Element,
        S: Selection<Grouped<A::Of>>,
    {
        let plan = self.into_plan()?;
        let (statement, reads) = over_rows(&plan, &[], &aggregates(A::Of::F).sources())?;
        let element = A::name();
        let mut rows = run::each(conn, "aggregating", statement, |row| {
            S::read(&mut FieldsOf { row, reads: &reads, first: 0, at: 0, element: &element, of: PhantomData::<C::Db> })
        })?;
        rows.pop().ok_or_else(|| crate::Error::NotOne { element, several: false })
    }

    /// Groups rows by a field, or by several in a tuple.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let log = graph.insert(&mut conn, &package("log"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let needs = || DependsOn { optional: false };
    /// graph.connect_many(&mut conn, [(app, log, needs()), (app, serde, needs()), (log, serde, needs())])?;
    /// let most_needed = graph
    ///     .edges::<DependsOn>()
    ///     .group_by(|_| Package::F.id.at_target())
    ///     .aggregate(|_| count())
    ///     .having(|_, many| many.ge(2))
    ///     .order_by(|package, many| [many.desc(), package.asc()])
    ///     .load(&mut conn)?;
    /// assert_eq!(most_needed, [("serde".to_owned(), 2)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn group_by<K>(self, keys: impl FnOnce(<A::Of as Element>::Fields) -> K) -> GroupBy<'g, A, K>
    where
        A::Of: Element,
        K: Keys<A::Of>,
    {
        GroupBy { query: self, keys: keys(A::Of::F) }
    }
}

/// Rows in groups, of which nothing is computed yet; made by [`Query::group_by`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::query::count;
///
/// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
/// let by_downloads = graph.nodes::<Package>().group_by(|p| p.downloads);
/// assert_eq!(by_downloads.aggregate(|_| count()).load(&mut conn)?, [(0, 2)]);
/// # Ok(())
/// # }
/// ```
#[must_use = "say what to compute of each group"]
pub struct GroupBy<'g, A, K> {
    query: Query<'g, A>,
    keys: K,
}

impl<'g, A: Answer, K: Keys<A::Of>> GroupBy<'g, A, K> {
    /// Computes this of each group: one aggregate, or a tuple of them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let groups = graph.nodes::<Package>().group_by(|p| p.downloads).aggregate(|p| (count(), p.id.min()));
    /// assert_eq!(groups.load(&mut conn)?, [(0, (2, Some("app".to_owned())))]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn aggregate<S>(self, aggregates: impl FnOnce(<A::Of as Element>::Fields) -> S) -> Groups<'g, A, K, S>
    where
        A::Of: Element,
        S: Selection<Grouped<A::Of>>,
    {
        Groups {
            query: self.query,
            keys: self.keys,
            aggregates: aggregates(A::Of::F),
            having: Condition::ALWAYS,
            order: Vec::new(),
            limit: None,
            offset: 0,
        }
    }
}

impl<A, K> fmt::Debug for GroupBy<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupBy").field("query", &self.query).finish_non_exhaustive()
    }
}

/// A query for groups of rows, as pairs of their key and what is computed; see [`Query::group_by`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::query::count;
///
/// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
/// graph.insert_many(&mut conn, ["app", "syn"].map(package))?;
/// let groups = || graph.nodes::<Package>().group_by(|p| p.downloads).aggregate(|_| count());
/// assert_eq!(groups().order_by(|downloads, _| downloads.desc()).load(&mut conn)?, [(7, 1), (0, 2)]);
/// assert_eq!(groups().having(|_, many| many.gt(1)).load(&mut conn)?, [(0, 2)]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until it is read"]
pub struct Groups<'g, A, K, S> {
    query: Query<'g, A>,
    keys: K,
    aggregates: S,
    having: Condition,
    order: Vec<OrderKey>,
    limit: Option<u32>,
    offset: u64,
}

impl<A, K, S> fmt::Debug for Groups<'_, A, K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups").field("query", &self.query).finish_non_exhaustive()
    }
}

impl<A: Answer, K: Keys<A::Of>, S: Selection<Grouped<A::Of>>> Groups<'_, A, K, S> {
    /// Only groups of which this holds; the closure is given the keys and the aggregates. Said again, all of it must hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let groups = graph.nodes::<Package>().group_by(|p| p.downloads).aggregate(|_| count());
    /// assert!(groups.having(|downloads, many| downloads.gt(0) & many.ge(2)).load(&mut conn)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn having(mut self, predicate: impl FnOnce(K::Grouped, S) -> Predicate<Grouped<A::Of>>) -> Self {
        let predicate = predicate(self.keys.grouped(), self.aggregates.clone());
        self.having = self.having.and(predicate.into_condition());
        self
    }

    /// Orders groups; the closure is given the keys and the aggregates. Without it, or where it leaves the order open,
    /// groups come in no particular order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let groups = graph.nodes::<Package>().group_by(|p| p.id).aggregate(|_| count());
    /// let groups = groups.order_by(|id, many| [many.desc(), id.desc()]).load(&mut conn)?;
    /// assert_eq!(groups, [("serde".to_owned(), 1), ("app".to_owned(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_by<I>(mut self, order: impl FnOnce(K::Grouped, S) -> I) -> Self
    where
        I: IntoIterator<Item = Order<Grouped<A::Of>>>,
    {
        let order = order(self.keys.grouped(), self.aggregates.clone());
        self.order.extend(order.into_iter().map(Order::into_key));
        self
    }

    /// Reads at most this many groups.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let groups = graph.nodes::<Package>().group_by(|p| p.id).aggregate(|_| count()).order_by(|id, _| id.asc());
    /// assert_eq!(groups.limit(1).load(&mut conn)?, [("app".to_owned(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Leaves out the first groups.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::query::count;
    ///
    /// graph.insert_many(&mut conn, ["app", "serde"].map(package))?;
    /// let groups = graph.nodes::<Package>().group_by(|p| p.id).aggregate(|_| count()).order_by(|id, _| id.asc());
    /// assert_eq!(groups.offset(1).load(&mut conn)?, [("serde".to_owned(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Reads the groups, each as a pair of its key and its aggregates.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// let groups = graph.nodes::<Package>().group_by(|p| p.id).aggregate(|p| p.downloads.sum());
    /// assert_eq!(groups.load(&mut conn)?, [("serde".to_owned(), Some(7))]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when a stored value does not fit,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a part of the query cannot be asked.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<(K::Output, S::Output)>> {
        let (statement, reads) = self.statement()?;
        let element = A::name();
        run::each(conn, "grouping", statement, |row| {
            let fields =
                &mut FieldsOf { row, reads: &reads, first: 0, at: 0, element: &element, of: PhantomData::<C::Db> };
            Ok((K::read(fields)?, S::read(fields)?))
        })
    }

    /// Reads the first group, if there is one.
    ///
    /// # Errors
    /// As [`Groups::load`].
    pub fn first<C: GraphConnection>(self, conn: &mut C) -> Result<Option<(K::Output, S::Output)>> {
        let limit = self.limit.map_or(1, |limit| limit.min(1));
        Ok(self.limit(limit).load(conn)?.pop())
    }

    /// The statement that [`Groups::load`] runs, with placeholders for what is bound.
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a part of the query cannot be asked.
    pub fn to_sql<C: GraphConnection>(&self, _: &C) -> Result<String> {
        Ok(format!("{:?}", self.statement::<C::Db>()?.0))
    }

    /// How the database would run what [`Groups::load`] runs.
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a part of the query cannot be asked.
    pub fn explain<C: GraphConnection>(&self, conn: &mut C) -> Result<Explanation> {
        explain(conn, self.statement()?.0)
    }

    /// The end at which edges can be counted before anything is asked of the node there: where every key is about that
    /// end, nothing but the number of edges is computed, and no filter asks for ends.
    fn counted_at(&self, plan: &Plan<'_>, keys: &[Source], aggregates: &[Source]) -> Result<Option<End>> {
        let counts = |source: &Source| matches!(source, Source::Aggregate(Function::Count, ..));
        let known = |source: &Source| match source {
            // A key is ordered and compared by the least of its group, in which it is the same everywhere.
            Source::Aggregate(Function::Least, _, inner) => keys.contains(inner),
            source => counts(source) || keys.contains(source),
        };
        let (mut filtered, mut asked) = (Ends::default(), Ends::default());
        filtered.of_condition(&plan.condition);
        for key in keys {
            asked.of_source(key);
        }
        let directed = plan.scope()?.edge.is_some_and(|kind| !kind.rules.undirected);
        let possible = directed
            && !plan.is_bounded()
            && filtered == Ends::default()
            && keys.iter().all(|key| matches!(key, Source::AtEnd(..)))
            && aggregates.iter().all(counts)
            && self.order.iter().all(|key| known(&key.source))
            && compares_only(&self.having, &known);
        Ok(asked.only().filter(|_| possible))
    }

    fn statement<'a, Db: Seam>(&self) -> Result<(Statement<'a, Db>, Vec<Read>)> {
        let plan = self.query.planned()?;
        let (keys, aggregates) = (self.keys.sources(), self.aggregates.sources());
        let (scope, (mut statement, reads)) = match self.counted_at(plan, &keys, &aggregates)? {
            Some(end) => {
                let scope = plan.scope()?.with_counted_edges();
                let rows = over_counted(plan, &scope, end, &keys, &aggregates)?;
                (scope, rows)
            }
            None => (plan.scope()?, over_rows(plan, &keys, &aggregates)?),
        };
        let places: Vec<_> = (1..=keys.len()).map(|place| place.to_string()).collect();
        statement = statement.printed(format!(" GROUP BY {}", places.join(", ")));
        if self.having != Condition::ALWAYS {
            statement = scope.condition(statement.sql(" HAVING "), Scope::bounded(&self.having)?)?;
        }
        for (place, key) in self.order.iter().enumerate() {
            statement = statement.sql(if place == 0 { " ORDER BY " } else { ", " });
            statement = order_key(&scope, statement, &of_any_row::<Db>(key, &keys), false)?;
        }
        let statement = statement.limited(self.limit, self.offset);
        Ok((statement, reads))
    }
}

/// The order of groups by one of their keys, which is computed once for each group where a database allows that.
fn of_any_row<Db: Seam>(order: &OrderKey, keys: &[Source]) -> OrderKey {
    match &order.source {
        Source::Aggregate(Function::Least, _, key) if Db::ASKS_ANY_OF_GROUP && keys.contains(key) => {
            OrderKey { source: (**key).clone(), ..order.clone() }
        }
        _ => order.clone(),
    }
}

/// Whether the condition compares nothing but what is known.
fn compares_only(condition: &Condition, known: &impl Fn(&Source) -> bool) -> bool {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            conditions.iter().all(|condition| compares_only(condition, known))
        }
        Condition::Not(inner) => compares_only(inner, known),
        Condition::Compare(source, ..) | Condition::OneOf(source, _) => known(source),
        _ => false,
    }
}

/// Begins to compute over the edges of a plan, counted for each node at an end: a node that has many is looked up once.
fn over_counted<'a, Db: Seam>(
    plan: &Plan<'_>,
    scope: &Scope<'_>,
    end: End,
    keys: &[Source],
    aggregates: &[Source],
) -> Result<(Statement<'a, Db>, Vec<Read>)> {
    let sources: Vec<Source> = keys.iter().chain(aggregates).cloned().collect();
    let (statement, reads) = columns(scope, Statement::new("SELECT "), &sources, keys.len())?;
    let node = scope.end_id(end);
    let inner = plan.from(statement.printed(format!(" FROM (SELECT {node}, count(*) AS many FROM ")), &[])?;
    let inner = inner.printed(format!(" GROUP BY {node}) AS {}", scope.alias));
    let mut ends = Ends::default();
    for source in &sources {
        ends.of_source(source);
    }
    Ok((ends.join(inner, scope).sql(" WHERE true"), reads))
}

/// Begins a read of keys and aggregates over the rows of a plan.
fn over_rows<'a, Db: Seam>(
    plan: &Plan<'_>,
    keys: &[Source],
    aggregates: &[Source],
) -> Result<(Statement<'a, Db>, Vec<Read>)> {
    let scope = plan.scope()?;
    let sources: Vec<Source> = keys.iter().chain(aggregates).cloned().collect();
    let (statement, reads) = columns(&scope, Statement::new("SELECT "), &sources, keys.len())?;
    let statement = statement.sql(" FROM ");
    if !plan.is_bounded() {
        return Ok((plan.from(statement, &sources.iter().collect::<Vec<_>>())?, reads));
    }
    // Only some of the rows count: they are picked first, and then joined with what is asked of their ends.
    let inner = statement.printed(format!("(SELECT {}.* FROM ", scope.alias));
    let inner = plan.ordered(plan.from(inner, &plan.order_sources())?)?;
    let inner = inner.printed(format!(") AS {}", scope.alias));
    let mut ends = Ends::default();
    for source in sources {
        ends.of_source(&source);
    }
    Ok((ends.join(inner, &scope).sql(" WHERE true"), reads))
}

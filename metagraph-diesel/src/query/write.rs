//! Queries that end in a write: every row that they find is changed, or deleted.

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;

use metagraph_core::Element;
use metagraph_core::query::condition::{Condition, Literals};
use metagraph_core::query::literal::Literal;
use metagraph_core::query::source::{Column, Source};

use super::plan::{Ends, Plan};
use super::{Answer, Query};
use crate::backend::{GraphConnection, Seam};
use crate::batch::{RowDraft, guarded};
use crate::encode::{self, Encoded};
use crate::error::{Error, Result};
use crate::graph::WriteHandle;
use crate::graph::handle::{Stored, private};
use crate::guard;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::Check;
use crate::write::upsert::{Changes, Stop, lost_if_stale, parsed, whole_or_singly, write_over};
use crate::write::{Table, delete};

/// How many rows are read and written together.
const TOGETHER: usize = 1000;

impl<A: Answer> Query<'_, A> {
    /// Changes every row that the query finds, all or none, and returns how many are not what they were before.
    ///
    /// The rows are those found at the beginning: what a change makes match is not changed, and what somebody else's write
    /// keeps from matching meanwhile is left alone. Order, limit, offset and cursor say which rows they are; they are
    /// written in the order of their ids. Of all of them the ids are held in memory, of a thousand at a time the rest. A
    /// row may be given to `change` again, where rows get in each other's way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["serde", "syn", "app"].map(package))?;
    /// let found = graph.nodes::<Package>().filter(|p| p.id.starts_with("s"));
    /// assert_eq!(found.clone().update(&mut conn, |package| package.downloads = 7)?, 2);
    /// assert_eq!(found.update(&mut conn, |package| package.downloads = 7)?, 0, "what is equal is not written");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::update`](crate::Graph::update), for the first row that is refused; [`Error::InvalidQuery`] when a part
    /// of the query cannot be asked.
    pub fn update<C: GraphConnection>(self, conn: &mut C, change: impl Fn(&mut A::Of)) -> Result<usize>
    where
        A::Id: WriteHandle<Value = A::Of>,
    {
        let plan = self.plan?;
        let check = <A::Id as private::WriteHandle>::check(plan.graph.vocabulary)?;
        update_found::<C, A::Id>(conn, &plan, |stored| changed::<A::Id>(check, stored, &change))
    }

    /// Changes rows as [`Query::update`] does, without those that another transaction holds, and returns them as they are
    /// now, in the order of their ids: how workers share a queue.
    ///
    /// Nobody waits for a row: on PostgreSQL what is held is passed over (`SKIP LOCKED`), and with a limit the next ones
    /// are taken in its place; on SQLite, where one writes at a time, nothing is ever held. No row is taken by two, unless
    /// the query still finds it as the first left it. Rows that `change` leaves as they are, are not returned.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let unseen = || graph.nodes::<Package>().filter(|p| p.downloads.eq(0)).limit(2);
    /// let taken = unseen().take(&mut conn, |package| package.downloads = 7)?;
    /// assert_eq!((taken[0].key.as_str(), taken[1].key.as_str()), ("app", "serde"));
    /// assert_eq!(unseen().take(&mut conn, |package| package.downloads = 7)?.len(), 1);
    /// assert!(unseen().take(&mut conn, |package| package.downloads = 7)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Query::update`].
    pub fn take<C: GraphConnection>(self, conn: &mut C, change: impl Fn(&mut A::Of)) -> Result<Vec<A>>
    where
        A::Id: WriteHandle<Value = A::Of, Row = A>,
    {
        let plan = self.plan?;
        let check = <A::Id as private::WriteHandle>::check(plan.graph.vocabulary)?;
        let change = |stored: &Stored| changed::<A::Id>(check, stored, &change);
        let update = Update::<A::Id, _> { plan: &plan, change, busy: Busy::PassedOver, of: PhantomData };
        update.whole_or_singly(conn, |conn, written| {
            let rows = <A::Id as private::Handle>::load(conn, plan.graph, &written)?;
            Ok(rows.into_iter().map(|(_, row)| row).collect())
        })
    }

    /// Deletes every row that the query finds, all or none, and returns how many there were.
    ///
    /// The edges of nodes go with them, unless their type restricts that, as with
    /// [`Graph::delete_many`](crate::Graph::delete_many). Order, limit, offset and cursor say which rows they are.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["serde", "syn", "app"].map(package))?;
    /// assert_eq!(graph.nodes::<Package>().filter(|p| p.id.starts_with("s")).delete(&mut conn)?, 2);
    /// assert_eq!(graph.nodes::<Package>().order_by(|p| p.id.desc()).limit(1).delete(&mut conn)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::delete_many`](crate::Graph::delete_many); [`Error::InvalidQuery`] when a part of the query cannot be
    /// asked.
    pub fn delete<C: GraphConnection>(self, conn: &mut C) -> Result<usize> {
        let plan = self.plan?;
        let restricted = <A::Id as private::Handle>::restricted(plan.graph.vocabulary);
        if restricted.is_empty() {
            return delete_found(conn, &plan, <A::Id as private::Handle>::TABLE);
        }
        let kinds = <A::Id as private::Handle>::kinds(plan.graph.vocabulary)?;
        run::transaction(conn, |conn| {
            guard::begin_write(conn)?;
            let ids: Vec<i64> = found(conn, &plan, Busy::Awaited)?.into_iter().map(|(id, _)| id).collect();
            delete::restricting(conn, plan.graph, &kinds, &restricted, &ids)
        })
    }
}

/// Changes what a plan finds, and counts the rows that are not what they were.
pub(super) fn update_found<C: GraphConnection, H: WriteHandle>(
    conn: &mut C,
    plan: &Plan<'_>,
    change: impl Fn(&Stored) -> Result<Encoded>,
) -> Result<usize> {
    let update = Update::<H, _> { plan, change, busy: Busy::Awaited, of: PhantomData };
    update.whole_or_singly(conn, |_, written| Ok(written.len()))
}

/// A stored row as it is after a change of its value.
fn changed<H: WriteHandle>(check: &Check, stored: &Stored, change: impl Fn(&mut H::Value)) -> Result<Encoded> {
    let mut value = H::decode(&stored.attributes)?;
    change(&mut value);
    encode::typed(check, &value)
}

/// Whether rows are written in one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Together {
    Whole,
    Singly,
}

/// What becomes of rows that another transaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Busy {
    Awaited,
    PassedOver,
}

/// A change of every row that a plan finds.
struct Update<'p, H, F> {
    plan: &'p Plan<'p>,
    change: F,
    busy: Busy,
    of: PhantomData<fn() -> H>,
}

impl<H: WriteHandle, F: Fn(&Stored) -> Result<Encoded>> Update<'_, H, F> {
    /// Changes the rows, and answers with what `answer` makes of the ids of those that were written.
    fn whole_or_singly<C: GraphConnection, T>(
        &self,
        conn: &mut C,
        answer: impl Fn(&mut C, Vec<i64>) -> Result<T>,
    ) -> Result<T> {
        let run = |conn: &mut C, together| {
            let written = self.run(conn, together)?;
            answer(conn, written).map_err(Stop::from)
        };
        whole_or_singly(
            conn,
            |conn| run(conn, Together::Whole),
            |conn| {
                run(conn, Together::Singly).map_err(|stop| match stop {
                    Stop::Lost(error) | Stop::Refused(error) => error,
                    Stop::Singly => Error::InvalidQuery { reason: "rows are in each other's way".to_owned() },
                })
            },
        )
    }

    /// The ids of the rows that were written.
    fn run<C: GraphConnection>(&self, conn: &mut C, together: Together) -> Result<Vec<i64>, Stop> {
        guard::begin_write(conn)?;
        let found = found(conn, self.plan, self.busy)?;
        let mut written = Vec::new();
        for some in found.chunks(TOGETHER) {
            let changed = self.changed(self.held(conn, some)?, conn)?;
            written.extend(changed.iter().map(|(stored, _)| stored.id));
            self.write(conn, &changed, together)?;
        }
        if written.is_empty() {
            guard::explain(conn, self.plan.graph.target())?;
        }
        Ok(written)
    }

    /// The rows as they are, held until the transaction ends; without those that were written since they were found, and
    /// are not to be found any more.
    fn held<C: GraphConnection>(&self, conn: &mut C, found: &[(i64, i64)]) -> Result<Vec<Stored>> {
        let versions: HashMap<i64, i64> = found.iter().copied().collect();
        let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
        let mut rows = H::held(conn, self.plan.graph, &ids)?;
        let overtaken = |row: &Stored| versions.get(&row.id) != Some(&row.version);
        let suspects: Vec<Literal> =
            rows.iter().filter(|row| overtaken(row)).map(|row| Literal::Integer(row.id)).collect();
        if !suspects.is_empty() {
            let mut plan = Plan::new(self.plan.graph, self.plan.rows.clone());
            plan.filter(self.plan.condition.clone());
            plan.filter(Condition::OneOf(Source::Column(Column::Id), Literals(suspects)));
            let still: HashSet<i64> = self::found(conn, &plan, Busy::Awaited)?.into_iter().map(|(id, _)| id).collect();
            rows.retain(|row| !overtaken(row) || still.contains(&row.id));
        }
        Ok(rows)
    }

    fn changed<C: GraphConnection>(&self, rows: Vec<Stored>, conn: &mut C) -> Result<Vec<(Stored, Encoded)>> {
        let mut changed = Vec::with_capacity(rows.len());
        for stored in rows {
            let encoded = match (self.change)(&stored) {
                Ok(encoded) => encoded,
                Err(error) => {
                    guard::explain(conn, self.plan.graph.target())?;
                    return Err(error);
                }
            };
            let name = <H::Value as Element>::NAME;
            if parsed(&stored.attributes, name)? != parsed(&encoded.attributes, name)? {
                changed.push((stored, encoded));
            }
        }
        Ok(changed)
    }

    fn write<C: GraphConnection>(
        &self,
        conn: &mut C,
        changed: &[(Stored, Encoded)],
        together: Together,
    ) -> Result<(), Stop> {
        let graph = self.plan.graph;
        if together == Together::Singly {
            for (stored, value) in changed {
                H::write(conn, graph, stored, stored.renamed(value.key.as_ref()), value).map_err(lost_if_stale)?;
            }
            return Ok(());
        }
        let rules = H::unique(graph.vocabulary)?;
        let name = <H::Value as Element>::NAME;
        let mut claims = Changes::default();
        let keys = changed.iter().any(|(stored, value)| stored.renamed(value.key.as_ref()).is_some());
        for (stored, value) in changed {
            if !rules.is_empty() {
                claims.add(rules, &parsed(&stored.attributes, name)?, &parsed(&value.attributes, name)?);
            }
            if let (Some(before), Some(after)) = (&stored.key, stored.renamed(value.key.as_ref())) {
                claims.rename(rules, before, after);
            }
        }
        if claims.depend_on_order() {
            return Err(Stop::Singly);
        }
        let draft = |(stored, value): &'_ (Stored, Encoded)| -> RowDraft<'static> {
            let key = stored.renamed(value.key.as_ref()).or(stored.key.as_deref());
            let attributes = match H::TABLE {
                Table::Nodes => Some(value.attributes.clone().into()),
                Table::Edges => value.edge_attributes().map(|attributes| attributes.into_owned().into()),
            };
            RowDraft {
                id: stored.id,
                version: stored.version,
                key: key.filter(|_| keys).map(|key| key.to_owned().into()),
                attributes,
            }
        };
        let rows: Vec<RowDraft<'_>> = changed.iter().map(draft).collect();
        let kind = H::kinds(graph.vocabulary)?.first().copied().unwrap_or_default();
        match write_over(conn, graph, H::TABLE, (name, kind), keys, &rows) {
            Err(Error::Conflict(_)) => Err(Stop::Singly),
            written => written.map_err(lost_if_stale),
        }
    }
}

/// Ids and versions of the rows that a plan finds, in the order of the ids.
pub(super) fn found<C: GraphConnection>(conn: &mut C, plan: &Plan<'_>, busy: Busy) -> Result<Vec<(i64, i64)>> {
    let alias = plan.scope()?.alias;
    let statement = Statement::new("SELECT ").printed(format!("{alias}.id, {alias}.version FROM "));
    let mut statement = plan.ordered(plan.from(statement, &plan.order_sources())?)?;
    if let (Busy::PassedOver, Some((hold, free))) = (busy, C::Db::HOLD_FREE) {
        statement = statement.sql(hold).printed(format!(" OF {alias}")).sql(free);
    }
    let mut found: Vec<(i64, i64)> = run::all(conn, "looking for rows", statement)?;
    found.sort_unstable();
    Ok(found)
}

/// Deletes what a plan finds in one statement.
fn delete_found<C: GraphConnection>(conn: &mut C, plan: &Plan<'_>, table: Table) -> Result<usize> {
    let statement = guarded::<C::Db>(plan.graph.target());
    let mut ends = Ends::default();
    ends.of_condition(&plan.condition);
    let statement = if plan.is_bounded() || ends.any() {
        let delete = match table {
            Table::Nodes => " DELETE FROM __metagraph_nodes WHERE graph_id = ",
            Table::Edges => " DELETE FROM __metagraph_edges WHERE graph_id = ",
        };
        let alias = plan.scope()?.alias;
        let statement = statement.sql(delete).integer(plan.graph.id);
        let statement = statement.printed(format!(" AND id IN (SELECT {alias}.id FROM "));
        let statement = plan.ordered(plan.from(statement, &plan.order_sources())?)?;
        // Who changed a row meanwhile is waited for, and the row looked at again.
        let hold = C::Db::HOLD_ROWS;
        let statement = if hold.is_empty() { statement } else { statement.sql(hold).printed(format!(" OF {alias}")) };
        statement.sql(")")
    } else {
        plan.from(statement.sql(" DELETE FROM "), &[])?
    };
    let statement = statement.sql(" AND ").sql(C::Db::FOREIGN_KEYS_ENFORCED).sql(" AND EXISTS (SELECT 1 FROM guard)");
    let deleted = run::execute(conn, "deleting", statement)?;
    if deleted == 0 {
        guard::explain(conn, plan.graph.target())?;
        guard::require_foreign_keys(conn)?;
    }
    Ok(deleted)
}

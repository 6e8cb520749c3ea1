//! Which calls there are, and how they hang together.

use jiff::SignedDuration;
use metagraph::prelude::*;
use metagraph::{NodeQuery, Reached};

use super::CallError;
use super::log::CallLog;
use super::status::CallStatus;
use super::stored::{Call, DependsOn, Triggered};

/// What answers with a query can be filtered, counted, paged and ordered further.
impl<'g, G> CallLog<'g, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// The calls that are in one of some statuses, by an index.
    ///
    /// ```
    /// # use metagraph::graphs::call::{CallEvent, CallLog, CallStatus, Calls};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// # let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// log.ingest(conn, [CallEvent::requested("a", "orders.place")])?;
    /// let open = log.with_status([CallStatus::Pending, CallStatus::Running]);
    /// assert_eq!(open.filter(|call| call.operation_id.eq("orders.place")).count(conn)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_status(&self, statuses: impl IntoIterator<Item = CallStatus>) -> NodeQuery<'g, Call> {
        self.graph.nodes::<Call>().filter(|call| call.status.is_in(statuses))
    }

    /// The calls that somebody is at.
    pub fn running(&self) -> NodeQuery<'g, Call> {
        self.with_status([CallStatus::Running])
    }

    /// The calls that failed.
    pub fn failed(&self) -> NodeQuery<'g, Call> {
        self.with_status([CallStatus::Failed])
    }

    /// The calls that no other made, as far as is told; those among them that were only heard of.
    pub fn roots(&self) -> NodeQuery<'g, Call> {
        self.graph.nodes::<Call>().filter(|call| call.parent_request_id.is_null())
    }

    /// The calls of which others told, and nobody said what was called.
    pub fn heard_of(&self) -> NodeQuery<'g, Call> {
        self.graph.nodes::<Call>().filter(|call| call.operation_id.is_null())
    }

    /// The calls that took longest come first; of which it is not known come not at all.
    ///
    /// ```
    /// # use metagraph::graphs::call::{CallEvent, CallLog, Calls};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// # let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// let asked = CallEvent::requested("a", "orders.place").at("2026-11-29T12:00:00Z".parse()?);
    /// let answered = CallEvent::responded("a", "placed").at("2026-11-29T12:00:00.25Z".parse()?);
    /// log.ingest(conn, [asked, answered])?;
    /// assert_eq!(log.slowest().limit(10).load(conn)?[0].value.duration_nanos, Some(250_000_000));
    /// # Ok(())
    /// # }
    /// ```
    pub fn slowest(&self) -> NodeQuery<'g, Call> {
        let timed = self.graph.nodes::<Call>().filter(|call| call.duration_nanos.is_not_null());
        timed.order_by(|call| call.duration_nanos.desc())
    }

    /// The calls that a call made itself, the oldest first.
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn children<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<Vec<Node<Call>>, CallError> {
        let call = self.get(conn, call)?;
        let children = self.graph.from(call.id).out::<Triggered>().to::<Call>().load(conn)?;
        let mut children: Vec<_> = children.into_iter().map(|reached| reached.node).collect();
        children.sort_by_key(|child| (child.value.started_at, child.id.raw()));
        Ok(children)
    }

    /// The calls that a call made, directly and indirectly, the nearest first.
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn descendants<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<Vec<Reached<Call>>, CallError> {
        let call = self.get(conn, call)?;
        Ok(self.graph.descendants::<Triggered, Call>(conn, call.id)?)
    }

    /// How a call came about: the calls from a root down to it, itself the last.
    ///
    /// ```
    /// # use metagraph::graphs::call::{CallEvent, CallLog, Calls};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// # let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// log.ingest(conn, [
    ///     CallEvent::requested("b", "stock.reserve").parent("a"),
    ///     CallEvent::requested("c", "stock.count").parent("b"),
    /// ])?;
    /// let lineage = log.lineage(conn, "c")?;
    /// assert_eq!(lineage.iter().map(|call| call.key.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn lineage<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<Vec<Node<Call>>, CallError> {
        let call = self.get(conn, call)?;
        let mut above = self.graph.ancestors::<Triggered, Call>(conn, call.id)?;
        above.sort_by_key(|reached| std::cmp::Reverse(reached.depth));
        Ok(above.into_iter().map(|reached| reached.node).chain([call]).collect())
    }

    /// How long a call took; `None` while it is not known.
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn duration<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<Option<SignedDuration>, CallError> {
        Ok(self.get(conn, call)?.value.duration_nanos.map(SignedDuration::from_nanos))
    }
}

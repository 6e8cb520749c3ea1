//! Calls in a stored graph.

use std::fmt;

use jiff::Timestamp;
use metagraph::prelude::*;

use super::CallError;
use super::event::{CallEvent, News};
use super::status::CallStatus;
use super::stored::{Call, DependsOn, Triggered};

/// The calls of a stored graph: takes in what is told of them, and answers.
///
/// It holds no connection and nothing of the graph but its handle, so there may be as many as you like, in as many threads
/// and programs.
///
/// ```
/// use metagraph::graphs::call::{CallEvent, CallLog, CallStatus, Calls};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Calls, _>(conn)?;
/// let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
/// let log = CallLog::new(&graph);
/// log.ingest(conn, [CallEvent::responded("b", "reserved")])?;                   // in any order …
/// log.ingest(conn, [CallEvent::requested("b", "stock.reserve").parent("a")])?;
/// log.ingest(conn, [CallEvent::requested("a", "orders.place")])?;
/// log.ingest(conn, [CallEvent::requested("a", "orders.place")])?;               // … and as often as they come
/// assert_eq!(log.children(conn, "a")?[0].value.status, CallStatus::Completed);
/// assert_eq!(log.get(conn, "a")?.version, 2, "heard of as a parent, and described");
/// # Ok(())
/// # }
/// ```
pub struct CallLog<'g, G> {
    pub(super) graph: &'g Graph<G>,
}

impl<G> Clone for CallLog<'_, G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for CallLog<'_, G> {}

impl<G> fmt::Debug for CallLog<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLog").field("graph", self.graph).finish()
    }
}

impl<'g, G> CallLog<'g, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// The calls of this graph.
    pub const fn new(graph: &'g Graph<G>) -> Self {
        Self { graph }
    }

    /// The graph itself, for queries of your own.
    pub const fn graph(&self) -> &'g Graph<G> {
        self.graph
    }

    /// A call.
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn get<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<Node<Call>, CallError> {
        let found = self.graph.get_by_key::<Call>(conn, call)?;
        found.ok_or_else(|| CallError::NotFound { call: call.to_owned() })
    }

    /// Takes a call to another status, and says when: for what no event tells, as that a handler began. It is strict,
    /// where [`CallLog::ingest`] is not.
    ///
    /// ```
    /// # use metagraph::graphs::call::{CallEvent, CallLog, CallStatus, Calls};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// # let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// log.ingest(conn, [CallEvent::requested("a", "orders.place")])?;
    /// log.set_status(conn, "a", CallStatus::Running, "2026-11-29T12:00:00Z".parse()?)?;
    /// let refused = log.set_status(conn, "a", CallStatus::Pending, "2026-11-29T12:00:01Z".parse()?).unwrap_err();
    /// assert_eq!(refused.to_string(), "call `a` is running and cannot become pending: it has begun");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::Transition`] when there is no way to it, and [`CallError::NotFound`].
    pub fn set_status<C: GraphConnection>(
        &self,
        conn: &mut C,
        call: &str,
        status: CallStatus,
        at: Timestamp,
    ) -> Result<(), CallError> {
        Self::again(conn, |conn| {
            let mut node = self.get(conn, call)?;
            let before = node.value.status;
            if before.to(status).map_err(|refused| refused.of(call))? == before {
                return Ok(());
            }
            match status {
                CallStatus::Running => node.value.take_in(&CallEvent::new(call, News::Started).at(at))?,
                ended => {
                    node.value.end(ended, Some(at)).map_err(|refused| refused.of(call))?;
                    node.value.measure();
                }
            }
            self.graph.save(conn, &mut node)?;
            Ok(())
        })
    }

    /// Says that a call needs another's result. Again it is the same; a call that is not known is from then on heard of.
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
    /// log.depend(conn, "pay", "reserve")?;
    /// assert_eq!(log.dependencies(conn, "pay")?[0].key, "reserve");
    /// assert!(log.depend(conn, "reserve", "pay").is_err(), "they would wait for each other");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::Cycle`] when the other needs this one's, or was made by it.
    pub fn depend<C: GraphConnection>(&self, conn: &mut C, call: &str, on: &str) -> Result<(), CallError> {
        if call == on {
            let edge = <DependsOn as Element>::NAME.to_owned();
            return Err(CallError::Cycle { edge, calls: vec![call.to_owned(), on.to_owned()] });
        }
        Self::again(conn, |conn| {
            let mut ends = [call, on];
            ends.sort_unstable();
            let found = self.graph.find_or_insert_many(conn, ends.map(Call::heard_of))?;
            let id = |wanted: &str| ends.iter().zip(&found).find(|(key, _)| **key == wanted).map(|(_, found)| found.id);
            if let (Some(from), Some(to)) = (id(call), id(on)) {
                self.graph.find_or_connect(conn, from, to, &DependsOn)?;
            }
            Ok(())
        })
    }

    /// The calls whose results a call needs.
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn dependencies<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<Vec<Node<Call>>, CallError> {
        let call = self.get(conn, call)?;
        let found = self.graph.from(call.id).out::<DependsOn>().to::<Call>().load(conn)?;
        Ok(found.into_iter().map(|reached| reached.node).collect())
    }
}

//! Giving up a call, and what it made.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::Timestamp;
use metagraph::prelude::*;
use metagraph::query;

use super::CallError;
use super::log::CallLog;
use super::status::CallStatus;
use super::stored::{Call, DependsOn, Triggered};

/// What becomes of the calls that an aborted call made.
///
/// ```
/// use metagraph::graphs::call::AbortPolicy;
///
/// assert_eq!(AbortPolicy::default(), AbortPolicy::AbortDependents);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AbortPolicy {
    /// All that have not ended are aborted, too.
    #[default]
    AbortDependents,
    /// Those that are running go on, and those that have not begun are aborted.
    ContinueRunning,
}

impl<G> CallLog<'_, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// Aborts a call and what it made, directly and indirectly, and returns the ids of all that are aborted now and were
    /// not before, in order.
    ///
    /// It is one transaction, with one write over all of them, whatever their number. Calls that ended are left as they
    /// are, and what they made is looked at all the same. A call that is told of later, below an aborted one, is not
    /// aborted by itself: events say what happened. Abort once more, and those are.
    ///
    /// ```
    /// use metagraph::graphs::call::{AbortPolicy, CallEvent, CallLog, Calls};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// let running = |id: &str| CallEvent::started(id);
    /// log.ingest(conn, [
    ///     CallEvent::requested("a", "orders.place"), running("a"),
    ///     CallEvent::requested("b", "stock.reserve").parent("a"), running("b"),
    ///     CallEvent::requested("c", "stock.count").parent("b"),
    /// ])?;
    /// let now = "2026-11-29T12:00:00Z".parse()?;
    /// assert_eq!(log.abort(conn, "a", AbortPolicy::ContinueRunning, now)?, ["a", "c"]);
    /// assert_eq!(log.abort(conn, "a", AbortPolicy::AbortDependents, now)?, ["b"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::Transition`] when the call itself ended otherwise, and nothing is aborted then;
    /// [`CallError::NotFound`].
    pub fn abort<C: GraphConnection>(
        &self,
        conn: &mut C,
        call: &str,
        policy: AbortPolicy,
        at: Timestamp,
    ) -> Result<Vec<String>, CallError> {
        Self::again(conn, |conn| {
            let root = self.get(conn, call)?;
            root.value.status.to(CallStatus::Aborted).map_err(|refused| refused.of(call))?;
            let below = self.graph.from(root.id).out::<Triggered>().to::<Call>().depth(1..).ids(conn)?;
            let open = match policy {
                AbortPolicy::AbortDependents => &[CallStatus::Pending, CallStatus::Running][..],
                AbortPolicy::ContinueRunning => &[CallStatus::Pending],
            };
            let of_root = query::id().eq(root.id.raw());
            let below = query::id().is_in(below.into_iter().map(NodeId::raw));
            let open = Call::F.status.is_in(open.iter().copied());
            let unended = Call::F.status.is_in([CallStatus::Pending, CallStatus::Running]);
            let aborted = RefCell::new(BTreeSet::new());
            self.graph.nodes::<Call>().matching((of_root & unended) | (below & open)).update(conn, |call| {
                if call.end(CallStatus::Aborted, Some(at)).is_ok_and(|moved| moved) {
                    call.measure();
                    aborted.borrow_mut().insert(call.request_id.clone());
                }
            })?;
            Ok(aborted.into_inner().into_iter().collect())
        })
    }
}

//! Giving up a call, and what it made.

use jiff::Timestamp;
use metagraph::prelude::*;

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
            let goes_on = match policy {
                AbortPolicy::AbortDependents => None,
                AbortPolicy::ContinueRunning => Some(CallStatus::Running),
            };
            let below = self.graph.descendants::<Triggered, Call>(conn, root.id)?;
            let below = below.into_iter().map(|reached| reached.node);
            let is_open = |call: &Call| !call.status.is_terminal();
            let below = below.filter(|node| is_open(&node.value) && Some(node.value.status) != goes_on);
            let mut open: Vec<String> = below.map(|node| node.key).collect();
            open.extend(is_open(&root.value).then_some(root.key));
            open.sort_unstable();
            // From here on nobody changes them; who was faster is seen.
            let held = self.graph.find_or_insert_many::<_, Call>(conn, open.into_iter().map(Call::heard_of))?;
            let held = self.graph.get_many(conn, held.into_iter().map(|found| found.id))?;
            let mut aborted: Vec<Call> = held.into_iter().flatten().map(|node| node.value).collect();
            aborted.retain(|call| {
                is_open(call) && (call.request_id == root.value.request_id || Some(call.status) != goes_on)
            });
            for call in &mut aborted {
                call.end(CallStatus::Aborted, Some(at)).map_err(|refused| refused.of(&call.request_id))?;
                call.measure();
            }
            self.graph.upsert_many::<_, Call>(conn, &aborted)?;
            Ok(aborted.into_iter().map(|call| call.request_id).collect())
        })
    }
}

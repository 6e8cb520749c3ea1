//! Calls as a picture.

use std::fmt::Write as _;

use metagraph::prelude::*;

use super::super::mermaid::escaped;
use super::CallError;
use super::log::CallLog;
use super::status::CallStatus;
use super::stored::{Call, DependsOn, Triggered};

impl<G> CallLog<'_, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// A Mermaid flow chart of a call and all that it made, with a colour for where each of them is.
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
    ///     CallEvent::requested("a", "orders.place"), CallEvent::requested("b", "stock.reserve").parent("a"),
    ///     CallEvent::responded("b", 7),
    /// ])?;
    /// assert_eq!(log.to_mermaid(conn, "a")?, "\
    /// flowchart TD
    ///     c0[\"orders.place\"]:::pending
    ///     c1[\"stock.reserve\"]:::completed
    ///     c0 --> c1
    ///     classDef pending fill:#eef
    ///     classDef completed fill:#cec
    /// ");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::NotFound`] when nothing was heard of it.
    pub fn to_mermaid<C: GraphConnection>(&self, conn: &mut C, call: &str) -> Result<String, CallError> {
        let root = self.get(conn, call)?;
        let mut below = self.descendants(conn, call)?;
        below.sort_by_key(|reached| (reached.depth, reached.node.value.started_at, reached.node.id.raw()));
        let calls: Vec<_> = [root].into_iter().chain(below.into_iter().map(|reached| reached.node)).collect();
        let mut text = String::from("flowchart TD\n");
        for (place, call) in calls.iter().enumerate() {
            let name = escaped(call.value.operation_id.as_deref().unwrap_or(&call.key));
            // Writing into a text cannot fail.
            let _ = write!(text, "    c{place}[\"{name}");
            if let Some(nanos) = call.value.duration_nanos {
                let _ = write!(text, "<br/>{:#}", jiff::SignedDuration::from_nanos(nanos / 1000 * 1000));
            }
            let _ = writeln!(text, "\"]:::{}", call.value.status);
        }
        let places: std::collections::HashMap<&str, usize> =
            calls.iter().enumerate().map(|(place, call)| (call.key.as_str(), place)).collect();
        for (place, call) in calls.iter().enumerate().skip(1) {
            if let Some(parent) = call.value.parent_request_id.as_deref().and_then(|parent| places.get(parent)) {
                let _ = writeln!(text, "    c{parent} --> c{place}");
            }
        }
        for (status, colour) in COLOURS {
            if calls.iter().any(|call| call.value.status == status) {
                let _ = writeln!(text, "    classDef {status} fill:{colour}");
            }
        }
        Ok(text)
    }
}

const COLOURS: [(CallStatus, &str); 5] = [
    (CallStatus::Pending, "#eef"),
    (CallStatus::Running, "#fe9"),
    (CallStatus::Completed, "#cec"),
    (CallStatus::Failed, "#fbb"),
    (CallStatus::Aborted, "#ddd"),
];

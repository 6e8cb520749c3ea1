//! Why something about calls was refused.

use super::status::RefusedTransition;

/// Why something about calls was refused or failed.
///
/// ```
/// use metagraph::graphs::call::{CallEvent, CallLog, Calls};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Calls, _>(conn)?;
/// let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
/// let log = CallLog::new(&graph);
/// log.ingest(conn, [CallEvent::requested("b", "stock.reserve").parent("a")])?;
/// let refused = log.ingest(conn, [CallEvent::requested("a", "orders.place").parent("b")]).unwrap_err();
/// assert_eq!(refused.to_string(), "`triggered` would close a circle of calls, and a call comes after its causes: b → a → b");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// A call would have made itself, or need its own result.
    #[error("`{edge}` would close a circle of calls, and a call comes after its causes: {}", calls.join(" → "))]
    Cycle {
        /// Name of the edge type that would close the circle.
        edge: String,
        /// The calls along it; the first is also the last.
        calls: Vec<String>,
    },

    /// A call is said to have been made by two others.
    #[error("call `{call}` was made by `{parent}`, and is said to be made by `{other}`: a call has one parent")]
    OtherParent {
        /// The call.
        call: String,
        /// The call that made it, as was told first.
        parent: String,
        /// The other.
        other: String,
    },

    /// There is no way from the status of a call to the other.
    #[error(transparent)]
    Transition(#[from] RefusedTransition),

    /// There is no such call.
    #[error("there is no call `{call}`: ingest an event of it first")]
    NotFound {
        /// Its id.
        call: String,
    },

    /// What is to be imported cannot be read.
    #[error("{place}: {reason}")]
    Unreadable {
        /// The span or the line, such as `line 7` or `span 00f067aa0ba902b7`.
        place: String,
        /// What is wrong with it, and what is to be there.
        reason: String,
    },

    /// The store refused or failed.
    #[error(transparent)]
    Store(metagraph::Error),
}

impl From<metagraph::Error> for CallError {
    fn from(error: metagraph::Error) -> Self {
        match error {
            metagraph::Error::Cycle { edge, path } => {
                let name = |label: metagraph::NodeLabel| label.key.unwrap_or_else(|| label.id.to_string());
                Self::Cycle { edge, calls: path.into_iter().map(name).collect() }
            }
            error => Self::Store(error),
        }
    }
}

impl From<diesel::result::Error> for CallError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl metagraph::Transient for CallError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

//! Where a call is in its life, and which ways lead on from there.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a call is in its life.
///
/// ```
/// use metagraph::graphs::call::CallStatus::{Completed, Pending, Running};
///
/// assert_eq!(Pending.to(Running)?, Running);
/// assert_eq!(Running.to(Running)?, Running, "the same again changes nothing");
/// let refused = Completed.to(Running).unwrap_err();
/// assert_eq!(refused.to_string(), "a completed call cannot become running: it has ended");
/// # Ok::<(), metagraph::graphs::call::RefusedTransition>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CallStatus {
    /// It was asked for, or only heard of.
    #[default]
    Pending,
    /// Somebody is at it.
    Running,
    /// It ended with a result.
    Completed,
    /// It ended with an error.
    Failed,
    /// It was given up.
    Aborted,
}

use CallStatus::{Aborted, Completed, Failed, Pending, Running};

/// What becomes of a call that is to be in another status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It is in the other status from then on.
    Moves,
    /// It is in that status already, and nothing changes.
    Stays,
    /// There is no such way.
    Refused,
}

use Transition::{Moves, Refused, Stays};

impl CallStatus {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 5] = [Pending, Running, Completed, Failed, Aborted];

    /// The state machine: a row for each status that a call is in, a column for each that it is to be in, in the order of
    /// [`CallStatus::ALL`].
    ///
    /// A pending call may end without ever having been running, as nobody tells when a handler starts.
    ///
    /// ```
    /// use metagraph::graphs::call::{CallStatus, Transition};
    ///
    /// let [from_pending, .., from_aborted] = CallStatus::TRANSITIONS;
    /// assert_eq!(from_pending[2], Transition::Moves);
    /// assert_eq!(from_aborted[2], Transition::Refused);
    /// ```
    pub const TRANSITIONS: [[Transition; 5]; 5] = [
        [Stays, Moves, Moves, Moves, Moves],
        [Refused, Stays, Moves, Moves, Moves],
        [Refused, Refused, Stays, Refused, Refused],
        [Refused, Refused, Refused, Stays, Refused],
        [Refused, Refused, Refused, Refused, Stays],
    ];

    /// The word that stands for it in JSON.
    ///
    /// ```
    /// use metagraph::graphs::call::CallStatus;
    ///
    /// assert_eq!(CallStatus::Failed.as_str(), "failed");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Pending => "pending",
            Running => "running",
            Completed => "completed",
            Failed => "failed",
            Aborted => "aborted",
        }
    }

    /// Whether nothing comes after it.
    ///
    /// ```
    /// use metagraph::graphs::call::CallStatus;
    ///
    /// assert!(CallStatus::Aborted.is_terminal() && !CallStatus::Running.is_terminal());
    /// ```
    pub const fn is_terminal(self) -> bool {
        matches!(self, Completed | Failed | Aborted)
    }

    /// What becomes of a call in this status that is to be in another.
    ///
    /// ```
    /// use metagraph::graphs::call::{CallStatus, Transition};
    ///
    /// assert_eq!(CallStatus::Pending.transition(CallStatus::Aborted), Transition::Moves);
    /// ```
    pub fn transition(self, to: Self) -> Transition {
        let place = |status: Self| Self::ALL.iter().position(|other| *other == status).unwrap_or_default();
        Self::TRANSITIONS.get(place(self)).and_then(|row| row.get(place(to))).copied().unwrap_or(Refused)
    }

    /// The other status, where there is a way to it.
    ///
    /// # Errors
    /// [`RefusedTransition`] where there is none.
    pub fn to(self, to: Self) -> Result<Self, RefusedTransition> {
        match self.transition(to) {
            Moves | Stays => Ok(to),
            Refused => Err(RefusedTransition { call: None, from: self, to }),
        }
    }
}

impl fmt::Display for CallStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// There is no way from one status to another.
///
/// ```
/// use metagraph::graphs::call::CallStatus;
///
/// let refused = CallStatus::Running.to(CallStatus::Pending).unwrap_err();
/// assert_eq!(refused.to_string(), "a running call cannot become pending: it has begun");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedTransition {
    /// The call, where it is one of a graph.
    pub call: Option<String>,
    /// The status that it is in.
    pub from: CallStatus,
    /// The status that it was to be in.
    pub to: CallStatus,
}

impl RefusedTransition {
    /// The same, of a call.
    pub(super) fn of(self, call: &str) -> Self {
        Self { call: Some(call.to_owned()), ..self }
    }
}

impl fmt::Display for RefusedTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { call, from, to } = self;
        let why = if from.is_terminal() { "it has ended" } else { "it has begun" };
        match call {
            Some(call) => write!(f, "call `{call}` is {from} and cannot become {to}: {why}"),
            None => write!(f, "a {from} call cannot become {to}: {why}"),
        }
    }
}

impl std::error::Error for RefusedTransition {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transition_is_what_the_state_machine_says() {
        let ways = [
            (Pending, vec![Pending, Running, Completed, Failed, Aborted]),
            (Running, vec![Running, Completed, Failed, Aborted]),
            (Completed, vec![Completed]),
            (Failed, vec![Failed]),
            (Aborted, vec![Aborted]),
        ];
        for (from, allowed) in ways {
            for to in CallStatus::ALL {
                let expected = match () {
                    () if from == to => Stays,
                    () if allowed.contains(&to) => Moves,
                    () => Refused,
                };
                assert_eq!(from.transition(to), expected, "{from} to {to}");
                assert_eq!(from.to(to).ok(), allowed.contains(&to).then_some(to), "{from} to {to}");
            }
            assert_eq!(from.is_terminal(), allowed.len() == 1);
        }
    }

    #[test]
    fn words_are_those_of_json() {
        for status in CallStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}

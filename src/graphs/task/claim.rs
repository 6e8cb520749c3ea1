//! Whose a task is for now, as it is stored.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose a task is for now, and until when; of a task that is completed or failed, who had it last.
///
/// It is an attribute of the task, so that it is written with the status, read with the task, and asked for in queries.
///
/// ```
/// use metagraph::graphs::task::{Claim, Task};
///
/// let (since, until) = ("2026-11-29T12:00:00Z".parse()?, "2026-11-29T12:05:00Z".parse()?);
/// let claim = Claim { worker: "w1".into(), since, until, attempt: 1 };
/// let task = Task { claim: Some(claim), ..Task::new("api", "Wire up the API") };
/// assert_eq!(serde_json::to_value(&task)?["claim"]["until"], "2026-11-29T12:05:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Who has it, or had it last.
    pub worker: String,
    /// When it was taken.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub since: Timestamp,
    /// Nobody else takes it before.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub until: Timestamp,
    /// How many times it was taken, this one among them.
    pub attempt: u32,
}

//! Actors.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ActorKind, ActorStatus, empty, present};

/// A stored actor: somebody or something that acts, beside the graphs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The local id.
    pub id: i64,
    /// What it is.
    pub kind: ActorKind,
    /// What it is called.
    pub name: String,
    /// Its identity outside, such as a token's subject; unique where present.
    pub subject: Option<String>,
    /// Whether it may act.
    pub status: ActorStatus,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was inserted.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// An actor to be inserted.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::{ActorKind, NewActor};
/// use serde_json::json;
///
/// let actor: NewActor = serde_json::from_value(json!({"kind": "service", "name": "crawler"})).unwrap();
/// assert_eq!((actor.kind, actor.subject), (ActorKind::Service, None));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewActor {
    /// What it is.
    pub kind: ActorKind,
    /// What it is called.
    pub name: String,
    /// Its identity outside; unique where present.
    #[serde(default)]
    pub subject: Option<String>,
    /// Free for the consumer.
    #[serde(default = "empty")]
    pub metadata: Value,
}

/// Changes to an actor; what is absent stays.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::{ActorPatch, ActorStatus};
///
/// let patch: ActorPatch = serde_json::from_value(serde_json::json!({"status": "suspended"})).unwrap();
/// assert_eq!((patch.status, patch.subject), (Some(ActorStatus::Suspended), None));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ActorPatch {
    /// A new name.
    pub name: Option<String>,
    /// A new subject; `Some(None)` removes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub subject: Option<Option<String>>,
    /// A new status.
    pub status: Option<ActorStatus>,
    /// New metadata, as a whole.
    pub metadata: Option<Value>,
}

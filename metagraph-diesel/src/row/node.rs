//! Nodes with their attributes as JSON.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::empty;

/// A stored node with its attributes as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// The local id.
    pub id: i64,
    /// Name of its node type.
    pub node_type: String,
    /// Its identity inside the graph and its type.
    pub key: String,
    /// Its attributes.
    pub attributes: Value,
    /// How often it was written.
    pub version: i64,
    /// When it was inserted.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A node to be inserted.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::NewNode;
/// use serde_json::json;
///
/// let node = NewNode { node_type: "package".into(), attributes: json!({"id": "serde", "downloads": 7}) };
/// assert_eq!(serde_json::to_value(node).unwrap()["nodeType"], "package");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewNode {
    /// Name of its node type.
    pub node_type: String,
    /// Its attributes, the key among them where the type has one.
    #[serde(default = "empty")]
    pub attributes: Value,
}

/// A change to a node: a JSON merge patch (RFC 7396) of its attributes.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::NodePatch;
/// use serde_json::json;
///
/// let patch = NodePatch { attributes: json!({"homepage": null, "downloads": 8}) };
/// assert_eq!(serde_json::to_value(patch).unwrap(), json!({"attributes": {"homepage": null, "downloads": 8}}));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodePatch {
    /// What to change; null removes an attribute.
    #[serde(default = "empty")]
    pub attributes: Value,
}

//! Edges with their attributes as JSON.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::empty;

/// A stored edge with its attributes as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Edge {
    /// The local id.
    pub id: i64,
    /// Name of its edge type.
    pub edge_type: String,
    /// Its identity inside the graph and its type, where it has one.
    pub key: Option<String>,
    /// Local id of the node where it starts.
    pub source: i64,
    /// Local id of the node where it ends.
    pub target: i64,
    /// Whether it has no direction.
    pub undirected: bool,
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

/// An edge to be inserted.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::NewEdge;
/// use serde_json::json;
///
/// let edge = json!({"edgeType": "maintains", "source": 1, "target": 2});
/// let edge: NewEdge = serde_json::from_value(edge).unwrap();
/// assert_eq!((edge.source, edge.target, edge.attributes), (1, 2, json!({})));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEdge {
    /// Name of its edge type.
    pub edge_type: String,
    /// Local id of the node where it starts.
    pub source: i64,
    /// Local id of the node where it ends.
    pub target: i64,
    /// Its attributes, the key among them where the type has one.
    #[serde(default = "empty")]
    pub attributes: Value,
}

/// A change to an edge: a JSON merge patch (RFC 7396) of its attributes. Its ends never move.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::EdgePatch;
///
/// let patch: EdgePatch = serde_json::from_str(r#"{"attributes": {"optional": true}}"#).unwrap();
/// assert_eq!(patch.attributes["optional"], true);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EdgePatch {
    /// What to change; null removes an attribute.
    #[serde(default = "empty")]
    pub attributes: Value,
}

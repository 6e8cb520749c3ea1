//! Stored types.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A stored graph type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GraphType {
    /// The local id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What its author wrote about it.
    pub description: String,
    /// Its options, as graphology names them.
    pub config: Value,
    /// `system`, `tenant` or `user`.
    pub scope: String,
    /// The version its author declared.
    pub version: i64,
    /// Counts what was committed to the stored type.
    pub revision: i64,
    /// SHA-256 of the canonical schema document.
    pub hash: String,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was registered.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A stored node type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeType {
    /// The local id.
    pub id: i64,
    /// Its name in the graph type.
    pub name: String,
    /// What its author wrote about it.
    pub description: String,
    /// JSON schema of the attributes.
    pub schema: Value,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was registered.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A stored edge type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeType {
    /// The local id.
    pub id: i64,
    /// Its name in the graph type.
    pub name: String,
    /// What its author wrote about it.
    pub description: String,
    /// JSON schema of the attributes.
    pub schema: Value,
    /// Names of the node types an edge may start at.
    pub allowed_source_types: Vec<String>,
    /// Names of the node types an edge may end at.
    pub allowed_target_types: Vec<String>,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was registered.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

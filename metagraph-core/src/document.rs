//! The schema document of a graph type: what is stored, compared and hashed.

mod compile;
mod difference;
mod mermaid;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use compile::CompiledType;
pub use difference::Difference;

use crate::schema::canonical;

/// Everything that is stored of a graph type.
///
/// A document stands alone: every schema carries the definitions it refers to, and every edge type the rules that
/// result from its own options and from the graph type that declared it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphDocument {
    /// Name of the graph type.
    pub name: String,
    /// The version its author declared.
    pub version: u32,
    /// `system`, `tenant` or `user`.
    pub scope: String,
    /// What its author wrote about it.
    pub description: String,
    /// The rules of the graph type itself.
    pub config: GraphConfig,
    /// Node types by name.
    pub nodes: BTreeMap<String, NodeDocument>,
    /// Edge types by name.
    pub edges: BTreeMap<String, EdgeDocument>,
}

/// The rules of a graph type, as they are stored; the names are those of graphology's options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is one stored option")]
pub struct GraphConfig {
    /// `directed`, `undirected` or `mixed`.
    #[serde(rename = "type")]
    pub direction: String,
    /// Whether edge types allow parallel edges unless they say otherwise.
    pub multi: bool,
    /// Whether there is at most one edge per pair, whatever its type.
    pub simple: bool,
    /// Whether an edge may end where it starts.
    pub allow_self_loops: bool,
    /// Whether all edges together close no cycle.
    pub acyclic: bool,
}

/// What is stored of a node type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeDocument {
    /// The attribute that holds the key; without one, keys are generated.
    pub key: Option<String>,
    /// Whether a node with edges may be deleted.
    pub restrict_delete: bool,
    /// Declared indexes.
    pub indexes: Vec<IndexDocument>,
    /// JSON schema of the attributes.
    pub schema: Value,
}

/// What is stored of an edge type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EdgeDocument {
    /// The attribute that holds the key of a parallel edge.
    pub key: Option<String>,
    /// Names of the node types an edge may start at.
    pub from: Vec<String>,
    /// Names of the node types an edge may end at.
    pub to: Vec<String>,
    /// The rules in force for this type.
    pub rules: EdgeConfig,
    /// Declared indexes.
    pub indexes: Vec<IndexDocument>,
    /// JSON schema of the attributes.
    pub schema: Value,
}

/// The rules in force for an edge type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is one stored option")]
pub struct EdgeConfig {
    /// Edges have no direction.
    pub undirected: bool,
    /// Any number of edges may run between two nodes.
    pub multi: bool,
    /// The edge must be the only one between its ends, whatever the type.
    pub simple: bool,
    /// An edge may end where it starts.
    pub self_loops: bool,
    /// At most one edge of the type leaves a node.
    pub one_out: bool,
    /// At most one edge of the type enters a node.
    pub one_in: bool,
    /// Names of the sets of edge types that together close no cycle; edge types with a common name are in one set.
    pub acyclic: Vec<String>,
}

/// A declared index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IndexDocument {
    /// Its name inside the type.
    pub name: String,
    /// The attributes, in order.
    pub attributes: Vec<String>,
    /// Whether equal values are refused.
    pub unique: bool,
}

impl GraphDocument {
    /// The canonical text, over which the hash is made.
    ///
    /// # Panics
    /// Never: a document holds only strings, numbers, booleans and JSON.
    pub fn canonical_text(&self) -> String {
        canonical::canonical_text(&self.to_value())
    }

    /// SHA-256 of [`GraphDocument::canonical_text`], as 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        canonical::hash(&self.canonical_text())
    }

    /// What differs from `other`, apart from titles and descriptions; empty when both mean the same.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        difference::between(&self.meaning(), &other.meaning())
    }

    fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The document without what only explains it.
    fn meaning(&self) -> Value {
        let mut document = self.clone();
        document.description.clear();
        for schema in document
            .nodes
            .values_mut()
            .map(|node| &mut node.schema)
            .chain(document.edges.values_mut().map(|edge| &mut edge.schema))
        {
            *schema = canonical::without_annotations(schema);
        }
        document.to_value()
    }
}

//! The schema document of a graph type: what is stored, compared and hashed.
//!
//! A [`CompiledType`] is the document of a type in this program, a [`GraphDocument`] may also come from a database, and
//! a [`Difference`] is a place where two of them disagree. What to do about one is decided elsewhere.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() {
//! use metagraph_core::document::CompiledType;
//!
//! let compiled = CompiledType::of::<Packages>().unwrap();
//! let mut stored = compiled.document().clone();
//! assert_eq!(stored.hash(), compiled.hash());
//!
//! stored.edges.get_mut("depends_on").unwrap().rules.multi = true;
//! let differences = stored.differences(compiled.document());
//! assert_eq!(differences[0].to_string(), "/edges/depends_on/rules/multi: stored true, in the code false");
//! # }
//! ```

mod compile;
mod difference;
mod mermaid;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use compile::{CompiledType, TypePast};
pub use difference::Difference;

use crate::schema::canonical;

/// Everything that is stored of a graph type.
///
/// A document stands alone: every schema carries the definitions it refers to, and every edge type the rules that
/// result from its own options and from the graph type that declared it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
///
/// let document = CompiledType::of::<Packages>().unwrap().document().clone();
/// assert_eq!(document.nodes["package"].key.as_deref(), Some("id"));
/// assert_eq!(document.nodes["package"].schema["description"], "A package named in a lock file.");
/// assert_eq!(document.edges["depends_on"].rules.acyclic, ["edge:depends_on"]);
/// # }
/// ```
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
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// let config = serde_json::to_value(&compiled.document().config).unwrap();
/// assert_eq!((&config["type"], &config["allowSelfLoops"]), (&"directed".into(), &true.into()));
/// # }
/// ```
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
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// let package = &compiled.document().nodes["package"];
/// assert!(!package.restrict_delete && package.indexes.is_empty());
/// assert_eq!(package.schema["required"], serde_json::json!(["downloads", "id"]));
/// # }
/// ```
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
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// let depends_on = &compiled.document().edges["depends_on"];
/// assert_eq!((&depends_on.from, &depends_on.to), (&vec!["package".to_owned()], &vec!["package".to_owned()]));
/// # }
/// ```
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
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// let rules = &compiled.document().edges["depends_on"].rules;
/// assert!(!rules.multi, "one edge of the type per pair, as the graph type says");
/// assert!(!rules.self_loops, "an edge from a node to itself is a cycle");
/// # }
/// ```
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
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// assert!(compiled.document().canonical_text().starts_with(r#"{"config":{"acyclic":false,"#));
    /// # }
    /// ```
    ///
    /// # Panics
    /// Never: a document holds only strings, numbers, booleans and JSON.
    pub fn canonical_text(&self) -> String {
        canonical::canonical_text(&self.to_value())
    }

    /// SHA-256 of [`GraphDocument::canonical_text`], as 64 hexadecimal digits.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// assert_eq!(compiled.document().hash(), compiled.hash());
    /// assert_eq!(compiled.hash().len(), 64);
    /// # }
    /// ```
    pub fn hash(&self) -> String {
        canonical::hash(&self.canonical_text())
    }

    /// What differs from `other`, apart from titles and descriptions; empty when both mean the same.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// let mut other = compiled.document().clone();
    /// other.description = "Only words.".into();
    /// assert!(other.differences(compiled.document()).is_empty());
    ///
    /// other.nodes.clear();
    /// assert_eq!(other.differences(compiled.document())[0].pointer, "/nodes/package");
    /// # }
    /// ```
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

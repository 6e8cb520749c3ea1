//! Rows as data: what adapters publish as select, insert and patch schemas, and what the dynamic layer speaks.
//!
//! The names in JSON are in camel case. Nothing here reads or writes a database; attributes are checked only where a
//! graph takes them.
//!
//! ```
//! # use metagraph_diesel as metagraph;
//! use metagraph::row::NewNode;
//! use serde_json::json;
//!
//! let schema = schemars::schema_for!(NewNode);
//! assert_eq!(schema.get("required"), Some(&json!(["nodeType"])));
//!
//! let node: NewNode = serde_json::from_value(json!({"nodeType": "person"})).unwrap();
//! assert_eq!(node.attributes, json!({}));
//! ```

mod actor;
mod edge;
mod graph;
mod graph_type;
mod node;
mod word;

use serde::Deserialize;
use serde_json::Value;

pub use actor::{Actor, ActorPatch, NewActor};
pub use edge::{Edge, EdgePatch, NewEdge};
pub use graph::{Graph, GraphPatch, NewGraph};
pub use graph_type::{EdgeType, GraphType, NodeType};
pub use node::{NewNode, Node, NodePatch};
pub use word::{ActorKind, ActorStatus, GraphStatus};

fn empty() -> Value {
    Value::Object(serde_json::Map::default())
}

/// Tells a null, which removes, from an absent member, which changes nothing.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

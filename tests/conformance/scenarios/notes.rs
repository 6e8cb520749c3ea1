//! Notes: attributes that may be missing, hold anything, or have unusual names.

use jiff::Timestamp;
use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Note {
    #[graph(key)]
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) weight: u32,
    #[serde(default)]
    pub(crate) any: Value,
    #[serde(default)]
    pub(crate) grid: Vec<Vec<i64>>,
    #[serde(default)]
    pub(crate) ratio: f32,
    #[serde(default)]
    pub(crate) ratios: Vec<f32>,
    #[serde(default)]
    pub(crate) large: u64,
    #[serde(default, rename = "a.b[0] $ %é")]
    pub(crate) odd: Option<i64>,
    #[serde(default)]
    pub(crate) seen: Option<Seen>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Seen {
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Note, to = Note), undirected)]
pub(crate) struct Touches {
    pub(crate) strength: i8,
}

#[derive(GraphType)]
#[graph(name = "notes", mixed, multi, self_loops)]
pub(crate) enum Notes {
    Note(Note),
    Touches(Touches),
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(weight: &u32) -> bool {
    *weight == 0
}

/// An empty graph for notes.
pub(crate) fn notes(conn: &mut impl GraphConnection) -> Graph<Notes> {
    metagraph::sync::<Notes, _>(conn).unwrap();
    Graph::<Notes>::open_or_create(conn, "notes").unwrap()
}

/// A note of which only this is interesting.
pub(crate) fn note(name: impl Into<String>) -> Note {
    Note { name: name.into(), ..Note::default() }
}

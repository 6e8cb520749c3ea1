//! A diary: times that are keys, unique, ordered, and inside of other values.

use std::collections::BTreeMap;

use jiff::Timestamp;
use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Entry {
    #[graph(key)]
    pub(crate) title: String,
    #[graph(unique)]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) at: Timestamp,
    #[serde(default)]
    pub(crate) moments: Vec<Moment>,
    #[serde(default)]
    pub(crate) named: BTreeMap<String, Option<Moment>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Moment(#[schemars(with = "String", extend("format" = "date-time"))] pub(crate) Timestamp);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Entry, to = Entry), multi)]
pub(crate) struct Mentions {
    #[graph(key)]
    pub(crate) note: String,
    #[graph(unique)]
    pub(crate) seen: Option<Moment>,
}

#[derive(GraphType)]
#[graph(name = "diary")]
pub(crate) enum Diary {
    Entry(Entry),
    Mentions(Mentions),
}

/// An empty diary.
pub(crate) fn diary(conn: &mut impl GraphConnection) -> Graph<Diary> {
    metagraph::sync::<Diary, _>(conn).unwrap();
    Graph::open_or_create(conn, "diary").unwrap()
}

/// An entry with nothing but its time.
pub(crate) fn entry(title: &str, at: &str) -> Entry {
    Entry { title: title.to_owned(), at: at.parse().unwrap(), moments: Vec::new(), named: BTreeMap::new() }
}

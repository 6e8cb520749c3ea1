//! Values of every kind, and values with rules of their own.

use std::collections::BTreeMap;

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Sample {
    #[graph(key)]
    pub(crate) key: String,
    pub(crate) text: String,
    pub(crate) unsigned: u64,
    pub(crate) signed: i64,
    pub(crate) float: f64,
    pub(crate) any: Value,
    pub(crate) more: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Account {
    #[schemars(length(min = 1, max = 8))]
    pub(crate) name: String,
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(crate) trust: f64,
    #[schemars(length(max = 2))]
    pub(crate) aliases: Vec<String>,
    #[serde(flatten)]
    pub(crate) rest: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Sample, to = Sample), multi)]
pub(crate) struct Linked {
    #[graph(key)]
    pub(crate) key: String,
    pub(crate) any: Value,
}

#[derive(GraphType)]
#[graph(name = "samples")]
pub(crate) enum Samples {
    Sample(Sample),
    Account(Account),
    Linked(Linked),
}

/// An ordinary sample with this key.
pub(crate) fn sample(key: &str) -> Sample {
    Sample {
        key: key.to_owned(),
        text: String::new(),
        unsigned: 0,
        signed: 0,
        float: 0.0,
        any: Value::Null,
        more: BTreeMap::new(),
    }
}

/// A graph for samples, empty.
pub(crate) fn samples(conn: &mut impl GraphConnection) -> Graph<Samples> {
    metagraph::sync::<Samples, _>(conn).unwrap();
    Graph::open_or_create(conn, "samples").unwrap()
}

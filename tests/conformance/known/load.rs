//! Public graphs as lines of JSON, loaded through the typed verbs.

use std::collections::HashMap;

use metagraph::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A graph as it is published, and the nodes of it that are stored.
pub(crate) struct Data {
    nodes: Vec<Value>,
    edges: Vec<Value>,
    stored: HashMap<(String, String), i64>,
}

impl Data {
    /// Reads a directory of the shared data, or nothing where this machine does not have it.
    pub(crate) fn read(directory: &str) -> Option<Self> {
        let lines = |file| metagraph_testkit::json_lines(format!("{directory}/{file}.jsonl.gz"));
        Some(Self { nodes: lines("nodes")?, edges: lines("edges")?, stored: HashMap::new() })
    }

    /// Stores all nodes of a type; their id becomes the attribute `id`, which is their key.
    pub(crate) fn insert<G, N>(&mut self, conn: &mut impl GraphConnection, graph: &Graph<G>, name: &str)
    where
        N: NodeType + PartOf<G>,
    {
        let lines = || self.nodes.iter().filter(|line| line["type"] == name);
        let values: Vec<N> = lines().map(|line| value(line, Some(&line["id"]))).collect();
        let ids = graph.insert_many(conn, values).unwrap();
        let named: Vec<_> = lines().map(|line| (name.to_owned(), line["id"].to_string())).collect();
        self.stored.extend(named.into_iter().zip(ids.into_iter().map(NodeId::raw)));
    }

    /// Stores all edges of a type, between nodes that are stored; their own id becomes the attribute `id`, where one has it.
    pub(crate) fn connect<G, E, S, T>(&self, conn: &mut impl GraphConnection, graph: &Graph<G>, name: &str)
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let lines = self.edges.iter().filter(|line| line["type"] == name);
        let edges = lines.map(|line| {
            let edge: E = value(line, line["attributes"].get("_id"));
            (NodeId::<S>::from_raw(self.end(&line["from"])), NodeId::<T>::from_raw(self.end(&line["to"])), edge)
        });
        let edges: Vec<_> = edges.collect();
        graph.connect_many::<_, E, _, _>(conn, edges).unwrap();
    }

    fn end(&self, end: &Value) -> i64 {
        self.stored[&(end[0].as_str().unwrap().to_owned(), end[1].to_string())]
    }
}

fn value<T: DeserializeOwned>(line: &Value, id: Option<&Value>) -> T {
    let mut attributes = line["attributes"].clone();
    if let Some(id) = id {
        attributes["id"] = id.clone();
    }
    serde_json::from_value(attributes).unwrap()
}

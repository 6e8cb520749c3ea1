//! The graphs, loaded, and what names their vertices and edges have in recorded answers.

use std::collections::HashMap;

use metagraph::AnyNode;
use metagraph::prelude::*;
use serde_json::{Value, json};

use super::vocabulary::{
    Created, Develops, Knows, Label, Link, Loops, Message, Person, Software, Tinker, ToItself, Traverses, Uses, Vertex,
    with_edge,
};
use crate::known::load::Data;

/// What is shown of a vertex or an edge.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) label: &'static str,
    /// As recorded answers write it: `v[marko]`, `e[marko-knows->josh]`.
    pub(super) shown: Value,
    pub(super) attributes: Value,
}

impl Card {
    /// An attribute, where it is there; the id is not one of them.
    pub(super) fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name).filter(|_| name != "id")
    }
}

/// One of the graphs.
#[derive(Debug)]
pub(super) struct World {
    pub(super) graph: Graph<Tinker>,
    pub(super) labels: &'static [Label],
    nodes: HashMap<i64, Card>,
    edges: HashMap<i64, Card>,
}

impl World {
    pub(super) fn load(conn: &mut impl GraphConnection, name: &str) -> Option<Self> {
        let mut data = Data::read(&format!("graphs/{name}"))?;
        let graph = Graph::<Tinker>::open_or_create(conn, name).unwrap();
        data.insert::<_, Person>(conn, &graph, "person");
        data.insert::<_, Software>(conn, &graph, "software");
        data.insert::<_, Message>(conn, &graph, "message");
        data.insert::<_, Loops>(conn, &graph, "loops");
        data.connect::<_, Knows, Vertex, Vertex>(conn, &graph, "knows");
        data.connect::<_, Created, Vertex, Vertex>(conn, &graph, "created");
        data.connect::<_, Link, Vertex, Vertex>(conn, &graph, "link");
        data.connect::<_, ToItself, Vertex, Vertex>(conn, &graph, "self");
        data.connect::<_, Uses, Vertex, Vertex>(conn, &graph, "uses");
        data.connect::<_, Develops, Vertex, Vertex>(conn, &graph, "develops");
        data.connect::<_, Traverses, Vertex, Vertex>(conn, &graph, "traverses");
        let labels: &[Label] = match name {
            "sink" => &[Label::Link, Label::ToItself],
            "crew" => &[Label::Uses, Label::Develops, Label::Traverses],
            _ => &[Label::Knows, Label::Created],
        };
        let mut world = Self { graph, labels, nodes: HashMap::new(), edges: HashMap::new() };
        world.look(conn);
        Some(world)
    }

    fn look(&mut self, conn: &mut impl GraphConnection) {
        for node in self.graph.nodes::<Vertex>().load(conn).unwrap() {
            let attributes = serde_json::to_value(&node.value).unwrap();
            let shown = json!({"v": attributes["name"]});
            self.nodes.insert(node.id.raw(), Card { label: node.value.label(), shown, attributes });
        }
        for label in self.labels {
            with_edge!(label, E => {
                for edge in self.graph.edges::<E>().load(conn).unwrap() {
                    let name = |end: NodeId<AnyNode>| self.node(end.raw()).attributes["name"].as_str().unwrap().to_owned();
                    let shown = format!("{}-{}->{}", name(edge.source), E::NAME, name(edge.target));
                    let attributes = serde_json::to_value(&edge.value).unwrap();
                    self.edges.insert(edge.id.raw(), Card { label: E::NAME, shown: json!({"e": shown}), attributes });
                }
            });
        }
    }

    pub(super) fn has_self_loops(&self) -> bool {
        self.labels.contains(&Label::Link)
    }

    pub(super) fn node(&self, id: i64) -> &Card {
        &self.nodes[&id]
    }

    pub(super) fn edge(&self, id: i64) -> &Card {
        &self.edges[&id]
    }

    /// The number that a recorded vertex or edge has in the data.
    pub(super) fn number(&self, shown: &Value) -> Value {
        let mut cards = self.nodes.values().chain(self.edges.values());
        cards.find(|card| card.shown == *shown).map_or(Value::Null, |card| card.attributes["id"].clone())
    }
}

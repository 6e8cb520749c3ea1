//! Simple graphs of each direction: one edge per pair, whatever its type.

use metagraph::Contains;
use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Pin {
    #[graph(key)]
    pub(crate) number: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Pin, to = Pin))]
pub(crate) struct Wire;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Pin, to = Pin))]
pub(crate) struct Bus;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Pin, to = Pin), undirected)]
pub(crate) struct Bond;

#[derive(GraphType)]
#[graph(name = "one-way", simple)]
pub(crate) enum OneWay {
    Pin(Pin),
    Wire(Wire),
    Bus(Bus),
}

#[derive(GraphType)]
#[graph(name = "two-way", undirected, simple)]
pub(crate) enum TwoWay {
    Pin(Pin),
    Wire(Wire),
    Bus(Bus),
}

#[derive(GraphType)]
#[graph(name = "either-way", mixed, simple)]
pub(crate) enum Mixed {
    Pin(Pin),
    Wire(Wire),
    Bus(Bus),
    Bond(Bond),
}

/// A graph of the type `G` with pins from 1 on.
pub(crate) fn pins<G, const N: usize>(conn: &mut impl GraphConnection) -> (Graph<G>, [NodeId<Pin>; N])
where
    G: metagraph::GraphType + Contains<Pin>,
{
    metagraph::sync::<G, _>(conn).unwrap();
    let graph = Graph::<G>::open_or_create(conn, "circuit").unwrap();
    let ids = graph.insert_many(conn, (1..).take(N).map(|number| Pin { number })).unwrap();
    (graph, ids.try_into().unwrap())
}

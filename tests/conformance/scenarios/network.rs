//! Stops and depots joined by tracks with a direction and by lanes without one.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Stop {
    #[graph(key)]
    pub(crate) name: String,
    pub(crate) open: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Depot {
    #[graph(key)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Spot {
    Stop(Stop),
    Depot(Depot),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Spot, to = Spot))]
pub(crate) struct Track {
    pub(crate) km: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Spot, to = Spot), undirected)]
pub(crate) struct Lane {
    pub(crate) km: Option<f64>,
}

#[derive(GraphType)]
#[graph(name = "network", mixed, multi, self_loops)]
pub(crate) enum Network {
    Stop(Stop),
    Depot(Depot),
    Track(Track),
    Lane(Lane),
}

/// Open stops with these names.
pub(crate) fn network<const N: usize>(
    conn: &mut impl GraphConnection,
    names: [&str; N],
) -> (Graph<Network>, [NodeId<Stop>; N]) {
    metagraph::sync::<Network, _>(conn).unwrap();
    let graph = Graph::<Network>::open_or_create(conn, "network").unwrap();
    let ids = graph.insert_many(conn, names.map(|name| Stop { name: name.to_owned(), open: true })).unwrap();
    (graph, ids.try_into().unwrap())
}

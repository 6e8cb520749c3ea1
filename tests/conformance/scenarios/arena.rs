//! Seats, and edges of which only so many may exist: what writers race for.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Seat {
    #[graph(key)]
    pub(crate) number: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Seat))]
pub(crate) struct Pair;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Seat), one_out)]
pub(crate) struct OneOut;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Seat), one_in)]
pub(crate) struct OneIn;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Seat), multi)]
pub(crate) struct Keyed {
    #[graph(key)]
    pub(crate) number: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Seat), acyclic)]
pub(crate) struct Chain;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Fan {
    #[graph(key)]
    pub(crate) name: String,
    #[graph(unique)]
    pub(crate) ticket: Option<u32>,
    #[graph(unique = "place")]
    pub(crate) row: Option<u32>,
    #[graph(unique = "place")]
    pub(crate) place: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Seat), multi)]
pub(crate) struct Booking {
    #[graph(unique)]
    pub(crate) number: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, on_delete = restrict)]
pub(crate) struct Guard {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Seat, to = Guard))]
pub(crate) struct Watches;

#[derive(GraphType)]
#[graph(name = "arena")]
pub(crate) enum Arena {
    Seat(Seat),
    Fan(Fan),
    Booking(Booking),
    Guard(Guard),
    Watches(Watches),
    Pair(Pair),
    OneOut(OneOut),
    OneIn(OneIn),
    Keyed(Keyed),
    Chain(Chain),
}

/// A fan of whom only the name is interesting.
pub(crate) fn fan(name: impl Into<String>) -> Fan {
    Fan { name: name.into(), ticket: None, row: None, place: None }
}

/// The arena with its seats, filled by whoever comes first.
pub(crate) fn arena(conn: &mut impl GraphConnection, seats: u32) -> (Graph<Arena>, Vec<NodeId<Seat>>) {
    let graph = Graph::<Arena>::open_or_create(conn, "arena").unwrap();
    if graph.nodes::<Seat>().count(conn).unwrap() == 0 {
        graph.insert_many(conn, (0..seats).map(|number| Seat { number })).unwrap();
    }
    let ids = graph.nodes::<Seat>().load(conn).unwrap().into_iter().map(|node| node.id).take(seats as usize);
    let ids = ids.collect();
    (graph, ids)
}

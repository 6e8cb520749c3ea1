//! A multi graph: several edges between the same two nodes, some of them with keys.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Town {
    #[graph(key)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Town, to = Town))]
pub(crate) struct Road {
    #[graph(key)]
    pub(crate) number: String,
    pub(crate) lanes: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Town, to = Town))]
pub(crate) struct Ferry {
    pub(crate) hour: u8,
}

#[derive(GraphType)]
#[graph(name = "roads", multi, self_loops)]
pub(crate) enum Roads {
    Town(Town),
    Road(Road),
    Ferry(Ferry),
}

/// Towns with these names and no way between them.
pub(crate) fn roads<const N: usize>(
    conn: &mut impl GraphConnection,
    names: [&str; N],
) -> (Graph<Roads>, [NodeId<Town>; N]) {
    metagraph::sync::<Roads, _>(conn).unwrap();
    let graph = Graph::<Roads>::open_or_create(conn, "roads").unwrap();
    let ids = graph.insert_many(conn, names.map(|name| Town { name: name.to_owned() })).unwrap();
    (graph, ids.try_into().unwrap())
}

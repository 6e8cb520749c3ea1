//! A mixed graph: some edges have a direction, some have none.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Human {
    #[graph(key)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Post {
    #[graph(key)]
    pub(crate) number: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Human, to = Human))]
pub(crate) struct Follows;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Human, to = Human), undirected)]
pub(crate) struct Knows {
    pub(crate) since: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Human, to = Post), undirected)]
pub(crate) struct Wrote;

#[derive(GraphType)]
#[graph(name = "people", mixed)]
pub(crate) enum People {
    Human(Human),
    Post(Post),
    Follows(Follows),
    Knows(Knows),
    Wrote(Wrote),
}

/// People with these names and nothing between them.
pub(crate) fn people<const N: usize>(
    conn: &mut impl GraphConnection,
    names: [&str; N],
) -> (Graph<People>, [NodeId<Human>; N]) {
    metagraph::sync::<People, _>(conn).unwrap();
    let graph = Graph::<People>::open_or_create(conn, "people").unwrap();
    let ids = graph.insert_many(conn, names.map(|name| Human { name: name.to_owned() })).unwrap();
    (graph, ids.try_into().unwrap())
}

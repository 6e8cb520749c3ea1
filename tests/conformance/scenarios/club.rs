//! Members of a club: unique attributes, alone and together.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Member {
    #[graph(key)]
    pub(crate) name: String,
    #[graph(unique)]
    pub(crate) email: Option<String>,
    #[graph(unique = "seat")]
    pub(crate) table: Option<u32>,
    #[graph(unique = "seat")]
    pub(crate) chair: Option<String>,
    #[graph(index)]
    pub(crate) age: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Member, to = Member), multi)]
pub(crate) struct Sponsors {
    #[graph(unique)]
    pub(crate) contract: Option<u64>,
}

#[derive(GraphType)]
#[graph(name = "club", self_loops)]
pub(crate) enum Club {
    Member(Member),
    Sponsors(Sponsors),
}

/// Somebody with a ticket, and no key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Guest {
    #[graph(unique)]
    pub(crate) ticket: u64,
    pub(crate) name: String,
}

#[derive(GraphType)]
#[graph(name = "guests")]
pub(crate) enum Guests {
    Guest(Guest),
}

/// An empty club.
pub(crate) fn club(conn: &mut impl GraphConnection) -> Graph<Club> {
    metagraph::sync::<Club, _>(conn).unwrap();
    Graph::<Club>::open_or_create(conn, "club").unwrap()
}

/// A member of whom only the name is interesting.
pub(crate) fn member(name: impl Into<String>) -> Member {
    Member { name: name.into(), email: None, table: None, chair: None, age: 30 }
}

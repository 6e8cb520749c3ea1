#![cfg_attr(all(feature = "sqlite", feature = "encryption", feature = "graphs"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "sqlite", feature = "encryption", feature = "graphs")),
    doc = "Typed property graphs in the SQL database you already run."
)]

#[cfg(feature = "graphs")]
extern crate self as metagraph;

#[cfg(feature = "encryption")]
pub mod encryption;
pub mod graphs;

#[doc(hidden)]
pub use metagraph_core::private as __private;
pub use metagraph_core::schema::{InvalidSchema, Problem};
#[cfg(feature = "validate")]
pub use metagraph_core::value;
pub use metagraph_core::{
    AnyNode, Connects, Contains, EdgeId, EdgeSet, EdgeType, Element, Endpoint, EndsAt, Field, GraphId, GraphType,
    InvalidKey, Joins, Key, Keyed, MemberOf, NodeId, NodeKey, NodeSet, NodeType, PartOf, SealedField, StartsAt, Stored,
    definition, document, validate,
};
#[cfg(feature = "derive")]
pub use metagraph_derive::GraphType;
#[cfg(feature = "postgres")]
pub use metagraph_diesel::postgres;
#[cfg(feature = "sqlite")]
pub use metagraph_diesel::sqlite;
pub use metagraph_diesel::{
    ByUnique, Category, Conflict, Cursor, Degree, Edge, EdgeQuery, Error, Explanation, Graph, GraphBackend,
    GraphConnection, Handle, Node, NodeLabel, NodeName, NodeQuery, Outcome, Page, Part, Parts, Reached, Result, Retry,
    Rule, Saved, Side, Synced, Transient, Upserted, WriteHandle, actors, check, indexes, integrity, load, migrate,
    migrations, query, row, schema, sync, traverse, types,
};
#[cfg(feature = "validate")]
pub use metagraph_diesel::{DynamicGraph, Evolution, evolution, lock};

/// What a module that defines or uses graph types imports: traits and derives, nothing that could clash.
///
/// The derives of serde and schemars are among them; what they generate names the crates `serde` and `schemars`, so
/// these stay dependencies of yours.
pub mod prelude {
    pub use metagraph_core::{
        Connects, Contains, EdgeId, EdgeType, Element, Endpoint, Keyed, MemberOf, NodeId, NodeKey, NodeSet, NodeType,
        PartOf,
    };
    #[cfg(feature = "derive")]
    pub use metagraph_derive::GraphType;
    pub use metagraph_diesel::{Edge, Graph, GraphConnection, Node};
    pub use schemars::JsonSchema;
    pub use serde::{Deserialize, Serialize};

    pub use crate::GraphType as _;
}

#[cfg(doctest)]
#[doc = include_str!("../metagraph-derive/src/page.md")]
struct DerivePage;

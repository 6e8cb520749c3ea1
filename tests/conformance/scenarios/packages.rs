//! Packages that need each other, without cycles.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Package {
    #[graph(key)]
    pub(crate) id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub(crate) struct DependsOn {
    pub(crate) optional: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub(crate) struct BuildsWith;

/// What needs what.
#[derive(GraphType)]
#[graph(name = "packages", acyclic)]
pub(crate) enum Packages {
    Package(Package),
    DependsOn(DependsOn),
    BuildsWith(BuildsWith),
}

pub(crate) fn package(id: &str) -> Package {
    Package { id: id.to_owned() }
}

/// Packages with these names and nothing between them.
pub(crate) fn packages<const N: usize>(
    conn: &mut impl GraphConnection,
    names: [&str; N],
) -> (Graph<Packages>, [NodeId<Package>; N]) {
    metagraph::sync::<Packages, _>(conn).unwrap();
    let graph = Graph::<Packages>::open_or_create(conn, "packages").unwrap();
    let ids = graph.insert_many(conn, names.map(package)).unwrap();
    (graph, ids.try_into().unwrap())
}

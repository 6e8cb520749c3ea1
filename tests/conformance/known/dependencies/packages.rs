//! The packages that rust-analyzer is built from.

use metagraph::prelude::*;
use metagraph::query;
use serde_json::json;

use super::Answers;
use crate::known::load::Data;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Package {
    #[graph(key)]
    id: String,
    name: String,
    version: String,
    source: String,
    checksum: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub(crate) struct DependsOn {}

#[derive(GraphType)]
#[graph(name = "lock_file", self_loops)]
pub(crate) enum LockFile {
    Package(Package),
    DependsOn(DependsOn),
}

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("tasks/cargo-rust-analyzer")?;
    metagraph::sync::<LockFile, _>(conn).unwrap();
    let graph = Graph::<LockFile>::open_or_create(conn, "rust-analyzer").unwrap();
    data.insert::<_, Package>(conn, &graph, "package");
    data.connect::<_, DependsOn, Package, Package>(conn, &graph, "dependsOn");
    Some(Answers::from([("CG-01", json!(cycles(conn, &graph)))]))
}

/// The edges that are a cycle by themselves; without them there is none.
fn cycles(conn: &mut impl GraphConnection, graph: &Graph<LockFile>) -> Vec<String> {
    let to_itself = || {
        graph.edges::<DependsOn>().filter(|_| query::id::<Package>().at_source().eq(query::id::<Package>().at_target()))
    };
    let on = to_itself().select(|_| Package::F.id.at_source()).load(conn).unwrap();
    let found = graph.find_cycle::<DependsOn, Package>(conn).unwrap().unwrap();
    let found: Vec<_> = graph.get_many(conn, found).unwrap().into_iter().map(|node| node.unwrap().key).collect();
    assert_eq!(found, on, "the first cycle that is found");
    let edges: Vec<_> = to_itself().load(conn).unwrap().into_iter().map(|edge| edge.id).collect();
    graph.delete_many(conn, edges).unwrap();
    assert_eq!(graph.find_cycle::<DependsOn, Package>(conn).unwrap(), None, "another cycle");
    on
}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(GraphType)]
#[graph(name = "dependencies", acyclic, undirected)]
enum Dependencies {
    Package(Package),
}

fn main() {}

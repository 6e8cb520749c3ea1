use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, version = 2, acyclic)]
struct Package {
    #[graph(node)]
    id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package, multi), key)]
struct Needs;

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package), one_out)]
struct Needs;

#[derive(GraphType)]
#[graph(name = "dependencies", undirected)]
enum Dependencies {
    Package(Package),
    Needs(Needs),
}

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package), undirected, one_out)]
struct Needs;

fn main() {}

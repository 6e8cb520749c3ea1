use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, from = Package, to = Package))]
struct Needs;

fn main() {}

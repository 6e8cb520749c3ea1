use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "package")]
struct Crate {}

#[derive(GraphType)]
#[graph(name = "dependencies")]
enum Dependencies {
    Package(Package),
    Crate(Crate),
}

fn main() {}

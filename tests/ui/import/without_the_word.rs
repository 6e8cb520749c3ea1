use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(GraphType)]
#[graph(name = "packages")]
enum Packages {
    Package(Package),
}

#[derive(GraphType)]
#[graph(name = "dependencies")]
enum Dependencies {
    Packages(Packages),
}

fn main() {}

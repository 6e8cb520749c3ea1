use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(GraphType)]
#[graph(version = 0)]
enum Dependencies {
    Package(Package),
}

#[derive(GraphType)]
#[graph(version = "2")]
enum Other {
    Package(Package),
}

fn main() {}

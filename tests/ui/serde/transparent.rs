use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(transparent)]
#[graph(node)]
struct Package {
    name: String,
}

fn main() {}

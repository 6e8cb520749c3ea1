use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Base {
    name: String,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(deny_unknown_fields)]
#[graph(node)]
struct Package {
    #[serde(flatten)]
    #[graph(key, index)]
    base: Base,
}

fn main() {}

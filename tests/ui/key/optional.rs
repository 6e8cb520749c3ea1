use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

fn main() {}

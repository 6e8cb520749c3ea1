use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "type")]
#[graph(node)]
struct Package {
    #[serde(rename = "name")]
    id: String,
    name: String,
    r#type: String,
}

fn main() {}

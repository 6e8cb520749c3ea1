use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[serde(skip)]
    #[graph(index)]
    cached: String,
    #[serde(skip_serializing, default)]
    secret: String,
    #[serde(skip_deserializing)]
    computed: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
}

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[serde(rename(serialize = "Id", deserialize = "id"))]
    id: String,
    #[serde(rename(serialize = "Name"))]
    name: String,
}

fn main() {}

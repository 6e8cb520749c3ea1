use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(index)]
    name: String,
    #[graph(index = "name")]
    city: String,
}

fn main() {}

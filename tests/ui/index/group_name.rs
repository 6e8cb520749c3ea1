use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(index = "by name")]
    name: String,
    #[graph(unique = name)]
    city: String,
}

fn main() {}

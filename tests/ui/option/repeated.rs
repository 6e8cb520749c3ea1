use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "a", name = "b")]
struct Package {
    #[graph(key, key)]
    id: String,
    #[graph(index)]
    #[graph(index)]
    name: String,
}

fn main() {}

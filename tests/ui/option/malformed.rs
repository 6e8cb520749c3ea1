use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node = "package", 7, name)]
struct Package {
    #[graph(key = "id")]
    id: String,
    #[graph(index(name))]
    name: String,
    #[graph(index unique)]
    version: String,
}

fn main() {}

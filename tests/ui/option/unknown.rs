use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, colour = "red")]
struct Package {
    #[graph(primary)]
    id: String,
}

fn main() {}

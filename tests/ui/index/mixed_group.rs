use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(index = "place")]
    country: String,
    #[graph(unique = "place")]
    city: String,
}

fn main() {}

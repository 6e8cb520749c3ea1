use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, on_delet = restrict)]
struct Package {
    #[graph(indx)]
    id: String,
}

fn main() {}

use metagraph::{Element, GraphType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    name: String,
}

fn main() {
    let _ = Package::F.nam;
}

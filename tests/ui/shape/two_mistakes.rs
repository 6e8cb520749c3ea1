use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, nmae = "package", on_delete = forbid)]
struct Package {
    #[graph(key, uniqe)]
    id: String,
    #[graph(key)]
    name: String,
}

fn main() {}

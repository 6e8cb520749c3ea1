use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "kind", deny_unknown_fields)]
#[graph(node)]
struct Package {}

fn main() {}

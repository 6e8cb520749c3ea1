use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(untagged)]
#[graph(node)]
enum Event {
    Started { at: u64 },
    Stopped,
}

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "kind")]
#[graph(node)]
enum Event {
    Started {
        #[graph(index)]
        at: u64,
    },
    #[serde(skip)]
    Stopped,
    #[serde(untagged)]
    Other { text: String },
}

fn main() {}

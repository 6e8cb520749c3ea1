use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Times {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Task {
    #[graph(renamed_from = "cache")]
    #[serde(skip)]
    cached: String,
    #[graph(renamed_value(from = "a", to = "b"))]
    #[serde(flatten)]
    times: Times,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "kind")]
#[graph(node)]
enum Event {
    #[graph(renamed_from = "begun")]
    Started {
        #[graph(renamed_from = "time")]
        at: u64,
    },
}

fn main() {}

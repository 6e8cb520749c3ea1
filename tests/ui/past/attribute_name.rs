use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[graph(node)]
struct Task {
    #[graph(renamed_from = "shortTitle")]
    short_title: String,
    #[graph(renamed_from = "shortTitle", renamed_from = "kind")]
    text: String,
    #[graph(renamed_from = "due", renamed_from = "due")]
    due_at: String,
    #[graph(renamed_from = "due")]
    until: String,
    #[graph(renamed_from = "", renamed_from = "it's", renamed_from = 7)]
    state: String,
}

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Task {
    #[graph(renamed_value(from = "open", to = "open"))]
    one: String,
    #[graph(renamed_value(from = "open", to = "todo"), renamed_value(from = "open", to = "done"))]
    two: String,
    #[graph(renamed_value(from = "open", to = "todo"), renamed_value(from = "todo", to = "planned"))]
    three: String,
}

fn main() {}

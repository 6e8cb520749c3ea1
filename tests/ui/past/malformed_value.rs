use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Task {
    #[graph(renamed_value)]
    one: String,
    #[graph(renamed_value = "open")]
    two: String,
    #[graph(renamed_value("open" = "todo"))]
    three: String,
    #[graph(renamed_value(from = "open"))]
    four: String,
    #[graph(renamed_value(from = "open", to = Todo))]
    five: String,
    #[graph(renamed_value(from = "open", to = "todo", to = "done"))]
    six: String,
    #[graph(renamed_value(before = "open", to = "todo"))]
    seven: String,
}

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, renamed_value(from = "a", to = "b"))]
struct Task {
    #[graph(upgrade = from_v1)]
    title: String,
}

#[derive(GraphType)]
#[graph(union, renamed_from = "anything")]
enum Any {
    #[graph(renamed_from = "todo")]
    Task(Task),
}

#[derive(GraphType)]
#[graph(projection(of = Task), renamed_from = "todo", upgrade = from_v1)]
struct Title {
    #[graph(renamed_from = "titel")]
    title: String,
}

#[derive(GraphType)]
#[graph(name = "tasks", renamed_from = "todos", upgrade = from_v1)]
enum Tasks {
    #[graph(renamed_from = "todo", upgrade = from_v1)]
    Task(Task),
}

fn main() {}

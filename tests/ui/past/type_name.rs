use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "task", renamed_from = "task", renamed_from = "todo", renamed_from = "todo")]
struct Task {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Task, to = Task), renamed_from = "needs it", renamed_from, renamed_from("a"))]
struct Needs;

fn main() {}

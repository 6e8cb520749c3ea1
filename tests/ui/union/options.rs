use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(GraphType)]
#[graph(union, name = "owner")]
enum Owner {
    #[graph(import)]
    Team(Team),
}

fn main() {}

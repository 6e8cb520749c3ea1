use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(GraphType)]
#[graph(union)]
enum Inner {
    Team(Team),
}

#[derive(GraphType)]
#[graph(union)]
enum Owner {
    Inner(Inner),
    Text(String),
}

fn main() {}

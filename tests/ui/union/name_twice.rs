use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "team")]
struct Club {}

#[derive(GraphType)]
#[graph(union)]
enum Owner {
    Team(Team),
    Club(Club),
}

fn main() {}

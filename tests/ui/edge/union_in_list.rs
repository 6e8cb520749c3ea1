use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(GraphType)]
#[graph(union)]
enum Owner {
    Team(Team),
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from(Owner, Package), to = Team))]
struct Owns;

fn main() {}

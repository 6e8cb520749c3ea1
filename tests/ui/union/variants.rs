use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(GraphType)]
#[graph(union)]
enum Owner {
    Team(Team),
    Nobody,
    Named { team: Team },
    Pair(Team, Team),
}

fn main() {}

use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from(Package, Team, Package), to = Team))]
struct Needs;

fn main() {}

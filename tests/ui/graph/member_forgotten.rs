use metagraph::{Contains, GraphType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(GraphType)]
#[graph(name = "dependencies")]
enum Dependencies {
    Package(Package),
}

fn contains<G: Contains<X>, X>() {}

fn main() {
    contains::<Dependencies, Team>();
}

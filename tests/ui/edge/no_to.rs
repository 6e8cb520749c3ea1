use metagraph::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package))]
struct Needs;

fn connects<E: metagraph::Connects<S, T>, S, T>() {}

fn main() {
    connects::<Needs, Package, Package>();
}

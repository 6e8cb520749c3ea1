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
#[graph(edge(from = Team, to = Package))]
struct Owns;

#[derive(GraphType)]
#[graph(name = "packages")]
enum Packages {
    Package(Package),
}

#[derive(GraphType)]
#[graph(name = "dependencies")]
enum Dependencies {
    #[graph(import)]
    Packages(Packages),
    Owns(Owns),
}

fn main() {}

use metagraph::{Connects, GraphType};
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

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from(Team, Package), to = Package))]
struct Uses;

fn connect<S, T, E: Connects<S, T>>(_source: S, _target: T, _edge: E) {}

fn main() {
    connect(Package {}, Team {}, Owns);
    connect(Team {}, Team {}, Uses);
    connect(Team {}, Package {}, Team {});
}

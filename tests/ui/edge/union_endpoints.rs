use metagraph::{Connects, GraphType, MemberOf};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Team {}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Person {}

#[derive(GraphType)]
#[graph(union)]
enum Owner {
    Team(Team),
    Person(Person),
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Owner, to = Package))]
struct Owns;

fn connect<S, T, E: Connects<S, T>>() {}

fn member<M: MemberOf<Owner>>() {}

fn main() {
    connect::<Owner, Package, Owns>();
    connect::<Package, Package, Owns>();
    member::<Package>();
}

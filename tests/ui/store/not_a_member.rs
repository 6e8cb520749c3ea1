use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    id: String,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Person {
    name: String,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
struct DependsOn {
    optional: bool,
}

#[derive(GraphType)]
#[graph(name = "dependency-graph")]
enum Dependencies {
    Package(Package),
    Person(Person),
    DependsOn(DependsOn),
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Stranger {}

fn main() -> metagraph::Result<()> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    let graph = Graph::<Dependencies>::open(&mut conn, "app")?;
    graph.insert(&mut conn, &Stranger {})?;
    graph.nodes::<Stranger>().load(&mut conn)?;
    Ok(())
}

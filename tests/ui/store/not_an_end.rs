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

fn main() -> metagraph::Result<()> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    let graph = Graph::<Dependencies>::open(&mut conn, "app")?;
    let app = NodeKey::<Package>::new("app");
    graph.connect(&mut conn, app, "serde", &DependsOn { optional: false })?;
    graph.connect(&mut conn, app, NodeKey::<Person>::new("mara"), &DependsOn { optional: false })?;
    graph.connect(&mut conn, app, NodeKey::<DependsOn>::new("serde"), &DependsOn { optional: false })?;
    Ok(())
}

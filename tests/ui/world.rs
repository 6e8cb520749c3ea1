// What the cases in `query/` ask of, included by each.

use metagraph::prelude::*;
#[allow(unused_imports, reason = "not every case uses it")]
use metagraph::query;

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Repository {
    pub url: String,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Package {
    #[graph(key)]
    pub id: String,
    pub downloads: u32,
    pub tags: Vec<String>,
    pub repository: Repository,
    pub homepage: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Person {
    pub name: String,
    pub age: u8,
}

#[derive(GraphType)]
#[graph(union)]
pub enum Anything {
    Package(Package),
    Person(Person),
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub struct DependsOn {
    pub optional: bool,
    pub requirement: String,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub struct AlsoNeeds {
    pub optional: bool,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Package))]
pub struct Maintains;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Anything))]
pub struct Watches;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Package, to = Package))]
pub struct Foreign {}

#[derive(GraphType)]
#[graph(name = "packages")]
pub enum Packages {
    Package(Package),
    Person(Person),
    DependsOn(DependsOn),
    AlsoNeeds(AlsoNeeds),
    Maintains(Maintains),
    Watches(Watches),
}

use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    id: String,
    downloads: u32,
}

#[derive(GraphType)]
#[graph(projection(of = Package))]
struct Pair(String, u32);

#[derive(GraphType)]
#[graph(projection(of = Package))]
struct Nothing;

#[derive(GraphType)]
#[graph(projection(of = Package))]
struct Empty {}

#[derive(GraphType)]
#[graph(projection(of = Package))]
enum Either {
    Id { id: String },
}

fn projects<P: metagraph::query::Projection<Package>>() {}

fn main() {
    projects::<Pair>();
    projects::<Nothing>();
}

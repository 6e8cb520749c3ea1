use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    id: String,
    downloads: u32,
}

#[derive(GraphType)]
#[graph(union)]
enum Anything {
    Package(Package),
}

#[derive(GraphType)]
#[graph(projection(of = Anything))]
struct Fame {
    id: String,
    downloads: u32,
}

#[derive(GraphType)]
#[graph(projection(of = Nobody))]
struct Lost {
    id: String,
}

fn main() {}

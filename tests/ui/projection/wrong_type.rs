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
struct Fame {
    id: String,
    downloads: Option<u64>,
}

fn main() {}

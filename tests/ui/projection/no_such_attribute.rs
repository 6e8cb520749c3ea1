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
    downlods: u32,
    #[graph(from = "name")]
    id: String,
}

fn main() {}

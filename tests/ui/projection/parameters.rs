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
struct Borrowed<'a> {
    id: &'a str,
}

#[derive(GraphType)]
#[graph(projection(of = Package))]
struct Generic<T> {
    id: T,
}

fn main() {}

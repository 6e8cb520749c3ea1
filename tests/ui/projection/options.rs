use metagraph::prelude::*;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Package {
    #[graph(key)]
    id: String,
    downloads: u32,
}

#[derive(GraphType)]
#[graph(projection, name = "fame")]
struct NoSource {
    #[graph(key)]
    id: String,
    #[graph(form = "downloads")]
    count: u32,
}

#[derive(GraphType)]
#[graph(projection(from = Package))]
struct WrongWord {
    #[graph(from = 7)]
    id: String,
    #[graph(from = "no name")]
    downloads: u32,
}

#[derive(GraphType)]
#[graph(projection = Package)]
struct WithoutParentheses {
    #[graph(from = "id", from = "downloads")]
    id: String,
}

#[derive(GraphType)]
#[graph(projection(of = &Package))]
struct Reference {
    id: String,
}

#[derive(GraphType)]
#[graph(projection(of = Package), node)]
struct Both {
    id: String,
}

fn main() {}

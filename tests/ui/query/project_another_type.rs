include!("../world.rs");

#[derive(GraphType)]
#[graph(projection(of = Package))]
struct Fame {
    downloads: u32,
}

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Person>().project::<Fame>();
    let _ = graph.nodes::<Package>().project::<Package>();
}

fn main() {}

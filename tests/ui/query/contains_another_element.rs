include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|p| p.tags.contains(7));
    let _ = graph.nodes::<Package>().filter(|p| p.tags.contains_any([7]));
    let _ = graph.nodes::<Package>().filter(|p| p.id.contains_all(["a"]));
}

fn main() {}

include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|_| query::out::<Maintains, _, Package>().exists());
    let _ = graph.nodes::<Person>().filter(|_| query::out::<Maintains, _, Person>().exists());
}

fn main() {}

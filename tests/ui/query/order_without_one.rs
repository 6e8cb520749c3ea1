include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().order_by(|p| p.repository.asc());
    let _ = graph.nodes::<Package>().order_by(|p| p.tags.desc());
    let _ = graph.nodes::<Package>().filter(|p| p.tags.lt(Vec::new()));
}

fn main() {}

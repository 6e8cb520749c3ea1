include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().order_by(|_| Person::F.name.asc());
    let _ = graph.nodes::<Package>().order_by(|p| p.id);
}

fn main() {}

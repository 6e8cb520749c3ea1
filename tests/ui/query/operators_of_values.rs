include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|p| p.id == "serde");
    let _ = graph.nodes::<Package>().filter(|p| p.id.eq("serde") && p.downloads.ge(7));
}

fn main() {}

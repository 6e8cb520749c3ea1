include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.eq("many"));
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.ge("1000"));
    let _ = graph.nodes::<Package>().filter(|p| p.id.eq(7));
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.is_in(["7"]));
}

fn main() {}

include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.starts_with("1"));
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.like_ci("1%"));
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.contains("1"));
}

fn main() {}

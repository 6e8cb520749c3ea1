include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|p| p.id.eq("serde") & Person::F.name.eq("Mara"));
}

fn main() {}

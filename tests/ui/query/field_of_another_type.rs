include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|_| Person::F.name.eq("Mara"));
}

fn main() {}

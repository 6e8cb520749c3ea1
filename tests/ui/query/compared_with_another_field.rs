include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Package>().filter(|p| p.downloads.lt(p.id));
    let _ = graph.nodes::<Package>().filter(|p| p.id.eq(Person::F.name));
}

fn main() {}

include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.nodes::<Anything>().filter(|any| any.id.eq("serde"));
    let _ = graph.nodes::<Anything>().matching(Package::F.id.eq("serde"));
}

fn main() {}

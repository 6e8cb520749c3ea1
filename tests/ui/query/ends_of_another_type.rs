include!("../world.rs");

fn ask(graph: &Graph<Packages>) {
    let _ = graph.edges::<Maintains>().filter(|_| Package::F.id.at_source().eq("serde"));
    let _ = graph.edges::<Maintains>().filter(|_| Person::F.name.at_target().eq("Mara"));
    let _ = graph.edges::<Watches>().filter(|_| DependsOn::F.optional.at_source().eq(true));
}

fn main() {}

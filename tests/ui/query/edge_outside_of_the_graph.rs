include!("../world.rs");

fn ask(graph: &Graph<Packages>, serde: NodeId<Package>) {
    let _ = graph.edges::<Foreign>();
    let _ = graph.from(serde).out::<Foreign>();
    let _ = graph.from(serde).out::<(DependsOn, Foreign)>();
    let _ = graph.from(serde).out::<Package>();
}

fn main() {}

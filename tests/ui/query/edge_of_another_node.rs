include!("../world.rs");

fn ask(graph: &Graph<Packages>, serde: NodeId<Package>) {
    let _ = graph.from(serde).out::<Maintains>().to::<Package>();
    let _ = graph.from(serde).out::<(DependsOn, Maintains)>().to::<Package>();
    let _ = graph.from(serde).both::<Maintains>().to::<Person>();
}

fn main() {}

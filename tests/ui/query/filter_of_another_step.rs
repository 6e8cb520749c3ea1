include!("../world.rs");

fn ask(graph: &Graph<Packages>, serde: NodeId<Package>) {
    let _ = graph.from(serde).out::<DependsOn>().to::<Package>().filter_edge(|d| Package::F.id.eq("a"));
    let _ = graph.from(serde).in_::<Maintains>().to::<Person>().filter(|p| p.id.eq("a"));
    let _ = graph.from(serde).both::<(DependsOn, AlsoNeeds)>().to::<Package>().filter_edge(|d| d.optional.eq(true));
}

fn main() {}

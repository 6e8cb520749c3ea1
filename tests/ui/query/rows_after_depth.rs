include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.from(serde).out::<DependsOn>().to::<Package>().depth(1..).rows().load(conn)?;
    graph.from(serde).out::<(DependsOn, AlsoNeeds)>().to::<Package>().rows().load(conn)?;
    Ok(())
}

fn main() {}

include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.from(serde).out::<DependsOn>().to::<Package>().optional().load(conn)?;
    Ok(())
}

fn main() {}

include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.from(serde).out::<DependsOn>().to::<Package>().out::<DependsOn>().to::<Package>().shortest_path(conn, serde)?;
    Ok(())
}

fn main() {}

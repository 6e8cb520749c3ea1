include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.nodes::<Package>().aggregate(conn, |p| p.id.sum())?;
    graph.nodes::<Package>().aggregate(conn, |p| p.homepage.avg())?;
    Ok(())
}

fn main() {}

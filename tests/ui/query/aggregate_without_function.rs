include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.nodes::<Package>().aggregate(conn, |p| p.downloads)?;
    graph.nodes::<Package>().group_by(|p| p.tags).aggregate(|p| (query::count(), p.downloads)).load(conn)?;
    Ok(())
}

fn main() {}

include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.from(serde).out::<DependsOn>().to::<Package>().lightest_path(conn, serde, |d| d.requirement)?;
    graph.from(serde).out::<DependsOn>().to::<Package>().lightest_path(conn, serde, |_| Package::F.downloads)?;
    Ok(())
}

fn main() {}

include!("../world.rs");

fn ask(conn: &mut impl GraphConnection, graph: &Graph<Packages>, serde: NodeId<Package>) -> metagraph::Result<()> {
    graph.nodes::<Package>().select(|_| Person::F.name).load(conn)?;
    graph.nodes::<Package>().select(|p| (p.id, Person::F.name)).load(conn)?;
    Ok(())
}

fn main() {}

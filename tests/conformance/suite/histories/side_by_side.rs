//! The same history on both databases: what they say is the same to the letter.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use metagraph::PartOf;

use super::generate::history;
use super::live;
use super::world::{Anyone, Directed, Looped, Narrow, NarrowMixed, Ordered, Undirected, World};
use crate::store::{Inspect as _, Postgres, Sqlite, Store as _};

fn agree<G: World>()
where
    Anyone: PartOf<G>,
{
    let Some(postgres) = Postgres::migrated() else { return };
    let sqlite = Sqlite::migrated().unwrap();
    let (mut one, mut other) = (sqlite.connect(), postgres.connect());
    metagraph::sync::<G, _>(&mut one).unwrap();
    metagraph::sync::<G, _>(&mut other).unwrap();
    // Ids are far from any other number that is spoken of, and those of nodes from those of edges.
    one.run(
        "INSERT INTO sqlite_sequence (name, seq) VALUES ('__metagraph_nodes', 1000000), ('__metagraph_edges', 2000000)",
    );
    other.run("ALTER SEQUENCE __metagraph_nodes_id_seq RESTART 1000000; ALTER SEQUENCE __metagraph_edges_id_seq RESTART 2000000");
    let connections = std::cell::RefCell::new((one, other));
    let config = Config { cases: 50, source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&history(G::RULES), |history| {
        let (one, other) = &mut *connections.borrow_mut();
        prop_assert_eq!(live::<G, _>(one, &history)?, live::<G, _>(other, &history)?);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn both_databases_say_the_same_of_directed_graphs() {
    agree::<Directed>();
    agree::<Ordered>();
    agree::<Narrow>();
}

#[test]
fn both_databases_say_the_same_of_undirected_and_mixed_graphs() {
    agree::<Looped>();
    agree::<NarrowMixed>();
    agree::<Undirected>();
}

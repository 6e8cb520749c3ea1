//! The example `dependency_graph`, whose parts Cargo would not test: its reader of lock files, and what it stores of
//! this repository's own, against an independent count.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]
#![allow(dead_code, reason = "the parts of the example that a test does not need")]

#[path = "../examples/dependency_graph/arguments.rs"]
mod arguments;
#[path = "../examples/dependency_graph/import.rs"]
mod import;
#[path = "../examples/dependency_graph/lockfile.rs"]
mod lockfile;
#[path = "../examples/dependency_graph/model.rs"]
mod model;
#[path = "../examples/dependency_graph/report.rs"]
mod report;

use std::collections::HashSet;

use import::Changes;
use lockfile::LockFile;
use metagraph::prelude::*;
use model::{Dependencies, DependsOn, Package};

const TEXT: &str = include_str!("../Cargo.lock");

/// Packages, and dependencies between them, as a reader of lines counts them.
fn counted() -> (usize, usize) {
    let packages = TEXT.lines().filter(|line| *line == "[[package]]").count();
    let dependencies = TEXT.split("[[package]]").map(|block| {
        let lines = block.lines().skip_while(|line| *line != "dependencies = [").skip(1);
        lines.take_while(|line| *line != "]").collect::<HashSet<_>>().len()
    });
    (packages, dependencies.sum())
}

fn stores_what_the_file_says<C: GraphConnection>(conn: &mut C) {
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<Dependencies, _>(conn).unwrap();
    let graph = Graph::<Dependencies>::open_or_create(conn, "own").unwrap();
    let mut lock = LockFile::parse(TEXT).unwrap();
    let import = |conn: &mut C, lock: &LockFile| conn.transaction(|conn| import::import(conn, &graph, lock)).unwrap();

    let (packages, dependencies) = counted();
    let first = import(conn, &lock);
    assert_eq!(first, Changes { packages_added: packages, dependencies_added: dependencies, ..Changes::default() });
    assert_eq!(graph.nodes::<Package>().count(conn).unwrap(), i64::try_from(packages).unwrap());
    assert_eq!(graph.edges::<DependsOn>().count(conn).unwrap(), i64::try_from(dependencies).unwrap());
    assert_eq!(import(conn, &lock), Changes::default(), "a second run changes nothing");
    assert!(graph.nodes::<Package>().load(conn).unwrap().iter().all(|node| node.version == 1));

    let ours = graph.get_by_key::<Package>(conn, concat!("metagraph ", env!("CARGO_PKG_VERSION"))).unwrap().unwrap();
    let needed = graph.from(ours.id).out::<DependsOn>().to::<Package>().depth(1..).load(conn).unwrap();
    assert_eq!(needed.len(), packages - 1, "a workspace's root needs everything in its lock file");

    let dropped = lock.packages.iter().position(|package| package.name == "lexopt").unwrap();
    for package in &mut lock.packages {
        package.dependencies.retain(|&place| place != dropped);
    }
    lock.packages.get_mut(dropped).unwrap().name = "lexopt-renamed".into();
    let changes = Changes { packages_added: 1, packages_removed: 1, ..Changes::default() };
    assert_eq!(import(conn, &lock), changes, "the edge went with its package");
}

#[test]
fn the_example_stores_what_the_file_says_in_sqlite() {
    stores_what_the_file_says(&mut metagraph::sqlite::connect(":memory:").unwrap());
}

#[test]
#[cfg(feature = "postgres")]
fn the_example_stores_what_the_file_says_in_postgres() {
    let Some(postgres) = metagraph_testkit::Postgres::shared() else { return };
    let database = postgres.database();
    stores_what_the_file_says(&mut metagraph::postgres::connect(database.url()).unwrap());
}

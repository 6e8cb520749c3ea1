//! The example `dependency_graph`, whose parts Cargo would not test: its reader of lock files, and what it stores of
//! this repository's own, against an independent count.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]
#![allow(dead_code, reason = "the parts of the example that a test does not need")]

#[path = "../examples/dependency_graph/arguments.rs"]
mod arguments;
#[path = "../examples/dependency_graph/import.rs"]
mod import;
#[path = "../examples/dependency_graph/lockfile.rs"]
mod lockfile;
#[path = "../examples/dependency_graph/model.rs"]
mod model;
#[path = "../examples/dependency_graph/question.rs"]
mod question;
#[path = "../examples/dependency_graph/report.rs"]
mod report;

use std::collections::{BTreeSet, HashSet, VecDeque};

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

    let ours = graph.nodes::<Package>().filter(|p| p.source.is_null());
    let needed = graph.from_all(ours).out::<DependsOn>().to::<Package>().depth(0..).load(conn).unwrap();
    assert_eq!(needed.len(), packages, "a workspace's packages need everything in its lock file");

    let dropped = lock.packages.iter().position(|package| package.name == "lexopt").unwrap();
    for package in &mut lock.packages {
        package.dependencies.retain(|&place| place != dropped);
    }
    lock.packages.get_mut(dropped).unwrap().name = "lexopt-renamed".into();
    let changes = Changes { packages_added: 1, packages_removed: 1, ..Changes::default() };
    assert_eq!(import(conn, &lock), changes, "the edge went with its package");
}

/// A graph that holds this lock file.
fn stored<C: GraphConnection>(conn: &mut C, name: &str, lock: &LockFile) -> Graph<Dependencies> {
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<Dependencies, _>(conn).unwrap();
    let graph = Graph::<Dependencies>::open_or_create(conn, name).unwrap();
    conn.transaction(|conn| import::import(conn, &graph, lock)).unwrap();
    graph
}

/// How far each package is from the workspace along dependencies, leaving one out altogether: counted in memory.
fn distances(lock: &LockFile, left_out: Option<usize>) -> Vec<Option<usize>> {
    let mut distances = vec![None; lock.packages.len()];
    let mut waiting = VecDeque::new();
    let roots = lock.packages.iter().enumerate().filter(|(_, package)| package.source.is_none());
    for (place, _) in roots.filter(|(place, _)| Some(*place) != left_out) {
        distances[place] = Some(0);
        waiting.push_back((place, 0));
    }
    while let Some((place, distance)) = waiting.pop_front() {
        for &next in &lock.packages[place].dependencies {
            if distances[next].is_none() && Some(next) != left_out {
                distances[next] = Some(distance + 1);
                waiting.push_back((next, distance + 1));
            }
        }
    }
    distances
}

/// Every package of this repository: the chain to it and what it frees, against the same counted in memory.
fn answers_as_counted<C: GraphConnection>(conn: &mut C) {
    let lock = LockFile::parse(TEXT).unwrap();
    let graph = stored(conn, "own", &lock);
    let keys = lock.keys();
    let place_of = |key: &str| keys.iter().position(|known| known == key).unwrap();
    let near = distances(&lock, None);
    for (place, key) in keys.iter().enumerate() {
        let id = graph.get_by_key::<Package>(conn, key).unwrap().unwrap().id;
        let chain = question::why(conn, &graph, id).unwrap().unwrap();
        let chain: Vec<usize> = chain.iter().map(|node| place_of(&node.key)).collect();
        assert_eq!((chain.len(), chain.last()), (near[place].unwrap() + 1, Some(&place)), "{key}");
        assert_eq!(lock.packages[chain[0]].source, None, "{key}");
        assert!(chain.windows(2).all(|pair| lock.packages[pair[0]].dependencies.contains(&pair[1])), "{key}");

        let freed = question::freed(conn, &graph, id).unwrap();
        let freed: BTreeSet<&str> = freed.iter().map(|reached| reached.key.as_str()).collect();
        let left = distances(&lock, Some(place));
        let expected: BTreeSet<&str> =
            keys.iter().zip(&left).filter(|(_, left)| left.is_none()).map(|(key, _)| key.as_str()).collect();
        assert_eq!(freed, expected, "without {key}");
    }
    let many = question::most_depended_on(conn, &graph, 3).unwrap();
    let counted = |key: &str| {
        let place = place_of(key);
        lock.packages.iter().filter(|package| package.dependencies.contains(&place)).count()
    };
    assert!(many.iter().all(|(key, count)| usize::try_from(*count).unwrap() == counted(key)), "{many:?}");
    let names: Vec<&str> = lock.packages.iter().map(|package| package.name.as_str()).collect();
    let several = names.iter().filter(|name| names.iter().filter(|other| other == name).count() > 1).count();
    assert_eq!(question::several_versions(conn, &graph).unwrap().len(), several);
}

/// What there is to know of a small workspace: app needs a and b, both need c, c and d need each other, nobody needs x.
fn knows_why_and_what_would_go<C: GraphConnection>(conn: &mut C) {
    let text: String = [("app", "a, b"), ("a", "c"), ("b", "c"), ("c", "d"), ("d", "c"), ("x", "")]
        .map(|(name, needs)| {
            let needs: Vec<_> = needs.split(", ").filter(|name| !name.is_empty()).collect();
            let source = if name == "app" { "" } else { "source = \"registry+https://example.com\"\n" };
            format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n{source}dependencies = {needs:?}\n")
        })
        .concat();
    let graph = stored(conn, "small", &LockFile::parse(&text).unwrap());
    let mut about = |name: &str| {
        let package = question::named(conn, &graph, name).unwrap().remove(0);
        let chain = question::why(conn, &graph, package.id).unwrap();
        let chain: Vec<_> = chain.into_iter().flatten().map(|node| node.value.name).collect();
        let freed = question::freed(conn, &graph, package.id).unwrap();
        let freed: Vec<_> = freed.iter().map(|reached| reached.value.name.clone()).collect();
        (chain.join(" "), freed.join(" "))
    };
    let expected = |why: &str, freed: &str| (why.to_owned(), freed.to_owned());
    assert_eq!(about("app"), expected("app", "app a b c d"));
    assert_eq!(about("a"), expected("app a", "a"), "b needs c as well");
    assert_eq!(about("c"), expected("app a c", "c d"));
    assert_eq!(about("d 1.0.0"), expected("app a c d", "d"), "a name, or a name and a version");
    assert_eq!(about("x"), expected("", "x"), "nothing needs it");

    let mut printed = Vec::new();
    report::reasons(&mut printed, conn, &graph, "d").unwrap();
    report::reasons(&mut printed, conn, &graph, "app").unwrap();
    report::reasons(&mut printed, conn, &graph, "x").unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let lines: Vec<&str> = printed.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            "why d 1.0.0: app 1.0.0 → a 1.0.0 → c 1.0.0 → d 1.0.0",
            "why app 1.0.0: it is a package of the workspace",
            "why x 1.0.0: nothing in the workspace needs it",
        ]
    );
}

#[test]
fn the_example_answers_as_counted_in_sqlite() {
    let conn = &mut metagraph::sqlite::connect(":memory:").unwrap();
    answers_as_counted(conn);
    knows_why_and_what_would_go(conn);
}

#[test]
#[cfg(feature = "postgres")]
fn the_example_answers_as_counted_in_postgres() {
    let Some(postgres) = metagraph_testkit::Postgres::shared() else { return };
    let database = postgres.database();
    let conn = &mut metagraph::postgres::connect(database.url()).unwrap();
    answers_as_counted(conn);
    knows_why_and_what_would_go(conn);
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

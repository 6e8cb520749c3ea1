//! A graph with a million edges, dense and cyclic: more ways through it than anybody could hold.
//!
//! And a smaller one, of which not even a tenth is held by who checks it or reads all of it.

use diesel::connection::SimpleConnection;
use metagraph::prelude::*;
use metagraph::{GraphBackend, Part};

use crate::harness::{Child, Work};
use crate::scenarios::{Ferry, Roads, Town, roads};
use crate::store::{Inspect, Store};

/// Every two of so many towns are connected both ways: nearly a million edges, and a billion ways of three hops.
const DENSE: usize = 1_000;
/// From the last of them on, one town leads to the next.
const TAIL: usize = 200;

/// What a process may take beyond what it had, in kibibytes: a hundredth of the ways would take more.
const MOST: usize = 160 * 1024;

/// How many towns of the smaller graph are connected both ways: with a quarter of a million edges.
const CHECKED: usize = 500;

/// What a check may take, in kibibytes; the rows it reads have more than thirty thousand.
const MOST_OF_A_CHECK: usize = 8 * 1024;

/// What reading all of it may take, in kibibytes, in pages of a thousand.
const MOST_OF_A_STREAM: usize = 4 * 1024;

fn large(conn: &mut impl Inspect, dense: usize) {
    let (graph, []) = roads(conn, []);
    let town = |name: usize| Town { name: name.to_string() };
    let towns = graph.insert_many(conn, (0..dense + TAIL).map(town)).unwrap();
    let first = graph.connect(conn, towns[0], towns[1], &Ferry { hour: 1 }).unwrap();
    let tail = towns[dense - 1..].windows(2).map(|pair| (pair[0], pair[1], Ferry { hour: 1 }));
    graph.connect_many(conn, tail).unwrap();
    // As in a database that somebody else filled: the same edge between every other two.
    conn.run(&format!(
        "INSERT INTO __metagraph_edges (graph_id, edge_type_id, source_id, target_id, undirected, reversed, attributes, \
         version, created_at, updated_at, slot) \
         SELECT e.graph_id, e.edge_type_id, s.id, t.id, e.undirected, e.reversed, e.attributes, 1, e.created_at, \
         e.updated_at, 0 FROM __metagraph_edges AS e CROSS JOIN __metagraph_nodes AS s CROSS JOIN __metagraph_nodes AS t \
         WHERE e.id = {first} AND s.id <> t.id AND s.id <= {last} AND t.id <= {last} AND NOT (s.id = {a} AND t.id = {b})",
        last = towns[dense - 1],
        a = towns[0],
        b = towns[1],
    ));
    conn.run("ANALYZE");
}

/// Asks for sets and paths, and tells how much memory that took at most.
pub(crate) fn ask(conn: &mut impl GraphConnection) -> usize {
    let graph = Graph::<Roads>::open(conn, "roads").unwrap();
    let town = |conn: &mut _, name: usize| graph.get_by_key::<Town>(conn, &name.to_string()).unwrap().unwrap().id;
    let (first, last) = (town(conn, 0), town(conn, DENSE + TAIL - 1));
    let before = most_memory();
    let next = || graph.from(first).out::<Ferry>().to::<Town>();
    assert_eq!(graph.reachable::<Ferry, _>(conn, first).unwrap().len(), DENSE + TAIL - 1);
    let three = next().out::<Ferry>().to::<Town>().out::<Ferry>().to::<Town>();
    assert_eq!(usize::try_from(three.count(conn).unwrap()).unwrap(), DENSE + 2);
    assert_eq!(usize::try_from(next().depth(..=3).count(conn).unwrap()).unwrap(), DENSE + 2);
    assert_eq!(graph.shortest_path::<Ferry, _>(conn, first, last).unwrap().unwrap().len(), TAIL + 1);
    assert_eq!(graph.ancestors::<Ferry, _>(conn, last).unwrap().len(), DENSE + TAIL - 1);
    assert!(graph.shortest_path::<Ferry, _>(conn, last, first).unwrap().is_none());
    most_memory() - before
}

/// The most memory that this process has had so far, in kibibytes; 0 where the system does not tell.
pub(crate) fn most_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Lets the database keep few pages of its own in this process: what is measured is ours.
pub(crate) fn keep_few_pages<C: GraphConnection + SimpleConnection>(conn: &mut C) {
    if C::Db::NAME == "SQLite" {
        conn.batch_execute("PRAGMA cache_size = -2000").unwrap();
    }
}

pub(crate) fn a_million_edges_take_memory_for_the_answer<S: Store>(store: &S) {
    large(&mut store.connect(), DENSE);
    let taken = Child::at_once(store, 1, Work::AskLarge)[0];
    assert!(taken < MOST, "{taken} KiB");
}

/// Checks everything, and tells how much memory that took at most.
pub(crate) fn check(conn: &mut impl GraphConnection) -> usize {
    keep_few_pages(conn);
    // What a first check takes, however small, is not what is asked.
    let small = Graph::<Roads>::open(conn, "small").unwrap();
    assert!(small.check_integrity(conn).unwrap().is_clean());
    let before = most_memory();
    let report = metagraph::integrity::check(conn).unwrap();
    assert_eq!(usize::try_from(report.checked.edges).unwrap(), CHECKED * (CHECKED - 1) + TAIL + 1);
    // Somebody forgot to give the edges slots of their own, and any of them is told.
    assert_eq!(report.findings.len(), 1, "{report}");
    assert_eq!(report.findings[0].count, report.checked.edges - 2 - u64::try_from(TAIL).unwrap());
    most_memory() - before
}

/// A second graph, on which is tried what is measured on the first.
fn with_a_small_one(conn: &mut impl GraphConnection) {
    let small = Graph::<Roads>::open_or_create(conn, "small").unwrap();
    let town = small.insert(conn, &Town { name: "only".into() }).unwrap();
    small.connect(conn, town, town, &Ferry { hour: 1 }).unwrap();
}

pub(crate) fn a_check_holds_a_page_at_a_time<S: Store>(store: &S) {
    let conn = &mut store.connect();
    large(conn, CHECKED);
    with_a_small_one(conn);
    let taken = Child::at_once(store, 1, Work::CheckLarge)[0];
    assert!(taken < MOST_OF_A_CHECK, "{taken} KiB");
}

/// Reads all of a graph, and tells how much memory that took at most.
pub(crate) fn stream(conn: &mut impl GraphConnection) -> usize {
    keep_few_pages(conn);
    let small = Graph::<Roads>::open(conn, "small").unwrap();
    assert_eq!(small.stream(conn, 1_000).count(), 2);
    let graph = Graph::<Roads>::open(conn, "roads").unwrap();
    let before = most_memory();
    let edges = graph.stream(conn, 1_000).filter(|part| matches!(part.as_ref().unwrap(), Part::Edge { .. })).count();
    assert_eq!(edges, CHECKED * (CHECKED - 1) + TAIL);
    most_memory() - before
}

pub(crate) fn a_whole_graph_is_read_a_page_at_a_time<S: Store>(store: &S) {
    let conn = &mut store.connect();
    large(conn, CHECKED);
    with_a_small_one(conn);
    let taken = Child::at_once(store, 1, Work::StreamLarge)[0];
    assert!(taken < MOST_OF_A_STREAM, "{taken} KiB");
}

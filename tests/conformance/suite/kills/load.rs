//! A program is killed in the middle of a large import: run again, it goes on, and each row is there once.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use metagraph::load::Commit;
use metagraph::prelude::*;

use super::{connected, random};
use crate::harness::{Child, Work};
use crate::scenarios::{Ferry, Road, Roads, Town, roads};
use crate::store::{Inspect, Store};
use crate::suite::loads::{content, indexes};

const KILLS: usize = 10;

/// New batches to wait for before the kill, at most, and microseconds after the last of them: not all in all kills.
const BATCHES: u64 = 40;
const MOMENTS: u64 = 2000;

/// Rows of each step, in batches of so many.
const ROWS: usize = 2_000;
const BATCH: usize = 10;

/// Enough rows of each step for indexes to be dropped, in so many batches.
const MANY: usize = 5_000;
const PARTS: usize = 20;

/// Loads into the graph `interrupted`, or goes on with that; tells after each batch how many rows are stored.
pub(crate) fn resume(conn: &mut impl GraphConnection, tell: impl FnMut(usize)) -> usize {
    load(conn, Commit::Resumable("roads".to_owned()), (ROWS, BATCH), tell)
}

/// Loads as much as makes the indexes be dropped, and commits at the end.
pub(crate) fn load_at_once(conn: &mut impl GraphConnection, tell: impl FnMut(usize)) -> usize {
    load(conn, Commit::Once, (MANY, MANY / PARTS), tell)
}

/// Loads and commits each batch, and would not know how to go on.
pub(crate) fn load_each_batch(conn: &mut impl GraphConnection, tell: impl FnMut(usize)) -> usize {
    load(conn, Commit::EachBatch, (ROWS, BATCH), tell)
}

/// Towns, ferries between them by id, which nothing tells from each other, and roads by key.
fn load(
    conn: &mut impl GraphConnection,
    commit: Commit,
    (rows, batch): (usize, usize),
    mut tell: impl FnMut(usize),
) -> usize {
    let graph = Graph::<Roads>::open(conn, "interrupted").unwrap();
    let tell = |progress: &metagraph::load::Progress| tell(usize::try_from(progress.total).unwrap());
    let mut loader = graph.loader(conn).commit(commit).batch(batch).on_progress(tell);
    let towns = loader.nodes::<Town>((0..rows).map(|number| Town { name: number.to_string() })).unwrap();
    let at = |number: usize| towns.id(number % rows).unwrap();
    let ferries = (0..rows).map(|number| (at(number), at(number * 7), Ferry { hour: 7 }));
    loader.edges::<Ferry, _, _>(ferries).unwrap();
    let name = |number: usize| (number % rows).to_string();
    let roads = (0..rows).map(|n| (name(n * 3), name(n + 1), Road { number: name(n), lanes: 2 }));
    loader.edges_by_key::<Road, Town, Town, _>(roads).unwrap();
    usize::try_from(loader.finish().unwrap().total()).unwrap()
}

/// Makes the graph that is loaded into.
fn begin(conn: &mut impl GraphConnection) -> i64 {
    roads(conn, []);
    Graph::<Roads>::open_or_create(conn, "interrupted").unwrap().id().raw()
}

/// What the graph should become, from another database.
fn expected<S: Store>(rows: usize) -> Vec<String> {
    let store = S::migrated().unwrap();
    let conn = &mut store.connect();
    let graph = begin(conn);
    assert_eq!(load(conn, Commit::EachBatch, (rows, rows), |_| ()), 3 * rows);
    content(conn, graph)
}

pub(crate) fn a_killed_load_goes_on_and_stores_each_row_once<S: Store>(store: &S) {
    let interrupted = begin(&mut store.connect());
    let mut acknowledged = 0;
    for _ in 0..KILLS {
        let mut child = Child::begun(store, 0, Work::ResumeLoad);
        let enough = acknowledged + usize::try_from(1 + random(BATCHES)).unwrap() * BATCH;
        while acknowledged < enough {
            acknowledged = acknowledged.max(child.acknowledged().expect("the load ended by itself"));
        }
        thread::sleep(Duration::from_micros(random(MOMENTS)));
        acknowledged = acknowledged.max(child.kill().unwrap_or(0));

        let conn = &mut connected(store);
        let stored = rows(conn, interrupted);
        assert!(
            (acknowledged..=acknowledged + BATCH).contains(&stored),
            "{stored} stored, {acknowledged} acknowledged"
        );
        acknowledged = stored;
        assert_eq!(stored % BATCH, 0, "a batch is stored in parts");
        let position =
            conn.integers("SELECT CAST(coalesce(sum(loaded), 0) AS bigint) AS answer FROM __metagraph_loads");
        assert_eq!(position, [i64::try_from(stored).unwrap()]);
        assert_sound(conn);
    }
    assert_eq!(Child::at_once(store, 1, Work::ResumeLoad), [3 * ROWS]);
    let conn = &mut store.connect();
    assert_eq!(content(conn, interrupted), expected::<S>(ROWS));
    assert!(conn.integers("SELECT step AS answer FROM __metagraph_loads").is_empty());
    assert_sound(conn);
}

pub(crate) fn a_killed_load_of_one_transaction_leaves_nothing<S: Store>(store: &S) {
    let interrupted = begin(&mut store.connect());
    let (before, expected) = (indexes(&mut store.connect()), expected::<S>(MANY));
    for kill in 0..KILLS / 2 - 1 {
        let mut child = Child::begun(store, 0, Work::LoadAtOnce);
        // Behind the last batch, indexes are created again.
        let batches = if kill == 0 { 3 * PARTS as u64 } else { 1 + random(3 * PARTS as u64) };
        for _ in 0..batches {
            child.acknowledged().expect("the load ended by itself");
        }
        thread::sleep(Duration::from_micros(random(MOMENTS)));
        child.kill();

        let conn = &mut connected(store);
        assert_eq!(indexes(conn), before);
        if rows(conn, interrupted) > 0 {
            assert_eq!(content(conn, interrupted), expected, "it is there in parts");
            conn.run(&format!("DELETE FROM __metagraph_nodes WHERE graph_id = {interrupted}"));
        }
        assert_sound(conn);
    }
    assert_eq!(Child::at_once(store, 1, Work::LoadAtOnce), [3 * MANY]);
    let conn = &mut store.connect();
    assert_eq!(content(conn, interrupted), expected);
    assert_eq!(indexes(conn), before);
    assert_sound(conn);
}

pub(crate) fn a_killed_load_without_a_name_leaves_whole_batches<S: Store>(store: &S) {
    let interrupted = begin(&mut store.connect());
    let expected = expected::<S>(ROWS);
    let known: HashSet<&String> = expected.iter().collect();
    for kill in 0..KILLS {
        let mut child = Child::begun(store, 0, Work::LoadEachBatch);
        // The first is killed among the edges.
        let batches = if kill == 0 { 1 + (2 * ROWS / BATCH) as u64 } else { 1 + random(BATCHES) };
        let acknowledged = (0..batches).map(|_| child.acknowledged().expect("the load ended by itself")).last();
        thread::sleep(Duration::from_micros(random(MOMENTS)));
        let acknowledged = child.kill().or(acknowledged).unwrap();

        let conn = &mut connected(store);
        let stored = rows(conn, interrupted);
        assert!(
            (acknowledged..=acknowledged + BATCH).contains(&stored),
            "{stored} stored, {acknowledged} acknowledged"
        );
        assert_eq!(stored % BATCH, 0, "a batch is stored in parts");
        assert!(content(conn, interrupted).iter().all(|row| known.contains(row)), "something else is stored");
        assert!(conn.integers("SELECT step AS answer FROM __metagraph_loads").is_empty());
        assert_sound(conn);
        // Run again, it would begin at its beginning.
        conn.run(&format!("DELETE FROM __metagraph_nodes WHERE graph_id = {interrupted}"));
    }
    assert_eq!(Child::at_once(store, 1, Work::LoadEachBatch), [3 * ROWS]);
    assert_eq!(content(&mut store.connect(), interrupted), expected);
}

fn rows(conn: &mut impl Inspect, graph: i64) -> usize {
    let count = conn.integers(&format!(
        "SELECT (SELECT count(*) FROM __metagraph_nodes WHERE graph_id = {graph}) \
         + (SELECT count(*) FROM __metagraph_edges WHERE graph_id = {graph}) AS answer"
    ));
    usize::try_from(count[0]).unwrap()
}

fn assert_sound<C: Inspect>(conn: &mut C) {
    assert_eq!(conn.texts(C::DAMAGE), Vec::<String>::new());
    let report = metagraph::integrity::check(conn).unwrap();
    assert!(report.is_clean(), "{report}");
}

//! One graph through four releases of a program, with as many rows as take a while.

use std::collections::BTreeMap;

use metagraph::load::Commit;
use metagraph::prelude::*;
use metagraph::{Error, Evolution, Synced};
use serde_json::Value;

use super::{assert_sound, stored};
use crate::harness::{Child, Work};
use crate::scenarios::{board_first, board_fourth, board_second, board_third};
use crate::store::{Inspect, Store};
use crate::suite::kills::connected;

const TASKS: usize = 90_000;
const PEOPLE: usize = 10_000;

fn task(number: usize) -> board_first::Task {
    board_first::Task {
        id: format!("t{number}"),
        name: format!("task {number}"),
        points: u32::try_from(number % 13).unwrap(),
        owner: (!number.is_multiple_of(3)).then(|| format!("p{}", number % PEOPLE)),
        status: if number.is_multiple_of(4) { board_first::Status::Done } else { board_first::Status::Open },
    }
}

fn person(number: usize) -> board_first::Person {
    board_first::Person { login: format!("p{number}"), name: format!("First{number} Last{number}") }
}

/// The first release, with its rows.
fn begin(conn: &mut impl GraphConnection) {
    metagraph::sync::<board_first::Board, _>(conn).unwrap();
    let graph = Graph::<board_first::Board>::open_or_create(conn, "board").unwrap();
    let mut loader = graph.loader(conn).commit(Commit::EachBatch);
    let tasks = loader.nodes::<board_first::Task>((0..TASKS).map(task)).unwrap();
    loader.nodes::<board_first::Person>((0..PEOPLE).map(person)).unwrap();
    loader.nodes::<board_first::Tag>([board_first::Tag { word: "urgent".into() }]).unwrap();
    let blocks =
        (0..1000).map(|number| (tasks.id(number).unwrap(), tasks.id(number + 1).unwrap(), board_first::Blocks));
    loader.edges::<board_first::Blocks, _, _>(blocks).unwrap();
    loader.finish().unwrap();
}

/// The second release: nothing but `sync`.
fn second(conn: &mut impl Inspect) {
    let versions = conn.census();
    assert_eq!(metagraph::sync::<board_second::Board, _>(conn).unwrap(), Synced::Advanced);
    assert_eq!(conn.census()[5..], versions[5..], "no row was written");
    let graph = Graph::<board_second::Board>::open(conn, "board").unwrap();
    let read = graph.get_by_key::<board_second::Task>(conn, "t4").unwrap().unwrap();
    assert_eq!((read.value.priority, read.value.note, read.version), (3, None, 1), "reads give the defaults");
    let new = board_second::Task { status: board_second::Status::Waiting, id: "new".into(), ..read_as_second(7) };
    let id = graph.insert(conn, &new).unwrap();
    let person = graph.get_by_key::<board_first::Person>(conn, "p1").unwrap().unwrap().id;
    graph.connect(conn, person, id, &board_second::Watches).unwrap();
}

fn read_as_second(number: usize) -> board_second::Task {
    let first = task(number);
    board_second::Task {
        id: first.id,
        name: first.name,
        points: first.points,
        owner: first.owner,
        status: if number.is_multiple_of(4) { board_second::Status::Done } else { board_second::Status::Open },
        note: None,
        priority: 3,
    }
}

/// Goes on with the third release, and tells after each batch how many rows are changed.
pub(crate) fn evolve(conn: &mut impl GraphConnection, mut tell: impl FnMut(usize)) -> usize {
    let evolution = Evolution::<board_third::Board>::new().batch(500).on_progress(|progress| {
        if progress.of.is_some() {
            tell(usize::try_from(progress.rows).unwrap());
        }
    });
    usize::try_from(evolution.apply(conn).unwrap().rewritten).unwrap()
}

/// Every node by its key, with how often it was written.
fn rows(conn: &mut impl Inspect) -> BTreeMap<String, (i64, Value)> {
    let keys = conn.texts("SELECT key AS answer FROM __metagraph_nodes ORDER BY id");
    let versions = conn.integers("SELECT version AS answer FROM __metagraph_nodes ORDER BY id");
    let values = stored(conn);
    keys.into_iter().zip(versions.into_iter().zip(values)).collect()
}

pub(crate) fn a_graph_walks_through_four_releases<S: Store>(store: &S) {
    through_the_second(&mut store.connect());
    // Who kills waits until nobody else is connected.
    (0..2).for_each(|_| kill_on_the_way(store));
    let conn = &mut store.connect();
    assert!(evolve(conn, |_| ()) >= 100_001);
    assert_sound(conn);
    assert_is_the_straight_run::<S>(conn);
    old_programs_are_left_with_what_did_not_change(conn);
    narrowing_is_refused(conn);
}

fn through_the_second(conn: &mut impl Inspect) {
    begin(conn);
    let first = Graph::<board_first::Board>::open(conn, "board").unwrap();
    second(conn);
    old_programs_read_what_they_can(conn, &first);
    let plan = Evolution::<board_third::Board>::new().plan(conn).unwrap();
    assert!(plan.is_possible(), "{plan}");
    assert_eq!((plan.checked, plan.rewritten), (100_001, 100_001), "{plan}");
    let of = |path: &str| {
        let changes = plan.changes.iter().filter(|planned| planned.change.path == path);
        changes.map(|planned| planned.rows).max()
    };
    assert_eq!((of("/title"), of("/points")), (Some(90_001), Some(90_001)), "{plan}");
    assert_eq!(of("/owner"), Some(30_000), "{plan}");
}

fn kill_on_the_way<S: Store>(store: &S) {
    let mut child = Child::begun(store, 0, Work::Evolve);
    for _ in 0..20 {
        child.acknowledged().expect("it ended by itself");
    }
    child.kill();
    let conn = &mut connected(store);
    let written = conn.integers("SELECT count(*) AS answer FROM __metagraph_nodes WHERE version > 1");
    assert!((10_000..100_001).contains(&written[0]), "{written:?}");
    assert!(matches!(Graph::<board_third::Board>::open(conn, "board"), Err(Error::Evolving { .. })));
}

fn assert_is_the_straight_run<S: Store>(conn: &mut S::Conn) {
    let straight = S::migrated().unwrap();
    let other = &mut straight.connect();
    begin(other);
    second(other);
    assert_eq!(evolve(other, |_| ()), 100_001);
    let (walked, ran) = (rows(conn), rows(other));
    assert!(walked == ran, "the interrupted run came to something else");
    assert_eq!(walked["t3"].1["owner"], "nobody");
    assert_eq!(walked["t5"].1["points"], "5");
    assert_eq!(walked["p7"], (2, serde_json::json!({"login": "p7", "first": "First7", "last": "Last7"})));
    assert_eq!(walked["urgent"].0, 1, "a type that stays is not written");
}

fn old_programs_read_what_they_can(conn: &mut impl Inspect, opened: &Graph<board_first::Board>) {
    assert_eq!(metagraph::sync::<board_first::Board, _>(conn).unwrap(), Synced::Older);
    let fresh = Graph::<board_first::Board>::open(conn, "board").unwrap();
    for graph in [opened, &fresh] {
        assert_eq!(graph.get_by_key::<board_first::Task>(conn, "t8").unwrap().unwrap().value, task(8));
        let refused = graph.insert(conn, &task(TASKS)).unwrap_err();
        assert!(matches!(refused, Error::StaleSchema { opened: 1, found: 2, .. }), "{refused}");
    }
    let create = Graph::<board_first::Board>::open_or_create(conn, "another").unwrap_err();
    assert!(matches!(create, Error::StaleSchema { opened: 1, found: 2, .. }), "{create}");
}

fn old_programs_are_left_with_what_did_not_change(conn: &mut impl Inspect) {
    let graph = Graph::<board_first::Board>::open(conn, "board").unwrap();
    assert_eq!(graph.nodes::<board_first::Tag>().count(conn).unwrap(), 1);
    let read = graph.get_by_key::<board_first::Tag>(conn, "urgent").unwrap().unwrap();
    assert_eq!(read.value.word, "urgent");
    assert!(matches!(graph.get_by_key::<board_first::Task>(conn, "t8"), Err(Error::Decode { .. })));
    let refused = graph.delete(conn, read.id).unwrap_err();
    assert!(matches!(refused, Error::StaleSchema { opened: 1, found: 3, .. }), "{refused}");
}

fn narrowing_is_refused(conn: &mut impl Inspect) {
    let before = conn.census();
    let refused = metagraph::sync::<board_fourth::Board, _>(conn).unwrap_err();
    assert!(matches!(refused, Error::NeedsEvolution { .. }), "{refused}");
    let refused = Evolution::<board_fourth::Board>::new().samples(2).apply(conn).unwrap_err();
    let Error::Refused(plan) = &refused else { panic!("{refused}") };
    let planned = plan.changes.iter().find(|planned| planned.refused > 0).unwrap();
    assert_eq!((planned.change.path.as_str(), planned.refused), ("/status", 22_500), "{plan}");
    let named: Vec<_> = planned.samples.iter().map(|sample| sample.key.as_deref().unwrap()).collect();
    assert_eq!(named, ["t0", "t4"]);
    assert_eq!(conn.census(), before);
    assert_sound(conn);
}

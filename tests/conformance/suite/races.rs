//! Many writers want what only one may have: exactly one gets it, and the others are told.

use diesel::Connection as _;
use metagraph::prelude::*;
use metagraph::row::GraphStatus;
use metagraph::{Error, Outcome};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::harness::{PATIENCE, at_once, within};
use crate::scenarios::{DependsOn, MemberOf, Package, Packages, Person, Team};
use crate::scenarios::{office, packages};
use crate::store::{Inspect, Store};

const THREADS: usize = 8;

pub(crate) fn a_longer_cycle_is_not_closed_by_racing_halves(store: &impl Store) {
    let (_, ids) = packages(&mut store.connect(), ["a", "b", "c", "d", "e", "f", "g", "h"]);
    let outcomes = at_once(store, 8, move |conn, who| {
        let graph = Graph::<Packages>::open(conn, "packages").unwrap();
        match graph.connect(conn, ids[who], ids[(who + 1) % 8], &DependsOn { optional: false }) {
            Ok(_) => true,
            Err(Error::Cycle { .. }) => false,
            Err(error) => panic!("{error}"),
        }
    });
    assert_eq!(outcomes.into_iter().filter(|won| *won).count(), 7);
    let conn = &mut store.connect();
    let graph = Graph::<Packages>::open(conn, "packages").unwrap();
    assert_eq!(graph.topological_order::<DependsOn, Package>(conn).unwrap().len(), 8);
}

pub(crate) fn racing_upserts_make_one_node(store: &impl Store) {
    office(&mut store.connect());
    let outcomes = at_once(store, THREADS, |conn, _| {
        let graph = Graph::<crate::scenarios::OfficeGraph>::open(conn, "office").unwrap();
        graph.upsert(conn, &Team { name: "new".into() }).unwrap().outcome
    });
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Created).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Created | Outcome::Unchanged)));
}

pub(crate) fn racing_upserts_make_one_edge(store: &impl Store) {
    let office = office(&mut store.connect());
    let (grace, tools) = (office.grace, office.tools);
    let outcomes = at_once(store, THREADS, move |conn, who| {
        let graph = Graph::<crate::scenarios::OfficeGraph>::open(conn, "office").unwrap();
        let since = 2000 + u16::try_from(who).unwrap();
        graph.upsert_edge(conn, grace, tools, &MemberOf { since }).unwrap().outcome
    });
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Created).count(), 1);
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Created | Outcome::Updated)));
}

pub(crate) fn upserts_beside_deletions_never_fail(store: &impl Store) {
    office(&mut store.connect());
    at_once(store, THREADS, |conn, who| {
        let graph = Graph::<crate::scenarios::OfficeGraph>::open(conn, "office").unwrap();
        for _ in 0..20 {
            if who % 2 == 0 {
                graph.upsert(conn, &Team { name: "new".into() }).unwrap();
            } else if let Some(team) = graph.get_by_key::<Team>(conn, "new").unwrap() {
                graph.delete(conn, team.id).unwrap();
            }
        }
    });
}

pub(crate) fn edge_upserts_beside_deletions_never_fail(store: &impl Store) {
    let office = office(&mut store.connect());
    let (grace, tools) = (office.grace, office.tools);
    at_once(store, THREADS, move |conn, who| {
        let graph = Graph::<crate::scenarios::OfficeGraph>::open(conn, "office").unwrap();
        for _ in 0..20 {
            if who % 2 == 0 {
                graph.upsert_edge(conn, grace, tools, &MemberOf { since: 2000 }).unwrap();
            } else if let Some(edge) = graph.edges_between::<MemberOf, _, _>(conn, grace, tools).unwrap().pop() {
                graph.delete(conn, edge.id).unwrap();
            }
        }
    });
}

pub(crate) fn racing_patches_are_all_applied(store: &impl Store) {
    let office = office(&mut store.connect());
    let ada = office.ada;
    at_once(store, 4, move |conn, who| {
        let graph = Graph::<crate::scenarios::OfficeGraph>::open(conn, "office").unwrap();
        for age in 0..5 {
            graph.patch(conn, ada, &serde_json::json!({"age": who * 10 + age})).unwrap();
        }
    });
    assert_eq!(office.graph.get(&mut store.connect(), ada).unwrap().unwrap().version, 21);
}

pub(crate) fn who_waits_for_an_open_transaction_gets_its_conflict(store: &impl Store) {
    let office = office(&mut store.connect());
    let (ada, tools, url) = (office.ada, office.tools, store.url().to_owned());
    within(PATIENCE, {
        let mut first = store.connect();
        let connect = connector(store);
        move || {
            let second = first
                .transaction::<_, Error, _>(|first| {
                    office.graph.connect(first, ada, tools, &MemberOf { since: 2000 })?;
                    let graph = office.graph.clone();
                    Ok(thread::spawn(move || graph.connect(&mut connect(&url), ada, tools, &MemberOf { since: 2001 })))
                })
                .unwrap();
            assert!(second.join().unwrap().unwrap_err().is_conflict());
        }
    });
}

/// Does something beside an open transaction, which is committed when whoever does not wait for it is done.
fn beside<S: Store, T: Send + 'static>(
    store: &S,
    open: impl FnOnce(&mut S::Conn) -> metagraph::Result<()> + Send + 'static,
    beside: impl FnOnce(&mut S::Conn) -> T + Send + 'static,
) -> T {
    let (mut conn, url) = (store.connect(), store.url().to_owned());
    within(PATIENCE, move || {
        let other = conn.transaction::<_, Error, _>(|conn| {
            open(conn)?;
            let other = thread::spawn(move || beside(&mut S::connect_to(&url)));
            thread::sleep(Duration::from_millis(300));
            Ok(other)
        });
        other.unwrap().join().unwrap()
    })
}

pub(crate) fn who_archives_waits_for_open_transactions(store: &impl Store) {
    let office = office(&mut store.connect());
    let (graph, grace) = (office.graph.clone(), office.grace);
    // An insert would lock the graph's row by its foreign key anyway.
    let update = move |conn: &mut _| graph.update(conn, grace, |grace| grace.age += 1).map(drop);
    let graph = office.graph.clone();
    let version = beside(store, update, move |conn| {
        graph.set_status(conn, GraphStatus::Archived).unwrap();
        graph.get(conn, grace).unwrap().unwrap().version
    });
    assert_eq!(version, 2, "a node was written after the graph was archived");
}

pub(crate) fn who_deletes_a_restricting_node_waits_for_its_edges(store: &impl Store) {
    let office = office(&mut store.connect());
    let (graph, grace, tools) = (office.graph.clone(), office.grace, office.tools);
    let connect = move |conn: &mut _| graph.connect(conn, grace, tools, &MemberOf { since: 2000 }).map(drop);
    let graph = office.graph.clone();
    let deleted = beside(store, connect, move |conn| graph.delete(conn, grace));
    assert!(matches!(deleted, Err(Error::Restricted { .. })), "{deleted:?}");
}

fn connector<S: Store>(_: &S) -> impl Fn(&str) -> S::Conn + Send + 'static {
    S::connect_to
}

pub(crate) fn once_archived_nothing_is_written_any_more(store: &impl Store) {
    let office = office(&mut store.connect());
    let connect = connector(store);
    let url = store.url().to_owned();
    let mut conn = store.connect();
    let written = within(PATIENCE, move || {
        let (wrote, written) = mpsc::channel();
        let connect = &connect;
        thread::scope(|scope| {
            for who in 0..3 {
                let (wrote, graph, url) = (wrote.clone(), office.graph.clone(), &url);
                let mut conn = connect(url);
                scope.spawn(move || {
                    for number in 0..100_000 {
                        match graph.insert(&mut conn, &Team { name: format!("{who} {number}") }) {
                            Ok(_) => drop(wrote.send(())),
                            Err(Error::GraphArchived { .. }) => break,
                            Err(error) => panic!("{error}"),
                        }
                    }
                });
            }
            // All writers are under way.
            (0..20).for_each(|_| written.recv().unwrap());
            office.graph.set_status(&mut conn, GraphStatus::Archived).unwrap();
            conn.census()
        })
    });
    assert_eq!(store.connect().census(), written);
}

pub(crate) fn a_restricting_node_and_a_new_edge_never_both_win(store: &impl Store) {
    let office = office(&mut store.connect());
    let people: Vec<_> = (0..20).map(|n| Person { name: n.to_string(), age: 1, nickname: None }).collect();
    let ids = office.graph.insert_many(&mut store.connect(), people).unwrap();
    let (graph, kernel) = (office.graph.clone(), office.kernel);
    let outcomes = at_once(store, 2, move |conn, who| {
        ids.iter()
            .map(|&id| {
                if who == 0 {
                    match graph.delete(conn, id) {
                        Ok(deleted) => deleted,
                        Err(Error::Restricted { .. }) => false,
                        Err(error) => panic!("{error}"),
                    }
                } else {
                    match graph.connect(conn, id, kernel, &MemberOf { since: 2000 }) {
                        Ok(_) => true,
                        Err(Error::EndpointNotFound { .. }) => false,
                        Err(error) => panic!("{error}"),
                    }
                }
            })
            .collect::<Vec<_>>()
    });
    for (deleted, connected) in outcomes[0].iter().zip(&outcomes[1]) {
        assert_ne!(deleted, connected, "{outcomes:?}");
    }
}

pub(crate) fn a_snapshot_that_is_out_of_date_closes_no_cycle(store: &impl Store) {
    let (graph, [a, b]) = packages(&mut store.connect(), ["a", "b"]);
    let needs = DependsOn { optional: false };
    let mut conn = store.connect();
    let outcome = conn.transaction::<_, Error, _>(|conn| {
        conn.hold_snapshot();
        assert_eq!(graph.edges::<DependsOn>().count(conn)?, 0);
        graph.connect(&mut store.connect(), a, b, &needs)?;
        graph.connect(conn, b, a, &needs)
    });
    let error = outcome.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(graph.edges::<DependsOn>().count(&mut conn).unwrap(), 1);
}

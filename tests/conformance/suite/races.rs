//! Many writers want what only one may have: exactly one gets it, and the others are told.

use diesel::Connection as _;
use metagraph::prelude::*;
use metagraph::row::GraphStatus;
use metagraph::{Error, Outcome};
use std::sync::mpsc;
use std::thread;

use crate::harness::{Child, PATIENCE, Work, at_once, within};
use crate::scenarios::{
    Arena, Chain, DependsOn, Keyed, MemberOf, Mixed, OneIn, OneOut, Package, Packages, Pair, Person, Pin, Seat, Team,
    Wire,
};
use crate::scenarios::{arena, office, packages, pins};
use crate::store::{Inspect, Store};

/// What is raced for, once per round.
const ROUNDS: usize = 6;
const THREADS: usize = 8;
const PROCESSES: usize = 4;

/// A rule that all writers want to use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Race {
    Parallel,
    OneOut,
    OneIn,
    Simple,
    NodeKey,
    EdgeKey,
    Acyclic,
}

impl Race {
    fn prepare(conn: &mut impl GraphConnection) {
        metagraph::sync::<Arena, _>(conn).unwrap();
        arena(conn, 20);
        pins::<Mixed, 20>(conn);
    }

    /// Takes part as one of several writers, and counts its victories.
    pub(crate) fn run(self, conn: &mut impl GraphConnection, who: usize) -> usize {
        let (graph, seats) = arena(conn, 20);
        let circuit = Graph::<Mixed>::open(conn, "circuit").unwrap();
        let pins: Vec<_> = circuit.nodes::<Pin>().load(conn).unwrap().into_iter().map(|node| node.id).collect();
        let forward = who.is_multiple_of(2);
        (0..ROUNDS)
            .filter(|&round| {
                let number = 100 + u32::try_from(round).unwrap();
                let (own, common) = (seats[10 + who], seats[round]);
                let outcome = match self {
                    Self::Parallel => graph.connect(conn, seats[round], seats[10], &Pair).map(drop),
                    Self::OneOut => graph.connect(conn, common, own, &OneOut).map(drop),
                    Self::OneIn => graph.connect(conn, own, common, &OneIn).map(drop),
                    Self::Simple => {
                        let (one, other) = turned(forward, pins[round], pins[round + 10]);
                        circuit.connect(conn, one, other, &Wire).map(drop)
                    }
                    Self::NodeKey => graph.insert(conn, &Seat { number }).map(drop),
                    Self::EdgeKey => graph.connect(conn, own, common, &Keyed { number }).map(drop),
                    Self::Acyclic => {
                        let (one, other) = turned(forward, seats[round], seats[round + 10]);
                        graph.connect(conn, one, other, &Chain).map(drop)
                    }
                };
                match outcome {
                    Ok(()) => true,
                    Err(Error::Conflict(_)) => false,
                    Err(Error::Cycle { .. }) if self == Self::Acyclic => false,
                    Err(error) => panic!("{self:?}: {error} {error:?}"),
                }
            })
            .count()
    }

    fn left(self, conn: &mut impl GraphConnection) -> i64 {
        let (graph, _) = arena(conn, 20);
        let left = match self {
            Self::Parallel => graph.edges::<Pair>().count(conn),
            Self::OneOut => graph.edges::<OneOut>().count(conn),
            Self::OneIn => graph.edges::<OneIn>().count(conn),
            Self::Simple => Graph::<Mixed>::open(conn, "circuit").unwrap().edges::<Wire>().count(conn),
            Self::NodeKey => graph.nodes::<Seat>().count(conn).map(|count| count - 20),
            Self::EdgeKey => graph.edges::<Keyed>().count(conn),
            Self::Acyclic => graph.edges::<Chain>().count(conn),
        };
        left.unwrap()
    }

    fn between_threads(self, store: &impl Store) {
        Self::prepare(&mut store.connect());
        let wins = at_once(store, THREADS, move |conn, who| self.run(conn, who));
        assert_eq!(wins.iter().sum::<usize>(), ROUNDS, "{wins:?}");
        assert_eq!(self.left(&mut store.connect()), 6);
    }

    fn between_processes(self, store: &impl Store) {
        Self::prepare(&mut store.connect());
        let wins = Child::at_once(store, PROCESSES, Work::Race(self));
        assert_eq!(wins.iter().sum::<usize>(), ROUNDS, "{wins:?}");
        assert_eq!(self.left(&mut store.connect()), 6);
    }
}

fn turned<T>(forward: bool, one: T, other: T) -> (T, T) {
    if forward { (one, other) } else { (other, one) }
}

macro_rules! races {
    ($($race:ident: $threads:ident, $processes:ident;)+) => {
        $(
            pub(crate) fn $threads(store: &impl Store) {
                Race::$race.between_threads(store);
            }

            pub(crate) fn $processes(store: &impl Store) {
                Race::$race.between_processes(store);
            }
        )+
    };
}

races! {
    Parallel: threads_racing_for_a_pair, processes_racing_for_a_pair;
    OneOut: threads_racing_for_a_source, processes_racing_for_a_source;
    OneIn: threads_racing_for_a_target, processes_racing_for_a_target;
    Simple: threads_racing_for_a_pair_either_way, processes_racing_for_a_pair_either_way;
    NodeKey: threads_racing_for_a_node_key, processes_racing_for_a_node_key;
    EdgeKey: threads_racing_for_an_edge_key, processes_racing_for_an_edge_key;
    Acyclic: threads_racing_to_close_a_cycle, processes_racing_to_close_a_cycle;
}

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

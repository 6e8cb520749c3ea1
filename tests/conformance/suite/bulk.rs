//! Many finds-or-creates at once: the same as one after another, in a few statements, all or nothing.

use std::cell::RefCell;

use diesel::Connection as _;
use expect_test::expect;
use metagraph::prelude::*;
use metagraph::row::NewGraph;
use metagraph::{DynamicGraph, Error, Outcome, Upserted};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::harness::{Log, at_once};
use crate::refusal::{refusal, refused};
use crate::scenarios::{
    Club, DependsOn, Ferry, Knows, Member, MemberOf, Mentions, Moment, OfficeGraph, Packages, People, Person,
    ReportsTo, Road, Roads, Team, ada, club, diary, entry, member, office, package, packages, people, roads,
};
use crate::store::{Inspect, Store};

const THREADS: usize = 8;

fn outcomes<Id>(upserted: &[Upserted<Id>]) -> Vec<Outcome> {
    upserted.iter().map(|upserted| upserted.outcome).collect()
}

fn team(name: impl Into<String>) -> Team {
    Team { name: name.into() }
}

fn road(number: &str, lanes: u8) -> Road {
    Road { number: number.into(), lanes }
}

/// What a refusal is about, whichever row is named.
fn about(error: &Error) -> (&'static str, Option<(metagraph::Rule, Vec<String>)>) {
    match error {
        Error::Conflict(conflict) => (error.code(), Some((conflict.rule, conflict.attributes.clone()))),
        error => (error.code(), None),
    }
}

pub(crate) fn nodes_say_what_was_done_in_the_order_given(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let older = Person { age: 37, ..ada() };
    let new = Person { name: "noor".into(), age: 20, nickname: None };
    let grace = Person { name: "grace".into(), age: 85, nickname: None };
    let batch = [&new, &older, &grace, &new, &ada(), &ada()];
    let upserted = graph.upsert_many::<_, Person>(conn, batch).unwrap();
    let expected = [
        Outcome::Created,
        Outcome::Updated,
        Outcome::Unchanged,
        Outcome::Unchanged,
        Outcome::Updated,
        Outcome::Unchanged,
    ];
    assert_eq!(outcomes(&upserted), expected);
    assert_eq!([upserted[1].id, upserted[2].id, upserted[3].id], [office.ada, office.grace, upserted[0].id]);
    let stored = graph.get(conn, office.ada).unwrap().unwrap();
    assert_eq!((stored.version, stored.value), (3, ada()));

    let found = graph.find_or_insert_many::<_, Person>(conn, [older, new]).unwrap();
    assert_eq!(outcomes(&found), [Outcome::Found, Outcome::Found]);
    assert_eq!(graph.get(conn, office.ada).unwrap().unwrap().version, 3);
    assert!(graph.upsert_many::<_, Person>(conn, Vec::<Person>::new()).unwrap().is_empty());
}

pub(crate) fn edges_say_what_was_done_in_the_order_given(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let (graph, ada, grace, kernel, tools) = (&office.graph, office.ada, office.grace, office.kernel, office.tools);
    let since = |since| MemberOf { since };
    let batch = [
        (grace, tools, since(2000)),
        (ada, kernel, since(1992)),
        (ada, tools, since(1999)),
        (grace, tools, since(2001)),
        (ada, kernel, since(1993)),
    ];
    let upserted = graph.upsert_edge_many::<_, MemberOf, _, _>(conn, batch.clone()).unwrap();
    let expected = [Outcome::Created, Outcome::Unchanged, Outcome::Created, Outcome::Updated, Outcome::Updated];
    assert_eq!(outcomes(&upserted), expected);
    assert_eq!((upserted[1].id, upserted[3].id), (office.membership, upserted[0].id));
    let stored = graph.get(conn, upserted[0].id).unwrap().unwrap();
    assert_eq!((stored.value.since, stored.version), (2001, 2));
    let found = graph.find_or_connect_many::<_, MemberOf, _, _>(conn, batch).unwrap();
    assert_eq!(outcomes(&found), [Outcome::Found; 5]);

    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let batch = [(a, b, road("2", 1)), (b, a, road("1", 1)), (a, b, road("2", 2)), (a, b, road("3", 1))];
    let upserted = graph.upsert_edge_many::<_, Road, _, _>(conn, batch).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Created, Outcome::Created, Outcome::Updated, Outcome::Created]);
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let knows = |since| Knows { since };
    let batch = [(bob, ann, knows(1)), (ann, bob, knows(1)), (bob, ann, knows(2))];
    let upserted = graph.upsert_edge_many::<_, Knows, _, _>(conn, batch).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Created, Outcome::Unchanged, Outcome::Updated]);
    assert_eq!(graph.get(conn, upserted[0].id).unwrap().unwrap().ends(), (bob, ann));
}

pub(crate) fn json_upserts_in_bulk_say_what_they_did(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = DynamicGraph::open(conn, "office", "office").unwrap();
    let teams = ["kernel", "new", "new"].map(|name| json!({"name": name}));
    let upserted = graph.upsert_many(conn, "team", &teams).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Unchanged, Outcome::Created, Outcome::Unchanged]);
    let since = |since| json!({"since": since});
    let (ada, new) = (office.ada.raw(), upserted[1].id);
    let edges = [(ada, office.kernel.raw(), since(1992)), (ada, new, since(2000)), (ada, new, since(2001))];
    let upserted = graph.upsert_edge_many(conn, "member_of", &edges).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Unchanged, Outcome::Created, Outcome::Updated]);
    let error = graph.upsert_many(conn, "document", &[json!({"title": "x"})]).unwrap_err();
    assert!(matches!(error, Error::NoIdentity { .. }), "{error}");
}

pub(crate) fn what_is_stored_already_is_not_written(conn: &mut impl Inspect) {
    let (graph, ids) = packages(conn, ["a", "b", "c"]);
    let needs = DependsOn { optional: false };
    graph.connect_many::<_, DependsOn, _, _>(conn, [(ids[0], ids[1], &needs), (ids[1], ids[2], &needs)]).unwrap();
    let before = conn.census();
    let log = Log::of(conn);
    let upserted = graph.upsert_many::<_, crate::scenarios::Package>(conn, ["c", "a"].map(package)).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Unchanged; 2]);
    let edges = [(ids[1], ids[2], &needs), (ids[0], ids[1], &needs)];
    let upserted = graph.upsert_edge_many::<_, DependsOn, _, _>(conn, edges).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Unchanged; 2]);
    assert_eq!(conn.census(), before);
    let writes = |query: &String| ["INSERT", "SET attributes", "DELETE"].iter().any(|write| query.contains(write));
    assert!(!log.queries().iter().any(writes));
}

pub(crate) fn one_refused_row_refuses_all(conn: &mut impl Inspect) {
    let office = office(conn);
    let (graph, ada_id, grace) = (&office.graph, office.ada, office.grace);
    let person = |name: &str, age| Person { name: name.into(), age, nickname: None };
    expect!["MG2001: person does not fit its schema: /age: 121 is greater than the maximum of 120"]
        .assert_eq(&refused(conn, |conn| graph.upsert_many::<_, Person>(conn, [person("new", 1), person("ada", 121)])));
    expect![[r#"
        MG3005: member_of: its target, node 99, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| {
        let ends = [(ada_id, office.kernel), (grace, office.tools), (grace, NodeId::<Team>::from_raw(99))];
        graph.upsert_edge_many(conn, ends.map(|(person, team)| (person, team, MemberOf { since: 2000 })))
    }));
    let noor = graph.insert(conn, &person("noor", 1)).unwrap();
    expect!["MG3008: reports_to from person `ada` to person `noor` conflicts with another in the same batch (`one_out`: one edge of this type per source)"].assert_eq(&refused(conn, |conn| {
        graph.upsert_edge_many(conn, [(ada_id, grace, ReportsTo), (ada_id, noor, ReportsTo)])
    }));
    expect![[r#"
        MG3009: reports_to would close the cycle person `ada` → person `grace` → person `ada`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| {
        graph.upsert_edge_many(conn, [(ada_id, grace, ReportsTo), (grace, ada_id, ReportsTo)])
    }));
    expect!["MG3007: reports_to cannot connect person `ada` to itself"].assert_eq(&refused(conn, |conn| {
        graph.upsert_edge_many(conn, [(grace, ada_id, ReportsTo), (ada_id, ada_id, ReportsTo)])
    }));
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    graph.connect(conn, a, b, &road("A 1", 1)).unwrap();
    expect!["MG3011: road `A 1` exists between other nodes; the ends of an edge never move"]
        .assert_eq(&refused(conn, |conn| {
            graph.upsert_edge_many(conn, [(b, a, road("A 0", 1)), (b, a, road("A 1", 1))])
        }));
    expect![[r#"
        MG1006: ferry has no identity to upsert by
        (give the type a `#[graph(key)]` field, or insert instead)"#]]
    .assert_eq(&refused(conn, |conn| graph.upsert_edge_many(conn, [(a, b, Ferry { hour: 1 })])));
    graph.set_status(conn, metagraph::row::GraphStatus::Archived).unwrap();
    expect![[r#"
        MG3004: the graph `roads` is archived and refuses writes
        (set the graph's status to active first)"#]]
    .assert_eq(&refused(conn, |conn| graph.upsert_edge_many(conn, [(a, b, road("A 1", 1))])));
}

pub(crate) fn the_first_refusal_is_told_where_an_edge_is_given_twice(conn: &mut impl Inspect) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let nowhere = NodeId::from_raw(99);
    expect!["MG3011: road `A 1` exists between other nodes; the ends of an edge never move"].assert_eq(&refused(
        conn,
        |conn| {
            let edges = [(a, b, road("A 1", 1)), (b, a, road("A 1", 2)), (a, nowhere, road("A 2", 3))];
            graph.upsert_edge_many(conn, edges)
        },
    ));
    let edges = [(a, b, road("A 1", 1)), (a, nowhere, road("A 2", 3)), (b, a, road("A 1", 2))];
    let error = refusal(conn, |conn| graph.upsert_edge_many(conn, edges.clone()));
    assert!(matches!(error, Error::EndpointNotFound { .. }), "{error}");
    let office = office(conn);
    let (ada_id, grace) = (office.ada, office.grace);
    let noor = office.graph.insert(conn, &Person { name: "noor".into(), age: 1, nickname: None }).unwrap();
    let twice = [(noor, grace, ReportsTo), (noor, grace, ReportsTo), (noor, ada_id, ReportsTo)];
    let error = refusal(conn, |conn| office.graph.find_or_connect_many(conn, twice.clone()));
    let Error::Conflict(conflict) = &error else { panic!("{error}") };
    assert_eq!((conflict.existing, conflict.in_batch), (None, true), "{error}");
}

pub(crate) fn unique_attributes_are_taken_and_freed_in_the_order_given(conn: &mut impl Inspect) {
    let graph = club(conn);
    let with = |name: &str, email: Option<&str>| Member { email: email.map(Into::into), ..member(name) };
    graph.upsert_many::<_, Member>(conn, [with("ann", Some("a")), with("bob", Some("b"))]).unwrap();
    let upserted = graph.upsert_many::<_, Member>(conn, [with("ann", None), with("cat", Some("a"))]).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Updated, Outcome::Created]);
    let swap = [with("bob", None), with("cat", Some("b")), with("bob", Some("a"))];
    let upserted = graph.upsert_many::<_, Member>(conn, swap).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Updated; 3]);
    let too_early = [with("cat", Some("a")), with("bob", Some("c"))];
    let error = refusal(conn, |conn| graph.upsert_many::<_, Member>(conn, too_early.clone()));
    assert_eq!(about(&error), ("MG3008", Some((metagraph::Rule::Unique, vec!["email".to_owned()]))));
    let twice = [with("dan", Some("d")), with("eve", Some("d"))];
    let error = refusal(conn, |conn| graph.upsert_many::<_, Member>(conn, twice.clone()));
    expect!["member with the same `email` is given twice in one batch (`unique`: no two in a graph have the same)"]
        .assert_eq(&error.to_string());
}

/// Members by name, with what must be unique among them, so that they meet.
fn members() -> impl Strategy<Value = Vec<Member>> {
    let email = prop::option::weighted(0.7, 0..5_u8);
    let seat = prop::option::weighted(0.5, (0..2_u32, 0..2_u8));
    let one = (0..6_u8, email, seat, 0..2_u32).prop_map(|(name, email, seat, age)| Member {
        email: email.map(|email| email.to_string()),
        table: seat.map(|(table, _)| table),
        chair: seat.map(|(_, chair)| chair.to_string()),
        age,
        ..member(name.to_string())
    });
    prop::collection::vec(one, 0..9)
}

fn rows(conn: &mut impl GraphConnection, graph: &Graph<Club>) -> Vec<(Member, i64)> {
    let nodes = graph.nodes::<Member>().order_by(|m| m.name.asc()).load(conn).unwrap();
    nodes.into_iter().map(|node| (node.value, node.version)).collect()
}

pub(crate) fn a_batch_of_nodes_is_the_same_as_one_after_another(conn: &mut impl GraphConnection) {
    club(conn);
    let conn = RefCell::new(conn);
    let config = Config { cases: 96, source_file: Some(file!()), ..Config::default() };
    let batches = (members(), members(), any::<bool>());
    let outcome = TestRunner::new(config).run(&batches, |(first, second, keep)| {
        let conn = &mut **conn.borrow_mut();
        let whole = Graph::<Club>::create(conn, &NewGraph::named("whole")).unwrap();
        let singly = Graph::<Club>::create(conn, &NewGraph::named("singly")).unwrap();
        for batch in [first, second] {
            let once = if keep {
                whole.find_or_insert_many::<_, Member>(conn, &batch)
            } else {
                whole.upsert_many::<_, Member>(conn, &batch)
            };
            let each = conn.transaction::<_, Error, _>(|conn| {
                let write =
                    |member| if keep { singly.find_or_insert(conn, member) } else { singly.upsert(conn, member) };
                batch.iter().map(write).collect::<Result<Vec<_>, _>>()
            });
            match (once, each) {
                (Ok(once), Ok(each)) => prop_assert_eq!(outcomes(&once), outcomes(&each)),
                (Err(once), Err(each)) => prop_assert_eq!(about(&once), about(&each)),
                (once, each) => prop_assert!(false, "{:?} and {:?}", once, each),
            }
            prop_assert_eq!(rows(conn, &whole), rows(conn, &singly));
        }
        Ok(())
    });
    outcome.unwrap();
}

pub(crate) fn a_batch_of_edges_is_the_same_as_one_after_another(conn: &mut impl GraphConnection) {
    roads(conn, []);
    people(conn, []);
    packages(conn, []);
    let conn = RefCell::new(conn);
    let config = Config { cases: 64, source_file: Some(file!()), ..Config::default() };
    let batch = || prop::collection::vec((0..4_usize, 0..4_usize, 0..6_u8, 1..3_u8), 0..9);
    let outcome = TestRunner::new(config).run(&(batch(), batch()), |(first, second)| {
        let conn = &mut **conn.borrow_mut();
        macro_rules! same {
            ($graph:ty, $node:ty, $edge:ty, $named:expr, $value:expr) => {{
                let named = ["w", "x", "y", "z"].map($named);
                let whole = Graph::<$graph>::create(conn, &NewGraph::named("whole")).unwrap();
                let singly = Graph::<$graph>::create(conn, &NewGraph::named("singly")).unwrap();
                let in_whole = whole.insert_many::<_, $node>(conn, &named).unwrap();
                let in_singly = singly.insert_many::<_, $node>(conn, &named).unwrap();
                for batch in [&first, &second] {
                    let edge = $value;
                    let edges = |ids: &[NodeId<$node>]| -> Vec<_> {
                        batch.iter().map(|&(s, t, n, l)| (ids[s], ids[t], edge(n, l))).collect()
                    };
                    let once = whole.upsert_edge_many::<_, $edge, _, _>(conn, edges(&in_whole));
                    let each = conn.transaction::<_, Error, _>(|conn| {
                        let edges = edges(&in_singly).into_iter();
                        edges.map(|(s, t, edge)| singly.upsert_edge(conn, s, t, &edge)).collect::<Result<Vec<_>, _>>()
                    });
                    match (once, each) {
                        (Ok(once), Ok(each)) => prop_assert_eq!(outcomes(&once), outcomes(&each)),
                        // Cycles are looked for behind all other rules.
                        (Err(once), Err(each)) => prop_assert!(
                            about(&once) == about(&each) || each.code() == "MG3009",
                            "{} and {}",
                            once,
                            each
                        ),
                        (once, each) => prop_assert!(false, "{:?} and {:?}", once, each),
                    }
                    let stored = |conn: &mut _, graph: &Graph<$graph>, ids: &[NodeId<$node>]| {
                        let place = |id: i64| ids.iter().position(|known| known.raw() == id);
                        let edges = graph.edges::<$edge>().load(conn).unwrap().into_iter().map(|edge| {
                            let ends = (place(edge.source.raw()), place(edge.target.raw()));
                            format!("{ends:?} {:?} {:?} {}", edge.key, edge.value, edge.version)
                        });
                        let mut edges: Vec<String> = edges.collect();
                        edges.sort();
                        edges
                    };
                    prop_assert_eq!(stored(conn, &whole, &in_whole), stored(conn, &singly, &in_singly));
                }
            }};
        }
        let town = |name: &str| crate::scenarios::Town { name: name.into() };
        same!(Roads, crate::scenarios::Town, Road, town, |number: u8, lanes| road(&number.to_string(), lanes));
        let human = |name: &str| crate::scenarios::Human { name: name.into() };
        same!(People, crate::scenarios::Human, Knows, human, |_, since: u8| Knows { since: since.into() });
        same!(Packages, crate::scenarios::Package, DependsOn, package, |_, lanes| DependsOn { optional: lanes == 1 });
        Ok(())
    });
    outcome.unwrap();
}

pub(crate) fn a_thousand_rows_are_a_few_statements(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let log = Log::of(conn);
    let few = |what: &str| {
        let queries = log.queries();
        // SQLite takes the last thousand rows as 7 times 128, 6 times 16, and 8.
        assert!(queries.len() <= 26, "{what}: {} statements", queries.len());
    };
    let person = |age| (0..1000).map(move |n| Person { name: format!("{n:04}"), age, nickname: None });
    let created = graph.upsert_many::<_, Person>(conn, person(1)).unwrap();
    few("creating nodes");
    graph.upsert_many::<_, Person>(conn, person(1)).unwrap();
    few("finding nodes");
    graph.upsert_many::<_, Person>(conn, person(2)).unwrap();
    few("updating nodes");
    let edges = |since| created.iter().map(move |node| (node.id, office.kernel, MemberOf { since }));
    graph.upsert_edge_many::<_, MemberOf, _, _>(conn, edges(2000)).unwrap();
    few("creating edges");
    graph.upsert_edge_many::<_, MemberOf, _, _>(conn, edges(2000)).unwrap();
    few("finding edges");
    graph.upsert_edge_many::<_, MemberOf, _, _>(conn, edges(2001)).unwrap();
    few("updating edges");
    let chain = created.windows(2).map(|pair| (pair[0].id, pair[1].id, ReportsTo));
    graph.upsert_edge_many::<_, ReportsTo, _, _>(conn, chain).unwrap();
    assert!(log.queries().iter().filter(|query| query.contains("guarded_writes")).count() == 1);
}

pub(crate) fn batches_of_all_lengths_share_their_statements(conn: &mut impl GraphConnection) {
    let graph = office(conn).graph;
    let person = |length: usize, age| (0..length).map(move |n| Person { name: n.to_string(), age, nickname: None });
    let log = Log::of(conn);
    for length in 1..=150 {
        let age = u8::try_from(length % 100).unwrap();
        graph.upsert_many::<_, Person>(conn, person(length, age)).unwrap();
    }
    let cached = log.cached();
    assert!(cached <= 12, "{cached} statements");
}

/// Mentions of another entry, each with a note and a time that only one of them has.
pub(crate) fn edges_that_take_and_free_in_one_batch_are_judged_in_the_order_given(conn: &mut impl Inspect) {
    let graph = diary(conn);
    let [here, there] = ["2000-01-01T00:00:00Z", "2000-01-02T00:00:00Z"].map(|at| entry(at, at));
    let (here, there) = (graph.insert(conn, &here).unwrap(), graph.insert(conn, &there).unwrap());
    let seen = |second: i64| Some(Moment(jiff::Timestamp::from_second(second).unwrap()));
    let edge = |note: &str, second| (here, there, Mentions { note: note.into(), seen: seen(second) });
    let taken = graph.connect_many(conn, [edge("a", 1), edge("b", 2), edge("c", 6), edge("d", 7)]).unwrap()[3];
    let unique = Some((metagraph::Rule::Unique, vec!["seen".to_owned()]));
    let error = refusal(conn, |conn| graph.upsert_edge_many(conn, [edge("b", 1), edge("a", 3)]));
    assert_eq!(about(&error), ("MG3008", unique.clone()));
    let upserted = graph.upsert_edge_many(conn, [edge("a", 3), edge("b", 1)]).unwrap();
    assert_eq!(outcomes(&upserted), [Outcome::Updated; 2]);
    // What is in the way of one of them is named, though all are written together.
    let error = refusal(conn, |conn| graph.upsert_edge_many(conn, [edge("a", 4), edge("c", 9), edge("b", 7)]));
    let Error::Conflict(conflict) = &error else { panic!("{error}") };
    assert_eq!((conflict.existing, about(&error).1), (Some(taken.raw()), unique));
}

/// What was answered is still true when the transaction ends, also of rows that it did not write.
pub(crate) fn what_a_batch_found_stays_until_its_transaction_ends<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let (office, club) = (office(conn), club(conn));
    let ann = Member { email: Some("a".into()), ..member("ann") };
    let member = club.insert(conn, &ann).unwrap();
    let impatient = &mut store.connect();
    impatient.run(if S::NAME == "sqlite" { "PRAGMA busy_timeout = 0" } else { "SET lock_timeout = '50ms'" });
    let (graph, by_email) = (&office.graph, club.by::<Member, _>(|m| m.email));
    let since = MemberOf { since: 1992 };
    let mut held = |find: &dyn Fn(&mut S::Conn) -> Result<(), Error>,
                    write: &dyn Fn(&mut S::Conn) -> Result<i64, Error>| {
        conn.transaction::<_, Error, _>(|conn| {
            find(conn)?;
            let other = write(impatient).expect_err("what was found is written by another");
            assert!(other.is_transient(), "{other}");
            Ok(())
        })
        .unwrap();
    };
    let rename = |conn: &mut S::Conn| graph.update(conn, office.kernel, |team| team.name.push('!'));
    let rejoin = |conn: &mut S::Conn| graph.update(conn, office.membership, |edge| edge.since += 1);
    let grow = |conn: &mut S::Conn| club.update(conn, member, |member| member.age += 1);
    held(&|conn| graph.find_or_insert_many::<_, Team>(conn, [team("kernel")]).map(drop), &rename);
    held(
        &|conn| graph.find_or_connect_many::<_, MemberOf, _, _>(conn, [(office.ada, office.kernel, &since)]).map(drop),
        &rejoin,
    );
    held(&|conn| by_email.find_or_insert_many(conn, [&ann]).map(drop), &grow);
    held(&|conn| graph.nodes::<Team>().update(conn, |_| ()).map(drop), &rename);
    held(&|conn| graph.edges::<MemberOf>().update(conn, |_| ()).map(drop), &rejoin);
}

pub(crate) fn racing_batches_create_each_node_once(store: &impl Store) {
    office(&mut store.connect());
    let outcomes = at_once(store, THREADS, |conn, who| {
        let graph = Graph::<OfficeGraph>::open(conn, "office").unwrap();
        let mut teams: Vec<_> = (0..300).map(|n| team(n.to_string())).collect();
        teams.rotate_left(who * 37);
        if who % 2 == 0 {
            teams.reverse();
        }
        outcomes(&graph.upsert_many::<_, Team>(conn, teams).unwrap())
    });
    let all = outcomes.concat();
    assert_eq!(all.iter().filter(|outcome| **outcome == Outcome::Created).count(), 300);
    assert!(all.iter().all(|outcome| matches!(outcome, Outcome::Created | Outcome::Unchanged)));
}

pub(crate) fn racing_batches_change_rows_in_turn(store: &impl Store) {
    let conn = &mut store.connect();
    let office = office(conn);
    let teams = office.graph.insert_many(conn, (0..200).map(|n| team(n.to_string()))).unwrap();
    let grace = office.grace;
    let created = at_once(store, THREADS, move |conn, who| {
        let graph = Graph::<OfficeGraph>::open(conn, "office").unwrap();
        let mut created = 0;
        for round in 0..3_usize {
            let mut teams = teams.clone();
            teams.rotate_left(who * 23 + round);
            let since = MemberOf { since: 1900 + u16::try_from(who * 10 + round).unwrap() };
            let edges = teams.into_iter().map(|team| (grace, team, &since));
            let upserted = graph.upsert_edge_many::<_, MemberOf, _, _>(conn, edges).unwrap();
            created += outcomes(&upserted).iter().filter(|outcome| **outcome == Outcome::Created).count();
        }
        created
    });
    assert_eq!(created.iter().sum::<usize>(), 200);
    let versions: Vec<i64> =
        office.graph.edges::<MemberOf>().load(conn).unwrap().into_iter().map(|edge| edge.version).collect();
    assert_eq!(versions.iter().filter(|version| **version == 24).count(), 200, "{versions:?}");
}

pub(crate) fn batches_beside_deletions_never_fail(store: &impl Store) {
    office(&mut store.connect());
    at_once(store, THREADS, |conn, who| {
        let graph = Graph::<OfficeGraph>::open(conn, "office").unwrap();
        for _ in 0..8 {
            if who % 2 == 0 {
                graph.upsert_many::<_, Team>(conn, (0..20).map(|n| team(n.to_string()))).unwrap();
            } else {
                for n in 0..20 {
                    if let Some(team) = graph.get_by_key::<Team>(conn, &n.to_string()).unwrap() {
                        graph.delete(conn, team.id).unwrap();
                    }
                }
            }
        }
    });
}

//! Ends of edges, named by key.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use diesel::Connection as _;
use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{Error, NodeName, Outcome, Side};

use crate::harness::{Log, PATIENCE, within};
use crate::refusal::refused;
use crate::scenarios::{
    Document, Human, Knows, MemberOf, OfficeGraph, Owns, Person, Post, Road, Team, Town, Wrote, office, people, roads,
};
use crate::store::{Inspect, Store};

fn person(key: &str) -> NodeKey<'_, Person> {
    NodeKey::new(key)
}

fn team(key: &str) -> NodeKey<'_, Team> {
    NodeKey::new(key)
}

pub(crate) fn edges_are_written_between_keys(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let since = |since| MemberOf { since };
    let edge = graph.connect(conn, person("grace"), team("tools"), &since(2000)).unwrap();
    let stored = graph.get(conn, edge).unwrap().unwrap();
    assert_eq!(stored.ends(), (office.grace, office.tools));
    graph.connect(conn, office.grace, team("kernel"), &since(2001)).unwrap();
    let upserted = graph.upsert_edge(conn, person("grace"), office.tools, &since(2002)).unwrap();
    assert_eq!((upserted.id, upserted.outcome), (edge, Outcome::Updated));
    let found = graph.find_or_connect(conn, person("grace"), team("tools"), &since(2003)).unwrap();
    assert_eq!((found.id, found.outcome), (edge, Outcome::Found));
    let between = graph.edges_between::<MemberOf, _, _>(conn, person("grace"), team("tools")).unwrap();
    assert_eq!((between.len(), between[0].value.since), (1, 2002));
    assert_eq!(graph.disconnect::<MemberOf, _, _>(conn, person("grace"), team("tools")).unwrap(), 1);
    assert_eq!(graph.disconnect::<MemberOf, _, _>(conn, person("grace"), team("tools")).unwrap(), 0);

    // A type without a key attribute has keys, too.
    let key = graph.get(conn, office.paper).unwrap().unwrap().key;
    graph.connect(conn, team("tools"), NodeKey::<Document>::new(&key), &Owns).unwrap();
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let human = NodeKey::<Human>::new;
    graph.connect(conn, human("bob"), human("ann"), &Knows { since: 1 }).unwrap();
    assert_eq!(graph.edges_between::<Knows, _, _>(conn, human("ann"), bob).unwrap()[0].ends(), (bob, ann));
    graph.insert(conn, &Post { number: 42 }).unwrap();
    graph.connect(conn, ann, NodeKey::<Post>::new("42"), &Wrote).unwrap();
}

pub(crate) fn batches_of_edges_are_written_between_keys(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let names = [("grace", "tools"), ("ada", "tools"), ("grace", "kernel")];
    let edges = |since| names.map(|(who, what)| (person(who), team(what), MemberOf { since }));
    let ids = graph.connect_many(conn, edges(2000)).unwrap();
    let ends: Vec<_> = ids.iter().map(|id| graph.get(conn, *id).unwrap().unwrap().ends()).collect();
    let expected = [(office.grace, office.tools), (office.ada, office.tools), (office.grace, office.kernel)];
    assert_eq!(ends, expected);
    let upserted = graph.upsert_edge_many(conn, edges(2001)).unwrap();
    assert!(upserted.iter().zip(&ids).all(|(edge, id)| edge.id == *id && edge.outcome == Outcome::Updated));
    let found = graph.find_or_connect_many(conn, edges(2002)).unwrap();
    assert!(found.iter().all(|edge| edge.outcome == Outcome::Found));
}

pub(crate) fn a_key_that_no_node_has_is_refused_and_named(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = &office.graph;
    let since = MemberOf { since: 2000 };
    expect![[r#"
        MG3005: member_of: its target, team `toolz`, does not exist in this graph
        (keys are compared letter by letter; insert the node first, if it is not there yet)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, office.ada, team("toolz"), &since)));
    expect![[r#"
        MG3005: member_of: its source, person `Ada`, does not exist in this graph
        (keys are compared letter by letter; insert the node first, if it is not there yet)"#]]
    .assert_eq(&refused(conn, |conn| {
        let names = [("grace", "tools"), ("Ada", "toolz"), ("nobody", "tools")];
        graph.connect_many(conn, names.map(|(who, what)| (person(who), team(what), MemberOf { since: 2000 })))
    }));
    let refusals = [
        graph.upsert_edge(conn, person("x"), office.tools, &since).map(drop).unwrap_err(),
        graph.find_or_connect(conn, person("x"), office.tools, &since).map(drop).unwrap_err(),
        graph.edges_between::<MemberOf, _, _>(conn, person("x"), office.tools).map(drop).unwrap_err(),
        graph.disconnect::<MemberOf, _, _>(conn, person("x"), office.tools).map(drop).unwrap_err(),
        graph.connect(conn, person("x"), office.tools, &since).map(drop).unwrap_err(),
    ];
    for error in refusals {
        let Error::EndpointNotFound { side: Side::Source, node, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*node, NodeName::Key { node_type: "person".into(), key: "x".into() });
    }
    for key in ["a\0b", &"x".repeat(1025)] {
        let error = graph.connect(conn, person(key), office.tools, &since).unwrap_err();
        assert!(matches!(error, Error::EndpointNotFound { .. }), "{error}");
    }
    graph.set_status(conn, metagraph::row::GraphStatus::Archived).unwrap();
    let archived = graph.connect(conn, person("x"), office.tools, &since).unwrap_err();
    assert!(matches!(archived, Error::GraphArchived { .. }), "{archived}");
    let read = graph.edges_between::<MemberOf, _, _>(conn, person("ada"), team("kernel")).unwrap();
    assert_eq!(read.len(), 1);
}

pub(crate) fn a_key_belongs_to_its_type_and_graph(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.insert(conn, &Team { name: "ada".into() }).unwrap();
    let branch = Graph::<OfficeGraph>::open_or_create(conn, "branch").unwrap();
    branch.insert(conn, &Team { name: "kernel".into() }).unwrap();
    let since = MemberOf { since: 2000 };
    let edge = office.graph.connect(conn, person("ada"), team("ada"), &since).unwrap();
    assert_eq!(office.graph.get(conn, edge).unwrap().unwrap().ends::<Person, Team>().0, office.ada);
    let elsewhere = branch.connect(conn, person("ada"), team("kernel"), &since).unwrap_err();
    assert!(matches!(elsewhere, Error::EndpointNotFound { side: Side::Source, .. }), "{elsewhere}");
}

pub(crate) fn keys_of_a_batch_are_looked_up_together(conn: &mut impl GraphConnection) {
    let (graph, _) = roads(conn, []);
    let names: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
    graph.insert_many(conn, names.iter().map(|name| Town { name: name.clone() })).unwrap();
    let log = Log::of(conn);
    let ends = names.iter().zip(names.iter().rev()).map(|(a, b)| (NodeKey::<Town>::new(a), NodeKey::<Town>::new(b)));
    let edges = ends.map(|(a, b)| (a, b, Road { number: a.as_str().to_owned(), lanes: 1 }));
    assert_eq!(graph.connect_many(conn, edges).unwrap().len(), 1000);
    let queries = log.queries();
    assert_eq!(queries.iter().filter(|query| query.contains("n.key")).count(), 1, "{queries:#?}");
    let (cached, each) = (log.cached(), NodeKey::<Town>::new("7"));
    assert!(cached < 8, "{cached}");
    graph.edges_between::<Road, _, _>(conn, each, each).unwrap();
    assert_eq!(log.queries().len(), 2);
}

pub(crate) fn two_ids_are_written_as_before(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let log = Log::of(conn);
    office.graph.connect(conn, office.grace, office.tools, &MemberOf { since: 2000 }).unwrap();
    assert_eq!(log.queries().len(), 1);
    office.graph.edges_between::<MemberOf, _, _>(conn, office.grace, office.tools).unwrap();
    assert_eq!(log.queries().len(), 1);
    office.graph.disconnect::<MemberOf, _, _>(conn, office.grace, office.tools).unwrap();
    assert_eq!(log.queries().len(), 1);
}

/// Between looking a key up and writing the edge nobody gives the key to another node.
pub(crate) fn a_node_that_is_renamed_meanwhile_is_waited_for(store: &impl Store) {
    let office = office(&mut store.connect());
    let (mut first, mut second) = (store.connect(), store.connect());
    within(PATIENCE, move || {
        let (renamed, waits) = mpsc::channel();
        let graph = office.graph.clone();
        let renaming = thread::spawn(move || {
            first
                .transaction::<_, Error, _>(|conn| {
                    graph.update(conn, office.tools, |team| team.name = "old".into())?;
                    graph.insert(conn, &Team { name: "tools".into() })?;
                    renamed.send(()).unwrap();
                    thread::sleep(Duration::from_millis(200));
                    Ok(())
                })
                .unwrap();
        });
        waits.recv().unwrap();
        let since = MemberOf { since: 2000 };
        let connected = office.graph.connect(&mut second, office.grace, team("tools"), &since);
        renaming.join().unwrap();
        match connected {
            Ok(edge) => {
                let edge = office.graph.get(&mut second, edge).unwrap().unwrap();
                let (_, to) = edge.ends::<Person, Team>();
                assert_eq!(office.graph.get(&mut second, to).unwrap().unwrap().key, "tools");
            }
            // The key belonged to nobody while it was looked up.
            Err(error) => assert!(matches!(error, Error::EndpointNotFound { .. }), "{error}"),
        }
    });
}

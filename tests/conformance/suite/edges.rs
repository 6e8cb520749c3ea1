//! Connecting nodes, and finding, reading and deleting edges.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{Outcome, Upserted};

use crate::refusal::refused;
use crate::scenarios::{Ferry, Follows, Knows, MemberOf, Owns, Post, Road, Wrote, office, people, roads};
use crate::store::Inspect;

pub(crate) fn an_edge_reads_back_as_it_was(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let edge = office.graph.get(conn, office.membership).unwrap().unwrap();
    assert_eq!((edge.id, edge.key.as_deref(), edge.version), (office.membership, None, 1));
    assert_eq!(edge.value, MemberOf { since: 1992 });
    assert_eq!(edge.ends(), (office.ada, office.kernel));
}

pub(crate) fn an_edge_without_attributes_reads_back(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let owns = office.graph.connect(conn, office.ada, office.paper, &Owns).unwrap();
    assert_eq!(office.graph.get(conn, owns).unwrap().unwrap().value, Owns);
}

pub(crate) fn a_batch_of_edges_answers_in_the_order_given(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let ways: Vec<_> = (0..200).map(|hour| if hour % 3 == 0 { (b, a, hour) } else { (a, b, hour) }).collect();
    let ids = graph.connect_many(conn, ways.iter().map(|&(s, t, hour)| (s, t, Ferry { hour }))).unwrap();
    let edges = graph.get_many(conn, ids).unwrap();
    let read: Vec<_> = edges
        .into_iter()
        .map(|edge| {
            let edge = edge.unwrap();
            let (source, target) = edge.ends();
            (source, target, edge.value.hour)
        })
        .collect();
    assert_eq!(read, ways);
}

pub(crate) fn one_refused_edge_refuses_its_whole_batch(conn: &mut impl Inspect) {
    let office = office(conn);
    let edges = [(office.grace, office.tools), (office.ada, office.kernel)];
    expect!["MG3008: member_of from person `ada` to team `kernel` conflicts with edge 1 (one edge of this type per pair of nodes)"].assert_eq(&refused(conn, |conn| {
        office.graph.connect_many(conn, edges.map(|(person, team)| (person, team, MemberOf { since: 2000 })))
    }));
}

pub(crate) fn edges_with_keys_are_found_by_them(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let road = |number: &str| Road { number: number.into(), lanes: 2 };
    let first = graph.connect(conn, a, b, &road("A 1")).unwrap();
    let second = graph.connect(conn, a, b, &road("A 2")).unwrap();
    assert_eq!(graph.get_edge_by_key::<Road>(conn, "A 2").unwrap().unwrap().id, second);
    assert_eq!(graph.get_edge_by_key::<Road>(conn, "A 3").unwrap(), None);
    let between = graph.edges_between::<Road, _, _>(conn, a, b).unwrap();
    assert_eq!(between.iter().map(|edge| edge.id).collect::<Vec<_>>(), [first, second]);
    assert!(graph.edges_between::<Road, _, _>(conn, b, a).unwrap().is_empty());
}

pub(crate) fn an_edge_without_direction_is_one_edge_either_way(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let knows = graph.connect(conn, bob, ann, &Knows { since: 2001 }).unwrap();
    assert_eq!(graph.get(conn, knows).unwrap().unwrap().ends(), (bob, ann));
    assert!(graph.connect(conn, ann, bob, &Knows { since: 2002 }).unwrap_err().is_conflict());
    for (source, target) in [(ann, bob), (bob, ann)] {
        let between = graph.edges_between::<Knows, _, _>(conn, source, target).unwrap();
        assert_eq!(between.iter().map(|edge| edge.id).collect::<Vec<_>>(), [knows]);
    }
}

pub(crate) fn an_edge_without_direction_keeps_its_ends_by_type(conn: &mut impl GraphConnection) {
    let (graph, [ann]) = people(conn, ["ann"]);
    let post = graph.insert(conn, &Post { number: u64::MAX }).unwrap();
    let early = graph.insert(conn, &Post { number: 0 }).unwrap();
    let bob = graph.insert(conn, &crate::scenarios::Human { name: "bob".into() }).unwrap();
    for (human, post) in [(ann, post), (bob, early)] {
        let edge = graph.connect(conn, human, post, &Wrote).unwrap();
        assert_eq!(graph.get(conn, edge).unwrap().unwrap().ends(), (human, post));
    }
}

pub(crate) fn directed_edges_run_both_ways_as_two(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let there = graph.connect(conn, ann, bob, &Follows).unwrap();
    let back = graph.connect(conn, bob, ann, &Follows).unwrap();
    assert_ne!(there, back);
    assert_eq!(graph.edges::<Follows>().count(conn).unwrap(), 2);
}

pub(crate) fn an_upserted_edge_says_what_was_done(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let since = |since| MemberOf { since };
    let created = office.graph.upsert_edge(conn, office.grace, office.tools, &since(1950)).unwrap();
    assert_eq!(created.outcome, Outcome::Created);
    let id = created.id;
    let unchanged = office.graph.upsert_edge(conn, office.grace, office.tools, &since(1950)).unwrap();
    assert_eq!(unchanged, Upserted { id, outcome: Outcome::Unchanged });
    let updated = office.graph.upsert_edge(conn, office.grace, office.tools, &since(1951)).unwrap();
    assert_eq!(updated, Upserted { id, outcome: Outcome::Updated });
    let stored = office.graph.get(conn, id).unwrap().unwrap();
    assert_eq!((stored.version, stored.value), (2, since(1951)));
}

pub(crate) fn an_edge_that_is_found_stays_as_it_is(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let knows = graph.find_or_connect(conn, ann, bob, &Knows { since: 1 }).unwrap();
    assert_eq!(knows.outcome, Outcome::Created);
    let found = graph.find_or_connect(conn, bob, ann, &Knows { since: 2 }).unwrap();
    assert_eq!(found, Upserted { id: knows.id, outcome: Outcome::Found });
    assert_eq!(graph.get(conn, knows.id).unwrap().unwrap().value, Knows { since: 1 });
}

pub(crate) fn an_upsert_finds_an_undirected_edge_from_either_end(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    let knows = graph.connect(conn, ann, bob, &Knows { since: 1 }).unwrap();
    let upserted = graph.upsert_edge(conn, bob, ann, &Knows { since: 2 }).unwrap();
    assert_eq!(upserted, Upserted { id: knows, outcome: Outcome::Updated });
}

pub(crate) fn an_upsert_by_key_changes_that_edge(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let road = |lanes| Road { number: "A 1".into(), lanes };
    let created = graph.upsert_edge(conn, a, b, &road(2)).unwrap();
    let updated = graph.upsert_edge(conn, a, b, &road(3)).unwrap();
    assert_eq!(updated, Upserted { id: created.id, outcome: Outcome::Updated });
    assert_eq!(graph.edges::<Road>().count(conn).unwrap(), 1);
}

pub(crate) fn the_ends_of_an_edge_never_move(conn: &mut impl Inspect) {
    let (graph, [a, b, c]) = roads(conn, ["a", "b", "c"]);
    let road = Road { number: "A 1".into(), lanes: 2 };
    graph.connect(conn, a, b, &road).unwrap();
    expect!["MG3011: road `A 1` exists between other nodes; the ends of an edge never move"]
        .assert_eq(&refused(conn, |conn| graph.upsert_edge(conn, a, c, &road)));
    expect!["MG3011: road `A 1` exists between other nodes; the ends of an edge never move"]
        .assert_eq(&refused(conn, |conn| graph.upsert_edge(conn, b, a, &road)));
}

pub(crate) fn an_edge_among_parallels_without_key_cannot_be_upserted(conn: &mut impl Inspect) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    expect![[r#"
        MG1006: ferry has no identity to upsert by
        (give the type a `#[graph(key)]` field, or insert instead)"#]]
    .assert_eq(&refused(conn, |conn| graph.upsert_edge(conn, a, b, &Ferry { hour: 8 })));
}

pub(crate) fn deleting_an_edge_leaves_its_ends_and_its_parallels(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let ferries = graph.connect_many(conn, [6, 7, 8].map(|hour| (a, b, Ferry { hour }))).unwrap();
    assert!(graph.delete(conn, ferries[1]).unwrap());
    assert!(!graph.delete(conn, ferries[1]).unwrap());
    assert_eq!(graph.edges::<Ferry>().load(conn).unwrap().len(), 2);
    assert_eq!(graph.delete_many(conn, ferries).unwrap(), 2);
    assert!(graph.exists(conn, a).unwrap() && graph.exists(conn, b).unwrap());
}

pub(crate) fn disconnecting_deletes_what_runs_between_two_nodes(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    graph.connect(conn, ann, bob, &Knows { since: 1 }).unwrap();
    assert_eq!(graph.disconnect::<Knows, _, _>(conn, bob, ann).unwrap(), 1, "it has no direction");
    assert_eq!(graph.disconnect::<Knows, _, _>(conn, ann, bob).unwrap(), 0);
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    graph
        .connect_many(conn, [(a, b, Ferry { hour: 1 }), (a, b, Ferry { hour: 2 }), (b, a, Ferry { hour: 3 })])
        .unwrap();
    assert_eq!(graph.disconnect::<Ferry, _, _>(conn, a, b).unwrap(), 2);
    assert_eq!(graph.edges::<Ferry>().count(conn).unwrap(), 1);
}

pub(crate) fn an_edge_id_means_nothing_under_another_type(conn: &mut impl Inspect) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let ferry = graph.connect(conn, a, b, &Ferry { hour: 8 }).unwrap();
    let as_road = EdgeId::<Road>::from_raw(ferry.raw());
    assert_eq!(graph.get(conn, as_road).unwrap(), None);
    assert!(!graph.exists(conn, as_road).unwrap());
    assert!(!graph.delete(conn, as_road).unwrap());
    expect![[r#"
        MG3003: there is no road 1
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| graph.update(conn, as_road, |road| road.lanes = 9)));
    assert_eq!(graph.get(conn, ferry).unwrap().unwrap().value.hour, 8);
}

pub(crate) fn an_edge_belongs_to_its_graph(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let ferry = graph.connect(conn, a, b, &Ferry { hour: 8 }).unwrap();
    let other = Graph::open_or_create(conn, "elsewhere").unwrap();
    assert_eq!(other.get(conn, ferry).unwrap(), None);
    assert!(!other.delete(conn, ferry).unwrap());
    assert_eq!(other.edges::<Ferry>().count(conn).unwrap(), 0);
    assert!(graph.exists(conn, ferry).unwrap());
    drop::<Graph<crate::scenarios::Roads>>(other);
}

//! Following edges: one hop, several, in cycles and diamonds.

use std::ops::Bound::{self, Excluded, Included, Unbounded};

use metagraph::prelude::*;

use crate::scenarios::{DependsOn, Ferry, Follows, Human, Knows, MemberOf, Package, Person, Post, Team, Town, Wrote};
use crate::scenarios::{office, packages, people, roads};
use crate::store::Inspect;

const NEEDS: DependsOn = DependsOn { optional: false };

/// `name@depth` of everything reached, in the order of the answer.
fn names<N>(reached: Vec<metagraph::Reached<N>>) -> Vec<String> {
    reached.into_iter().map(|reached| format!("{}@{}", reached.key, reached.depth)).collect()
}

/// A ring of three with a tail: a → b → c → a, c → d.
fn ring(conn: &mut impl GraphConnection) -> (Graph<crate::scenarios::Roads>, [NodeId<Town>; 4]) {
    let (graph, [a, b, c, d]) = roads(conn, ["a", "b", "c", "d"]);
    let hop = |source, target| (source, target, Ferry { hour: 1 });
    graph.connect_many(conn, [hop(a, b), hop(b, c), hop(c, a), hop(c, d)]).unwrap();
    (graph, [a, b, c, d])
}

pub(crate) fn neighbours_are_found_out_in_and_both_ways(conn: &mut impl GraphConnection) {
    let (graph, [a, ..]) = ring(conn);
    assert_eq!(names(graph.from(a).out::<Ferry>().to::<Town>().load(conn).unwrap()), ["b@1"]);
    assert_eq!(names(graph.from(a).in_::<Ferry>().to::<Town>().load(conn).unwrap()), ["c@1"]);
    assert_eq!(names(graph.from(a).both::<Ferry>().to::<Town>().load(conn).unwrap()), ["b@1", "c@1"]);
    assert_eq!(graph.from(a).both::<Ferry>().to::<Town>().count(conn).unwrap(), 2);
}

pub(crate) fn parallel_edges_lead_to_a_neighbour_once(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    graph.connect_many(conn, [1, 2, 3].map(|hour| (a, b, Ferry { hour }))).unwrap();
    graph.connect(conn, b, a, &Ferry { hour: 4 }).unwrap();
    assert_eq!(names(graph.from(a).both::<Ferry>().to::<Town>().load(conn).unwrap()), ["b@1"]);
    assert_eq!(graph.from(a).both::<Ferry>().load_edges(conn).unwrap().len(), 4);
    assert_eq!(graph.from(a).out::<Ferry>().load_edges(conn).unwrap().len(), 3);
}

pub(crate) fn a_self_loop_is_one_edge_whichever_way(conn: &mut impl GraphConnection) {
    let (graph, [a]) = roads(conn, ["a"]);
    let round = graph.connect(conn, a, a, &Ferry { hour: 1 }).unwrap();
    let ids = |edges: Vec<Edge<Ferry>>| edges.into_iter().map(|edge| edge.id).collect::<Vec<_>>();
    assert_eq!(ids(graph.from(a).both::<Ferry>().load_edges(conn).unwrap()), [round]);
    assert_eq!(ids(graph.from(a).out::<Ferry>().load_edges(conn).unwrap()), [round]);
    assert_eq!(ids(graph.from(a).in_::<Ferry>().load_edges(conn).unwrap()), [round]);
}

pub(crate) fn edges_without_direction_are_followed_either_way(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob, cat]) = people(conn, ["ann", "bob", "cat"]);
    graph.connect(conn, ann, bob, &Knows { since: 1 }).unwrap();
    graph.connect(conn, cat, bob, &Knows { since: 2 }).unwrap();
    graph.connect(conn, ann, cat, &Follows).unwrap();
    assert_eq!(names(graph.from(bob).out::<Knows>().to::<Human>().load(conn).unwrap()), ["ann@1", "cat@1"]);
    assert_eq!(names(graph.from(bob).in_::<Knows>().to::<Human>().load(conn).unwrap()), ["ann@1", "cat@1"]);
    assert_eq!(graph.from(cat).out::<Knows>().load_edges(conn).unwrap().len(), 1);
    assert!(graph.from(cat).out::<Follows>().to::<Human>().load(conn).unwrap().is_empty());
    let post = graph.insert(conn, &Post { number: 1 }).unwrap();
    graph.connect(conn, cat, post, &Wrote).unwrap();
    assert_eq!(names(graph.from(post).in_::<Wrote>().to::<Human>().load(conn).unwrap()), ["cat@1"]);
    assert_eq!(names(graph.from(cat).out::<Wrote>().to::<Post>().load(conn).unwrap()), ["1@1"]);
}

pub(crate) fn a_cycle_ends_and_depths_are_the_least(conn: &mut impl GraphConnection) {
    let (graph, [a, ..]) = ring(conn);
    assert_eq!(names(graph.reachable::<Ferry, _>(conn, a).unwrap()), ["b@1", "c@2", "d@3"]);
}

pub(crate) fn depth_ranges_are_respected(conn: &mut impl GraphConnection) {
    let (graph, [a, ..]) = ring(conn);
    let far = |conn: &mut _, range: (Bound<u32>, Bound<u32>)| {
        names(graph.from(a).out::<Ferry>().to::<Town>().depth(range).load(conn).unwrap())
    };
    assert_eq!(far(conn, (Unbounded, Unbounded)), ["a@0", "b@1", "c@2", "d@3"]);
    assert_eq!(far(conn, (Included(2), Unbounded)), ["c@2", "d@3"]);
    assert_eq!(far(conn, (Excluded(0), Excluded(3))), ["b@1", "c@2"]);
    assert_eq!(far(conn, (Unbounded, Included(1))), ["a@0", "b@1"]);
    assert_eq!(far(conn, (Included(4), Unbounded)), [""; 0]);
    assert_eq!(far(conn, (Unbounded, Excluded(0))), [""; 0]);
    let (least, most) = (3, 1);
    assert_eq!(far(conn, (Included(least), Included(most))), [""; 0]);
}

pub(crate) fn a_diamond_gives_each_node_once_at_its_least_depth(conn: &mut impl GraphConnection) {
    let (graph, [top, left, right, bottom]) = packages(conn, ["top", "left", "right", "bottom"]);
    let edges = [(top, left), (top, right), (left, bottom), (right, left), (right, bottom)];
    graph.connect_many(conn, edges.map(|(source, target)| (source, target, NEEDS))).unwrap();
    let reached = names(graph.reachable::<DependsOn, Package>(conn, top).unwrap());
    assert_eq!(reached, ["left@1", "right@1", "bottom@2"]);
    let count = graph.from(top).out::<DependsOn>().to::<Package>().depth(..).count(conn).unwrap();
    assert_eq!(count, 4);
}

pub(crate) fn a_traversal_stays_in_its_graph(conn: &mut impl GraphConnection) {
    let (graph, [a, ..]) = ring(conn);
    let other = Graph::<crate::scenarios::Roads>::open_or_create(conn, "elsewhere").unwrap();
    assert!(other.reachable::<Ferry, _>(conn, a).unwrap().is_empty());
    assert!(other.from(a).both::<Ferry>().load_edges(conn).unwrap().is_empty());
    assert_eq!(graph.reachable::<Ferry, _>(conn, a).unwrap().len(), 3);
}

pub(crate) fn a_traversal_from_nowhere_reaches_nothing(conn: &mut impl GraphConnection) {
    let (graph, _) = ring(conn);
    assert!(graph.reachable::<Ferry, _>(conn, NodeId::<Town>::from_raw(99)).unwrap().is_empty());
}

pub(crate) fn a_hop_answers_with_the_type_that_was_asked(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert_eq!(names(office.graph.from(office.ada).out::<MemberOf>().to::<Team>().load(conn).unwrap()), ["kernel@1"]);
    assert_eq!(names(office.graph.from(office.kernel).in_::<MemberOf>().to::<Person>().load(conn).unwrap()), ["ada@1"]);
}

pub(crate) fn a_long_chain_is_followed_to_its_end(conn: &mut impl Inspect) {
    let (graph, []) = packages(conn, []);
    let ids = graph.insert_many(conn, (0..400).map(|n| Package { id: n.to_string() })).unwrap();
    graph.connect_many(conn, ids.windows(2).map(|pair| (pair[0], pair[1], NEEDS))).unwrap();
    let reached = graph.reachable::<DependsOn, _>(conn, ids[0]).unwrap();
    assert_eq!(reached.len(), 399);
    assert_eq!(reached.last().unwrap().depth, 399);
}

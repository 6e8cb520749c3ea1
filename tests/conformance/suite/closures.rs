//! Closures: all that can be reached along several edge types, each its own way, in one statement.

use std::collections::BTreeSet;

use metagraph::prelude::*;
use metagraph::row::NewGraph;
use metagraph::traverse::Closed;

use crate::harness::Log;
use crate::scenarios::{Depot, Lane, MemberOf, Network, Person, ReportsTo, Spot, Stop, Team, Track, network, office};

fn names(closed: &Closed<Stop>) -> Vec<&str> {
    closed.nodes.iter().map(|stop| stop.key.as_str()).collect()
}

fn ends<N>(closed: &Closed<N>) -> Vec<(i64, i64)> {
    closed.edges.iter().map(|edge| (edge.source, edge.target)).collect()
}

const TRACK: Track = Track { km: None };

pub(crate) fn a_closure_follows_each_type_its_own_way(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d, alone, last]) = network(conn, ["a", "b", "c", "d", "e", "f"]);
    graph.connect_many(conn, [(a, b, TRACK), (b, a, TRACK), (c, b, TRACK), (d, d, TRACK)]).unwrap();
    graph.connect_many(conn, [(b, d, Lane { km: None }), (last, d, Lane { km: Some(1.0) })]).unwrap();
    let from_a = || graph.from(a).closure();
    let raw = |pairs: &[(NodeId<Stop>, NodeId<Stop>)]| -> Vec<_> {
        pairs.iter().map(|(source, target)| (source.raw(), target.raw())).collect()
    };

    let out = from_a().out::<Track>().load(conn).unwrap();
    assert_eq!((names(&out), ends(&out)), (vec!["a", "b"], raw(&[(a, b), (b, a)])));
    let both = from_a().both::<Track>().load(conn).unwrap();
    assert_eq!((names(&both), ends(&both)), (vec!["a", "b", "c"], raw(&[(a, b), (b, a), (c, b)])));
    let mixed = from_a().out::<Track>().in_::<Lane>().load(conn).unwrap();
    assert_eq!(names(&mixed), ["a", "b", "d", "f"], "edges without direction are followed either way");
    assert_eq!(ends(&mixed), raw(&[(a, b), (b, a), (d, d), (b, d), (last, d)]), "as their ends were given");
    assert_eq!(mixed.edges[4].attributes["km"], 1.0);
    assert!(mixed.edges[4].undirected && !mixed.edges[0].undirected);
    assert_eq!(names(&from_a().load(conn).unwrap()), ["a"], "along nothing");
    let either = graph.from(alone).closure().out::<(Track, Lane)>().load(conn).unwrap();
    assert_eq!((names(&either), either.edges.len()), (vec!["e"], 0));
    assert_eq!(names(&graph.from_many([]).closure().out::<Track>().load(conn).unwrap()), [""; 0]);
}

pub(crate) fn a_closure_stays_in_its_graph_and_passes_other_types(conn: &mut impl GraphConnection) {
    let (graph, [a, b, _]) = network(conn, ["a", "b", "c"]);
    let depot = graph.insert(conn, &Depot { name: "a".into() }).unwrap();
    graph.connect(conn, a, depot, &TRACK).unwrap();
    graph.connect(conn, depot, b, &TRACK).unwrap();
    let other = graph.duplicate(conn, &NewGraph::named("other")).unwrap();
    let stops = graph.from(a).closure().out::<Track>().load(conn).unwrap();
    assert_eq!(names(&stops), ["a", "b"], "the depot is passed through");
    assert_eq!(stops.edges.len(), 2);
    let spots = graph.from(a.widen::<Spot>()).closure().out::<Track>().load(conn).unwrap();
    assert_eq!(spots.nodes.len(), 3);
    assert!(other.from(a).closure().out::<Track>().load(conn).unwrap().nodes.is_empty());
    let named = graph.nodes::<Stop>().filter(|stop| stop.name.is_in(["b", "c"])).limit(1);
    assert_eq!(names(&graph.from_all(named).closure().in_::<Track>().load(conn).unwrap()), ["a", "b"]);
}

pub(crate) fn closures_of_random_graphs_are_those_of_a_model(conn: &mut impl GraphConnection) {
    const COUNT: usize = 12;
    let mut state = 7_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    metagraph::sync::<Network, _>(conn).unwrap();
    for round in 0..20 {
        let graph = Graph::<Network>::open_or_create(conn, &round.to_string()).unwrap();
        let stops = (0..COUNT).map(|number| Stop { name: number.to_string(), open: true });
        let ids = graph.insert_many(conn, stops).unwrap();
        let mut pairs = |count: usize| -> Vec<_> { (0..count).map(|_| (draw(COUNT), draw(COUNT))).collect() };
        let (tracks, lanes) = (pairs(10), pairs(3));
        graph.connect_many(conn, tracks.iter().map(|(from, to)| (ids[*from], ids[*to], TRACK))).unwrap();
        graph.connect_many(conn, lanes.iter().map(|(from, to)| (ids[*from], ids[*to], Lane { km: None }))).unwrap();

        let (start, goal) = (draw(COUNT), draw(COUNT));
        let step = |at: usize| {
            let tracks = tracks.iter().filter(move |(from, _)| *from == at).map(|(_, to)| *to);
            let lanes = lanes.iter().flat_map(|(from, to)| [(*from, *to), (*to, *from)]);
            tracks.chain(lanes.filter(move |(from, _)| *from == at).map(|(_, to)| to)).collect::<Vec<_>>()
        };
        let back = |at: usize| tracks.iter().filter(|(_, to)| *to == at).map(|(from, _)| *from).collect::<Vec<_>>();
        let closed = |start: usize, next: &dyn Fn(usize) -> Vec<usize>| {
            let (mut known, mut open) = (BTreeSet::from([start]), vec![start]);
            while let Some(here) = open.pop() {
                open.extend(next(here).into_iter().filter(|next| known.insert(*next)));
            }
            known
        };
        let (near, far) = (closed(start, &step), closed(goal, &back));
        let between = lanes
            .iter()
            .filter(|(from, to)| near.contains(from) && far.contains(to) || near.contains(to) && far.contains(from));

        let goal = graph.from(ids[goal]).closure().in_::<Track>();
        let start = graph.from(ids[start]).closure().out::<(Track, Lane)>();
        let met = start.meeting::<Lane, _>(goal).load(conn).unwrap();
        let of = |closed: &Closed<Stop>| -> BTreeSet<usize> {
            names(closed).iter().map(|name| name.parse().unwrap()).collect()
        };
        assert_eq!((of(&met.near), of(&met.far)), (near.clone(), far.clone()), "{tracks:?} {lanes:?}");
        assert_eq!(met.between.len(), between.count(), "{tracks:?} {lanes:?} {near:?} {far:?}");
        let inside = tracks.iter().filter(|(from, _)| near.contains(from)).count()
            + lanes.iter().filter(|(from, _)| near.contains(from)).count();
        assert_eq!(met.near.edges.len(), inside);
    }
}

pub(crate) fn a_closure_is_one_statement_whatever_the_depth(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let person = |number: usize| Person { name: format!("person {number:03}"), age: 30, nickname: None };
    let people = office.graph.insert_many(conn, (0..300).map(person)).unwrap();
    office.graph.connect_many(conn, people.windows(2).map(|pair| (pair[0], pair[1], ReportsTo))).unwrap();
    let last = people[people.len() - 1];
    let membership = office.graph.connect(conn, last, office.kernel, &MemberOf { since: 2000 }).unwrap();
    let log = Log::of(conn);
    let above = office.graph.from(people[0]).closure().out::<ReportsTo>();
    let met = above.meeting::<MemberOf, _>(office.graph.from(office.kernel).closure()).load(conn).unwrap();
    assert_eq!(log.queries().len(), 1);
    assert_eq!((met.near.nodes.len(), met.near.edges.len()), (300, 299));
    let teams: Vec<&Node<Team>> = met.far.nodes.iter().collect();
    assert_eq!((teams[0].key.as_str(), met.between[0].id, met.between.len()), ("kernel", membership, 1));
}

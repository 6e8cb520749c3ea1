//! Rules that a key of the database decides: parallel edges, `simple`, `one_out`, `one_in`, keys; and restrict.

use expect_test::expect;
use metagraph::prelude::*;

use crate::refusal::refused;
use crate::scenarios::{
    Bond, Bus, Follows, Knows, Leads, Linked, MemberOf, Mixed, OneWay, Owns, Pin, ReportsTo, Road, TwoWay, Wire,
};
use crate::scenarios::{office, people, pins, roads, sample, samples};
use crate::store::Inspect;

const SINCE: MemberOf = MemberOf { since: 2000 };

pub(crate) fn a_second_edge_of_one_type_per_pair_is_refused(conn: &mut impl Inspect) {
    let office = office(conn);
    expect!["MG3008: member_of from person `ada` to team `kernel` conflicts with edge 1 (one edge of this type per pair of nodes)"].assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.ada, office.kernel, &SINCE)));
    office.graph.connect(conn, office.ada, office.tools, &SINCE).unwrap();
    office.graph.connect(conn, office.grace, office.kernel, &SINCE).unwrap();
    office.graph.delete(conn, office.membership).unwrap();
    office.graph.connect(conn, office.ada, office.kernel, &SINCE).unwrap();
}

pub(crate) fn two_equal_edges_in_a_batch_conflict(conn: &mut impl Inspect) {
    let office = office(conn);
    let twice = [(office.grace, office.tools, SINCE), (office.grace, office.tools, SINCE)];
    expect!["MG3008: member_of from person `grace` to team `tools` conflicts with another in the same batch (one edge of this type per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| office.graph.connect_many(conn, twice.clone())));
}

pub(crate) fn an_undirected_edge_is_parallel_to_itself_reversed(conn: &mut impl Inspect) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    graph.connect(conn, ann, bob, &Knows { since: 1 }).unwrap();
    expect![
        "MG3008: knows from human `bob` to human `ann` conflicts with edge 1 (one edge of this type per pair of nodes)"
    ]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, bob, ann, &Knows { since: 2 })));
    let both = [(ann, bob, Knows { since: 1 }), (bob, ann, Knows { since: 2 })];
    let other = Graph::<crate::scenarios::People>::open_or_create(conn, "empty").unwrap();
    assert!(other.connect_many(conn, both.clone()).is_err());
}

pub(crate) fn one_out_allows_one_edge_per_source(conn: &mut impl Inspect) {
    let office = office(conn);
    let boss = crate::scenarios::Person { name: "boss".into(), age: 50, nickname: None };
    let boss = office.graph.insert(conn, &boss).unwrap();
    let reports = office.graph.connect(conn, office.ada, boss, &ReportsTo).unwrap();
    expect!["MG3008: reports_to from person `ada` to person `grace` conflicts with edge 2 (`one_out`: one edge of this type per source)"].assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.ada, office.grace, &ReportsTo)));
    office.graph.connect(conn, office.grace, boss, &ReportsTo).unwrap();
    office.graph.delete(conn, reports).unwrap();
    office.graph.connect(conn, office.ada, office.grace, &ReportsTo).unwrap();
}

pub(crate) fn one_in_allows_one_edge_per_target(conn: &mut impl Inspect) {
    let office = office(conn);
    let leads = office.graph.connect(conn, office.ada, office.kernel, &Leads).unwrap();
    expect!["MG3008: leads from person `grace` to team `kernel` conflicts with edge 2 (`one_in`: one edge of this type per target)"].assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.grace, office.kernel, &Leads)));
    office.graph.connect(conn, office.ada, office.tools, &Leads).unwrap();
    office.graph.delete(conn, leads).unwrap();
    office.graph.connect(conn, office.grace, office.kernel, &Leads).unwrap();
}

pub(crate) fn two_exclusive_edges_in_a_batch_conflict(conn: &mut impl Inspect) {
    let office = office(conn);
    let leaders = [(office.ada, office.tools, Leads), (office.grace, office.tools, Leads)];
    expect!["MG3008: leads from person `grace` to team `tools` conflicts with another in the same batch (`one_in`: one edge of this type per target)"]
        .assert_eq(&refused(conn, |conn| office.graph.connect_many(conn, leaders.clone())));
}

pub(crate) fn a_simple_graph_has_one_edge_per_ordered_pair(conn: &mut impl Inspect) {
    let (graph, [one, two]) = pins::<OneWay, 2>(conn);
    let wire = graph.connect(conn, one, two, &Wire).unwrap();
    expect!["MG3008: bus from pin `1` to pin `2` conflicts with edge 1 (one edge per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, one, two, &Bus)));
    expect!["MG3008: wire from pin `1` to pin `2` conflicts with edge 1 (one edge of this type per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, one, two, &Wire)));
    graph.connect(conn, two, one, &Bus).unwrap();
    graph.delete(conn, wire).unwrap();
    graph.connect(conn, one, two, &Bus).unwrap();
}

pub(crate) fn a_simple_undirected_graph_has_one_edge_per_pair(conn: &mut impl Inspect) {
    let (graph, [one, two]) = pins::<TwoWay, 2>(conn);
    graph.connect(conn, one, two, &Wire).unwrap();
    expect!["MG3008: bus from pin `2` to pin `1` conflicts with edge 1 (one edge per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, two, one, &Bus)));
    expect!["MG3008: wire from pin `2` to pin `1` conflicts with edge 1 (one edge of this type per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, two, one, &Wire)));
}

pub(crate) fn a_simple_mixed_graph_has_one_edge_per_pair_whatever_its_direction(conn: &mut impl Inspect) {
    let (graph, [one, two, three]) = pins::<Mixed, 3>(conn);
    graph.connect(conn, two, one, &Wire).unwrap();
    graph.connect(conn, three, one, &Bond).unwrap();
    expect!["MG3008: wire from pin `1` to pin `2` conflicts with edge 1 (one edge per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, one, two, &Wire)));
    expect!["MG3008: bus from pin `1` to pin `2` conflicts with edge 1 (one edge per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, one, two, &Bus)));
    expect!["MG3008: bond from pin `1` to pin `2` conflicts with edge 1 (one edge per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, one, two, &Bond)));
    expect!["MG3008: wire from pin `3` to pin `1` conflicts with edge 2 (one edge per pair of nodes)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, three, one, &Wire)));
    let opposite = [(two, three, Wire), (three, two, Wire)];
    expect![
        "MG3008: wire from pin `3` to pin `2` conflicts with another in the same batch (one edge per pair of nodes)"
    ]
    .assert_eq(&refused(conn, |conn| graph.connect_many(conn, opposite.clone())));
}

pub(crate) fn a_taken_edge_key_is_refused_between_any_nodes(conn: &mut impl Inspect) {
    let (graph, [a, b, c]) = roads(conn, ["a", "b", "c"]);
    let road = Road { number: "A 1".into(), lanes: 2 };
    graph.connect(conn, a, b, &road).unwrap();
    expect!["MG3008: road `A 1` exists already with id 1 (an edge's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, b, c, &road)));
    let twins = [(b, c), (c, a)].map(|(source, target)| (source, target, Road { number: "A 2".into(), lanes: 1 }));
    expect!["MG3008: road `A 2` is given twice in one batch (an edge's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| graph.connect_many(conn, twins.clone())));
}

pub(crate) fn an_edge_type_may_allow_parallels_in_a_graph_that_does_not(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let [a, b] = ["a", "b"].map(|key| graph.insert(conn, &sample(key)).unwrap());
    let links = ["1", "2"].map(|key| (a, b, Linked { key: key.into(), any: 1.into() }));
    assert_eq!(graph.connect_many(conn, links).unwrap().len(), 2);
}

pub(crate) fn rules_of_one_graph_do_not_reach_into_another(conn: &mut impl GraphConnection) {
    let (graph, [one, two]) = pins::<OneWay, 2>(conn);
    graph.connect(conn, one, two, &Wire).unwrap();
    let copy = graph.duplicate(conn, &metagraph::row::NewGraph::named("copy")).unwrap();
    assert_eq!(copy.edges::<Wire>().count(conn).unwrap(), 1);
    let [one, two] = ["1", "2"].map(|number| copy.get_by_key::<Pin>(conn, number).unwrap().unwrap().id);
    assert!(copy.connect(conn, one, two, &Bus).unwrap_err().is_conflict());
    copy.connect(conn, two, one, &Bus).unwrap();
}

pub(crate) fn a_restricting_node_stays_while_it_has_edges(conn: &mut impl Inspect) {
    let office = office(conn);
    office.graph.connect(conn, office.ada, office.paper, &Owns).unwrap();
    office.graph.connect(conn, office.grace, office.ada, &ReportsTo).unwrap();
    office.graph.connect(conn, office.ada, office.tools, &SINCE).unwrap();
    expect![[r#"
        MG3010: person `ada` cannot be deleted while it has edges: 2 `member_of`, 1 `owns`, 1 `reports_to`
        (delete its edges first; the node type says `on_delete = restrict`)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.delete(conn, office.ada)));
    let through_union = office.ada.widen::<crate::scenarios::Principal>();
    expect![[r#"
        MG3010: person `ada` cannot be deleted while it has edges: 2 `member_of`, 1 `owns`, 1 `reports_to`
        (delete its edges first; the node type says `on_delete = restrict`)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.delete_many(conn, [office.kernel.widen(), through_union])));
    for id in office.graph.from(office.ada).out::<MemberOf>().load_edges(conn).unwrap() {
        office.graph.delete(conn, id.id).unwrap();
    }
    assert!(office.graph.delete(conn, office.ada).is_err());
    assert!(office.graph.delete(conn, office.grace).is_err());
}

pub(crate) fn clearing_a_graph_asks_no_restricting_node(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert_eq!(office.graph.clear(conn).unwrap(), 5);
    assert_eq!(office.graph.edges::<MemberOf>().count(conn).unwrap(), 0);
}

pub(crate) fn opposite_directed_edges_are_no_parallels(conn: &mut impl GraphConnection) {
    let (graph, [ann, bob]) = people(conn, ["ann", "bob"]);
    graph.connect(conn, ann, bob, &Follows).unwrap();
    graph.connect(conn, bob, ann, &Follows).unwrap();
    graph.connect(conn, ann, bob, &Knows { since: 1 }).unwrap();
}

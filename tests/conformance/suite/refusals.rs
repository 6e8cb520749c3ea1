//! What is refused before any key is asked, and in which order.

use expect_test::expect;
use metagraph::Category;
use metagraph::prelude::*;
use metagraph::row::GraphStatus;
use serde_json::json;

use crate::refusal::{refusal, refused};
use crate::scenarios::{
    Account, BuildsWith, DependsOn, Ferry, Knows, MemberOf, OfficeGraph, Owns, Package, Person, ReportsTo, Sample, Team,
};
use crate::scenarios::{ada, office, package, packages, people, roads, sample, samples};
use crate::store::Inspect;

const NEEDS: DependsOn = DependsOn { optional: false };
const SINCE: MemberOf = MemberOf { since: 2000 };

pub(crate) fn an_archived_graph_refuses_every_write(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = &office.graph;
    graph.set_status(conn, GraphStatus::Archived).unwrap();
    let told = expect![[r#"
        MG3004: the graph `office` is archived and refuses writes
        (set the graph's status to active first)"#]];
    let team = Team { name: "new".into() };
    told.assert_eq(&refused(conn, |conn| graph.insert(conn, &team)));
    told.assert_eq(&refused(conn, |conn| graph.insert_many::<_, Team>(conn, [&team, &Team { name: "kernel".into() }])));
    told.assert_eq(&refused(conn, |conn| graph.upsert(conn, &team)));
    told.assert_eq(&refused(conn, |conn| graph.upsert(conn, &Team { name: "kernel".into() })));
    told.assert_eq(&refused(conn, |conn| graph.update(conn, office.ada, |ada| ada.age = 2)));
    told.assert_eq(&refused(conn, |conn| graph.update_if(conn, office.ada, 9, |ada| ada.age = 2)));
    told.assert_eq(&refused(conn, |conn| graph.replace(conn, office.ada, &ada())));
    told.assert_eq(&refused(conn, |conn| graph.patch(conn, office.ada, &json!({"age": "none"}))));
    told.assert_eq(&refused(conn, |conn| graph.delete(conn, office.tools)));
    told.assert_eq(&refused(conn, |conn| graph.connect(conn, office.grace, office.tools, &SINCE)));
    told.assert_eq(&refused(conn, |conn| graph.upsert_edge(conn, office.ada, office.kernel, &SINCE)));
    told.assert_eq(&refused(conn, |conn| {
        graph.upsert_edge(conn, office.ada, office.kernel, &MemberOf { since: 1992 })
    }));
    told.assert_eq(&refused(conn, |conn| graph.connect(conn, office.ada, office.grace, &ReportsTo)));
    told.assert_eq(&refused(conn, |conn| graph.update(conn, office.membership, |edge| edge.since = 2001)));
    told.assert_eq(&refused(conn, |conn| graph.delete(conn, office.membership)));
    told.assert_eq(&refused(conn, |conn| graph.set_metadata_of(conn, office.ada, &json!({}))));
    told.assert_eq(&refused(conn, |conn| graph.clear(conn)));
}

pub(crate) fn an_archived_graph_can_be_read_and_reopened(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.set_status(conn, GraphStatus::Archived).unwrap();
    assert_eq!(office.graph.nodes::<Team>().count(conn).unwrap(), 2);
    let reopened = Graph::<OfficeGraph>::open(conn, "office").unwrap();
    assert_eq!(reopened.id(), office.graph.id());
    reopened.set_status(conn, GraphStatus::Active).unwrap();
    office.graph.insert(conn, &Team { name: "new".into() }).unwrap();
}

pub(crate) fn archived_comes_before_everything_else(conn: &mut impl Inspect) {
    let office = office(conn);
    office.graph.set_status(conn, GraphStatus::Archived).unwrap();
    let graph = &office.graph;
    let nobody = NodeId::<Person>::from_raw(99);
    let codes = [
        refusal(conn, |conn| graph.insert(conn, &Person { age: 200, ..ada() })),
        refusal(conn, |conn| graph.insert(conn, &Team { name: "x".repeat(2000) })),
        refusal(conn, |conn| graph.connect(conn, nobody, office.kernel, &SINCE)),
        refusal(conn, |conn| graph.connect(conn, office.ada, office.ada, &ReportsTo)),
        refusal(conn, |conn| graph.connect(conn, office.ada, office.kernel, &SINCE)),
        refusal(conn, |conn| graph.update(conn, nobody, |_| ())),
        refusal(conn, |conn| graph.delete(conn, nobody)),
        refusal(conn, |conn| graph.delete(conn, office.ada)),
        refusal(conn, |conn| graph.set_metadata_of(conn, nobody, &json!({}))),
    ]
    .map(|error| error.code());
    assert_eq!(codes, ["MG3004"; 9]);
}

pub(crate) fn a_missing_end_is_named_with_its_side(conn: &mut impl Inspect) {
    let office = office(conn);
    let nobody = NodeId::<Person>::from_raw(99);
    let nothing = NodeId::<Team>::from_raw(98);
    expect![[r#"
        MG3005: member_of: its source, node 99, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.connect(conn, nobody, office.kernel, &SINCE)));
    expect![[r#"
        MG3005: member_of: its target, node 98, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.ada, nothing, &SINCE)));
    expect![[r#"
        MG3005: reports_to: its source, node 99, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.connect(conn, nobody, nobody, &ReportsTo)));
}

pub(crate) fn a_node_of_another_graph_is_no_end(conn: &mut impl Inspect) {
    let office = office(conn);
    let branch = Graph::<OfficeGraph>::open_or_create(conn, "branch").unwrap();
    let stranger = branch.insert(conn, &Team { name: "stranger".into() }).unwrap();
    expect![[r#"
        MG3005: member_of: its target, node 6, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.ada, stranger, &SINCE)));
    expect![[r#"
        MG3005: member_of: its source, node 1, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| branch.connect(conn, office.ada, stranger, &SINCE)));
    expect![[r#"
        MG3005: member_of: its source, node 1, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| branch.upsert_edge(conn, office.ada, stranger, &SINCE)));
}

pub(crate) fn a_node_of_another_type_is_no_end(conn: &mut impl Inspect) {
    let office = office(conn);
    let forged = NodeId::<Person>::from_raw(office.tools.raw());
    expect!["MG3006: member_of: its source cannot be team `tools`; it can be `person`"]
        .assert_eq(&refused(conn, |conn| office.graph.connect(conn, forged, office.kernel, &SINCE)));
    let forged = NodeId::<Team>::from_raw(office.grace.raw());
    expect!["MG3006: member_of: its target cannot be person `grace`; it can be `team`"]
        .assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.ada, forged, &SINCE)));
    let forged = NodeId::<Person>::from_raw(office.paper.raw());
    let key = office.graph.get(conn, office.paper).unwrap().unwrap().key;
    let told = refused(conn, |conn| office.graph.connect(conn, forged, office.paper, &Owns)).replace(&key, "KEY");
    expect!["MG3006: owns: its source cannot be document `KEY`; it can be `person`, `team`"].assert_eq(&told);
}

pub(crate) fn a_self_loop_is_refused_unless_allowed(conn: &mut impl Inspect) {
    let (graph, [ann]) = people(conn, ["ann"]);
    expect!["MG3007: knows cannot connect human `ann` to itself"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, ann, ann, &Knows { since: 1 })));
    let (roads, [town]) = roads(conn, ["town"]);
    roads.connect(conn, town, town, &Ferry { hour: 1 }).unwrap();
}

pub(crate) fn the_schema_comes_before_the_ends(conn: &mut impl Inspect) {
    let office = office(conn);
    let nobody = NodeId::<Person>::from_raw(99);
    let code = refusal(conn, |conn| office.graph.connect(conn, nobody, office.kernel, &MemberOf { since: 1 })).code();
    assert_eq!(code, "MG2001");
}

pub(crate) fn all_violations_are_told_with_their_paths(conn: &mut impl Inspect) {
    let graph = samples(conn);
    let rest = [("size".to_owned(), json!(3))].into();
    let account =
        Account { name: String::new(), trust: 1.5, aliases: ["a", "b", "c"].map(str::to_owned).to_vec(), rest };
    expect![[r#"MG2001: account does not fit its schema: /aliases: ["a","b","c"] has more than 2 items; /name: "" is shorter than 1 character; /trust: 1.5 is greater than the maximum of 1.0"#]].assert_eq(&refused(conn, |conn| graph.insert(conn, &account)));
    let account = Account { trust: f64::NAN, name: "n".into(), aliases: Vec::new(), ..account };
    expect![[r#"MG2001: account does not fit its schema: /trust: null is not of type "number""#]]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &account)));
}

pub(crate) fn a_cycle_is_refused_and_told_node_by_node(conn: &mut impl Inspect) {
    let (graph, [a, b, c]) = packages(conn, ["a", "b", "c"]);
    graph.connect(conn, a, b, &NEEDS).unwrap();
    graph.connect(conn, b, c, &NEEDS).unwrap();
    expect![[r#"
        MG3009: depends_on would close the cycle package `c` → package `a` → package `b` → package `c`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, c, a, &NEEDS)));
    graph.connect(conn, a, c, &NEEDS).unwrap();
}

pub(crate) fn in_an_acyclic_graph_all_types_together_close_no_cycle(conn: &mut impl Inspect) {
    let (graph, [a, b, c]) = packages(conn, ["a", "b", "c"]);
    graph.connect(conn, a, b, &NEEDS).unwrap();
    graph.connect(conn, b, c, &BuildsWith).unwrap();
    expect![[r#"
        MG3009: depends_on would close the cycle package `c` → package `a` → package `b` → package `c`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, c, a, &NEEDS)));
    expect![[r#"
        MG3009: builds_with would close the cycle package `b` → package `a` → package `b`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| graph.upsert_edge(conn, b, a, &BuildsWith)));
    expect!["MG3007: builds_with cannot connect package `a` to itself"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, a, a, &BuildsWith)));
}

pub(crate) fn a_batch_that_closes_a_cycle_by_itself_is_refused(conn: &mut impl Inspect) {
    let (graph, [a, b, c, d]) = packages(conn, ["a", "b", "c", "d"]);
    let edges = [(a, b), (b, c), (c, d), (d, b)].map(|(source, target)| (source, target, NEEDS));
    expect![[r#"
        MG3009: depends_on would close the cycle package `b` → package `c` → package `d` → package `b`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect_many(conn, edges.clone())));
}

pub(crate) fn an_acyclic_type_closes_no_cycle_on_its_own(conn: &mut impl Inspect) {
    let office = office(conn);
    office.graph.connect(conn, office.ada, office.grace, &ReportsTo).unwrap();
    expect![[r#"
        MG3009: reports_to would close the cycle person `grace` → person `ada` → person `grace`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.connect(conn, office.grace, office.ada, &ReportsTo)));
}

pub(crate) fn an_edge_that_is_gone_closes_no_cycle(conn: &mut impl GraphConnection) {
    let (graph, [a, b]) = packages(conn, ["a", "b"]);
    let edge = graph.connect(conn, a, b, &NEEDS).unwrap();
    graph.delete(conn, edge).unwrap();
    graph.connect(conn, b, a, &NEEDS).unwrap();
}

pub(crate) fn a_graph_that_is_gone_refuses_writes(conn: &mut impl Inspect) {
    let office = office(conn);
    office.graph.clone().delete_graph(conn).unwrap();
    let graph = &office.graph;
    let told = expect!["MG3001: there is no graph 1"];
    told.assert_eq(&refused(conn, |conn| graph.insert(conn, &ada())));
    told.assert_eq(&refused(conn, |conn| graph.connect(conn, office.ada, office.kernel, &SINCE)));
    told.assert_eq(&refused(conn, |conn| graph.delete(conn, office.ada)));
    told.assert_eq(&refused(conn, |conn| graph.clear(conn)));
    told.assert_eq(&refused(conn, |conn| graph.rename(conn, "x")));
    told.assert_eq(&refused(conn, |conn| graph.info(conn)));
    told.assert_eq(&refused(conn, |conn| graph.duplicate(conn, &metagraph::row::NewGraph::named("copy"))));
}

pub(crate) fn a_key_that_is_too_long_is_refused(conn: &mut impl Inspect) {
    let graph = samples(conn);
    let longest = "k".repeat(1024);
    graph.insert(conn, &sample(&longest)).unwrap();
    assert!(graph.get_by_key::<Sample>(conn, &longest).unwrap().is_some());
    expect!["MG2002: sample: a key has at most 1024 bytes, this one has 1025"]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &sample(&"k".repeat(1025)))));
    assert_eq!(graph.get_by_key::<Sample>(conn, &"k".repeat(1025)).unwrap(), None);
}

pub(crate) fn a_refused_batch_says_the_first_reason(conn: &mut impl Inspect) {
    let (graph, [a, b]) = packages(conn, ["a", "b"]);
    graph.connect(conn, a, b, &NEEDS).unwrap();
    let gone = NodeId::<Package>::from_raw(77);
    let edges = [(a, b), (gone, b)].map(|(source, target)| (source, target, NEEDS));
    expect!["MG3008: depends_on from package `a` to package `b` conflicts with edge 1 (one edge of this type per pair of nodes)"].assert_eq(&refused(conn, |conn| graph.connect_many(conn, edges.clone())));
    graph.insert(conn, &package("c")).unwrap();
}

pub(crate) fn refusals_say_who_has_to_act(conn: &mut impl Inspect) {
    let office = office(conn);
    let invalid = refusal(conn, |conn| office.graph.insert(conn, &Person { age: 200, ..ada() }));
    assert_eq!((invalid.category(), invalid.is_transient()), (Category::Data, false));
    let conflict = refusal(conn, |conn| office.graph.insert(conn, &ada()));
    assert_eq!((conflict.category(), conflict.is_transient()), (Category::State, false));
}

//! The same rows by name and as JSON, with the same rules.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::row::{EdgePatch, GraphStatus, NewEdge, NewNode, NodePatch};
use metagraph::{DynamicGraph, Outcome};
use serde_json::{Value, json};

use crate::refusal::{refusal, refused};
use crate::scenarios::{MemberOf, OfficeGraph, Person, Team, office, packages, roads, samples};
use crate::store::Inspect;

fn node(node_type: &str, attributes: Value) -> NewNode {
    NewNode { node_type: node_type.to_owned(), attributes }
}

fn edge(edge_type: &str, source: i64, target: i64, attributes: Value) -> NewEdge {
    NewEdge { edge_type: edge_type.to_owned(), source, target, attributes }
}

fn open(conn: &mut impl GraphConnection) -> DynamicGraph {
    DynamicGraph::open(conn, "office", "office").unwrap()
}

pub(crate) fn typed_and_dynamic_see_the_same_rows(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = open(conn);
    assert_eq!((graph.id(), graph.uid()), (office.graph.id().raw(), office.graph.uid()));
    let ada = graph.node_by_key(conn, "person", "ada").unwrap().unwrap();
    assert_eq!((ada.id, ada.node_type.as_str(), ada.version), (office.ada.raw(), "person", 1));
    assert_eq!(ada.attributes, json!({"name": "ada", "age": 36, "nickname": "countess"}));
    let id = graph.insert(conn, &node("team", json!({"name": "new"}))).unwrap();
    assert_eq!(office.graph.get(conn, NodeId::<Team>::from_raw(id)).unwrap().unwrap().value.name, "new");
    let membership = graph.edge(conn, office.membership.raw()).unwrap().unwrap();
    assert_eq!((membership.source, membership.target), (office.ada.raw(), office.kernel.raw()));
    assert_eq!(membership.attributes, json!({"since": 1992}));
    let id = graph.connect(conn, &edge("member_of", office.grace.raw(), id, json!({"since": 2000}))).unwrap();
    assert_eq!(office.graph.get(conn, EdgeId::<MemberOf>::from_raw(id)).unwrap().unwrap().value.since, 2000);
}

pub(crate) fn a_dynamic_graph_opens_like_a_typed_one(conn: &mut impl Inspect) {
    let office = office(conn);
    let by_uid = DynamicGraph::open_by_uid(conn, office.graph.uid()).unwrap();
    assert_eq!(by_uid.id(), office.graph.id().raw());
    assert_eq!(DynamicGraph::open_or_create(conn, "office", "office").unwrap().id(), by_uid.id());
    let branch = DynamicGraph::open_or_create(conn, "office", "branch").unwrap();
    assert_eq!(Graph::<OfficeGraph>::open(conn, "branch").unwrap().uid(), branch.uid());
    expect![[r#"
        MG3001: there is no graph `nowhere` of type `office`
        (create it first, with `create` or `open_or_create`)"#]]
    .assert_eq(&refused(conn, |conn| DynamicGraph::open(conn, "office", "nowhere")));
    expect![[r#"
        MG1004: no graph type `officee` is stored in this database; it has `office`
        (call `metagraph::sync::<YourGraphType, _>(&mut conn)` once before)"#]]
    .assert_eq(&refused(conn, |conn| DynamicGraph::open(conn, "officee", "office")));
    assert_eq!(branch.document().nodes.len(), 3);
}

pub(crate) fn an_unknown_type_is_refused_with_the_known_ones(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = open(conn);
    expect!["MG1005: the graph type `office` has no node type `persn`; it has `document`, `person`, `team`"]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &node("persn", json!({})))));
    let unknown = edge("likes", office.ada.raw(), office.grace.raw(), json!({}));
    expect![
        "MG1005: the graph type `office` has no edge type `likes`; it has `leads`, `member_of`, `owns`, `reports_to`"
    ]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, &unknown)));
    assert_eq!(refusal(conn, |conn| graph.count_nodes(conn, "member_of")).code(), "MG1005");
}

pub(crate) fn every_violation_is_told_with_its_path(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = open(conn);
    let person = node("person", json!({"name": 7, "age": -1, "nickname": ["x"]}));
    expect![[r#"MG2001: person does not fit its schema: /age: -1 is less than the minimum of 0; /name: 7 is not of type "string"; /nickname: ["x"] is not of types "null", "string""#]].assert_eq(&refused(conn, |conn| graph.insert(conn, &person)));
    expect![[
        r#"MG2001: person does not fit its schema: /: "age" is a required property; /: "name" is a required property"#
    ]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &node("person", json!({})))));
    expect![[r#"MG2001: person does not fit its schema: /: null is not of type "object""#]]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &node("person", json!(null)))));
    let since = edge("member_of", office.ada.raw(), office.tools.raw(), json!({"since": "long ago"}));
    expect![[r#"MG2001: member_of does not fit its schema: /since: "long ago" is not of type "integer""#]]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, &since)));
    let replaced = json!({"name": "ada", "age": 36.5});
    expect![[r#"MG2001: person does not fit its schema: /age: 36.5 is not of type "integer""#]]
        .assert_eq(&refused(conn, |conn| graph.replace_node(conn, office.ada.raw(), &replaced)));
    let patch = NodePatch { attributes: json!({"age": null, "name": null}) };
    expect![[
        r#"MG2001: person does not fit its schema: /: "age" is a required property; /: "name" is a required property"#
    ]]
    .assert_eq(&refused(conn, |conn| graph.patch_node(conn, office.ada.raw(), &patch)));
    let patch = EdgePatch { attributes: json!({"since": 1}) };
    expect!["MG2001: member_of does not fit its schema: /since: 1 is less than the minimum of 1900"]
        .assert_eq(&refused(conn, |conn| graph.patch_edge(conn, office.membership.raw(), &patch)));
}

pub(crate) fn one_invalid_value_refuses_its_whole_batch(conn: &mut impl Inspect) {
    office(conn);
    let graph = open(conn);
    let teams: Vec<Value> =
        (0..50).map(|place| if place == 30 { json!({}) } else { json!({"name": place.to_string()}) }).collect();
    assert_eq!(refusal(conn, |conn| graph.insert_many(conn, "team", &teams)).code(), "MG2001");
}

pub(crate) fn rules_hold_for_json_as_for_types(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = open(conn);
    let [ada, grace, kernel, paper] = [office.ada.raw(), office.grace.raw(), office.kernel.raw(), office.paper.raw()];
    let since = || json!({"since": 2000});
    expect![[r#"
        MG3005: member_of: its source, node 99, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, &edge("member_of", 99, kernel, since()))));
    let key = office.graph.get(conn, office.paper).unwrap().unwrap().key;
    let told = refused(conn, |conn| graph.connect(conn, &edge("member_of", ada, paper, since()))).replace(&key, "KEY");
    expect!["MG3006: member_of: its target cannot be document `KEY`; it can be `team`"].assert_eq(&told);
    expect!["MG3006: member_of: its source cannot be team `kernel`; it can be `person`"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, &edge("member_of", kernel, ada, since()))));
    expect!["MG3008: member_of from person `ada` to team `kernel` conflicts with edge 1 (one edge of this type per pair of nodes)"].assert_eq(&refused(conn, |conn| graph.connect(conn, &edge("member_of", ada, kernel, since()))));
    expect!["MG3007: reports_to cannot connect person `ada` to itself"]
        .assert_eq(&refused(conn, |conn| graph.connect(conn, &edge("reports_to", ada, ada, json!({})))));
    expect![[r#"
        MG3010: person `ada` cannot be deleted while it has edges: 1 `member_of`
        (delete its edges first; the node type says `on_delete = restrict`)"#]]
    .assert_eq(&refused(conn, |conn| graph.delete_node(conn, ada)));
    graph.connect(conn, &edge("reports_to", ada, grace, json!({}))).unwrap();
    expect![[r#"
        MG3009: reports_to would close the cycle person `grace` → person `ada` → person `grace`
        (the graph type or the edge type is `acyclic`)"#]]
    .assert_eq(&refused(conn, |conn| graph.connect(conn, &edge("reports_to", grace, ada, json!({})))));
    let taken = node("person", json!({"name": "ada", "age": 1}));
    expect!["MG3008: person `ada` exists already with id 1 (a node's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &taken)));
}

pub(crate) fn a_foreign_graph_s_node_is_no_end(conn: &mut impl Inspect) {
    let office = office(conn);
    let branch = DynamicGraph::open_or_create(conn, "office", "branch").unwrap();
    let team = branch.insert(conn, &node("team", json!({"name": "x"}))).unwrap();
    let stray = edge("member_of", office.ada.raw(), team, json!({"since": 2000}));
    expect![[r#"
        MG3005: member_of: its source, node 1, does not exist in this graph
        (ids are valid only in the graph that gave them; look the node up by its key)"#]]
    .assert_eq(&refused(conn, |conn| branch.connect(conn, &stray)));
    assert_eq!(branch.node(conn, office.ada.raw()).unwrap(), None);
}

pub(crate) fn an_archived_graph_refuses_json_first_of_all(conn: &mut impl Inspect) {
    let office = office(conn);
    office.graph.set_status(conn, GraphStatus::Archived).unwrap();
    let graph = open(conn);
    let [ada, membership] = [office.ada.raw(), office.membership.raw()];
    let codes = [
        refusal(conn, |conn| graph.insert(conn, &node("team", json!({"name": "x"})))),
        refusal(conn, |conn| graph.insert(conn, &node("team", json!({})))),
        refusal(conn, |conn| graph.upsert(conn, &node("team", json!({"name": "tools"})))),
        refusal(conn, |conn| graph.connect(conn, &edge("owns", 99, 98, json!({})))),
        refusal(conn, |conn| graph.replace_node(conn, ada, &json!({}))),
        refusal(conn, |conn| graph.patch_node(conn, ada, &NodePatch { attributes: json!({"age": "x"}) })),
        refusal(conn, |conn| graph.patch_edge(conn, membership, &EdgePatch { attributes: json!({"since": "x"}) })),
        refusal(conn, |conn| graph.delete_node(conn, ada)),
        refusal(conn, |conn| graph.delete_edge(conn, membership)),
        refusal(conn, |conn| graph.clear(conn)),
    ]
    .map(|error| error.code());
    assert_eq!(codes, ["MG3004"; 10]);
}

pub(crate) fn json_upserts_say_what_they_did(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = open(conn);
    let person = |age| node("person", json!({"age": age, "name": "ada", "nickname": "countess"}));
    assert_eq!(graph.upsert(conn, &person(36)).unwrap().outcome, Outcome::Unchanged);
    let updated = graph.upsert(conn, &person(37)).unwrap();
    assert_eq!((updated.id, updated.outcome), (office.ada.raw(), Outcome::Updated));
    let membership = edge("member_of", office.ada.raw(), office.kernel.raw(), json!({"since": 1992}));
    assert_eq!(graph.upsert_edge(conn, &membership).unwrap().outcome, Outcome::Unchanged);
}

pub(crate) fn json_writes_check_versions(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = open(conn);
    let ada = json!({"name": "ada", "age": 40});
    assert_eq!(graph.replace_node_if(conn, office.ada.raw(), 1, &ada).unwrap(), 2);
    expect![[r#"
        MG3012: person 1 is at version 2, not 1
        (read it again and repeat the change)"#]]
    .assert_eq(&refused(conn, |conn| graph.replace_node_if(conn, office.ada.raw(), 1, &ada)));
    let since = json!({"since": 2001});
    assert_eq!(graph.replace_edge_if(conn, office.membership.raw(), 1, &since).unwrap(), 2);
    expect![[r#"
        MG3012: member_of 1 is at version 2, not 1
        (read it again and repeat the change)"#]]
    .assert_eq(&refused(conn, |conn| graph.replace_edge_if(conn, office.membership.raw(), 1, &since)));
    assert_eq!(
        office.graph.get(conn, office.ada).unwrap().unwrap().value,
        Person { name: "ada".into(), age: 40, nickname: None }
    );
}

pub(crate) fn what_is_gone_is_told_by_json_as_well(conn: &mut impl Inspect) {
    office(conn);
    let graph = open(conn);
    expect![[r#"
        MG3003: there is no node 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| graph.patch_node(conn, 99, &NodePatch { attributes: json!({}) })));
    expect![[r#"
        MG3003: there is no edge 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| graph.replace_edge(conn, 99, &json!({}))));
    assert!(!graph.delete_node(conn, 99).unwrap());
    assert!(!graph.delete_edge(conn, 99).unwrap());
    let nodes = graph.nodes_by_id(conn, &[99, 2, 1, 2]).unwrap();
    let keys: Vec<_> = nodes.into_iter().map(|node| node.map(|node| node.key)).collect();
    assert_eq!(keys, [None, Some("grace".into()), Some("ada".into()), Some("grace".into())]);
}

pub(crate) fn pages_hold_each_row_once(conn: &mut impl GraphConnection) {
    let (graph, ids) = packages(conn, ["a", "b", "c", "d", "e"]);
    let edges = ids.windows(2).map(|pair| (pair[0], pair[1], crate::scenarios::DependsOn { optional: false }));
    graph.connect_many(conn, edges).unwrap();
    let graph = DynamicGraph::open(conn, "packages", "packages").unwrap();
    let mut keys = String::new();
    let mut after = 0;
    while let Some(last) = {
        let page = graph.nodes(conn, "package", after, 2).unwrap();
        keys.extend(page.iter().map(|node| node.key.as_str()));
        page.last().map(|node| node.id)
    } {
        after = last;
    }
    assert_eq!(keys, "abcde");
    assert_eq!(graph.edges(conn, "depends_on", 0, 10).unwrap().len(), 4);
    assert_eq!(graph.count_edges(conn, "depends_on").unwrap(), 4);
    assert_eq!(graph.edges_of_node(conn, ids[2].raw()).unwrap().len(), 2);
}

pub(crate) fn numbers_of_json_read_back_exactly(conn: &mut impl GraphConnection) {
    samples(conn);
    let graph = DynamicGraph::open(conn, "samples", "samples").unwrap();
    let attributes = json!({"key": "k", "text": "", "unsigned": u64::MAX, "signed": i64::MIN, "float": f64::MAX,
        "any": {"0": [u64::MAX, 0.1, null]}, "more": {}});
    let id = graph.insert(conn, &node("sample", attributes.clone())).unwrap();
    assert_eq!(graph.node(conn, id).unwrap().unwrap().attributes, attributes);
}

pub(crate) fn json_that_nests_too_deep_or_holds_u0000_is_refused(conn: &mut impl Inspect) {
    roads(conn, ["a"]);
    let graph = DynamicGraph::open(conn, "roads", "roads").unwrap();
    let deep = (0..500).fold(json!(1), |inner, _| json!([inner]));
    expect![[r#"
        MG2004: town cannot be written as JSON: recursion limit exceeded at line 1 column 135
        (what nests deeper than 127 levels could not be read again)"#]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &node("town", json!({"name": "x", "more": deep})))));
    expect![[r#"
        MG2003: town holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &node("town", json!({"name": "x", "more": "\0"})))));
    expect![[r#"
        MG2003: town holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &node("town", json!({"name": "\0"})))));
    assert_eq!(graph.node_by_key(conn, "town", "\0").unwrap(), None);
}

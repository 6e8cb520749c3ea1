//! Inserting, finding, reading and deleting nodes.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{Outcome, Upserted};
use serde_json::json;

use crate::refusal::refused;
use crate::scenarios::{Document, MemberOf, OfficeGraph, Person, Principal, Team, ada, office};
use crate::store::Inspect;

pub(crate) fn an_inserted_node_reads_back_as_it_was(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let node = office.graph.get(conn, office.ada).unwrap().unwrap();
    assert_eq!((node.id, node.key.as_str(), node.version), (office.ada, "ada", 1));
    assert_eq!(node.value, ada());
    assert_eq!(node.created_at, node.updated_at);
}

pub(crate) fn a_node_is_found_by_its_key(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let found = office.graph.get_by_key::<Person>(conn, "grace").unwrap().unwrap();
    assert_eq!(found.id, office.grace);
    assert_eq!(office.graph.get_by_key::<Person>(conn, "nobody").unwrap(), None);
}

pub(crate) fn a_type_without_key_gets_keys_that_differ_and_find(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let same = Document { title: "same".into() };
    let ids = office.graph.insert_many(conn, [&same, &same]).unwrap();
    let [first, second] = [0, 1].map(|place| office.graph.get(conn, ids[place]).unwrap().unwrap());
    assert_ne!(first.key, second.key);
    assert_eq!(office.graph.get_by_key::<Document>(conn, &second.key).unwrap(), Some(second));
}

pub(crate) fn a_taken_key_is_refused_and_the_stored_node_untouched(conn: &mut impl Inspect) {
    let office = office(conn);
    let before = office.graph.get(conn, office.ada).unwrap();
    let other = Person { age: 1, ..ada() };
    expect![[r#"MG3008: person `ada` exists already with id 1 (a node's key is unique in its graph and type)"#]]
        .assert_eq(&refused(conn, |conn| office.graph.insert(conn, &other)));
    assert_eq!(office.graph.get(conn, office.ada).unwrap(), before);
}

pub(crate) fn one_key_names_different_nodes_in_two_graphs(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let other = Graph::<OfficeGraph>::open_or_create(conn, "branch").unwrap();
    let twin = other.insert(conn, &Person { age: 7, ..ada() }).unwrap();
    assert_eq!(office.graph.get_by_key::<Person>(conn, "ada").unwrap().unwrap().value.age, 36);
    assert_eq!(other.get_by_key::<Person>(conn, "ada").unwrap().unwrap().value.age, 7);
    assert_eq!(office.graph.get(conn, twin).unwrap(), None);
    assert!(!other.exists(conn, office.ada).unwrap());
    assert_eq!(other.nodes::<Person>().count(conn).unwrap(), 1);
}

pub(crate) fn a_namesake_of_another_type_keeps_its_key(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let namesake = office.graph.insert(conn, &Team { name: "grace".into() }).unwrap();
    assert!(office.graph.delete(conn, office.grace).unwrap());
    let found = office.graph.get_by_key::<Team>(conn, "grace").unwrap().unwrap();
    assert_eq!(found.id, namesake);
    assert!(office.graph.insert(conn, &Team { name: "grace".into() }).unwrap_err().is_conflict());
}

pub(crate) fn a_batch_answers_in_the_order_given(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let names: Vec<_> = (0..300).rev().map(|number| format!("team {number}")).collect();
    let ids = office.graph.insert_many(conn, names.iter().map(|name| Team { name: name.clone() })).unwrap();
    let nodes = office.graph.get_many(conn, ids).unwrap();
    let read: Vec<_> = nodes.into_iter().map(|node| node.unwrap().value.name).collect();
    assert_eq!(read, names);
}

pub(crate) fn one_refused_node_refuses_its_whole_batch(conn: &mut impl Inspect) {
    let office = office(conn);
    let names =
        || (0..200).map(|number| Team { name: if number == 150 { "tools".into() } else { number.to_string() } });
    expect![[r#"MG3008: team `tools` exists already with id 4 (a node's key is unique in its graph and type)"#]]
        .assert_eq(&refused(conn, |conn| office.graph.insert_many(conn, names())));
}

pub(crate) fn two_nodes_with_one_key_in_a_batch_conflict(conn: &mut impl Inspect) {
    let office = office(conn);
    let twins = ["new", "new"].map(|name| Team { name: name.into() });
    expect!["MG3008: team `new` is given twice in one batch (a node's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| office.graph.insert_many::<_, Team>(conn, &twins)));
}

pub(crate) fn get_many_aligns_with_what_was_asked(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let unknown = NodeId::<Person>::from_raw(99);
    let team_as_person = NodeId::<Person>::from_raw(office.kernel.raw());
    let asked = [office.grace, unknown, office.ada, office.grace, team_as_person];
    let names: Vec<_> =
        office.graph.get_many(conn, asked).unwrap().into_iter().map(|node| node.map(|node| node.key)).collect();
    assert_eq!(names, [Some("grace".into()), None, Some("ada".into()), Some("grace".into()), None]);
    assert!(office.graph.get_many(conn, Vec::<NodeId<Person>>::new()).unwrap().is_empty());
}

pub(crate) fn an_upsert_says_what_it_did(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let linus = |age| Person { name: "linus".into(), age, nickname: None };
    let created = graph.upsert(conn, &linus(20)).unwrap();
    assert_eq!(created.outcome, Outcome::Created);
    let id = created.id;
    assert_eq!(graph.upsert(conn, &linus(20)).unwrap(), Upserted { id, outcome: Outcome::Unchanged });
    assert_eq!(graph.get(conn, id).unwrap().unwrap().version, 1);
    assert_eq!(graph.upsert(conn, &linus(21)).unwrap(), Upserted { id, outcome: Outcome::Updated });
    let stored = graph.get(conn, id).unwrap().unwrap();
    assert_eq!((stored.version, stored.value.age), (2, 21));
}

pub(crate) fn a_node_that_is_found_stays_as_it_is(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let linus = |age| Person { name: "linus".into(), age, nickname: None };
    let created = office.graph.find_or_insert(conn, &linus(20)).unwrap();
    assert_eq!(created.outcome, Outcome::Created);
    let found = office.graph.find_or_insert(conn, &linus(21)).unwrap();
    assert_eq!(found, Upserted { id: created.id, outcome: Outcome::Found });
    let stored = office.graph.get(conn, created.id).unwrap().unwrap();
    assert_eq!((stored.version, stored.value.age), (1, 20));
}

pub(crate) fn deleting_a_node_removes_its_edges_and_frees_its_key(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert!(office.graph.delete(conn, office.kernel).unwrap());
    assert_eq!(office.graph.get(conn, office.kernel).unwrap(), None);
    assert_eq!(office.graph.get(conn, office.membership).unwrap(), None);
    let again = office.graph.insert(conn, &Team { name: "kernel".into() }).unwrap();
    assert_ne!(again, office.kernel);
}

pub(crate) fn pages_of_nodes_and_edges_hold_each_once(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let all = office.graph.nodes::<Principal>().load(conn).unwrap();
    let first = office.graph.nodes::<Principal>().limit(3).load(conn).unwrap();
    let rest =
        office.graph.nodes::<Principal>().matching(metagraph::query::id().gt(first[2].id)).limit(3).load(conn).unwrap();
    assert_eq!([first, rest].concat(), all);
    assert_eq!(office.graph.nodes::<Principal>().limit(0).load(conn).unwrap(), []);
    assert_eq!(office.graph.nodes::<Principal>().limit(3).count(conn).unwrap(), 3);
    assert_eq!(
        office.graph.nodes::<Principal>().matching(metagraph::query::id().gt(all[0].id)).count(conn).unwrap(),
        3
    );
    assert_eq!(
        office.graph.edges::<MemberOf>().matching(metagraph::query::id().gt(office.membership)).count(conn).unwrap(),
        0
    );
}

pub(crate) fn deleting_what_is_gone_is_no_error(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert!(office.graph.delete(conn, office.tools).unwrap());
    assert!(!office.graph.delete(conn, office.tools).unwrap());
    assert!(!office.graph.delete(conn, NodeId::<Team>::from_raw(office.grace.raw())).unwrap());
    assert!(office.graph.exists(conn, office.grace).unwrap());
}

pub(crate) fn deleting_many_counts_what_was_there(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let gone = NodeId::<Team>::from_raw(99);
    assert_eq!(office.graph.delete_many(conn, [office.tools, gone, office.kernel, office.tools]).unwrap(), 2);
    assert_eq!(office.graph.nodes::<Team>().count(conn).unwrap(), 0);
    assert_eq!(office.graph.edges::<MemberOf>().count(conn).unwrap(), 0);
    assert_eq!(office.graph.nodes::<Person>().count(conn).unwrap(), 2);
}

pub(crate) fn nodes_load_oldest_first_and_count(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let people = office.graph.nodes::<Person>().load(conn).unwrap();
    assert_eq!(people.iter().map(|node| node.id).collect::<Vec<_>>(), [office.ada, office.grace]);
    assert_eq!(office.graph.nodes::<Person>().count(conn).unwrap(), 2);
}

pub(crate) fn an_id_means_nothing_under_another_type(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let wrong = NodeId::<Document>::from_raw(office.ada.raw());
    assert_eq!(office.graph.get(conn, wrong).unwrap(), None);
    assert!(!office.graph.exists(conn, wrong).unwrap());
    assert!(!office.graph.delete(conn, wrong).unwrap());
    assert!(office.graph.exists(conn, office.ada.widen::<Principal>()).unwrap());
}

pub(crate) fn metadata_is_the_consumers(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert_eq!(office.graph.metadata_of(conn, office.ada).unwrap(), json!({}));
    let badge = json!({"badge": 7, "tags": ["a", null]});
    office.graph.set_metadata_of(conn, office.ada, &badge).unwrap();
    assert_eq!(office.graph.metadata_of(conn, office.ada).unwrap(), badge);
    assert_eq!(office.graph.get(conn, office.ada).unwrap().unwrap().version, 1);
    office.graph.set_metadata_of(conn, office.membership, &badge).unwrap();
    assert_eq!(office.graph.metadata_of(conn, office.membership).unwrap(), badge);
    assert_eq!(office.graph.metadata_of(conn, office.grace).unwrap(), json!({}));
}

pub(crate) fn metadata_of_a_missing_row_is_refused(conn: &mut impl Inspect) {
    let office = office(conn);
    let gone = NodeId::<Person>::from_raw(99);
    expect![[r#"
        MG3003: there is no node 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.set_metadata_of(conn, gone, &json!({}))));
    expect![[r#"
        MG3003: there is no node 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.metadata_of(conn, gone)));
}

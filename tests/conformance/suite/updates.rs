//! Writing over what is stored, by version and without.

use expect_test::expect;
use metagraph::Error;
use metagraph::prelude::*;
use serde_json::json;

use crate::refusal::{refused, told};
use crate::scenarios::{Ferry, MemberOf, Person, Road, ada, office, roads};
use crate::store::Inspect;

pub(crate) fn an_update_changes_what_it_names_and_counts(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let before = office.graph.get(conn, office.ada).unwrap().unwrap();
    assert_eq!(office.graph.update(conn, office.ada, |ada| ada.age = 37).unwrap(), 2);
    let after = office.graph.get(conn, office.ada).unwrap().unwrap();
    assert_eq!(after.value, Person { age: 37, ..ada() });
    assert_eq!((after.version, after.created_at), (2, before.created_at));
    assert!(after.updated_at >= before.updated_at);
}

pub(crate) fn an_update_may_change_the_key(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.update(conn, office.ada, |ada| ada.name = "lovelace".into()).unwrap();
    assert_eq!(office.graph.get_by_key::<Person>(conn, "ada").unwrap(), None);
    let found = office.graph.get_by_key::<Person>(conn, "lovelace").unwrap().unwrap();
    assert_eq!((found.id, found.value.name.as_str()), (office.ada, "lovelace"));
    assert!(office.graph.exists(conn, office.membership).unwrap());
}

pub(crate) fn what_was_read_is_saved_unless_somebody_wrote_it_since(conn: &mut impl Inspect) {
    let office = office(conn);
    let mut mine = office.graph.get(conn, office.ada).unwrap().unwrap();
    let mut theirs = mine.clone();
    (theirs.value.age, theirs.value.name) = (37, "lovelace".into());
    assert_eq!(office.graph.save(conn, &mut theirs).unwrap(), 2);
    assert_eq!((theirs.version, theirs.key.as_str()), (2, "lovelace"));
    theirs.value.age = 38;
    assert_eq!(office.graph.save(conn, &mut theirs).unwrap(), 3);
    let stored = office.graph.get_by_key::<Person>(conn, "lovelace").unwrap().unwrap();
    assert_eq!((&stored.value, stored.version), (&theirs.value, 3));

    mine.value.age = 1;
    expect![[r#"
        MG3012: person 1 is at version 3, not 1
        (read it again and repeat the change)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.save(conn, &mut mine.clone())));
    mine.version = 3;
    mine.value.age = 121;
    assert_eq!(office.graph.save(conn, &mut mine).unwrap_err().code(), "MG2001");
    assert_eq!(mine.version, 3, "what was refused was not written");

    let mut edge = office.graph.get(conn, office.membership).unwrap().unwrap();
    edge.value.since = 1990;
    assert_eq!(office.graph.save(conn, &mut edge).unwrap(), 2);
    office.graph.delete(conn, office.membership).unwrap();
    assert_eq!(office.graph.save(conn, &mut edge).unwrap_err().code(), "MG3003");
}

pub(crate) fn an_update_to_a_taken_key_is_refused(conn: &mut impl Inspect) {
    let office = office(conn);
    expect!["MG3008: person `grace` exists already with id 2 (a node's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| office.graph.update(conn, office.ada, |ada| ada.name = "grace".into())));
    expect!["MG3008: person `grace` exists already with id 2 (a node's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| office.graph.patch(conn, office.ada, &json!({"name": "grace"}))));
}

pub(crate) fn an_edge_updated_to_a_taken_key_is_refused(conn: &mut impl Inspect) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let road = |number: &str| Road { number: number.into(), lanes: 2 };
    let first = graph.connect(conn, a, b, &road("A 1")).unwrap();
    graph.connect(conn, b, a, &road("A 2")).unwrap();
    expect!["MG3008: road `A 2` exists already with id 2 (an edge's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| graph.update(conn, first, |road| road.number = "A 2".into())));
    graph.update(conn, first, |road| road.number = "A 3".into()).unwrap();
    assert_eq!(graph.get_edge_by_key::<Road>(conn, "A 3").unwrap().unwrap().id, first);
}

pub(crate) fn an_update_of_what_is_gone_is_refused(conn: &mut impl Inspect) {
    let office = office(conn);
    let gone = NodeId::<Person>::from_raw(99);
    let other = Graph::<crate::scenarios::OfficeGraph>::open_or_create(conn, "branch").unwrap();
    expect![[r#"
        MG3003: there is no person 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.update(conn, gone, |_| ())));
    expect![[r#"
        MG3003: there is no person 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.replace(conn, gone, &ada())));
    expect![[r#"
        MG3003: there is no person 99
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.patch(conn, gone, &json!({}))));
    expect![[r#"
        MG3003: there is no person 1
        (ids are valid only in the graph that gave them; look the row up by its key)"#]]
    .assert_eq(&refused(conn, |conn| other.update(conn, office.ada, |_| ())));
}

pub(crate) fn an_update_at_an_old_version_is_stale(conn: &mut impl Inspect) {
    let office = office(conn);
    office.graph.update_if(conn, office.ada, 1, |ada| ada.age = 37).unwrap();
    expect![[r#"
        MG3012: person 1 is at version 2, not 1
        (read it again and repeat the change)"#]]
    .assert_eq(&refused(conn, |conn| office.graph.update_if(conn, office.ada, 1, |ada| ada.age = 38)));
    assert_eq!(office.graph.update_if(conn, office.ada, 2, |ada| ada.age = 38).unwrap(), 3);
}

pub(crate) fn a_row_written_between_reading_and_writing_is_stale(store: &impl crate::store::Store) {
    let conn = &mut store.connect();
    let office = office(conn);
    let faster = std::cell::RefCell::new(store.connect());
    let outcome = office.graph.update(conn, office.membership, |membership| {
        office.graph.update(&mut *faster.borrow_mut(), office.membership, |other| other.since = 1999).unwrap();
        membership.since = 2000;
    });
    expect![[r#"
        MG3012: member_of 1 is at version 2, not 1
        (read it again and repeat the change)"#]]
    .assert_eq(&told(&outcome.unwrap_err()));
    assert_eq!(office.graph.get(conn, office.membership).unwrap().unwrap().value.since, 1999);
}

pub(crate) fn a_stale_update_is_worth_another_try(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let stale = office.graph.update_if(conn, office.ada, 7, |_| ()).unwrap_err();
    assert!(matches!(stale, Error::Stale { expected: 7, found: 1, .. }));
    assert!(stale.is_transient());
}

pub(crate) fn a_replacement_leaves_nothing_of_the_old(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let plain = Person { name: "ada".into(), age: 1, nickname: None };
    assert_eq!(office.graph.replace(conn, office.ada, &plain).unwrap(), 2);
    assert_eq!(office.graph.get(conn, office.ada).unwrap().unwrap().value, plain);
    assert_eq!(office.graph.replace(conn, office.membership, &MemberOf { since: 2020 }).unwrap(), 2);
    assert_eq!(office.graph.get(conn, office.membership).unwrap().unwrap().value, MemberOf { since: 2020 });
}

pub(crate) fn a_patch_merges_and_null_removes(conn: &mut impl GraphConnection) {
    let office = office(conn);
    assert_eq!(office.graph.patch(conn, office.ada, &json!({"age": 40, "nickname": null})).unwrap(), 2);
    let stored = office.graph.get(conn, office.ada).unwrap().unwrap();
    assert_eq!(stored.value, Person { name: "ada".into(), age: 40, nickname: None });
    assert_eq!(office.graph.patch(conn, office.membership, &json!({"since": 2001})).unwrap(), 2);
    assert_eq!(office.graph.get(conn, office.membership).unwrap().unwrap().value.since, 2001);
}

pub(crate) fn a_patch_is_judged_by_its_whole_result(conn: &mut impl Inspect) {
    let office = office(conn);
    expect![[r#"MG2001: person does not fit its schema: /age: 121 is greater than the maximum of 120; /nickname: 7 is not of types "null", "string""#]]
        .assert_eq(&refused(conn, |conn| office.graph.patch(conn, office.ada, &json!({"age": 121, "nickname": 7}))));
    expect![[r#"MG2001: person does not fit its schema: /: "age" is a required property"#]]
        .assert_eq(&refused(conn, |conn| office.graph.patch(conn, office.ada, &json!({"age": null}))));
    expect![[r#"MG2001: person does not fit its schema: /: [] is not of type "object""#]]
        .assert_eq(&refused(conn, |conn| office.graph.patch(conn, office.ada, &json!([]))));
}

pub(crate) fn a_patch_that_names_no_attribute_is_refused(conn: &mut impl Inspect) {
    let office = office(conn);
    expect![
        "MG2001: person does not fit its schema: /agee: there is no such attribute; there are `age`, `name`, `nickname`"
    ]
    .assert_eq(&refused(conn, |conn| office.graph.patch(conn, office.ada, &json!({"agee": 37}))));
}

pub(crate) fn a_value_outside_its_rules_is_refused(conn: &mut impl Inspect) {
    let office = office(conn);
    expect!["MG2001: person does not fit its schema: /age: 121 is greater than the maximum of 120"]
        .assert_eq(&refused(conn, |conn| office.graph.update(conn, office.ada, |ada| ada.age = 121)));
    expect!["MG2001: person does not fit its schema: /age: 200 is greater than the maximum of 120"]
        .assert_eq(&refused(conn, |conn| office.graph.replace(conn, office.ada, &Person { age: 200, ..ada() })));
    expect!["MG2001: person does not fit its schema: /age: 255 is greater than the maximum of 120"]
        .assert_eq(&refused(conn, |conn| office.graph.upsert(conn, &Person { age: 255, ..ada() })));
    expect!["MG2001: member_of does not fit its schema: /since: 3 is less than the minimum of 1900"].assert_eq(
        &refused(conn, |conn| office.graph.upsert_edge(conn, office.ada, office.kernel, &MemberOf { since: 3 })),
    );
}

pub(crate) fn a_batch_with_one_invalid_value_writes_nothing(conn: &mut impl Inspect) {
    let (graph, [a, b]) = roads(conn, ["a", "b"]);
    let long = "n".repeat(1025);
    let roads = ["A 1", &long].map(|number| (a, b, Road { number: number.to_owned(), lanes: 1 }));
    expect!["MG2002: road: a key has at most 1024 bytes, this one has 1025"]
        .assert_eq(&refused(conn, |conn| graph.connect_many(conn, roads.clone())));
    graph.connect(conn, a, b, &Ferry { hour: 1 }).unwrap();
}

//! Declared indexes: they exist, they are used, and unique ones decide.

use metagraph::prelude::*;
use metagraph::{DynamicGraph, Error, Rule, indexes};
use serde_json::{Value, json};

use crate::harness::at_once;
use crate::refusal::refusal as refused;
use crate::scenarios::{Club, Member, Sponsors, club, member};
use crate::store::{Inspect, Store};

fn with_email(name: &str, email: &str) -> Member {
    Member { email: Some(email.into()), ..member(name) }
}

fn conflict_of(error: Error) -> metagraph::Conflict {
    match error {
        Error::Conflict(conflict) => *conflict,
        error => panic!("{error:?}"),
    }
}

pub(crate) fn sync_creates_declared_indexes_once(conn: &mut impl Inspect) {
    club(conn);
    let listed = indexes::list(conn, "club").unwrap();
    let short: Vec<_> =
        listed.iter().map(|index| (index.element.as_str(), index.declared.as_str(), index.unique)).collect();
    let expected =
        [("member", "email", true), ("member", "seat", true), ("member", "age", false), ("sponsors", "contract", true)];
    assert_eq!(short.len(), expected.len());
    assert!(expected.iter().all(|index| short.contains(index)), "{short:?}");
    assert!(listed.iter().all(|index| index.exists), "{listed:?}");
    assert_eq!(metagraph::sync::<Club, _>(conn).unwrap(), metagraph::Synced::Unchanged);
    assert!(indexes::stale(conn).unwrap().is_empty());
}

pub(crate) fn a_dropped_index_comes_back_and_a_stale_one_goes_on_request(conn: &mut impl Inspect) {
    club(conn);
    let name = indexes::list(conn, "club").unwrap()[0].name.clone();
    conn.run(&format!("DROP INDEX {name}"));
    assert!(!indexes::list(conn, "club").unwrap()[0].exists);
    metagraph::sync::<Club, _>(conn).unwrap();
    assert!(indexes::list(conn, "club").unwrap()[0].exists);
    conn.run("CREATE INDEX __metagraph_ix_n999_old_00000000 ON __metagraph_nodes (graph_id) WHERE node_type_id = 999");
    assert_eq!(indexes::stale(conn).unwrap(), ["__metagraph_ix_n999_old_00000000"]);
    assert_eq!(indexes::drop_stale(conn).unwrap().len(), 1);
    assert!(indexes::stale(conn).unwrap().is_empty());
    assert!(indexes::list(conn, "club").unwrap().iter().all(|index| index.exists));
}

pub(crate) fn the_indexes_of_a_deleted_type_are_gone(conn: &mut impl Inspect) {
    metagraph::sync::<Club, _>(conn).unwrap();
    metagraph::types::delete(conn, "club").unwrap();
    assert!(indexes::stale(conn).unwrap().is_empty());
    assert!(indexes::list(conn, "club").is_err());
}

pub(crate) fn a_taken_attribute_is_refused_and_named(conn: &mut impl Inspect) {
    let graph = club(conn);
    let ann = graph.insert(conn, &with_email("ann", "a@x")).unwrap();
    let error = refused(conn, |conn| graph.insert(conn, &with_email("bob", "a@x")));
    assert_eq!(
        error.to_string(),
        format!(
            "member with the same `email` exists already with id {ann} (`unique`: no two in a graph have the same)"
        )
    );
    let conflict = conflict_of(error);
    assert_eq!(
        (conflict.rule, conflict.existing, conflict.attributes),
        (Rule::Unique, Some(ann.raw()), vec!["email".to_owned()])
    );
    graph.delete(conn, ann).unwrap();
    graph.insert(conn, &with_email("bob", "a@x")).unwrap();
    let elsewhere = Graph::<Club>::open_or_create(conn, "another").unwrap();
    elsewhere.insert(conn, &with_email("ann", "a@x")).unwrap();
}

pub(crate) fn absent_attributes_claim_nothing_and_looks_are_not_equality(conn: &mut impl Inspect) {
    let graph = club(conn);
    graph.insert_many(conn, ["a", "b", "c"].map(member)).unwrap();
    let seat = |name: &str, table, chair: &str| Member { table, chair: Some(chair.into()), ..member(name) };
    graph.insert_many(conn, [seat("d", None, "1"), seat("e", None, "1"), seat("f", Some(1), "1")]).unwrap();
    graph.insert_many(conn, [seat("g", Some(1), "11"), seat("h", Some(11), "1")]).unwrap();
    graph
        .insert_many(conn, [with_email("i", "a"), with_email("j", "A"), with_email("k", "a "), with_email("l", "á")])
        .unwrap();
    let conflict = conflict_of(refused(conn, |conn| graph.insert(conn, &seat("m", Some(1), "11"))));
    assert_eq!(conflict.attributes, ["table", "chair"]);
}

pub(crate) fn one_batch_does_not_take_an_attribute_twice(conn: &mut impl Inspect) {
    let graph = club(conn);
    let twice = [with_email("a", "x"), with_email("b", "y"), with_email("c", "x")];
    let conflict = conflict_of(refused(conn, |conn| graph.insert_many(conn, twice.clone())));
    assert!(conflict.in_batch && conflict.attributes == ["email"], "{conflict}");
    let many = (0..300).map(|n| with_email(&n.to_string(), &n.to_string()));
    graph.insert_many(conn, many).unwrap();
    let late = [with_email("x", "x"), with_email("y", "7")];
    assert!(conflict_of(refused(conn, |conn| graph.insert_many(conn, late.clone()))).existing.is_some());
}

pub(crate) fn updates_and_upserts_respect_unique_attributes(conn: &mut impl Inspect) {
    let graph = club(conn);
    let ann = graph.insert(conn, &with_email("ann", "a@x")).unwrap();
    let bob = graph.insert(conn, &with_email("bob", "b@x")).unwrap();
    let taken = |error| {
        let conflict = conflict_of(error);
        assert_eq!((conflict.rule, conflict.existing), (Rule::Unique, Some(ann.raw())));
    };
    taken(refused(conn, |conn| graph.update(conn, bob, |bob| bob.email = Some("a@x".into()))));
    taken(refused(conn, |conn| graph.patch(conn, bob, &json!({"email": "a@x"}))));
    taken(refused(conn, |conn| graph.upsert(conn, &with_email("bob", "a@x"))));
    taken(refused(conn, |conn| graph.upsert(conn, &with_email("cat", "a@x"))));
    graph.update(conn, ann, |ann| ann.email = None).unwrap();
    graph.update(conn, bob, |bob| bob.email = Some("a@x".into())).unwrap();
    graph.update(conn, bob, |bob| bob.age += 1).unwrap();
}

pub(crate) fn edges_have_unique_attributes_too(conn: &mut impl Inspect) {
    let graph = club(conn);
    let ids = graph.insert_many(conn, ["a", "b"].map(member)).unwrap();
    let contract = |contract| Sponsors { contract };
    let first = graph.connect(conn, ids[0], ids[1], &contract(Some(7))).unwrap();
    let second = graph.connect(conn, ids[0], ids[1], &contract(None)).unwrap();
    let conflict = conflict_of(refused(conn, |conn| graph.connect(conn, ids[1], ids[0], &contract(Some(7)))));
    assert_eq!((conflict.rule, conflict.existing), (Rule::Unique, Some(first.raw())));
    let conflict = conflict_of(refused(conn, |conn| graph.update(conn, second, |edge| edge.contract = Some(7))));
    assert_eq!((conflict.element.as_str(), conflict.existing), ("sponsors", Some(first.raw())));
}

pub(crate) fn text_too_long_for_an_index_is_refused(conn: &mut impl Inspect) {
    let graph = club(conn);
    let error = refused(conn, |conn| graph.insert(conn, &with_email("a", &"x".repeat(1025))));
    assert_eq!(error.to_string(), "`email` of member has 1025 bytes, at most 1024 can be indexed");
    graph.insert(conn, &with_email("a", &"x".repeat(1024))).unwrap();
    assert_eq!(graph.nodes::<Member>().filter(|m| m.email.starts_with("xx")).count(conn).unwrap(), 1);
}

pub(crate) fn racing_writers_of_one_attribute_have_one_winner<S: Store>(store: &S) {
    club(&mut store.connect());
    let outcomes = at_once(store, 4, |conn: &mut S::Conn, place| {
        let graph = Graph::<Club>::open(conn, "club").unwrap();
        graph.insert(conn, &with_email(&place.to_string(), "one@x"))
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for error in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(conflict_of(error).rule, Rule::Unique);
    }
}

pub(crate) fn numbers_of_one_value_are_the_same_however_they_are_written(conn: &mut impl Inspect) {
    let graph = club(conn);
    let dynamic = DynamicGraph::open(conn, "club", "club").unwrap();
    let seat = |name: &str, table: Value| json!({"name": name, "table": table, "chair": "a", "age": 7});
    let twice = [seat("a", json!(2)), seat("b", json!(2.0))];
    let conflict = conflict_of(refused(conn, |conn| dynamic.insert_many(conn, "member", &twice)));
    assert_eq!((conflict.attributes, conflict.in_batch), (vec!["table".to_owned(), "chair".to_owned()], true));
    let ids = graph.insert_many(conn, ["c", "d"].map(member)).unwrap();
    let greatest = Sponsors { contract: Some(u64::MAX) };
    let first = graph.connect(conn, ids[0], ids[1], &greatest).unwrap();
    let conflict = conflict_of(refused(conn, |conn| graph.connect(conn, ids[1], ids[0], &greatest)));
    assert_eq!((conflict.rule, conflict.existing), (Rule::Unique, Some(first.raw())));
}

pub(crate) fn rows_that_are_the_same_keep_a_unique_index_from_coming(conn: &mut impl Inspect) {
    let graph = club(conn);
    let email = indexes::list(conn, "club").unwrap().into_iter().find(|index| index.declared == "email").unwrap();
    conn.run(&format!("DROP INDEX {}", email.name));
    let twice = graph.insert_many(conn, [with_email("a", "x"), with_email("b", "x")]).unwrap();
    let conflict = conflict_of(refused(conn, |conn| metagraph::sync::<Club, _>(conn)));
    assert_eq!(
        conflict.to_string(),
        "member with the same `email` exists already (`unique`: no two in a graph have the same)"
    );
    graph.delete(conn, twice[0]).unwrap();
    metagraph::sync::<Club, _>(conn).unwrap();
    assert!(indexes::list(conn, "club").unwrap().iter().all(|index| index.exists));
}

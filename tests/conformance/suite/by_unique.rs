//! Nodes that are found or created by what must be unique of them.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{Error, Outcome, Upserted};

use crate::harness::{Log, at_once};
use crate::refusal::refused;
use crate::scenarios::{Club, Guest, Guests, Member, club, member};
use crate::store::{Inspect, Store};

const THREADS: usize = 8;

fn with_email(name: &str, email: &str) -> Member {
    Member { email: Some(email.into()), ..member(name) }
}

fn seated(name: &str, table: u32, chair: &str) -> Member {
    Member { table: Some(table), chair: Some(chair.into()), ..member(name) }
}

fn outcomes<Id>(upserted: &[Upserted<Id>]) -> Vec<Outcome> {
    upserted.iter().map(|upserted| upserted.outcome).collect()
}

pub(crate) fn a_node_is_found_by_what_is_unique_of_it(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    let ann = graph.insert(conn, &with_email("ann", "a@x")).unwrap();
    let bob = graph.insert(conn, &seated("bob", 1, "11")).unwrap();
    graph.insert(conn, &seated("cat", 11, "1")).unwrap();
    let by_email = graph.by::<Member, _>(|m| m.email);
    assert_eq!(by_email.get(conn, "a@x").unwrap().unwrap().id, ann);
    assert!(by_email.get(conn, "A@x").unwrap().is_none());
    let found = graph.by::<Member, _>(|m| (m.chair, m.table)).get(conn, ("11", 1)).unwrap();
    assert_eq!(found.unwrap().id, bob);

    let found = by_email.find_or_insert(conn, &with_email("nan", "a@x")).unwrap();
    assert_eq!((found.id, found.outcome), (ann, Outcome::Found));
    let created = by_email.find_or_insert(conn, &with_email("dan", "d@x")).unwrap();
    assert_eq!(created.outcome, Outcome::Created);
    let same = by_email.upsert(conn, &with_email("dan", "d@x")).unwrap();
    assert_eq!((same.id, same.outcome), (created.id, Outcome::Unchanged));
    let older = Member { age: 31, ..with_email("dan", "d@x") };
    assert_eq!(by_email.upsert(conn, &older).unwrap().outcome, Outcome::Updated);
    assert_eq!(graph.get(conn, created.id).unwrap().unwrap().value, older);
    let elsewhere = Graph::<Club>::open_or_create(conn, "another").unwrap();
    assert!(elsewhere.by::<Member, _>(|m| m.email).get(conn, "a@x").unwrap().is_none());
}

pub(crate) fn many_nodes_are_found_in_the_order_given(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    let ids = graph.insert_many(conn, ["a", "b", "c"].map(|name| with_email(name, name))).unwrap();
    let found = graph.by::<Member, _>(|m| m.email).get_many(conn, ["c", "x", "a", "c"]).unwrap();
    let found: Vec<_> = found.into_iter().map(|node| node.map(|node| node.id)).collect();
    assert_eq!(found, [Some(ids[2]), None, Some(ids[0]), Some(ids[2])]);
    let none: [&str; 0] = [];
    assert!(graph.by::<Member, _>(|m| m.email).get_many(conn, none).unwrap().is_empty());
}

pub(crate) fn an_upsert_by_a_unique_attribute_changes_the_key(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    let ids =
        graph.insert_many(conn, [with_email("ann", "a"), with_email("bob", "b"), with_email("cat", "c")]).unwrap();
    let by_email = graph.by::<Member, _>(|m| m.email);
    let one = by_email.upsert(conn, &with_email("Ann", "a")).unwrap();
    assert_eq!((one.id, one.outcome), (ids[0], Outcome::Updated));
    assert_eq!(graph.get_by_key::<Member>(conn, "Ann").unwrap().unwrap().id, ids[0]);
    assert!(graph.get_by_key::<Member>(conn, "ann").unwrap().is_none());
    let aged = Member { age: 40, ..with_email("cat", "c") };
    let both = by_email.upsert_many(conn, [aged.clone(), with_email("Bob", "b")]).unwrap();
    assert_eq!(outcomes(&both), [Outcome::Updated; 2]);
    assert_eq!(graph.get_by_key::<Member>(conn, "Bob").unwrap().unwrap().id, ids[1]);
    assert_eq!(graph.get_by_key::<Member>(conn, "cat").unwrap().unwrap().value, aged);
    // One takes the key that another gives up: in this order it can, in the other it cannot.
    let moved = by_email.upsert_many(conn, [with_email("ann", "a"), with_email("Ann", "b")]).unwrap();
    assert_eq!(outcomes(&moved), [Outcome::Updated; 2]);
    let refused = by_email.upsert_many(conn, [with_email("Ann", "a"), with_email("bob", "b")]).unwrap_err();
    assert!(refused.is_conflict(), "{refused}");
}

pub(crate) fn a_generated_key_stays(conn: &mut impl GraphConnection) {
    metagraph::sync::<Guests, _>(conn).unwrap();
    let graph = Graph::<Guests>::open_or_create(conn, "guests").unwrap();
    let by_ticket = graph.by::<Guest, _>(|g| g.ticket);
    let guest = |ticket, name: &str| Guest { ticket, name: name.into() };
    let first = by_ticket.find_or_insert(conn, &guest(7, "ann")).unwrap();
    let key = graph.get(conn, first.id).unwrap().unwrap().key;
    let second = by_ticket.upsert_many(conn, [guest(7, "bob"), guest(8, "cat")]).unwrap();
    assert_eq!(outcomes(&second), [Outcome::Updated, Outcome::Created]);
    let stored = graph.get(conn, first.id).unwrap().unwrap();
    assert_eq!((stored.key, stored.value.name.as_str(), stored.version), (key, "bob", 2));
    assert_eq!(by_ticket.get(conn, 8_u64).unwrap().unwrap().value.name, "cat");
}

pub(crate) fn only_declared_rules_find(conn: &mut impl Inspect) {
    let graph = club(conn);
    expect![[r#"
        MG1008: member has no `unique` rule on `age`; it has `email`, `table` with `chair`
        (put `#[graph(unique)]` on the field, or `#[graph(unique = "..")]` with one name on several)"#]]
    .assert_eq(&refused(conn, |conn| graph.by::<Member, _>(|m| m.age).find_or_insert(conn, &member("a"))));
    expect![[r#"
        MG1008: member has no `unique` rule on `table`; it has `email`, `table` with `chair`
        (put `#[graph(unique)]` on the field, or `#[graph(unique = "..")]` with one name on several)"#]]
    .assert_eq(&refused(conn, |conn| graph.by::<Member, _>(|m| m.table).get(conn, 1)));
    let three = graph.by::<Member, _>(|m| (m.table, m.chair, m.email)).get(conn, (1, "a", "b")).unwrap_err();
    assert!(matches!(three, Error::NotUnique { .. }), "{three}");
}

pub(crate) fn what_is_absent_finds_nothing(conn: &mut impl Inspect) {
    let graph = club(conn);
    graph.insert(conn, &member("ann")).unwrap();
    expect![[r#"
        MG2007: member: what has no `email` is not to be found by it
        (give it a value, or insert instead)"#]]
    .assert_eq(&refused(conn, |conn| graph.by::<Member, _>(|m| m.email).upsert(conn, &member("bob"))));
    let half = Member { chair: None, ..seated("bob", 1, "a") };
    expect![[r#"
        MG2007: member: what has no `table` with `chair` is not to be found by it
        (give it a value, or insert instead)"#]]
    .assert_eq(&refused(conn, |conn| {
        let by_seat = graph.by::<Member, _>(|m| (m.table, m.chair));
        by_seat.find_or_insert_many(conn, [&seated("cat", 1, "a"), &half])
    }));
    let nothing = graph.by::<Member, _>(|m| m.email).get(conn, None::<String>).unwrap_err();
    assert!(matches!(nothing, Error::AbsentIdentity { .. }), "{nothing}");
}

pub(crate) fn other_rules_still_refuse(conn: &mut impl Inspect) {
    let graph = club(conn);
    graph.insert(conn, &with_email("ann", "a")).unwrap();
    graph.insert(conn, &seated("bob", 1, "a")).unwrap();
    let by_email = || graph.by::<Member, _>(|m| m.email);
    expect!["MG3008: member `ann` exists already with id 1 (a node's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| by_email().find_or_insert(conn, &with_email("ann", "x"))));
    let taken = Member { email: Some("a".into()), ..seated("ann", 1, "a") };
    expect!["MG3008: member with the same `table` and `chair` exists already with id 2 (`unique`: no two in a graph have the same)"]
        .assert_eq(&refused(conn, |conn| by_email().upsert(conn, &taken)));
    expect!["MG3008: member `bob` exists already with id 2 (a node's key is unique in its graph and type)"].assert_eq(
        &refused(conn, |conn| by_email().upsert_many(conn, [with_email("cat", "c"), with_email("bob", "a")])),
    );
}

pub(crate) fn what_a_batch_names_twice_is_one(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    let batch = [with_email("ann", "a"), with_email("bob", "b"), with_email("Ann", "a"), with_email("Ann", "a")];
    let upserted = graph.by::<Member, _>(|m| m.email).upsert_many(conn, &batch).unwrap();
    let expected = [Outcome::Created, Outcome::Created, Outcome::Updated, Outcome::Unchanged];
    assert_eq!(outcomes(&upserted), expected);
    assert_eq!(graph.get(conn, upserted[0].id).unwrap().unwrap().key, "Ann");
    let found = graph.by::<Member, _>(|m| m.email).find_or_insert_many(conn, &batch).unwrap();
    assert_eq!(outcomes(&found), [Outcome::Found; 4]);
}

pub(crate) fn batches_by_unique_attributes_are_a_few_statements(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    let members = |age| (0..1000).map(move |n| Member { age, ..with_email(&n.to_string(), &format!("{n}@x")) });
    let log = Log::of(conn);
    for age in [1, 1, 2] {
        graph.by::<Member, _>(|m| m.email).upsert_many(conn, members(age)).unwrap();
        let queries = log.queries();
        assert!(queries.len() <= 27, "{} statements", queries.len());
    }
    graph.by::<Member, _>(|m| m.email).get_many(conn, (0..1000).map(|n| format!("{n}@x"))).unwrap();
    assert_eq!(log.queries().len(), 1);
}

pub(crate) fn racing_finds_by_a_unique_attribute_create_one(store: &impl Store) {
    club(&mut store.connect());
    let answers = at_once(store, THREADS, |conn, who| {
        let graph = Graph::<Club>::open(conn, "club").unwrap();
        let by_email = graph.by::<Member, _>(|m| m.email);
        let one =
            |round: usize| by_email.find_or_insert(conn, &with_email(&format!("{who} {round}"), &round.to_string()));
        (0..10).map(one).collect::<Result<Vec<_>, _>>().unwrap()
    });
    for round in 0..10 {
        let of_round: Vec<_> = answers.iter().map(|answers| answers[round]).collect();
        assert_eq!(of_round.iter().filter(|answer| answer.outcome == Outcome::Created).count(), 1);
        assert!(of_round.iter().all(|answer| answer.id == of_round[0].id));
    }
}

pub(crate) fn racing_batches_by_a_unique_attribute_create_each_once(store: &impl Store) {
    club(&mut store.connect());
    let answers = at_once(store, THREADS, |conn, who| {
        let graph = Graph::<Club>::open(conn, "club").unwrap();
        let mut members: Vec<_> = (0..100).map(|n| with_email(&format!("{who} {n}"), &n.to_string())).collect();
        members.rotate_left(who * 13);
        graph.by::<Member, _>(|m| m.email).find_or_insert_many(conn, members).unwrap()
    });
    let created = answers.concat().iter().filter(|answer| answer.outcome == Outcome::Created).count();
    assert_eq!(created, 100);
    let graph = Graph::<Club>::open(&mut store.connect(), "club").unwrap();
    assert_eq!(graph.nodes::<Member>().count(&mut store.connect()).unwrap(), 100);
}

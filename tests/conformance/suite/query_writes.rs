//! Queries that end in a write.

use diesel::Connection as _;
use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{DynamicGraph, Error, GraphBackend as _, query};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::harness::{Log, at_once};
use crate::refusal::refused;
use crate::scenarios::{Club, Document, Member, MemberOf, OfficeGraph, Person, Principal, Team, club, member, office};
use crate::store::{Inspect, Store};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Size {
    Folio,
    Octavo,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Book {
    title: String,
    weight: f64,
    pages: Option<u32>,
    borrowed: bool,
    size: Size,
    tags: Vec<String>,
    price: f32,
    number: i64,
    #[serde(with = "as_text")]
    #[schemars(with = "String")]
    code: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    notes: String,
}

mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "so serde calls it")]
    pub(super) fn serialize<S: Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(GraphType)]
#[graph(name = "shelf")]
enum Shelf {
    Book(Book),
}

fn ages(conn: &mut impl GraphConnection, graph: &Graph<Club>) -> Vec<(String, u32, i64)> {
    let nodes = graph.nodes::<Member>().order_by(|m| m.name.asc()).load(conn).unwrap();
    nodes.into_iter().map(|node| (node.key, node.value.age, node.version)).collect()
}

fn aged(name: &str, age: u32) -> Member {
    Member { age, ..member(name) }
}

pub(crate) fn what_a_query_finds_is_changed(conn: &mut impl Inspect) {
    let graph = club(conn);
    graph.insert_many(conn, [aged("a", 1), aged("b", 2), aged("c", 3)]).unwrap();
    let older = || graph.nodes::<Member>().filter(|m| m.age.ge(2));
    assert_eq!(older().update(conn, |member| member.age = member.age.max(3)).unwrap(), 1);
    let expected = [("a".to_owned(), 1, 1), ("b".to_owned(), 3, 2), ("c".to_owned(), 3, 1)];
    assert_eq!(ages(conn, &graph), expected);
    let before = conn.census();
    assert_eq!(older().update(conn, |member| member.age = 3).unwrap(), 0);
    assert_eq!(graph.nodes::<Member>().filter(|m| m.age.gt(9)).update(conn, |member| member.age = 1).unwrap(), 0);
    assert_eq!(conn.census(), before);
    // What a change makes match is not changed again.
    assert_eq!(graph.nodes::<Member>().filter(|m| m.age.lt(100)).update(conn, |member| member.age += 1).unwrap(), 3);
    let elsewhere = Graph::<Club>::open_or_create(conn, "another").unwrap();
    assert_eq!(elsewhere.nodes::<Member>().delete(conn).unwrap(), 0);
    assert_eq!(graph.nodes::<Member>().count(conn).unwrap(), 3);
}

pub(crate) fn order_and_limit_say_which_rows_are_written(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    graph.insert_many(conn, [aged("a", 1), aged("b", 2), aged("c", 3), aged("d", 4)]).unwrap();
    let oldest = || graph.nodes::<Member>().order_by(|m| m.age.desc());
    assert_eq!(oldest().limit(2).update(conn, |member| member.age += 10).unwrap(), 2);
    assert_eq!(ages(conn, &graph).iter().map(|(_, age, _)| *age).collect::<Vec<_>>(), [1, 2, 13, 14]);
    assert_eq!(oldest().offset(1).limit(1).delete(conn).unwrap(), 1);
    assert_eq!(oldest().offset(2).delete(conn).unwrap(), 1);
    assert_eq!(ages(conn, &graph).iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["b", "d"]);
}

pub(crate) fn edges_are_written_by_what_is_at_their_ends(conn: &mut impl GraphConnection) {
    let office = office(conn);
    let graph = &office.graph;
    let since = MemberOf { since: 2000 };
    graph
        .connect_many(
            conn,
            [(office.grace, office.tools, &since), (office.grace, office.kernel, &since)]
                .map(|(s, t, edge)| (s, t, edge.clone())),
        )
        .unwrap();
    let of_grace = || graph.edges::<MemberOf>().filter(|_| Person::F.name.at_source().eq("grace"));
    assert_eq!(of_grace().update(conn, |edge| edge.since += 1).unwrap(), 2);
    assert_eq!(of_grace().filter(|edge| edge.since.eq(2001)).count(conn).unwrap(), 2);
    let taken = of_grace().limit(1).take(conn, |edge| edge.since += 1).unwrap();
    assert_eq!((taken.len(), taken[0].value.since, taken[0].version), (1, 2002, 3));
    assert_eq!(of_grace().filter(|edge| edge.since.eq(2002)).take(conn, |edge| edge.since -= 1).unwrap().len(), 1);
    assert_eq!(of_grace().filter(|_| Team::F.name.at_target().eq("tools")).delete(conn).unwrap(), 1);
    assert_eq!(graph.edges::<MemberOf>().filter(|edge| edge.since.lt(2000)).delete(conn).unwrap(), 1);
    assert_eq!(graph.edges::<MemberOf>().count(conn).unwrap(), 1);
    let lonely = || graph.nodes::<Team>().matching(!query::in_::<MemberOf, Team, Person>().exists());
    assert_eq!(lonely().delete(conn).unwrap(), 1);
    assert!(graph.exists(conn, office.kernel).unwrap());
}

pub(crate) fn one_refused_change_refuses_all(conn: &mut impl Inspect) {
    let office = office(conn);
    let graph = &office.graph;
    expect!["MG2001: person does not fit its schema: /age: 136 is greater than the maximum of 120"]
        .assert_eq(&refused(conn, |conn| graph.nodes::<Person>().update(conn, |person| person.age += 100)));
    expect!["MG3008: team `same` exists already with id 3 (a node's key is unique in its graph and type)"]
        .assert_eq(&refused(conn, |conn| graph.nodes::<Team>().update(conn, |team| team.name = "same".into())));
    expect![[r#"
        MG3010: person `ada` cannot be deleted while it has edges: 1 `member_of`
        (delete its edges first; the node type says `on_delete = restrict`)"#]]
    .assert_eq(&refused(conn, |conn| graph.nodes::<Person>().delete(conn)));
    expect![[r#"
        MG3010: person `ada` cannot be deleted while it has edges: 1 `member_of`
        (delete its edges first; the node type says `on_delete = restrict`)"#]]
    .assert_eq(&refused(conn, |conn| graph.nodes::<Principal>().delete(conn)));
    expect![[r#"MG1007: this cannot be asked: the pattern `\` ends with the escape `\`"#]]
        .assert_eq(&refused(conn, |conn| {
            graph.nodes::<Person>().filter(|p| p.name.like("\\")).update(conn, |person| person.age = 1)
        }));
    graph.set_status(conn, metagraph::row::GraphStatus::Archived).unwrap();
    for refusal in [
        graph.nodes::<Document>().delete(conn).unwrap_err(),
        graph.nodes::<Team>().limit(1).delete(conn).unwrap_err(),
        graph.nodes::<Person>().filter(|p| p.age.gt(200)).delete(conn).unwrap_err(),
        graph.nodes::<Team>().update(conn, |team| team.name.push('!')).unwrap_err(),
        graph.nodes::<Team>().update(conn, |_| ()).unwrap_err(),
    ] {
        assert!(matches!(refusal, Error::GraphArchived { .. }), "{refusal}");
    }
}

pub(crate) fn unique_values_are_shifted_in_the_order_of_rows(conn: &mut impl Inspect) {
    let graph = club(conn);
    let at = |name: &str, table| Member { table: Some(table), chair: Some("a".into()), ..member(name) };
    graph.insert_many(conn, [at("a", 3), at("b", 2), at("c", 1)]).unwrap();
    let shift = |member: &mut Member| member.table = member.table.map(|table| table + 1);
    assert_eq!(graph.nodes::<Member>().update(conn, shift).unwrap(), 3);
    expect!["MG3008: member with the same `table` and `chair` exists already with id 2 (`unique`: no two in a graph have the same)"].assert_eq(&refused(conn, |conn| {
        graph.nodes::<Member>().update(conn, |member| member.table = member.table.map(|table| table - 1))
    }));
}

pub(crate) fn the_order_of_rows_is_not_the_planner_s<C: Inspect>(conn: &mut C) {
    let graph = club(conn);
    let at = |name: &str, table| Member { table: Some(table), chair: Some("a".into()), ..member(name) };
    let first = graph.insert_many(conn, [at("a", 1), at("b", 2)]).unwrap()[0];
    if <C as GraphConnection>::Db::NAME == "PostgreSQL" {
        // Then it reads rows where they lie: what was written last, comes last.
        conn.run("SET enable_indexscan = off; SET enable_bitmapscan = off");
    }
    graph.update(conn, first, |member| member.age += 1).unwrap();
    let error = refused(conn, |conn| {
        graph.nodes::<Member>().update(conn, |member| member.table = member.table.map(|table| table + 1))
    });
    assert!(error.starts_with("MG3008: member with the same `table` and `chair` exists already"), "{error}");
}

pub(crate) fn keys_change_by_a_query(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    graph.insert_many(conn, ["a", "b"].map(member)).unwrap();
    assert_eq!(graph.nodes::<Member>().update(conn, |member| member.name.push('!')).unwrap(), 2);
    assert!(graph.get_by_key::<Member>(conn, "b!").unwrap().is_some());
    let mixed = graph.nodes::<Member>().update(conn, |member| match member.name.as_str() {
        "a!" => member.age = 70,
        _ => member.name = "c".into(),
    });
    assert_eq!(mixed.unwrap(), 2);
    assert_eq!(ages(conn, &graph), [("a!".to_owned(), 70, 3), ("c".to_owned(), 30, 3)]);
}

pub(crate) fn writes_of_queries_are_a_few_statements(conn: &mut impl GraphConnection) {
    let graph = club(conn);
    graph.insert_many(conn, (0..2500).map(|n| aged(&n.to_string(), 1))).unwrap();
    let log = Log::of(conn);
    assert_eq!(graph.nodes::<Member>().update(conn, |member| member.age = 2).unwrap(), 2500);
    let queries = log.queries();
    assert!(queries.len() <= 70, "{} statements", queries.len());
    assert_eq!(graph.nodes::<Member>().filter(|m| m.age.eq(2)).delete(conn).unwrap(), 2500);
    assert_eq!(log.queries().len(), 1);
}

pub(crate) fn racing_changes_of_queries_are_all_applied(store: &impl Store) {
    let graph = club(&mut store.connect());
    graph.insert_many(&mut store.connect(), (0..50).map(|n| aged(&n.to_string(), 0))).unwrap();
    at_once(store, 8, |conn, _| {
        let graph = Graph::<Club>::open(conn, "club").unwrap();
        for _ in 0..3 {
            assert_eq!(graph.nodes::<Member>().update(conn, |member| member.age += 1).unwrap(), 50);
        }
    });
    let ages = ages(&mut store.connect(), &graph);
    assert!(ages.iter().all(|(_, age, version)| (*age, *version) == (24, 25)), "{ages:?}");
}

pub(crate) fn what_ceases_to_match_meanwhile_is_left_alone(store: &impl Store) {
    office(&mut store.connect());
    let changed = at_once(store, 8, |conn, who| {
        let graph = Graph::<OfficeGraph>::open(conn, "office").unwrap();
        let young = graph.nodes::<Person>().filter(|p| p.age.lt(100));
        young.update(conn, |person| person.age = 100 + u8::try_from(who).unwrap()).unwrap()
    });
    // Both persons are under a hundred once.
    assert_eq!(changed.iter().sum::<usize>(), 2, "{changed:?}");
}

pub(crate) fn what_is_taken_is_taken_once<S: Store>(store: &S) {
    const ROWS: usize = 40;
    let graph = club(&mut store.connect());
    graph.insert_many(&mut store.connect(), (0..ROWS).map(|number| aged(&format!("{number:02}"), 1))).unwrap();
    let shared = graph.clone();
    let taken = at_once(store, 8, move |conn, _| {
        let mut taken = Vec::new();
        loop {
            let young = shared.nodes::<Member>().filter(|m| m.age.eq(1)).order_by(|m| m.name.asc()).limit(3);
            let some = young.take(conn, |member| member.age += 1).unwrap();
            if some.is_empty() {
                return taken;
            }
            assert!(some.iter().all(|row| row.value.age == 2 && row.version == 2), "{some:?}");
            taken.extend(some.into_iter().map(|row| row.key));
        }
    });
    let mut taken: Vec<_> = taken.into_iter().flatten().collect();
    taken.sort_unstable();
    assert_eq!(taken, (0..ROWS).map(|number| format!("{number:02}")).collect::<Vec<_>>());
}

pub(crate) fn what_others_hold_is_passed_over<S: Store>(store: &S) {
    let (conn, other) = (&mut store.connect(), &mut store.connect());
    let graph = club(conn);
    graph.insert_many(conn, [aged("a", 1), aged("b", 1), aged("c", 1)]).unwrap();
    let take = |conn: &mut S::Conn| {
        let taken = graph.nodes::<Member>().filter(|m| m.age.eq(1)).limit(1).take(conn, |member| member.age = 2);
        taken.unwrap().into_iter().map(|row| row.key).collect::<Vec<_>>()
    };
    if <S::Conn as GraphConnection>::Db::NAME == "PostgreSQL" {
        conn.transaction(|conn| {
            assert_eq!(take(conn), ["a"]);
            assert_eq!(take(other), ["b"], "it does not wait");
            Err::<(), _>(Error::ForeignKeysOff)
        })
        .unwrap_err();
        assert_eq!(take(other), ["a"], "what was taken back is free again");
    } else {
        assert_eq!((take(conn), take(other)), (vec!["a".to_owned()], vec!["b".to_owned()]));
    }
    let unchanged = graph.nodes::<Member>().filter(|m| m.age.eq(1)).take(conn, |_| ()).unwrap();
    assert!(unchanged.is_empty());
}

pub(crate) fn what_a_query_finds_is_set(conn: &mut impl Inspect) {
    let graph = club(conn);
    graph.insert_many(conn, [aged("a", 1), aged("b", 2), aged("c", 3)]).unwrap();
    let older = || graph.nodes::<Member>().filter(|m| m.age.ge(2));
    assert_eq!(older().set(conn, |m| m.age.set(3)).unwrap(), 1);
    assert_eq!(ages(conn, &graph), [("a".to_owned(), 1, 1), ("b".to_owned(), 3, 2), ("c".to_owned(), 3, 1)]);
    let before = conn.census();
    assert_eq!(older().set(conn, |m| m.age.set(3)).unwrap(), 0, "what is equal is not written");
    assert_eq!(older().set(conn, |_| []).unwrap(), 0);
    assert_eq!(graph.nodes::<Member>().filter(|m| m.age.gt(9)).set(conn, |m| m.age.set(1)).unwrap(), 0);
    assert_eq!(conn.census(), before);
    let oldest = graph.nodes::<Member>().order_by(|m| [m.age.desc(), m.name.desc()]).limit(1);
    assert_eq!(oldest.set(conn, |m| [m.age.set(9)]).unwrap(), 1);
    let by_key = |key| graph.nodes::<Member>().matching(query::key().eq(key));
    assert_eq!(by_key("a").set(conn, |m| m.age.set(7)).unwrap(), 1);
    assert_eq!(ages(conn, &graph), [("a".to_owned(), 7, 2), ("b".to_owned(), 3, 2), ("c".to_owned(), 9, 2)]);
    let row = graph.get_by_key::<Member>(conn, "a").unwrap().unwrap();
    assert!(row.updated_at > row.created_at, "{row:?}");
    // Unique attributes and keys, and what becomes missing.
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(by_key("a").set(conn, |m| [m.email.set("a@b"), m.name.set("d")]).unwrap(), 1);
    let row = graph.get_by_key::<Member>(conn, "d").unwrap().unwrap();
    assert_eq!((row.value.email, row.version), (text("a@b"), 3));
    expect![
        "MG3008: member with the same `email` exists already with id 1 (`unique`: no two in a graph have the same)"
    ]
    .assert_eq(&refused(conn, |conn| by_key("b").set(conn, |m| [m.email.set("a@b"), m.age.set(1)])));
    assert_eq!(by_key("d").set(conn, |m| m.email.set(None)).unwrap(), 1);
    assert_eq!(by_key("b").set(conn, |m| m.email.set(text("a@b"))).unwrap(), 1);
    let elsewhere = Graph::<Club>::open_or_create(conn, "another").unwrap();
    assert_eq!(elsewhere.nodes::<Member>().set(conn, |m| m.age.set(0)).unwrap(), 0);
    graph.set_status(conn, metagraph::row::GraphStatus::Archived).unwrap();
    for refusal in [by_key("b"), by_key("nobody"), older()].map(|found| found.set(conn, |m| m.age.set(0))) {
        assert!(matches!(refusal, Err(Error::GraphArchived { .. })), "{refusal:?}");
    }
}

pub(crate) fn what_is_set_is_judged(conn: &mut impl Inspect) {
    let office = office(conn);
    let people = || office.graph.nodes::<Person>();
    expect!["MG2001: person does not fit its schema: /age: 136 is greater than the maximum of 120"]
        .assert_eq(&refused(conn, |conn| people().set(conn, |p| p.age.set(136))));
    assert_eq!(people().set(conn, |p| [p.age.set(36)]).unwrap(), 1);
    expect!["MG1007: this cannot be asked: `age` is set twice"]
        .assert_eq(&refused(conn, |conn| people().set(conn, |p| [p.age.set(1), p.age.set(2)])));
    expect!["MG1007: this cannot be asked: `nickname` cannot be set to this: no stored text holds U+0000"]
        .assert_eq(&refused(conn, |conn| people().set(conn, |p| p.nickname.set("\0"))));
    expect!["MG1007: this cannot be asked: `nickname` is set to a value, not to a field; `update` sees the whole row"]
        .assert_eq(&refused(conn, |conn| people().set(conn, |p| p.nickname.set(p.name))));
    expect![
        "MG1007: this cannot be asked: only a whole attribute is set; what is inside of one is changed with `update`"
    ]
    .assert_eq(&refused(conn, |conn| people().set(conn, |p| p.nickname.at::<String>("x").set("y"))));
    let edges = || office.graph.edges::<MemberOf>().filter(|_| Person::F.name.at_source().eq("ada"));
    expect!["MG2001: member_of does not fit its schema: /since: 1066 is less than the minimum of 1900"]
        .assert_eq(&refused(conn, |conn| edges().set(conn, |edge| edge.since.set(1066))));
    assert_eq!(edges().set(conn, |edge| edge.since.set(2024)).unwrap(), 1);
    assert_eq!(office.graph.get(conn, office.membership).unwrap().unwrap().value.since, 2024);
}

pub(crate) fn values_of_all_kinds_are_set_as_serde_writes_them(conn: &mut impl GraphConnection) {
    metagraph::sync::<Shelf, _>(conn).unwrap();
    let graph = Graph::<Shelf>::open_or_create(conn, "shelf").unwrap();
    let book = Book {
        title: "a".into(),
        weight: 0.5,
        pages: None,
        borrowed: false,
        size: Size::Octavo,
        tags: vec![],
        price: 0.1,
        number: 1,
        code: 1,
        notes: String::new(),
    };
    let id = graph.insert(conn, &book).unwrap();
    let all = || graph.nodes::<Book>();
    let written = all().set(conn, |b| {
        let scalars = [b.title.set("\"é\n\u{1}"), b.weight.set(1e300), b.pages.set(7), b.borrowed.set(true)];
        scalars.into_iter().chain([b.size.set(Size::Folio), b.price.set(16_777_216.0), b.number.set(i64::MIN)])
    });
    assert_eq!(written.unwrap(), 1);
    assert_eq!(all().set(conn, |b| b.weight.set(1e300)).unwrap(), 0);
    let title = "\"é\n\u{1}".to_owned();
    let (weight, price, number) = (1e300, 16_777_216.0, i64::MIN);
    let expected = Book { title, weight, pages: Some(7), borrowed: true, size: Size::Folio, price, number, ..book };
    assert_eq!(graph.get(conn, id).unwrap().unwrap().value, expected);
    // One after the other, whether in one statement or not.
    assert_eq!(all().set(conn, |b| b.tags.set(vec!["x".to_owned()])).unwrap(), 1);
    assert_eq!(all().set(conn, |b| b.pages.set(None)).unwrap(), 1);
    let expected = Book { tags: vec!["x".into()], pages: None, ..expected };
    let row = graph.get(conn, id).unwrap().unwrap();
    assert_eq!((row.value, row.version), (expected.clone(), 4));
    // As the whole value would be stored.
    let other = graph.insert(conn, &expected).unwrap();
    let titles = graph.nodes::<Book>().group_by(|b| b.title).aggregate(|_| query::count()).load(conn).unwrap();
    assert_eq!(titles, [(expected.title.clone(), 2)]);
    let stored = DynamicGraph::open(conn, "shelf", "shelf").unwrap();
    let stored = stored.nodes_by_id(conn, &[id.raw(), other.raw()]).unwrap();
    let attributes: Vec<_> = stored.into_iter().map(|node| node.unwrap().attributes).collect();
    assert_eq!(attributes[0], attributes[1]);
    let reason = |error: metagraph::Result<usize>| error.unwrap_err().to_string();
    expect!["this cannot be asked: `weight` cannot be set to this: NaN is not a JSON number, and equals none"]
        .assert_eq(&reason(all().set(conn, |b| b.weight.set(f64::NAN))));
    expect!["this cannot be asked: serde writes `code` by a function of its own; change it with `update`"]
        .assert_eq(&reason(all().set(conn, |b| b.code.set(2))));
    expect!["this cannot be asked: serde writes `notes` by a function of its own; change it with `update`"]
        .assert_eq(&reason(all().set(conn, |b| b.notes.set(""))));
}

pub(crate) fn racing_sets_of_the_same_rows_wait_in_one_order(store: &impl Store) {
    let graph = club(&mut store.connect());
    graph.insert_many(&mut store.connect(), (0..60).map(|n| aged(&n.to_string(), 0))).unwrap();
    at_once(store, 8, |conn, who| {
        let graph = Graph::<Club>::open(conn, "club").unwrap();
        for round in 0..5_u32 {
            let age = 1 + round * 8 + u32::try_from(who).unwrap();
            let found = graph.nodes::<Member>();
            // Half of them come from the other end.
            let found = if who % 2 == 0 { found } else { found.order_by(|m| m.name.desc()).limit(60) };
            assert_eq!(found.set(conn, |m| m.age.set(age)).unwrap(), 60);
        }
    });
    let ages = ages(&mut store.connect(), &graph);
    let last = ages.first().map(|(_, age, _)| *age);
    assert!(ages.iter().all(|(_, age, version)| (Some(*age), *version) == (last, 41)), "{ages:?}");
}

//! Queries that end in a write.

use diesel::Connection as _;
use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{Error, GraphBackend as _, query};

use crate::harness::{Log, at_once};
use crate::refusal::refused;
use crate::scenarios::{Club, Document, Member, MemberOf, OfficeGraph, Person, Principal, Team, club, member, office};
use crate::store::{Inspect, Store};

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

//! A point in time is the same however JSON spells it.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::row::{EdgePatch, NewEdge, NewNode, NodePatch};
use metagraph::{DynamicGraph, Error, Outcome, Rule};
use serde_json::{Value, json};

use crate::refusal::refused;
use crate::scenarios::{Diary, Entry, Mentions, Moment, diary, entry};
use crate::store::Inspect;

/// One point in time as programs write it, and as it is stored.
const SPELLINGS: [&str; 4] =
    ["2024-01-31T11:30:00.500+02:00", "2024-01-31t09:30:00.5z", "2024-01-31T09:30:00.500000000Z", STORED];
const STORED: &str = "2024-01-31T09:30:00.5Z";

fn node(title: &str, at: &str) -> NewNode {
    NewNode { node_type: "entry".to_owned(), attributes: json!({"title": title, "at": at}) }
}

fn both(conn: &mut impl GraphConnection) -> (Graph<Diary>, DynamicGraph) {
    let typed = diary(conn);
    (typed, DynamicGraph::open(conn, "diary", "diary").unwrap())
}

fn titles(conn: &mut impl GraphConnection, query: metagraph::NodeQuery<'_, Entry>) -> Vec<String> {
    query.load(conn).unwrap().into_iter().map(|node| node.value.title).collect()
}

pub(crate) fn a_time_written_as_json_is_found_by_its_value(conn: &mut impl Inspect) {
    let (typed, dynamic) = both(conn);
    for spelling in SPELLINGS {
        let id = dynamic.insert(conn, &node("json", spelling)).unwrap();
        assert_eq!(dynamic.node(conn, id).unwrap().unwrap().attributes["at"], STORED, "{spelling}");
        let found = typed.nodes::<Entry>().filter(|entry| entry.at.eq(STORED.parse::<jiff::Timestamp>().unwrap()));
        assert_eq!(titles(conn, found), ["json"], "{spelling}");
        dynamic.delete_node(conn, id).unwrap();
    }
}

pub(crate) fn a_unique_time_is_taken_in_every_spelling(conn: &mut impl Inspect) {
    let (typed, dynamic) = both(conn);
    let stored = typed.insert(conn, &entry("typed", STORED)).unwrap();
    for spelling in SPELLINGS {
        let error = dynamic.insert(conn, &node("json", spelling)).unwrap_err();
        let Error::Conflict(conflict) = error else { panic!("{spelling}: {error}") };
        assert_eq!((conflict.rule, conflict.existing), (Rule::Unique, Some(stored.raw())));
    }
    typed.delete(conn, stored).unwrap();
    dynamic.insert(conn, &node("json", SPELLINGS[0])).unwrap();
    assert!(typed.insert(conn, &entry("typed", STORED)).unwrap_err().is_conflict());
}

pub(crate) fn times_of_both_layers_are_in_one_order(conn: &mut impl Inspect) {
    let (typed, dynamic) = both(conn);
    // In the order of their texts as given, "second" would come before "first", and "fourth" last of all.
    dynamic.insert(conn, &node("third", "2024-01-31T08:00:01+02:00")).unwrap();
    typed.insert(conn, &entry("second", "2024-01-31T06:00:00.25Z")).unwrap();
    dynamic.insert(conn, &node("first", "2024-01-31T09:00:00.000+03:00")).unwrap();
    typed.insert(conn, &entry("fifth", "2024-01-31T07:00:00Z")).unwrap();
    dynamic.insert(conn, &node("fourth", "2024-01-30t20:30:00.0-10:00")).unwrap();
    let expected = ["first", "second", "third", "fourth", "fifth"];
    assert_eq!(titles(conn, typed.nodes::<Entry>().order_by(|entry| entry.at.asc())), expected);
    let from = "2024-01-31T06:00:00.1Z".parse::<jiff::Timestamp>().unwrap();
    let later = typed.nodes::<Entry>().filter(|entry| entry.at.gt(from)).order_by(|entry| entry.at.asc());
    assert_eq!(titles(conn, later), expected[1..]);
}

pub(crate) fn every_way_to_write_json_writes_times_alike(conn: &mut impl Inspect) {
    let (typed, dynamic) = both(conn);
    let given = SPELLINGS[0];
    let all = json!({"title": "all", "at": given, "moments": [given], "named": {"a": given, "b": null}});
    let written = json!({"title": "all", "at": STORED, "moments": [STORED], "named": {"a": STORED, "b": null}});
    let attributes = |conn: &mut _, id| dynamic.node(conn, id).unwrap().unwrap().attributes;

    let id = dynamic.insert_many(conn, "entry", std::slice::from_ref(&all)).unwrap()[0];
    assert_eq!(attributes(conn, id), written);
    let again = dynamic.upsert(conn, &NewNode { node_type: "entry".into(), attributes: all.clone() }).unwrap();
    assert_eq!((again.id, again.outcome), (id, Outcome::Unchanged));

    let other = |at: &str| json!({"title": "all", "at": at, "moments": [], "named": {}});
    dynamic.replace_node(conn, id, &other("2024-02-01T00:00:00.10+01:00")).unwrap();
    assert_eq!(attributes(conn, id)["at"], "2024-01-31T23:00:00.1Z");
    dynamic.patch_node(conn, id, &NodePatch { attributes: json!({"at": given, "named": {"a": given}}) }).unwrap();
    assert_eq!(attributes(conn, id), json!({"title": "all", "at": STORED, "moments": [], "named": {"a": STORED}}));
    typed.patch(conn, NodeId::<Entry>::from_raw(id), &json!({"moments": [given]})).unwrap();
    assert_eq!(attributes(conn, id)["moments"], json!([STORED]));

    let target = dynamic.insert(conn, &node("target", "2000-01-01T00:00:00Z")).unwrap();
    let edge = |note: &str, seen: &str| NewEdge {
        edge_type: "mentions".into(),
        source: id,
        target,
        attributes: json!({"note": note, "seen": seen}),
    };
    let first = dynamic.connect(conn, &edge("one", given)).unwrap();
    let seen = |conn: &mut _, id| dynamic.edge(conn, id).unwrap().unwrap().attributes["seen"].clone();
    assert_eq!(seen(conn, first), STORED);
    assert!(dynamic.connect(conn, &edge("two", SPELLINGS[1])).unwrap_err().is_conflict());
    let unchanged = dynamic.upsert_edge(conn, &edge("one", SPELLINGS[2])).unwrap();
    assert_eq!((unchanged.id, unchanged.outcome), (first, Outcome::Unchanged));
    dynamic.patch_edge(conn, first, &EdgePatch { attributes: json!({"seen": "2024-02-01T00:00:00+01:00"}) }).unwrap();
    assert_eq!(seen(conn, first), "2024-01-31T23:00:00Z");
    let mentions = typed.edges::<Mentions>().load(conn).unwrap();
    assert_eq!(mentions[0].value.seen, Some(Moment("2024-01-31T23:00:00Z".parse().unwrap())));
}

pub(crate) fn a_time_that_cannot_be_stored_is_refused(conn: &mut impl Inspect) {
    let (_, dynamic) = both(conn);
    let refusal = |conn: &mut _, attributes: Value| {
        refused(conn, |conn| {
            dynamic.insert(conn, &NewNode { node_type: "entry".into(), attributes: attributes.clone() })
        })
    };
    expect![[r#"MG2001: entry does not fit its schema: /at: "9999-12-31T23:59:59-01:00" is no time that can be stored; write one up to 9999-12-30T22:00:00.999999999Z, with at most nine digits after the second, such as 2024-01-31T09:30:00.25Z"#]].assert_eq(&refusal(conn, json!({"title": "a", "at": "9999-12-31T23:59:59-01:00"})));
    expect![[r#"MG2001: entry does not fit its schema: /named/a~1b: "2024-01-31T09:30:00.1234567891Z" is no time that can be stored; write one up to 9999-12-30T22:00:00.999999999Z, with at most nine digits after the second, such as 2024-01-31T09:30:00.25Z"#]].assert_eq(&refusal(
        conn,
        json!({"title": "a", "at": STORED, "named": {"a/b": "2024-01-31T09:30:00.1234567891Z"}}),
    ));
    expect![[r#"MG2001: entry does not fit its schema: /at: "yesterday" is not a "date-time""#]]
        .assert_eq(&refusal(conn, json!({"title": "a", "at": "yesterday"})));
}

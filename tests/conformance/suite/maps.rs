//! Maps and attributes with names of all kinds.

use std::collections::BTreeMap;

use expect_test::expect;
use metagraph::Field;
use metagraph::prelude::*;
use serde_json::{Value, json};

use super::composites::noted;
use super::hostile::naughty;
use crate::refusal::told;
use crate::scenarios::{Account, samples};
use crate::scenarios::{Book, Note, book, found, library, note, notes};

pub(crate) fn maps_are_asked_by_any_key(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let keys = ["", " ", "a.b", "$", "[0]", "0", "#-1", "it's", "é", "\u{1F600}", "null", "%", "a-b", "A", "a"];
    let counted = |key: &str, count| Book { counters: [(key.to_owned(), count)].into(), ..book(format!("<{key}>")) };
    graph.insert(conn, &book("none")).unwrap();
    for (count, key) in (0..).zip(keys) {
        graph.insert(conn, &counted(key, count)).unwrap();
    }
    for (count, key) in (0..).zip(keys) {
        let only = [format!("<{key}>")];
        assert_eq!(found(conn, &graph, |b| b.counters.has_key(key)), only);
        assert_eq!(found(conn, &graph, |b| b.counters.at::<i64>(key).eq(count)), only);
        assert_eq!(found(conn, &graph, |b| b.counters.at::<i64>(key).is_not_null()), only);
        assert_eq!(found(conn, &graph, |b| b.counters.eq(BTreeMap::from([(key.to_owned(), count)]))), only);
    }
    assert_eq!(found(conn, &graph, |b| b.counters.eq(BTreeMap::new())), ["none"]);
}

pub(crate) fn keys_with_quotes_are_looked_for_but_not_followed(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let keys = ["a\"b", "\\", "\n", "\t", "\u{7f}", "\\u0041", "\\\"", "{}"];
    for key in keys {
        graph.insert(conn, &Book { counters: [(key.to_owned(), 1)].into(), ..book(format!("<{key}>")) }).unwrap();
    }
    for key in keys {
        assert_eq!(found(conn, &graph, |b| b.counters.has_key(key)), [format!("<{key}>")]);
    }
    assert_eq!(found(conn, &graph, |b| !b.counters.has_key("A")).len(), keys.len());
    let refused = graph.nodes::<Book>().filter(|b| b.counters.at::<i64>("a\"b").eq(1)).load(conn).unwrap_err();
    expect![[r#"MG1007: this cannot be asked: the attribute `a\"b` cannot be asked for: its name has quotes, backslashes or control characters"#]].assert_eq(&told(&refused));
    let refused = graph.nodes::<Book>().filter(|b| b.counters.has_key("\0")).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: no stored text holds U+0000"].assert_eq(&told(&refused));
}

pub(crate) fn naughty_strings_are_found_in_lists_and_maps(conn: &mut impl GraphConnection) {
    let strings = naughty();
    let graph = library(conn);
    let books = strings.iter().enumerate().map(|(place, text)| Book {
        tags: vec![text.clone(), "same".to_owned()],
        counters: [(text.clone(), 1)].into(),
        ..book(place.to_string())
    });
    graph.insert_many(conn, books.collect::<Vec<_>>()).unwrap();
    for (place, text) in strings.iter().enumerate().step_by(11) {
        let only = [place.to_string()];
        assert_eq!(found(conn, &graph, |b| b.tags.contains(text)), only, "{text:?}");
        assert_eq!(found(conn, &graph, |b| b.tags.contains_all([text, "same"])), only, "{text:?}");
        assert_eq!(found(conn, &graph, |b| b.tags.contains_any([text, "other"])), only, "{text:?}");
        assert_eq!(found(conn, &graph, |b| b.tags.nth(0).eq(text)), only, "{text:?}");
        assert_eq!(found(conn, &graph, |b| b.counters.has_key(text)), only, "{text:?}");
    }
}

pub(crate) fn members_that_serde_flattens_are_attributes(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let account = |name: &str, rest: Value| Account {
        name: name.into(),
        trust: 0.5,
        aliases: Vec::new(),
        rest: serde_json::from_value(rest).unwrap(),
    };
    graph.insert_many(conn, [account("a", json!({"x": 1})), account("b", json!({"x": {"y": "1"}}))]).unwrap();
    let x = Field::<Account, i64>::new("x");
    let mut names = |predicate| graph.nodes::<Account>().matching(predicate).select(|a| a.name).load(conn).unwrap();
    assert_eq!(names(x.ge(1)), ["a"]);
    assert_eq!(names(x.at::<String>("y").eq("1")), ["b"]);
    assert_eq!(names(Field::<Account, Value>::new("x").eq(json!({"y": "1"}))), ["b"]);
    assert_eq!(names(Field::<Account, Value>::new("z").is_null()), ["a", "b"]);
    let ordered = graph.nodes::<Account>().order_by(|_| x.asc().nulls_first()).select(|a| a.name).load(conn).unwrap();
    assert_eq!(ordered, ["b", "a"]);
}

pub(crate) fn attributes_may_have_unusual_names(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    graph
        .insert_many(conn, [Note { odd: Some(7), ..note("a") }, note("b"), Note { odd: Some(-7), ..note("c") }])
        .unwrap();
    assert_eq!(noted(conn, &graph, Note::F.odd.ge(7)), ["a"]);
    assert_eq!(noted(conn, &graph, Note::F.odd.is_null()), ["b"]);
    let selected = graph.nodes::<Note>().order_by(|n| n.odd.asc()).select(|n| n.odd).load(conn).unwrap();
    assert_eq!(selected, [Some(-7), Some(7), None]);
}

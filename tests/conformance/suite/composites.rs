//! Lists, maps and objects inside of attributes: what they hold, and how they compare as a whole.

use expect_test::expect;
use metagraph::Field;
use metagraph::prelude::*;
use metagraph::query::Predicate;
use serde_json::{Value, json};

use crate::refusal::told;
use crate::scenarios::{Book, Library, Note, Notes, Place, Seen, book, found, library, note, notes};

const NONE: [&str; 0] = [];

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Books with these tags; their keys are their places.
fn tagged(conn: &mut impl GraphConnection, tags: &[&[&str]]) -> Graph<Library> {
    let graph = library(conn);
    let books = tags.iter().enumerate().map(|(place, tags)| Book { tags: texts(tags), ..book(place.to_string()) });
    graph.insert_many(conn, books.collect::<Vec<_>>()).unwrap();
    graph
}

/// The notes of which the predicate holds, by key.
pub(super) fn noted(conn: &mut impl GraphConnection, graph: &Graph<Notes>, predicate: Predicate<Note>) -> Vec<String> {
    graph.nodes::<Note>().matching(predicate).load(conn).unwrap().into_iter().map(|note| note.key).collect()
}

pub(crate) fn a_list_contains_its_elements_and_no_part_of_them(conn: &mut impl GraphConnection) {
    let graph = tagged(conn, &[&["x", "y"], &["xy"], &[], &["X", "x"]]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains("x")), ["0", "3"]);
    assert_eq!(found(conn, &graph, |b| !b.tags.contains("x")), ["1", "2"]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_any(["y", "X"])), ["0", "3"]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_all(["y", "x"])), ["0"]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_all(["x", "x"])), ["0", "3"]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_all(["x", "z"])), NONE);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_any(NONE)), NONE);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_all(NONE)), ["0", "1", "2", "3"]);
}

pub(crate) fn texts_in_a_list_are_no_numbers_and_no_truth_values(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let lists = [json!(["1", "true", "null"]), json!([1, true, null]), json!([1.0, "true"]), json!([[1], {"a": "1"}])];
    for (place, any) in lists.into_iter().enumerate() {
        graph.insert(conn, &Note { any, ..note(place.to_string()) }).unwrap();
    }
    let marks = Field::<Note, Vec<Value>>::new("any");
    assert_eq!(noted(conn, &graph, marks.contains(json!("1"))), ["0"]);
    assert_eq!(noted(conn, &graph, marks.contains(json!(1))), ["1", "2"]);
    assert_eq!(noted(conn, &graph, marks.contains(json!(1.0))), ["1", "2"]);
    assert_eq!(noted(conn, &graph, marks.contains(json!(true))), ["1"]);
    assert_eq!(noted(conn, &graph, marks.contains(json!("true"))), ["0", "2"]);
    assert_eq!(noted(conn, &graph, marks.contains_all([json!(1)])), ["1", "2"]);
    assert_eq!(noted(conn, &graph, marks.contains_all([json!("1"), json!("null")])), ["0"]);
    assert_eq!(noted(conn, &graph, marks.nth(0).eq(json!("1"))), ["0"]);
    assert_eq!(noted(conn, &graph, marks.nth(2).eq(Value::Null)), ["1", "2", "3"], "null, or not there");
}

pub(crate) fn the_length_of_a_list_is_a_number(conn: &mut impl GraphConnection) {
    let graph = tagged(conn, &[&["x", "y"], &["z"], &[]]);
    assert_eq!(found(conn, &graph, |b| b.tags.len().eq(2)), ["0"]);
    assert_eq!(found(conn, &graph, |b| b.tags.len().le(1)), ["1", "2"]);
    assert_eq!(found(conn, &graph, |b| b.tags.is_empty()), ["2"]);
    assert_eq!(found(conn, &graph, |b| !b.tags.is_empty()), ["0", "1"]);
    assert_eq!(found(conn, &graph, |b| b.tags.len().is_in([0, 2])), ["0", "2"]);
    let longest = graph.nodes::<Book>().order_by(|b| b.tags.len().desc()).select(|b| b.tags.len()).load(conn).unwrap();
    assert_eq!(longest, [Some(2), Some(1), Some(0)]);
}

pub(crate) fn elements_are_counted_from_zero(conn: &mut impl GraphConnection) {
    let graph = tagged(conn, &[&["x", "y"], &["y", "x"], &[]]);
    assert_eq!(found(conn, &graph, |b| b.tags.nth(0).eq("y")), ["1"]);
    assert_eq!(found(conn, &graph, |b| b.tags.nth(1).gt("x")), ["0"]);
    assert_eq!(found(conn, &graph, |b| b.tags.nth(0).is_null()), ["2"]);
    assert_eq!(found(conn, &graph, |b| b.tags.nth(7).is_not_null()), NONE);
    for beyond in [i32::MAX as usize, 1 << 31, 1 << 32, usize::MAX] {
        assert_eq!(found(conn, &graph, |b| b.tags.nth(beyond).is_not_null()), NONE);
    }
    let firsts = graph.nodes::<Book>().order_by(|b| b.tags.nth(0).desc()).load(conn).unwrap();
    assert_eq!(firsts.iter().map(|book| book.key.as_str()).collect::<Vec<_>>(), ["2", "1", "0"]);
}

pub(crate) fn lists_compare_as_a_whole(conn: &mut impl GraphConnection) {
    let graph = tagged(conn, &[&["x", "y"], &["y", "x"], &["x", "y", "z"], &[], &["x"]]);
    assert_eq!(found(conn, &graph, |b| b.tags.eq(texts(&["x", "y"]))), ["0"]);
    assert_eq!(found(conn, &graph, |b| b.tags.ne(texts(&["x", "y"]))), ["1", "2", "3", "4"]);
    assert_eq!(found(conn, &graph, |b| b.tags.eq(Vec::new())), ["3"]);
    assert_eq!(found(conn, &graph, |b| b.tags.is_in([texts(&[]), texts(&["x"])])), ["3", "4"]);
}

pub(crate) fn lists_of_lists_compare_element_by_element(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let grids: [Vec<Vec<i64>>; 5] =
        [vec![], vec![vec![]], vec![vec![1, 2], vec![3]], vec![vec![1], vec![2, 3]], vec![vec![3], vec![1, 2]]];
    for (place, grid) in grids.iter().enumerate() {
        graph.insert(conn, &Note { grid: grid.clone(), ..note(place.to_string()) }).unwrap();
    }
    for (place, grid) in grids.iter().enumerate() {
        assert_eq!(noted(conn, &graph, Note::F.grid.eq(grid)), [place.to_string()]);
    }
    assert_eq!(noted(conn, &graph, Note::F.grid.nth(0).contains(1)), ["2", "3"]);
    assert_eq!(noted(conn, &graph, Note::F.grid.nth(1).len().eq(2)), ["3", "4"]);
    assert_eq!(noted(conn, &graph, Note::F.grid.nth(1).nth(0).eq(3)), ["2"]);
    assert_eq!(noted(conn, &graph, Note::F.grid.nth(0).eq(Vec::new())), ["1"]);
    let refused = graph.nodes::<Note>().filter(|n| n.grid.contains(vec![1])).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: [1] cannot be looked for in an array, only scalars can"]
        .assert_eq(&told(&refused));
}

pub(crate) fn objects_compare_member_by_member(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let place = |shelf: &str, row| Some(Place { shelf: shelf.into(), row });
    let places = [place("x", Some(2)), place("x", None), place("y", Some(2)), None];
    for (key, place) in places.iter().enumerate() {
        graph.insert(conn, &Book { place: place.clone(), ..book(key.to_string()) }).unwrap();
    }
    for (key, place) in places.iter().enumerate() {
        assert_eq!(found(conn, &graph, |b| b.place.eq(place.clone())), [key.to_string()]);
    }
    assert_eq!(found(conn, &graph, |b| b.place.ne(places[0].clone())), ["1", "2", "3"]);
    assert_eq!(found(conn, &graph, |b| b.place.is_in([places[1].clone(), None])), ["1", "3"]);
    assert_eq!(found(conn, &graph, |b| b.place.at::<String>("shelf").eq("x")), ["0", "1"]);
    assert_eq!(found(conn, &graph, |b| b.place.at::<u8>("row").ge(2)), ["0", "2"]);
    assert_eq!(found(conn, &graph, |b| b.place.at::<u8>("row").is_null()), ["1", "3"]);
    assert_eq!(found(conn, &graph, |b| b.place.has_key("row")), ["0", "1", "2"]);
}

pub(crate) fn anything_compares_with_what_it_is(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let values = [
        json!({"a": [1, {"b": null}], "c": {}}),
        json!({"a": [1, {}], "c": {}}),
        json!({"a": [1, {"b": null}], "c": []}),
        json!({"a": [1, {"b": null}]}),
        json!([]),
        json!({}),
        json!([null]),
        json!(""),
        json!(false),
        json!(0),
        json!([0.1, 1e300, -7]),
        json!({"": {"it's": "é", "a.b": "[0]"}}),
    ];
    for (place, any) in values.iter().enumerate() {
        graph.insert(conn, &Note { any: any.clone(), ..note(place.to_string()) }).unwrap();
    }
    for (place, any) in values.iter().enumerate() {
        assert_eq!(noted(conn, &graph, Note::F.any.eq(any)), [place.to_string()], "{any}");
    }
    assert_eq!(noted(conn, &graph, Note::F.any.is_in(&values)).len(), values.len());
}

pub(crate) fn single_precision_floats_equal_what_was_written(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let floats = [0.1_f32, 16_777_217.0, 3.4e38, 1e-45, -0.3];
    for (place, ratio) in floats.into_iter().enumerate() {
        graph.insert(conn, &Note { ratio, ratios: vec![ratio, 7.0], ..note(place.to_string()) }).unwrap();
    }
    for (place, ratio) in floats.into_iter().enumerate() {
        let only = [place.to_string()];
        assert_eq!(noted(conn, &graph, Note::F.ratio.eq(ratio)), only, "{ratio}");
        assert_eq!(noted(conn, &graph, Note::F.ratio.is_in([ratio, 0.5])), only, "{ratio}");
        assert_eq!(noted(conn, &graph, Note::F.ratios.contains(ratio)), only, "{ratio}");
        assert_eq!(noted(conn, &graph, Note::F.ratios.eq(vec![ratio, 7.0])), only, "{ratio}");
    }
}

pub(crate) fn times_inside_of_objects_compare_in_time(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let times =
        ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z"].map(|at| at.parse().unwrap());
    for (place, at) in times.into_iter().enumerate() {
        graph.insert(conn, &Note { seen: Some(Seen { at }), ..note(place.to_string()) }).unwrap();
    }
    let seen = || Note::F.seen.at::<jiff::Timestamp>("at");
    assert_eq!(noted(conn, &graph, seen().gt(times[0])), ["1", "2"]);
    assert_eq!(noted(conn, &graph, seen().eq(times[1])), ["1"]);
    assert_eq!(noted(conn, &graph, Note::F.seen.eq(Some(Seen { at: times[1] }))), ["1"]);
    let latest = graph.nodes::<Note>().order_by(|_| seen().desc()).select(|_| seen()).load(conn).unwrap();
    assert_eq!(latest, [times[2], times[1], times[0]]);
}

pub(crate) fn only_an_attribute_is_a_list_or_an_object(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert(conn, &book("a")).unwrap();
    assert_eq!(found(conn, &graph, |_| Field::<Book, Vec<String>>::new("title").contains("Title")), NONE);
    assert_eq!(found(conn, &graph, |_| Field::<Book, Vec<String>>::new("title").len().is_null()), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.title.has_key("0")), NONE);
    assert_eq!(found(conn, &graph, |b| b.tags.has_key("0")), NONE);
    assert_eq!(found(conn, &graph, |b| b.title.at::<String>("x").is_null()), ["a"]);
}

pub(crate) fn only_a_list_has_elements(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let values = [json!("x"), json!(["x", 7, ["x"]]), json!({"0": "x"}), json!(7)];
    let notes = values.into_iter().enumerate().map(|(place, any)| Note { any, ..note(place.to_string()) });
    graph.insert_many(conn, notes.collect::<Vec<_>>()).unwrap();
    let list = Field::<Note, Vec<Value>>::new("any");
    let mut names = |predicate| graph.nodes::<Note>().matching(predicate).select(|n| n.name).load(conn).unwrap();
    assert_eq!(names(list.nth(0).eq(json!("x"))), ["1"]);
    assert_eq!(names(list.nth(1).eq(json!(7))), ["1"]);
    assert_eq!(names(list.nth(0).is_not_null()), ["1"]);
    let deep = Field::<Note, Vec<Vec<String>>>::new("any");
    assert_eq!(names(deep.nth(2).nth(0).starts_with("x")), ["1"]);
    assert_eq!(names(deep.nth(0).nth(0).is_not_null()), [""; 0]);
}

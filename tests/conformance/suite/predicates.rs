//! What holds of a row: every comparison of scalars.

use jiff::Timestamp;
use metagraph::prelude::*;
use metagraph::query::{self, Predicate};
use metagraph::{DynamicGraph, Field};
use serde_json::{Value, json};

use crate::harness::Log;
use crate::scenarios::{Book, Condition, Library, Note, Notes, Reader, book, found, library, note, notes};

const NONE: [&str; 0] = [];

/// Books `a` to `d` with 10, 20, 20 and 30 pages.
pub(super) fn four(conn: &mut impl GraphConnection) -> Graph<Library> {
    let graph = library(conn);
    let pages = [("a", 10), ("b", 20), ("c", 20), ("d", 30)];
    graph.insert_many(conn, pages.map(|(isbn, page_count)| Book { page_count, ..book(isbn) })).unwrap();
    graph
}

/// The notes of which the predicate holds, by key.
fn noted(conn: &mut impl GraphConnection, graph: &Graph<Notes>, predicate: Predicate<Note>) -> Vec<String> {
    graph.nodes::<Note>().matching(predicate).load(conn).unwrap().into_iter().map(|note| note.key).collect()
}

pub(crate) fn numbers_compare_by_value(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    assert_eq!(found(conn, &graph, |b| b.page_count.eq(20)), ["b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.ne(20)), ["a", "d"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.lt(20)), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.le(20)), ["a", "b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.gt(20)), ["d"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.ge(20)), ["b", "c", "d"]);
}

pub(crate) fn between_includes_both_ends(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    assert_eq!(found(conn, &graph, |b| b.page_count.between(10, 20)), ["a", "b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.between(20, 20)), ["b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.between(20, 10)), NONE);
    assert_eq!(found(conn, &graph, |b| !b.page_count.between(20, 30)), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.isbn.between("b", "c")), ["b", "c"]);
}

pub(crate) fn floats_equal_what_was_written(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let floats = [0.1, 1e300, 5e-324, 1.730_999_946_594_238_3, -0.3, f64::MAX, f64::MIN_POSITIVE, 2f64.powi(60), 4.0];
    for (place, float) in floats.into_iter().enumerate() {
        graph.insert(conn, &Book { rating: Some(float), ..book(place.to_string()) }).unwrap();
    }
    for (place, float) in floats.into_iter().enumerate() {
        let only = [place.to_string()];
        assert_eq!(found(conn, &graph, |b| b.rating.eq(float)), only, "{float:?}");
        assert_eq!(found(conn, &graph, |b| b.rating.between(float, float)), only, "{float:?}");
        assert_eq!(found(conn, &graph, |b| b.rating.is_in([float, 77.0])), only, "{float:?}");
        let smaller: Vec<_> = (0..floats.len()).filter(|&other| floats[other] < float).map(|n| n.to_string()).collect();
        assert_eq!(found(conn, &graph, |b| b.rating.lt(float)), smaller, "{float:?}");
    }
}

pub(crate) fn an_integer_equals_the_float_of_its_value(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert(conn, &Book { rating: Some(4.0), ..book("float") }).unwrap();
    let dynamic = DynamicGraph::open(conn, "library", "library").unwrap();
    let mut integer = serde_json::to_value(book("integer")).unwrap();
    integer["rating"] = json!(4);
    dynamic.insert_many(conn, "book", &[integer]).unwrap();
    let rating = Field::<Book, i64>::new("rating");
    for predicate in [Book::F.rating.eq(4.0), rating.eq(4), rating.is_in([4, 5]), Book::F.rating.is_in([4.0, 0.5])] {
        assert_eq!(found(conn, &graph, |_| predicate), ["float", "integer"]);
    }
    graph.insert(conn, &Book { rating: Some(-0.0), ..book("zero") }).unwrap();
    assert_eq!(found(conn, &graph, |b| b.rating.eq(0.0)), ["zero"]);
}

pub(crate) fn false_is_less_than_true(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert_many(conn, [book("plain"), Book { signed: true, ..book("signed") }]).unwrap();
    assert_eq!(found(conn, &graph, |b| b.signed.eq(true)), ["signed"]);
    assert_eq!(found(conn, &graph, |b| b.signed.ne(true)), ["plain"]);
    assert_eq!(found(conn, &graph, |b| b.signed.lt(true)), ["plain"]);
    assert_eq!(found(conn, &graph, |b| b.signed.ge(false)), ["plain", "signed"]);
    assert_eq!(found(conn, &graph, |b| b.signed.is_in([true, true])), ["signed"]);
    assert_eq!(found(conn, &graph, |b| b.signed.is_in([true, false])), ["plain", "signed"]);
}

pub(crate) fn an_enum_is_the_text_that_serde_writes(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert_many(conn, [book("new"), Book { condition: Condition::WellRead, ..book("read") }]).unwrap();
    assert_eq!(found(conn, &graph, |b| b.condition.eq(Condition::WellRead)), ["read"]);
    assert_eq!(found(conn, &graph, |b| b.condition.ne(Condition::WellRead)), ["new"]);
    assert_eq!(found(conn, &graph, |b| b.condition.is_in([Condition::WellRead, Condition::AsNew])), ["new", "read"]);
    assert_eq!(found(conn, &graph, |b| b.condition.gt(Condition::AsNew)), ["read"]);
    assert_eq!(found(conn, &graph, |_| Field::<Book, String>::new("condition").eq("well-read")), ["read"]);
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn times_compare_with_and_without_fractions(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let times = [
        "2025-12-31T23:59:59.999999999Z",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000000001Z",
        "2026-01-01T00:00:00.5Z",
        "2026-01-01T00:00:00.51Z",
        "2026-01-01T00:00:01Z",
    ]
    .map(time);
    let books = times.iter().enumerate().map(|(place, added)| Book { added: *added, ..book(place.to_string()) });
    graph.insert_many(conn, books.collect::<Vec<_>>()).unwrap();
    let all: Vec<String> = (0..times.len()).map(|place| place.to_string()).collect();
    for (place, time) in times.iter().enumerate() {
        assert_eq!(found(conn, &graph, |b| b.added.eq(time)), all[place..=place]);
        assert_eq!(found(conn, &graph, |b| b.added.lt(time)), all[..place]);
        assert_eq!(found(conn, &graph, |b| b.added.ge(time)), all[place..]);
    }
    assert_eq!(found(conn, &graph, |b| b.added.is_in([times[1], times[3]])), ["1", "3"]);
    assert_eq!(found(conn, &graph, |b| b.added.between(times[1], times[3])), ["1", "2", "3"]);
}

pub(crate) fn none_equals_what_is_missing(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert_many(conn, [book("none"), Book { author: Some("Ann".into()), ..book("ann") }]).unwrap();
    assert_eq!(found(conn, &graph, |b| b.author.eq(None)), ["none"]);
    assert_eq!(found(conn, &graph, |b| b.author.ne(None)), ["ann"]);
    assert_eq!(found(conn, &graph, |b| b.author.eq(Some("Ann".to_owned()))), ["ann"]);
    assert_eq!(found(conn, &graph, |b| b.author.ne("Ann")), ["none"]);
    assert_eq!(found(conn, &graph, |b| b.author.is_in([None, Some("Ann".to_owned())])), ["none", "ann"]);
    assert_eq!(found(conn, &graph, |b| b.author.not_in([None, Some("Bob".to_owned())])), ["ann"]);
    assert_eq!(found(conn, &graph, |b| b.author.not_in(["Bob"])), ["none", "ann"]);
    assert_eq!(found(conn, &graph, |b| b.author.le("Bob") | b.author.gt("Bob")), ["ann"]);
    assert_eq!(found(conn, &graph, |b| b.author.lt(None)), NONE, "nothing is less than what is missing");
}

pub(crate) fn missing_and_null_are_null_and_the_text_null_is_not(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let dynamic = DynamicGraph::open(conn, "notes", "notes").unwrap();
    let written = [
        json!({"name": "missing"}),
        json!({"name": "null", "text": null}),
        json!({"name": "text", "text": "null"}),
        json!({"name": "empty", "text": ""}),
    ];
    dynamic.insert_many(conn, "note", &written).unwrap();
    assert_eq!(noted(conn, &graph, Note::F.text.is_null()), ["missing", "null"]);
    assert_eq!(noted(conn, &graph, Note::F.text.is_not_null()), ["text", "empty"]);
    assert_eq!(noted(conn, &graph, Note::F.text.eq(None)), ["missing", "null"]);
    assert_eq!(noted(conn, &graph, Note::F.text.eq("null")), ["text"]);
    assert_eq!(noted(conn, &graph, !Note::F.text.eq("null")), ["missing", "null", "empty"]);
    let keys: Vec<_> = graph.nodes::<Note>().order_by(|n| n.text.asc()).select(|n| n.name).load(conn).unwrap();
    assert_eq!(keys, ["empty", "text", "missing", "null"]);
}

pub(crate) fn a_value_of_another_kind_never_compares(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let values =
        [json!(1), json!(1.0), json!("1"), json!(true), json!("true"), json!([1]), json!({"a": 1}), Value::Null];
    let kept = values.iter().enumerate().map(|(place, any)| Note { any: any.clone(), ..note(place.to_string()) });
    graph.insert_many(conn, kept.collect::<Vec<_>>()).unwrap();
    let number = Field::<Note, i64>::new("any");
    let text = Field::<Note, String>::new("any");
    let flag = Field::<Note, bool>::new("any");
    assert_eq!(noted(conn, &graph, number.eq(1)), ["0", "1"]);
    assert_eq!(noted(conn, &graph, number.is_in([0, 1])), ["0", "1"]);
    assert_eq!(noted(conn, &graph, text.eq("1")), ["2"]);
    assert_eq!(noted(conn, &graph, text.is_in(["1", "true"])), ["2", "4"]);
    assert_eq!(noted(conn, &graph, flag.eq(true)), ["3"]);
    assert_eq!(noted(conn, &graph, text.ge("")), ["2", "4"]);
    assert_eq!(noted(conn, &graph, number.gt(i64::MIN)), ["0", "1"]);
    assert_eq!(noted(conn, &graph, text.is_null()), ["7"]);
    assert_eq!(noted(conn, &graph, text.contains("1")), ["2"]);
}

pub(crate) fn an_empty_list_has_no_rows_and_its_opposite_all(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let none: [u32; 0] = [];
    assert_eq!(found(conn, &graph, |b| b.page_count.is_in(none)), NONE);
    assert_eq!(found(conn, &graph, |b| b.page_count.not_in(none)), ["a", "b", "c", "d"]);
    assert_eq!(found(conn, &graph, |b| b.author.is_in(NONE)), NONE);
    assert_eq!(found(conn, &graph, |b| b.author.not_in(NONE)), ["a", "b", "c", "d"]);
    assert_eq!(found(conn, &graph, |_| Predicate::any([])), NONE);
    assert_eq!(found(conn, &graph, |_| Predicate::all([])), ["a", "b", "c", "d"]);
}

pub(crate) fn thousands_of_values_are_one_statement(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let c = graph.get_by_key::<Book>(conn, "c").unwrap().unwrap();
    graph.patch(conn, c.id, &json!({"rating": 7.5})).unwrap();
    let first = graph.get_by_key::<Book>(conn, "a").unwrap().unwrap().id.raw();
    let texts: Vec<String> = (0..10_000).map(|number| number.to_string()).chain(["b".to_owned()]).collect();
    let floats: Vec<f64> = (0..10_000_u32).map(|number| f64::from(number) + 0.5).collect();
    let log = Log::of(conn);
    assert_eq!(found(conn, &graph, |b| b.isbn.is_in(&texts)), ["b"]);
    assert_eq!(found(conn, &graph, |_| query::key().is_in(&texts)), ["b"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.is_in(20..10_020)), ["b", "c", "d"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.not_in(20..10_020)), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.rating.is_in(&floats)), ["c"]);
    assert_eq!(found(conn, &graph, |_| query::id().is_in(first + 1..first + 10_001)), ["b", "c", "d"]);
    assert_eq!(log.queries().len(), 6);
}

pub(crate) fn thousands_of_predicates_are_one_statement(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let log = Log::of(conn);
    let any = Predicate::any((11..5_011).map(|number| Book::F.page_count.eq(number)));
    assert_eq!(found(conn, &graph, |_| any), ["b", "c", "d"]);
    assert_eq!(log.queries().len(), 1);
}

pub(crate) fn chains_of_predicates_are_as_long_as_one_likes(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let each = || (11..1_211_u32).map(|number| Book::F.page_count.eq(number));
    assert_eq!(found(conn, &graph, |_| each().reduce(|all, one| all | one).unwrap()), ["b", "c", "d"]);
    assert_eq!(found(conn, &graph, |_| each().reduce(|all, one| one | all).unwrap()), ["b", "c", "d"]);
    assert_eq!(found(conn, &graph, |_| each().map(|one| !one).reduce(|all, one| all & one).unwrap()), ["a"]);
    assert_eq!(found(conn, &graph, |_| each().map(|one| !one).reduce(|all, one| one & all).unwrap()), ["a"]);
    assert_eq!(found(conn, &graph, |_| Predicate::all(each().map(|one| !one))), ["a"]);
    let often = (0..2_001).fold(Book::F.page_count.eq(10), |predicate, _| !predicate);
    assert_eq!(found(conn, &graph, |_| often), ["b", "c", "d"]);
}

pub(crate) fn the_opposite_of_a_predicate_holds_where_it_does_not(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let rated = |isbn: &str, rating| Book { rating, ..book(isbn) };
    graph.insert_many(conn, [rated("a", None), rated("b", Some(1.0)), rated("c", Some(2.0))]).unwrap();
    graph.insert(conn, &Reader { name: "not a book".into(), born: 1 }).unwrap();
    let b = Book::F;
    let predicates = [
        b.rating.eq(1.0),
        b.rating.lt(2.0),
        b.rating.is_in([2.0]),
        b.rating.is_null(),
        b.author.contains("x") | b.rating.gt(1.0),
        b.author.eq("x") & b.rating.gt(1.0),
        b.place.at::<String>("shelf").like("%"),
        b.tags.nth(3).eq("x"),
    ];
    for (place, predicate) in predicates.into_iter().enumerate() {
        let mut both = found(conn, &graph, |_| predicate.clone());
        both.extend(found(conn, &graph, |_| !predicate.clone()));
        both.sort_unstable();
        assert_eq!(both, ["a", "b", "c"], "predicate {place}");
        assert_eq!(found(conn, &graph, |_| !!predicate.clone()), found(conn, &graph, |_| predicate));
    }
}

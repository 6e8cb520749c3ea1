//! What is computed over rows, of all of them and of groups.

use metagraph::Field;
use metagraph::prelude::*;
use metagraph::query::{self, count};
use serde_json::{Value, json};

use crate::scenarios::{Book, Condition, Library, Note, Place, book, library, note, notes};

/// Books `a` to `f` of three authors and none.
pub(super) fn six(conn: &mut impl GraphConnection) -> Graph<Library> {
    let graph = library(conn);
    let rows = [
        ("a", Some("Ann"), 10, Some(0.5), false),
        ("b", Some("Bob"), 20, None, true),
        ("c", Some("Ann"), 30, Some(2.0), true),
        ("d", None, 40, Some(1.5), false),
        ("e", Some("Cat"), 50, None, false),
        ("f", Some("Ann"), 60, None, false),
    ];
    let books = rows.map(|(isbn, author, page_count, rating, signed)| Book {
        author: author.map(str::to_owned),
        page_count,
        rating,
        signed,
        condition: if signed { Condition::WellRead } else { Condition::AsNew },
        tags: vec!["x".to_owned(); usize::from(signed)],
        added: format!("2026-01-01T00:00:00.{page_count}Z").parse().unwrap(),
        place: signed.then(|| Place { shelf: isbn.to_owned(), row: Some(1) }),
        ..book(isbn)
    });
    graph.insert_many(conn, books).unwrap();
    graph
}

#[allow(clippy::unnecessary_wraps, reason = "authors are optional")]
pub(super) fn some(name: &str) -> Option<String> {
    Some(name.to_owned())
}

pub(crate) fn of_no_rows_there_are_none_and_nothing_else(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let none = || graph.nodes::<Book>();
    let counts = none().aggregate(conn, |b| (count(), b.rating.count(), b.author.count_distinct())).unwrap();
    assert_eq!(counts, (0, 0, 0));
    let numbers = none().aggregate(conn, |b| (b.page_count.sum(), b.rating.sum(), b.page_count.avg())).unwrap();
    assert_eq!(numbers, (None, None, None));
    let extremes =
        none().aggregate(conn, |b| (b.title.min(), b.page_count.max(), b.signed.max(), b.added.min())).unwrap();
    assert_eq!(extremes, (None, None, None, None));
    let columns = none().aggregate(conn, |_| (query::created_at::<Book>().min(), query::id::<Book>().max())).unwrap();
    assert_eq!(columns, (None, None));
    let groups = none().group_by(|b| b.author).aggregate(|_| count()).load(conn).unwrap();
    assert!(groups.is_empty());
}

pub(crate) fn numbers_are_summed_and_averaged(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let books = || graph.nodes::<Book>();
    assert_eq!(books().aggregate(conn, |b| (b.page_count.sum(), b.page_count.avg())).unwrap(), (Some(210), Some(35.0)));
    assert_eq!(books().aggregate(conn, |b| (b.rating.sum(), b.rating.avg())).unwrap(), (Some(4.0), Some(4.0 / 3.0)));
    assert_eq!(books().aggregate(conn, |b| (b.page_count.min(), b.page_count.max())).unwrap(), (Some(10), Some(60)));
    let fewest = books().filter(|b| b.page_count.le(20)).aggregate(conn, |b| b.page_count.avg()).unwrap();
    assert_eq!(fewest, Some(15.0), "a mean of integers is no integer");
    let lengths = books().aggregate(conn, |b| (b.tags.len().sum(), b.tags.len().max())).unwrap();
    assert_eq!(lengths, (Some(2), Some(Some(1))));
}

pub(crate) fn a_sum_beyond_its_type_is_refused(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let counted = |isbn: &str, count| Book { counters: [("n".to_owned(), count)].into(), ..book(isbn) };
    graph.insert_many(conn, [counted("a", i64::MAX), counted("b", i64::MIN)]).unwrap();
    let sum = |b: <Book as Element>::Fields| b.counters.at::<i64>("n").sum();
    assert_eq!(graph.nodes::<Book>().aggregate(conn, sum).unwrap(), Some(-1));
    graph.insert(conn, &counted("c", i64::MIN)).unwrap();
    assert!(graph.nodes::<Book>().aggregate(conn, sum).is_err());
    let rated = |isbn: &str| Book { rating: Some(f64::MAX), ..book(isbn) };
    graph.insert_many(conn, ["d", "e"].map(rated)).unwrap();
    assert!(graph.nodes::<Book>().aggregate(conn, |b| b.rating.sum()).is_err());
    assert_eq!(graph.nodes::<Book>().aggregate(conn, |b| b.rating.max()).unwrap(), Some(Some(f64::MAX)));
}

pub(crate) fn floats_come_out_of_extremes_as_they_went_in(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let floats = [0.1, 1.730_999_946_594_238_3, 1e300, 5e-324, f64::MAX, 1e23, 2f64.powi(60), 4.0];
    for (place, float) in floats.into_iter().enumerate() {
        graph.insert(conn, &Book { rating: Some(float), ..book(place.to_string()) }).unwrap();
        let only = || graph.nodes::<Book>().filter(|b| b.isbn.eq(place.to_string()));
        assert_eq!(only().aggregate(conn, |b| b.rating.max()).unwrap(), Some(Some(float)));
        assert_eq!(only().aggregate(conn, |b| b.rating.min()).unwrap(), Some(Some(float)));
        assert_eq!(only().aggregate(conn, |b| (b.rating.sum(), b.rating.avg())).unwrap(), (Some(float), Some(float)));
        let groups = only().group_by(|b| b.rating).aggregate(|_| count()).load(conn).unwrap();
        assert_eq!(groups, [(Some(float), 1)]);
    }
}

pub(crate) fn texts_flags_and_times_have_extremes(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let books = || graph.nodes::<Book>();
    let texts = books().aggregate(conn, |b| (b.isbn.min(), b.isbn.max(), b.author.max())).unwrap();
    assert_eq!(texts, (Some("a".into()), Some("f".into()), Some(Some("Cat".into()))));
    assert_eq!(books().aggregate(conn, |b| (b.signed.min(), b.signed.max())).unwrap(), (Some(false), Some(true)));
    let enums = books().aggregate(conn, |b| (b.condition.min(), b.condition.max())).unwrap();
    assert_eq!(enums, (Some(Condition::AsNew), Some(Condition::WellRead)));
    let time = |fraction: &str| Some(format!("2026-01-01T00:00:00.{fraction}Z").parse().unwrap());
    assert_eq!(books().aggregate(conn, |b| (b.added.min(), b.added.max())).unwrap(), (time("1"), time("6")));
    let nodes = books().load(conn).unwrap();
    let created = books().aggregate(conn, |_| (query::created_at::<Book>().min(), query::id::<Book>().max())).unwrap();
    assert_eq!(created, (Some(nodes[0].created_at), Some(nodes[5].id.raw())));
}

pub(crate) fn counting_a_field_leaves_out_what_is_missing(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let books = || graph.nodes::<Book>();
    let counted = books().aggregate(conn, |b| (count(), b.rating.count(), b.author.count(), b.place.count())).unwrap();
    assert_eq!(counted, (6, 3, 5, 2));
    let distinct = books().aggregate(conn, |b| (b.author.count_distinct(), b.signed.count_distinct())).unwrap();
    assert_eq!(distinct, (3, 2));
    let shelves = books().aggregate(conn, |b| b.place.at::<u8>("row").count()).unwrap();
    assert_eq!(shelves, 2);
}

pub(crate) fn only_the_rows_that_are_read_are_computed_over(conn: &mut impl GraphConnection) {
    let graph = six(conn);
    let picked = || graph.nodes::<Book>().order_by(|b| b.page_count.desc()).offset(1).limit(3);
    assert_eq!(picked().aggregate(conn, |b| (count(), b.page_count.sum())).unwrap(), (3, Some(120)));
    let groups = picked().group_by(|b| b.author).aggregate(|_| count()).order_by(|author, _| author.asc());
    assert_eq!(groups.load(conn).unwrap(), [(some("Ann"), 1), (Some("Cat".into()), 1), (None, 1)]);
    let none = graph.nodes::<Book>().limit(0).aggregate(conn, |b| (count(), b.page_count.sum())).unwrap();
    assert_eq!(none, (0, None));
}

pub(crate) fn numbers_of_one_value_are_counted_once(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let values = [json!(1), json!(1.0), json!("1"), json!(true), Value::Null, json!(-0.0), json!(0), json!(2)];
    let kept = values.iter().enumerate().map(|(place, any)| Note { any: any.clone(), ..note(place.to_string()) });
    graph.insert_many(conn, kept.collect::<Vec<_>>()).unwrap();
    let number = Field::<Note, f64>::new("any");
    let text = Field::<Note, String>::new("any");
    let computed = |n: <Note as Element>::Fields| {
        (number.count_distinct(), text.count_distinct(), n.any.count(), number.sum(), text.min(), number.max())
    };
    let computed = graph.nodes::<Note>().aggregate(conn, computed).unwrap();
    assert_eq!(computed, (3, 1, 7, Some(4.0), Some("1".to_owned()), Some(2.0)));
}

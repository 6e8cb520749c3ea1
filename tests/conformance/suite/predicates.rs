//! What holds of a row: every comparison, on every kind of attribute.

use metagraph::prelude::*;
use metagraph::query::{self, Predicate};

use crate::scenarios::{Book, Condition, Library, Place, book, library};

/// The books of which the predicate holds, by key.
fn found(
    conn: &mut impl GraphConnection,
    graph: &Graph<Library>,
    predicate: impl FnOnce(<Book as Element>::Fields) -> Predicate<Book>,
) -> Vec<String> {
    let books = graph.nodes::<Book>().filter(predicate).load(conn).unwrap();
    books.into_iter().map(|book| book.key).collect()
}

pub(crate) fn scalars_compare_by_kind_and_value(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let a = Book { page_count: 10, rating: Some(0.1), author: Some("Ann".into()), ..book("a") };
    let b = Book { page_count: 20, rating: Some(4.0), signed: true, condition: Condition::WellRead, ..book("b") };
    let c = Book { page_count: 30, place: Some(Place { shelf: "x".into(), row: Some(2) }), ..book("c") };
    let c = Book { tags: vec!["x".into(), "y".into()], added: "2026-01-01T00:00:00.5Z".parse().unwrap(), ..c };
    graph.insert_many(conn, [a, b, c]).unwrap();
    assert_eq!(found(conn, &graph, |b| b.page_count.ge(20)), ["b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.between(10, 20)), ["a", "b"]);
    assert_eq!(found(conn, &graph, |b| b.rating.eq(0.1)), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.rating.eq(4.0)), ["b"]);
    assert_eq!(found(conn, &graph, |b| b.rating.is_null()), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.rating.eq(None)), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.rating.ne(4.0)), ["a", "c"]);
    assert_eq!(found(conn, &graph, |b| b.signed.eq(true)), ["b"]);
    assert_eq!(found(conn, &graph, |b| b.condition.eq(Condition::WellRead)), ["b"]);
    assert_eq!(found(conn, &graph, |b| b.condition.is_in([Condition::WellRead, Condition::AsNew])), ["a", "b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.author.eq("Ann")), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.author.eq("Ann") | b.page_count.gt(20)), ["a", "c"]);
    assert_eq!(found(conn, &graph, |b| !(b.author.eq("Ann") | b.page_count.gt(20))), ["b"]);
    assert_eq!(found(conn, &graph, |b| b.place.at::<u8>("row").eq(2)), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.place.eq(Place { shelf: "x".into(), row: Some(2) })), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.place.eq(Place { shelf: "x".into(), row: None })), [""; 0]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains("y")), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_all(["y", "x"])), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_all(["y", "z"])), [""; 0]);
    assert_eq!(found(conn, &graph, |b| b.tags.contains_any(["y", "z"])), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.tags.len().eq(2)), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.tags.is_empty()), ["a", "b"]);
    assert_eq!(found(conn, &graph, |b| b.tags.eq(["x", "y"].map(str::to_owned).to_vec())), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.added.gt("2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap())), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.isbn.starts_with("a")), ["a"]);
    assert_eq!(found(conn, &graph, |_| query::key().eq("b")), ["b"]);
    assert_eq!(found(conn, &graph, |_| query::version().gt(1)), [""; 0]);
    assert_eq!(found(conn, &graph, |_| query::created_at().le(jiff::Timestamp::now())), ["a", "b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.title.contains_ci("TITLE OF C")), ["c"]);
    assert_eq!(found(conn, &graph, |b| b.title.like("%of _")), ["a", "b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.page_count.is_in([10, 30])), ["a", "c"]);
    assert_eq!(found(conn, &graph, |b| b.rating.is_in([0.1, 4.0])), ["a", "b"]);
    let none: [u32; 0] = [];
    assert_eq!(found(conn, &graph, |b| b.page_count.is_in(none)), [""; 0]);
    let none: [u32; 0] = [];
    assert_eq!(found(conn, &graph, |b| b.page_count.not_in(none)), ["a", "b", "c"]);
    let pages = graph.nodes::<Book>().order_by(|b| [b.rating.desc(), b.page_count.asc()]).limit(1);
    let first = pages.clone().page(conn).unwrap();
    assert_eq!(first.items[0].key, "c");
    let second = pages.clone().after(&first.next.unwrap()).page(conn).unwrap();
    assert_eq!(second.items[0].key, "b");
    assert_eq!(pages.clone().before(&second.previous.unwrap()).page(conn).unwrap().items[0].key, "c");
    let all: Vec<String> = pages.clone().limit(9).stream(conn, 1).map(|row| row.unwrap().key).collect();
    assert_eq!(all, ["c", "b", "a"]);
    let sums = graph.nodes::<Book>().aggregate(conn, |b| {
        (
            query::count(),
            b.page_count.sum(),
            b.rating.avg(),
            b.title.max(),
            b.signed.max(),
            b.added.max(),
            b.rating.count(),
        )
    });
    let added: jiff::Timestamp = "2026-01-01T00:00:00.5Z".parse().unwrap();
    assert_eq!(sums.unwrap(), (3, Some(60), Some(2.05), Some("Title of c".into()), Some(true), Some(added), 2));
    let by_condition = graph
        .nodes::<Book>()
        .group_by(|b| b.condition)
        .aggregate(|b| (query::count(), b.page_count.max()))
        .having(|_, (many, _)| many.ge(1))
        .order_by(|_, (many, _)| many.desc())
        .load(conn)
        .unwrap();
    assert_eq!(by_condition, [(Condition::AsNew, (2, Some(30))), (Condition::WellRead, (1, Some(20)))]);
    let picked = graph.nodes::<Book>().order_by(|b| b.page_count.desc()).limit(2);
    assert_eq!(picked.aggregate(conn, |b| b.page_count.sum()).unwrap(), Some(50));
    let titles = graph.nodes::<Book>().select(|b| (b.isbn, b.rating, query::created_at())).load(conn).unwrap();
    assert_eq!(titles[0].1, Some(0.1));
}

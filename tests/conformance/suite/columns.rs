//! What every row has beside its attributes, compared like them.

use jiff::Timestamp;
use metagraph::Field;
use metagraph::prelude::*;
use metagraph::query;

use super::predicates::four;
use crate::scenarios::{Book, Cites, book, found, library};

const NONE: [&str; 0] = [];

pub(crate) fn columns_of_the_row_compare_like_attributes(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let [b, c] = ["b", "c"].map(|key| graph.get_by_key::<Book>(conn, key).unwrap().unwrap());
    graph.update(conn, b.id, |book| book.page_count = 21).unwrap();
    assert_eq!(found(conn, &graph, |_| query::id().eq(b.id)), ["b"]);
    assert_eq!(found(conn, &graph, |_| query::id().is_in([b.id, c.id])), ["b", "c"]);
    assert_eq!(found(conn, &graph, |_| query::id().gt(b.id)), ["c", "d"]);
    assert_eq!(found(conn, &graph, |_| query::key().ge("c")), ["c", "d"]);
    assert_eq!(found(conn, &graph, |_| query::key().is_null()), NONE);
    assert_eq!(found(conn, &graph, |_| query::key().starts_with("b")), ["b"]);
    assert_eq!(found(conn, &graph, |_| query::version().eq(2)), ["b"]);
    assert_eq!(found(conn, &graph, |_| query::version().lt(2)), ["a", "c", "d"]);
    assert_eq!(found(conn, &graph, |_| query::created_at().eq(c.created_at) & query::key().eq("c")), ["c"]);
    assert_eq!(found(conn, &graph, |_| query::created_at().lt(query::updated_at())), ["b"]);
    assert_eq!(found(conn, &graph, |_| query::created_at().eq(query::updated_at())), ["a", "c", "d"]);
}

pub(crate) fn times_of_the_row_compare_with_any_time(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let id = graph.insert(conn, &book("a")).unwrap();
    let created = graph.get(conn, id).unwrap().unwrap().created_at;
    let later = created.checked_add(jiff::SignedDuration::from_nanos(1)).unwrap();
    let sooner = created.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap();
    let (at, none) = (query::created_at, NONE);
    for holds in [at().gt(sooner), at().ge(sooner), at().lt(later), at().le(later), at().between(sooner, later)] {
        assert_eq!(found(conn, &graph, |_| holds), ["a"]);
    }
    for fails in [at().lt(sooner), at().le(sooner), at().gt(later), at().ge(later), at().is_in([sooner, later])] {
        assert_eq!(found(conn, &graph, |_| fails), none);
    }
    assert_eq!(found(conn, &graph, |_| at().is_in([later, created])), ["a"]);
    assert_eq!(found(conn, &graph, |_| at().gt(Timestamp::MIN) & at().lt(Timestamp::MAX)), ["a"]);
    assert_eq!(found(conn, &graph, |_| at().eq(Timestamp::MIN) | at().eq(Timestamp::MAX)), none);
}

pub(crate) fn all_parts_of_a_query_share_the_time_they_are_given(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let id = graph.insert(conn, &book("a")).unwrap();
    graph.connect(conn, id, id, &Cites { page: 1, note: None }).unwrap();
    let now = graph.get(conn, id).unwrap().unwrap().created_at;
    let there = || query::created_at().le(now);
    let cited = query::in_::<Cites, Book, Book>().node(|_| there()).exists();
    let query = graph.nodes::<Book>().filter(|_| there() & cited & !query::updated_at().gt(now));
    assert_eq!(query.clone().load(conn).unwrap()[0].id, id);
    let sql = query.to_sql(conn).unwrap().to_lowercase();
    for clock in ["now", "current_", "clock", "strftime", "julianday", "unixepoch"] {
        assert!(!sql.contains(clock), "the database's own clock may have another time for each part: {sql}");
    }
}

pub(crate) fn fields_compare_with_fields(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let read = |isbn: &str, author: Option<&str>, counted: Option<i64>| Book {
        title: "Ann".into(),
        author: author.map(str::to_owned),
        counters: counted.map(|counted| ("pages".to_owned(), counted)).into_iter().collect(),
        ..book(isbn)
    };
    graph.insert_many(conn, [read("a", Some("Ann"), Some(100)), read("b", Some("Bob"), None)]).unwrap();
    graph.insert(conn, &read("c", None, Some(101))).unwrap();
    assert_eq!(found(conn, &graph, |b| b.author.eq(b.title)), ["a"]);
    assert_eq!(found(conn, &graph, |b| b.author.ne(b.title)), ["b", "c"]);
    assert_eq!(found(conn, &graph, |b| b.author.gt(b.title)), ["b"]);
    assert_eq!(found(conn, &graph, |b| b.author.is_in([b.title.clone(), b.isbn])), ["a"]);
    let pages = Field::<Book, i64>::new("pageCount");
    assert_eq!(found(conn, &graph, |b| b.counters.at::<i64>("pages").ge(pages.clone())), ["a", "c"]);
    assert_eq!(found(conn, &graph, |b| b.counters.at::<i64>("pages").between(query::id(), pages)), ["a"]);
}

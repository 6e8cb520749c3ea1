//! What cannot be asked is refused before the database is, and says why.

use expect_test::expect;
use metagraph::Field;
use metagraph::prelude::*;
use metagraph::query;
use serde_json::{Value, json};

use super::predicates::four;
use crate::harness::Log;
use crate::refusal::told;
use crate::scenarios::{Book, Cites, found};

pub(crate) fn predicates_may_be_nested_but_not_without_end(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let nested = |depth: usize| {
        let b = Book::F;
        (0..depth).fold(b.isbn.eq("a"), |inner, _| (!(inner & b.page_count.gt(1))) | b.isbn.eq("no book"))
    };
    assert_eq!(found(conn, &graph, |_| nested(2)), ["a"]);
    assert_eq!(found(conn, &graph, |_| nested(60)), ["a"]);
    let refused = graph.nodes::<Book>().matching(nested(5_000)).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: 15002 predicates are nested in each other, more than 200"]
        .assert_eq(&told(&refused));
}

pub(crate) fn what_equals_nothing_is_refused_before_it_is_asked(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let log = Log::of(conn);
    let mut refused = |predicate| told(&graph.nodes::<Book>().matching(predicate).load(conn).unwrap_err());
    let (rating, pages) = (Book::F.rating, Book::F.page_count);
    expect!["MG1007: this cannot be asked: NaN is not a JSON number, and equals none"]
        .assert_eq(&refused(rating.eq(f64::NAN)));
    expect!["MG1007: this cannot be asked: inf is not a JSON number, and equals none"]
        .assert_eq(&refused(rating.lt(f64::INFINITY)));
    expect!["MG1007: this cannot be asked: NaN is not a JSON number, and equals none"]
        .assert_eq(&refused(rating.is_in([0.5, f64::NAN])));
    expect!["MG1007: this cannot be asked: -inf is not a JSON number, and equals none"]
        .assert_eq(&refused(!rating.not_in([f64::NEG_INFINITY])));
    expect!["MG1007: this cannot be asked: 18446744073709551615 is beyond the integers of 64 bits, which both databases compare alike"].assert_eq(&refused(Field::<Book, u64>::new("pageCount").gt(u64::MAX)));
    expect!["MG1007: this cannot be asked: no stored text holds U+0000"].assert_eq(&refused(Book::F.title.eq("a\0")));
    expect!["MG1007: this cannot be asked: no stored text holds U+0000"]
        .assert_eq(&refused(Book::F.title.contains("\0")));
    expect![[r#"MG1007: this cannot be asked: the pattern `a\` ends with the escape `\`"#]]
        .assert_eq(&refused(pages.eq(1) | Book::F.title.like(r"a\")));
    let mixed = Field::<Book, Vec<Value>>::new("tags");
    expect!["MG1007: this cannot be asked: the elements looked for are of several kinds"]
        .assert_eq(&refused(mixed.contains_any([json!("a"), json!(1)])));
    expect![[r#"MG1007: this cannot be asked: ["a"] cannot be looked for in an array, only scalars can"#]]
        .assert_eq(&refused(mixed.contains(json!(["a"]))));
    expect!["MG1007: this cannot be asked: null cannot be looked for in an array"]
        .assert_eq(&refused(mixed.contains_all([Value::Null])));
    assert!(log.queries().is_empty());
}

pub(crate) fn a_misspelt_attribute_is_refused_with_the_known_ones(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let mut refused = |predicate| told(&graph.nodes::<Book>().matching(predicate).load(conn).unwrap_err());
    expect!["MG1007: this cannot be asked: there is no attribute `page_count`; there are `added`, `author`, `condition`, `counters`, `isbn`, `pageCount`, `place`, `rating`, `signed`, `tags`, `title`"].assert_eq(&refused(Field::<Book, u32>::new("page_count").eq(1)));
    expect!["MG1007: this cannot be asked: there is no attribute `shelve`; there are `row`, `shelf`"]
        .assert_eq(&refused(Book::F.place.at::<String>("shelve").is_null()));
    expect![[r#"MG1007: this cannot be asked: the attribute `a\"b` cannot be asked for: its name has quotes, backslashes or control characters"#]].assert_eq(&refused(Book::F.place.at::<String>("a\"b").is_null()));
}

pub(crate) fn a_time_of_the_row_is_not_compared_with_an_attribute(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let refused = graph.nodes::<Book>().filter(|b| b.added.lt(query::created_at())).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: when a row was written is not compared with a time in its attributes"]
        .assert_eq(&told(&refused));
}

pub(crate) fn a_hop_s_filter_may_be_nested_but_not_without_end(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let a = graph.nodes::<Book>().filter(|b| b.isbn.eq("a")).one(conn).unwrap().id;
    let nested = |depth| {
        let isbn = Book::F.isbn;
        (0..depth).fold(isbn.eq("a"), |inner, _| (inner & isbn.ne("b")) | isbn.eq("c"))
    };
    let way = || graph.from(a).out::<Cites>().to::<Book>();
    assert_eq!(way().filter(|_| nested(90)).count(conn).unwrap(), 0);
    let deep = query::out::<Cites, Book, Book>().node(|_| nested(1_000)).count();
    let refused = [
        way().filter(|_| nested(1_000)).load(conn).map(drop),
        way().filter(|_| nested(1_000)).rows().load(conn).map(drop),
        way().filter(|_| nested(1_000)).depth(..=2).paths(conn, 1).map(drop),
        way().filter_end(|_| nested(1_000)).depth(..).load(conn).map(drop),
        graph.nodes::<Book>().order_by(|_| [deep.asc()]).load(conn).map(drop),
        graph.nodes::<Book>().select(|_| deep).load(conn).map(drop),
    ];
    let expected = "this cannot be asked: 2003 predicates are nested in each other, more than 200";
    assert_eq!(refused.map(|refused| refused.unwrap_err().to_string()), [expected; 6]);
}

pub(crate) fn edges_are_asked_for_at_the_ends_of_edges_but_not_without_end(conn: &mut impl GraphConnection) {
    let graph = four(conn);
    let books: Vec<_> = graph.nodes::<Book>().load(conn).unwrap();
    graph.connect(conn, books[0].id, books[0].id, &Cites { page: 1, note: None }).unwrap();
    let hops = |hops, either: bool| {
        (0..hops).fold(Book::F.isbn.eq("a"), |inner, hop| {
            let near = if either { query::both::<Cites, Book, Book>() } else { query::out() };
            let near = near.edge(|cites| cites.page.eq(1)).node(|_| inner);
            if hop % 2 == 0 { near.exists() } else { near.count().eq(1) }
        })
    };
    assert_eq!(found(conn, &graph, |_| hops(8, false)), ["a"]);
    assert_eq!(found(conn, &graph, |_| hops(4, true)), ["a"]);
    for (deep, either, told) in [(9, false, 9), (1_000, false, 1_000), (5, true, 10)] {
        let refused = graph.nodes::<Book>().matching(hops(deep, either)).load(conn).unwrap_err();
        let expected = format!(
            "this cannot be asked: edges are asked for {told} hops away, more than 8; follow them with a traversal"
        );
        assert_eq!(refused.to_string(), expected);
    }
}

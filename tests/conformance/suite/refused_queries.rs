//! What cannot be asked is refused before the database is, and says why.

use expect_test::expect;
use metagraph::Field;
use metagraph::prelude::*;
use metagraph::query;
use serde_json::{Value, json};

use super::predicates::four;
use crate::harness::Log;
use crate::refusal::told;
use crate::scenarios::{Book, found};

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

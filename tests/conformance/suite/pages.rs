//! Pages: there and back through every order, each row exactly once; and cursors that only their query takes.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::query::{self, Order};
use metagraph::{Cursor, Error};
use serde_json::json;

use crate::refusal::told;
use crate::scenarios::{Book, Cites, Condition, Item, Library, Note, Reader, book, library, note, notes};

/// Walks forward through all pages and back again, and returns the rows, which must be those of a plain read.
macro_rules! walk {
    ($conn:expr, $query:expr) => {{
        let query = || $query;
        let all: Vec<_> = query().load($conn).unwrap().into_iter().map(|row| row.id).collect();
        for size in [1, 2, 3, 100] {
            let mut pages = vec![query().limit(size).page($conn).unwrap()];
            while let Some(next) = pages.last().unwrap().next.clone() {
                assert!(pages.len() <= all.len(), "the pages do not end");
                pages.push(query().limit(size).after(&next).page($conn).unwrap());
            }
            let ids: Vec<_> = pages.iter().flat_map(|page| &page.items).map(|row| row.id).collect();
            assert_eq!(ids, all, "forward in pages of {size}");
            let mut page = pages.pop().unwrap();
            while let Some(before) = pages.pop() {
                page = query().limit(size).before(&page.previous.unwrap()).page($conn).unwrap();
                assert_eq!(page.items, before.items, "backward in pages of {size}");
            }
            assert!(page.previous.is_none(), "there is nothing before the first page");
        }
        all
    }};
}

fn walk_books<I>(
    conn: &mut impl GraphConnection,
    graph: &Graph<Library>,
    order: impl Fn(<Book as Element>::Fields) -> I,
) where
    I: IntoIterator<Item = Order<Book>>,
{
    let walked = walk!(conn, graph.nodes::<Book>().order_by(&order));
    assert_eq!(i64::try_from(walked.len()).unwrap(), graph.nodes::<Book>().count(conn).unwrap());
}

/// Nine books whose attributes differ little.
fn nine(conn: &mut impl GraphConnection) -> Graph<Library> {
    let graph = library(conn);
    let titles = ["é", "e", "", "é", "\u{1F600}", "z", "Z", "\u{FFFD}", "e"];
    let ratings = [0.1, 1e300, 5e-324, 0.1, 1.730_999_946_594_238_3, -0.3, 4.0, 2.0, f64::MAX].map(Some);
    let added = ["00Z", "00.5Z", "00.50001Z", "01Z", "00Z", "00.000000001Z", "59.9Z", "00.5Z", "00Z"];
    let books = (0..9_u8).map(|number| {
        let place = usize::from(number);
        Book {
            title: titles[place].to_owned(),
            author: (number % 3 > 0).then(|| titles[place / 2].to_owned()),
            page_count: u32::from(number / 3),
            rating: ratings[place].filter(|_| number % 4 > 0),
            signed: number % 2 == 0,
            condition: if number % 5 == 0 { Condition::WellRead } else { Condition::AsNew },
            tags: vec!["x".to_owned(); place / 2],
            added: format!("2026-01-01T00:00:{}", added[place]).parse().unwrap(),
            ..book(number.to_string())
        }
    });
    graph.insert_many(conn, books.collect::<Vec<_>>()).unwrap();
    graph
}

pub(crate) fn pages_over_equal_keys_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    walk!(conn, graph.nodes::<Book>());
    walk_books(conn, &graph, |b| b.page_count.asc());
    walk_books(conn, &graph, |b| b.page_count.desc());
    walk_books(conn, &graph, |b| b.signed.asc());
    walk_books(conn, &graph, |b| b.signed.desc());
    walk_books(conn, &graph, |b| b.condition.desc());
    walk!(conn, graph.nodes::<Book>().filter(|b| b.page_count.ge(1)).order_by(|b| b.signed.desc()));
}

pub(crate) fn pages_over_keys_that_may_be_missing_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    walk_books(conn, &graph, |b| b.author.asc());
    walk_books(conn, &graph, |b| b.author.desc());
    walk_books(conn, &graph, |b| b.author.asc().nulls_first());
    walk_books(conn, &graph, |b| b.author.desc().nulls_last());
    walk_books(conn, &graph, |b| b.rating.desc());
    walk_books(conn, &graph, |b| [b.rating.asc().nulls_first(), b.author.desc()]);
    walk_books(conn, &graph, |b| b.place.at::<String>("shelf").asc());
}

pub(crate) fn pages_over_several_keys_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    walk_books(conn, &graph, |b| [b.page_count.asc(), b.title.desc()]);
    walk_books(conn, &graph, |b| [b.signed.desc(), b.author.asc(), b.rating.desc()]);
    walk_books(conn, &graph, |b| [b.author.desc().nulls_last(), b.signed.asc(), query::id().desc()]);
}

pub(crate) fn pages_over_texts_floats_and_times_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    walk_books(conn, &graph, |b| b.title.asc());
    walk_books(conn, &graph, |b| b.title.desc());
    walk_books(conn, &graph, |b| b.rating.asc());
    walk_books(conn, &graph, |b| b.added.asc());
    walk_books(conn, &graph, |b| b.added.desc());
    walk_books(conn, &graph, |b| b.tags.len().desc());
    walk_books(conn, &graph, |b| b.tags.nth(1).asc());
}

pub(crate) fn pages_over_columns_of_the_row_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let third = graph.get_by_key::<Book>(conn, "3").unwrap().unwrap().id;
    graph.patch(conn, third, &json!({"signed": true})).unwrap();
    walk_books(conn, &graph, |_| query::created_at().asc());
    walk_books(conn, &graph, |_| query::updated_at().desc());
    walk_books(conn, &graph, |_| query::version().desc());
    walk_books(conn, &graph, |_| query::key().desc());
    walk_books(conn, &graph, |_| query::id().desc());
    graph.insert(conn, &Reader { name: "ann".into(), born: 1 }).unwrap();
    assert_eq!(walk!(conn, graph.nodes::<Item>().sorted(query::key().desc())).len(), 10);
}

pub(crate) fn pages_over_attributes_of_ends_and_degrees_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let ids: Vec<_> = graph.nodes::<Book>().load(conn).unwrap().into_iter().map(|book| book.id).collect();
    for (page, (source, target)) in (0..).zip([(0, 1), (1, 2), (2, 0), (3, 3), (0, 4), (8, 1), (1, 8)]) {
        let note = (page % 2 == 0).then(|| "note".to_owned());
        graph.connect(conn, ids[source], ids[target], &Cites { page, note }).unwrap();
    }
    let (from, to) = (Book::F.author.at_source::<Cites, Book>(), Book::F.rating.at_target::<Cites, Book>());
    let edges = || graph.edges::<Cites>();
    walk!(conn, edges().order_by(|_| from.asc()));
    walk!(conn, edges().order_by(|_| to.desc()));
    walk!(conn, edges().order_by(|c| [c.note.asc(), Book::F.title.at_target::<Cites, Book>().desc()]));
    walk!(conn, edges().order_by(|_| query::created_at::<Book>().at_source::<Cites, Book>().asc()));
    walk!(conn, edges().order_by(|_| query::version::<Book>().at_target::<Cites, Book>().desc()));
    walk!(conn, edges().order_by(|_| query::key::<Book>().at_source::<Cites, Book>().desc()));
    walk!(conn, edges().order_by(|_| query::key().asc()));
    let cited = query::in_::<Cites, Book, Book>().count();
    walk_books(conn, &graph, |_| cited.desc());
    walk!(conn, edges().order_by(|_| cited.at_source::<Cites, Book>().asc()));
}

pub(crate) fn pages_over_what_may_be_left_out_hold_each_row_once(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    let larges = [u64::MAX, 0, u64::MAX - 1, u64::MAX, 1 << 63, (1 << 53) + 1, u64::MAX];
    let written =
        (0..).zip(larges).map(|(number, large)| Note { weight: number % 3, large, ..note(number.to_string()) });
    graph.insert_many(conn, written.collect::<Vec<_>>()).unwrap();
    assert_eq!(walk!(conn, graph.nodes::<Note>().order_by(|n| n.weight.asc())).len(), 7);
    walk!(conn, graph.nodes::<Note>().order_by(|n| n.weight.desc()));
    walk!(conn, graph.nodes::<Note>().order_by(|n| n.large.asc()));
    walk!(conn, graph.nodes::<Note>().order_by(|n| n.large.desc()));
}

pub(crate) fn a_page_is_a_hundred_rows_where_nobody_said(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert_many(conn, (0..101).map(|number| book(number.to_string()))).unwrap();
    let page = graph.nodes::<Book>().page(conn).unwrap();
    assert_eq!((page.items.len(), page.previous), (100, None));
    assert_eq!(graph.nodes::<Book>().after(&page.next.unwrap()).page(conn).unwrap().items.len(), 1);
    let none = graph.nodes::<Book>().limit(0).page(conn).unwrap();
    assert!(none.items.is_empty() && none.next.is_none() && none.previous.is_none());
}

pub(crate) fn a_cursor_bounds_every_way_to_read(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| [b.page_count.desc(), b.isbn.asc()]);
    let next = books().limit(4).page(conn).unwrap().next.unwrap();
    let keys = |rows: Vec<Node<Book>>| rows.into_iter().map(|row| row.key).collect::<Vec<_>>();
    assert_eq!(keys(books().after(&next).load(conn).unwrap()), ["4", "5", "0", "1", "2"]);
    assert_eq!(keys(books().before(&next).load(conn).unwrap()), ["6", "7", "8"]);
    assert_eq!(keys(books().before(&next).limit(2).load(conn).unwrap()), ["7", "8"]);
    assert_eq!(books().after(&next).count(conn).unwrap(), 5);
    assert_eq!(books().before(&next).count(conn).unwrap(), 3);
    assert!(books().after(&next).exists(conn).unwrap());
    assert!(books().before(&next).exists(conn).unwrap());
    assert_eq!(books().after(&next).first(conn).unwrap().unwrap().key, "4");
    assert_eq!(books().after(&next).select(|b| b.isbn).load(conn).unwrap(), ["4", "5", "0", "1", "2"]);
    assert_eq!(books().before(&next).limit(2).select(|b| b.isbn).load(conn).unwrap(), ["7", "8"]);
    assert_eq!(books().after(&next).aggregate(conn, |b| b.page_count.sum()).unwrap(), Some(2));
    let streamed: Vec<_> = books().after(&next).stream(conn, 2).map(|row| row.unwrap().key).collect();
    assert_eq!(streamed, ["4", "5", "0", "1", "2"]);
    let streamed: Result<Vec<_>, _> = books().before(&next).stream(conn, 2).collect();
    expect!["MG1007: this cannot be asked: rows before a cursor are read in pages, and not as a stream"]
        .assert_eq(&told(&streamed.unwrap_err()));
}

pub(crate) fn a_query_goes_on_from_one_cursor(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().limit(2);
    let first = books().page(conn).unwrap().next.unwrap();
    let second = books().after(&first).page(conn).unwrap().next.unwrap();
    assert_eq!(books().after(&first).after(&second).load(conn).unwrap()[0].key, "4", "the last one counts");
    let refused = books().after(&first).before(&second).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: rows are either after a cursor or before one, and not between two"]
        .assert_eq(&told(&refused));
}

pub(crate) fn a_cursor_of_another_query_is_refused(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let other = Graph::<Library>::open_or_create(conn, "other").unwrap();
    let books = || graph.nodes::<Book>().limit(2);
    let cursor = books().order_by(|b| b.title.asc()).page(conn).unwrap().next.unwrap();
    books().order_by(|b| b.title.asc()).after(&cursor).page(conn).unwrap();
    let others = [
        books(),
        books().order_by(|b| b.title.desc()),
        books().order_by(|b| b.isbn.asc()),
        books().order_by(|b| [b.title.asc(), b.isbn.asc()]),
        books().order_by(|b| b.title.asc()).filter(|b| b.signed.eq(true)),
    ];
    let refused = books().after(&cursor).page(conn).unwrap_err();
    expect![[r#"
        MG2006: the cursor does not continue this query: it comes from another graph, filter or order
        (begin again without one: a cursor belongs to one graph, filter and order, and to one release)"#]]
    .assert_eq(&told(&refused));
    for query in others {
        assert!(matches!(query.clone().after(&cursor).page(conn), Err(Error::InvalidCursor { .. })));
        assert!(matches!(query.clone().before(&cursor).load(conn), Err(Error::InvalidCursor { .. })));
        assert!(matches!(query.after(&cursor).exists(conn), Err(Error::InvalidCursor { .. })));
    }
    let elsewhere = other.nodes::<Book>().order_by(|b| b.title.asc()).limit(2).after(&cursor).page(conn);
    assert!(matches!(elsewhere, Err(Error::InvalidCursor { .. })));
}

fn hexadecimal(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

pub(crate) fn a_malformed_cursor_is_refused(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let cursor = graph.nodes::<Book>().limit(2).page(conn).unwrap().next.unwrap().to_string();
    for malformed in ["", "x", "é", &cursor[1..], &cursor[2..], &hexadecimal("[]"), &hexadecimal("[1,\"\",[[]],1]")] {
        assert!(matches!(malformed.parse::<Cursor>(), Err(Error::InvalidCursor { .. })), "{malformed}");
    }
    expect![[r#"
        MG2006: the cursor does not continue this query: it is no cursor
        (begin again without one: a cursor belongs to one graph, filter and order, and to one release)"#]]
    .assert_eq(&told(&"".parse::<Cursor>().unwrap_err()));
    let refused = hexadecimal("[2,\"\",[],1]").parse::<Cursor>().unwrap_err();
    expect![[r#"
        MG2006: the cursor does not continue this query: it comes from another release of metagraph
        (begin again without one: a cursor belongs to one graph, filter and order, and to one release)"#]]
    .assert_eq(&told(&refused));
}

pub(crate) fn a_forged_cursor_is_refused(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| [b.title.asc()]).sorted(query::created_at().asc()).limit(2);
    let books = || books().sorted(query::version().asc());
    let cursor = books().page(conn).unwrap().next.unwrap();
    let bytes: Vec<u8> = cursor
        .to_string()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let content: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let (title, time, version) = (content[2][0].clone(), content[2][1].clone(), content[2][2].clone());
    let forged = [
        json!([1, time, version]),
        json!(["a\0", time, version]),
        json!([title, "tomorrow", version]),
        json!([title, 7, version]),
        json!([title, time, "7"]),
        json!([title, time, true]),
        json!([title, time]),
    ];
    for values in forged {
        let mut content = content.clone();
        content[2] = values.clone();
        let cursor: Cursor = hexadecimal(&content.to_string()).parse().unwrap();
        let refused = books().after(&cursor).page(conn).unwrap_err();
        assert!(matches!(refused, Error::InvalidCursor { .. }), "{values}: {refused}");
    }
}

pub(crate) fn a_cursor_is_text_to_the_outside(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| [b.rating.desc(), b.author.asc()]).limit(4);
    let cursor = books().page(conn).unwrap().next.unwrap();
    assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
    let written = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&written).unwrap(), cursor);
    assert!(cursor.to_string().bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

pub(crate) fn rows_written_while_paging_are_seen_where_they_are_still_to_come(conn: &mut impl GraphConnection) {
    let graph = nine(conn);
    let books = || graph.nodes::<Book>().order_by(|b| b.isbn.asc()).limit(5);
    let first = books().page(conn).unwrap();
    graph.insert_many(conn, [book("00"), book("55")]).unwrap();
    let fourth = first.items[4].id;
    graph.delete(conn, fourth).unwrap();
    let second = books().after(&first.next.unwrap()).page(conn).unwrap();
    assert_eq!(second.items.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["5", "55", "6", "7", "8"]);
    let back = books().before(&second.previous.unwrap()).page(conn).unwrap();
    assert_eq!(back.items.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["0", "00", "1", "2", "3"]);
}

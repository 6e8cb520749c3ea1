//! Pages: there and back through every order, each row exactly once; and cursors that only their query takes.

use metagraph::prelude::*;
use metagraph::query::{self, Order};
use serde_json::json;

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
pub(super) fn nine(conn: &mut impl GraphConnection) -> Graph<Library> {
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
    let (from, to) = (Book::F.author.at_source::<Cites>(), Book::F.rating.at_target::<Cites>());
    let edges = || graph.edges::<Cites>();
    walk!(conn, edges().order_by(|_| from.asc()));
    walk!(conn, edges().order_by(|_| to.desc()));
    walk!(conn, edges().order_by(|c| [c.note.asc(), Book::F.title.at_target::<Cites>().desc()]));
    walk!(conn, edges().order_by(|_| query::created_at::<Book>().at_source::<Cites>().asc()));
    walk!(conn, edges().order_by(|_| query::version::<Book>().at_target::<Cites>().desc()));
    walk!(conn, edges().order_by(|_| query::key::<Book>().at_source::<Cites>().desc()));
    walk!(conn, edges().order_by(|_| query::key().asc()));
    let cited = query::in_::<Cites, Book, Book>().count();
    walk_books(conn, &graph, |_| cited.desc());
    walk!(conn, edges().order_by(|_| cited.at_source::<Cites>().asc()));
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

pub(crate) fn a_page_may_be_of_some_fields(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert_many(conn, (0..5).map(|n| Book { page_count: 100 - n, ..book(n.to_string()) })).unwrap();
    let shortest = || graph.nodes::<Book>().order_by(|b| b.page_count.asc()).limit(2);
    let first = shortest().select(|b| (b.isbn, b.page_count)).page(conn).unwrap();
    assert_eq!(first.items, [("4".to_owned(), 96), ("3".to_owned(), 97)]);
    let next = first.next.unwrap();
    let second = shortest().after(&next).select(|b| b.isbn).page(conn).unwrap();
    assert_eq!(second.items, ["2", "1"]);
    let whole = shortest().after(&next).page(conn).unwrap();
    assert_eq!(
        (whole.next.clone(), whole.items.len()),
        (second.next, 2),
        "a cursor is the query's, whatever is selected"
    );
    let back = shortest().before(&whole.previous.unwrap()).select(|b| b.isbn).page(conn).unwrap();
    assert_eq!(back.items, ["4", "3"]);
    let groups = graph.nodes::<Book>().group_by(|b| b.condition).aggregate(|_| query::count());
    assert!(groups.to_sql(conn).unwrap().contains("GROUP BY 1"));
    assert!(!groups.explain(conn).unwrap().steps.is_empty());
    assert_eq!(groups.first(conn).unwrap().unwrap().1, 5);
}

pub(crate) fn a_missing_value_is_named_when_it_does_not_fit(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    graph.insert(conn, &book("a")).unwrap();
    let error = graph.nodes::<Book>().select(|b| b.place.at::<u8>("row")).load(conn).unwrap_err();
    let told = crate::refusal::told(&error);
    assert!(told.starts_with("MG4001: a stored `place.row` of book does not fit its Rust type"), "{told}");
    assert!(told.ends_with("(it is missing from this row: read it as an `Option`)"), "{told}");
}

//! What a declared index is for: queries that find their rows by it.

use metagraph::prelude::*;
use metagraph::query::Query;
use metagraph::{Cursor, indexes, query};

use crate::harness::Log;
use crate::scenarios::{Book, Cites, Library, book, library};
use crate::store::Inspect;

const BOOKS: u32 = 3_000;

/// A library of many books of which each cites the next, with statistics.
fn large_library(conn: &mut impl Inspect) -> Graph<Library> {
    let graph = library(conn);
    let books = (0..BOOKS).map(|n| Book { page_count: n, title: format!("title {n:05}"), ..book(n.to_string()) });
    let ids = graph.insert_many(conn, books).unwrap();
    let cites = ids.windows(2).zip(0..).map(|(pair, page)| (pair[0], pair[1], Cites { page, note: None }));
    graph.connect_many(conn, cites).unwrap();
    // Another graph of the type, so that the graph alone does not single out rows.
    let other = Graph::<Library>::open_or_create(conn, "other").unwrap();
    other.insert_many(conn, (0..BOOKS).map(|n| book(n.to_string()))).unwrap();
    conn.run("ANALYZE");
    graph
}

/// The name in the database of the index declared on this attribute.
fn index_on(conn: &mut impl Inspect, element: &str, attribute: &str) -> String {
    let indexes = indexes::list(conn, "library").unwrap();
    let found = indexes.into_iter().find(|index| index.element == element && index.declared == attribute);
    found.unwrap().name
}

fn uses<A: query::Answer>(conn: &mut impl Inspect, query: &Query<'_, A>, index: &str) -> String {
    let explanation = query.explain(conn).unwrap();
    assert!(explanation.mentions(index), "{}\n{explanation}", query.to_sql(conn).unwrap());
    explanation.to_string()
}

pub(crate) fn indexed_equality_uses_its_index(conn: &mut impl Inspect) {
    let graph = large_library(conn);
    let index = index_on(conn, "book", "pageCount");
    uses(conn, &graph.nodes::<Book>().filter(|b| b.page_count.eq(7)), &index);
    uses(conn, &graph.nodes::<Book>().filter(|b| b.page_count.is_in([7, 8, 9])), &index);
    let index = index_on(conn, "book", "title");
    uses(conn, &graph.nodes::<Book>().filter(|b| b.title.eq("title 00007")), &index);
    let index = index_on(conn, "cites", "page");
    uses(conn, &graph.edges::<Cites>().filter(|c| c.page.eq(7)), &index);
}

pub(crate) fn indexed_ranges_and_beginnings_use_their_index(conn: &mut impl Inspect) {
    let graph = large_library(conn);
    let index = index_on(conn, "book", "pageCount");
    uses(conn, &graph.nodes::<Book>().filter(|b| b.page_count.between(10, 20)), &index);
    uses(conn, &graph.nodes::<Book>().filter(|b| b.page_count.lt(10) & b.signed.eq(false)), &index);
    let index = index_on(conn, "book", "title");
    uses(conn, &graph.nodes::<Book>().filter(|b| b.title.starts_with("title 0001")), &index);
    let index = index_on(conn, "book", "added");
    let early: jiff::Timestamp = "2025-12-31T00:00:00Z".parse().unwrap();
    uses(conn, &graph.nodes::<Book>().filter(|b| b.added.lt(early)), &index);
}

pub(crate) fn an_indexed_order_needs_no_sorting(conn: &mut impl Inspect) {
    let graph = large_library(conn);
    for (query, attribute) in [
        (graph.nodes::<Book>().order_by(|b| b.page_count.asc()), "pageCount"),
        (graph.nodes::<Book>().order_by(|b| b.title.asc()), "title"),
    ] {
        let index = index_on(conn, "book", attribute);
        let plan = uses(conn, &query.limit(10), &index);
        assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

pub(crate) fn a_page_further_on_begins_in_the_index(conn: &mut impl Inspect) {
    let graph = large_library(conn);
    let index = index_on(conn, "book", "pageCount");
    let pages = || graph.nodes::<Book>().order_by(|b| b.page_count.asc()).limit(10);
    let next: Cursor = pages().offset(2_000).page(conn).unwrap().next.unwrap();
    let plan = uses(conn, &pages().after(&next), &index);
    assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
    assert!(plan.contains(">?") || plan.contains(">= "), "the page begins at the cursor: {plan}");
    assert_eq!(pages().after(&next).load(conn).unwrap()[0].value.page_count, 2_010);
}

pub(crate) fn a_query_without_an_index_works_and_shows_its_scan(conn: &mut impl Inspect) {
    let graph = large_library(conn);
    let unindexed = graph.nodes::<Book>().filter(|b| b.signed.eq(true));
    let explanation = unindexed.explain(conn).unwrap();
    assert!(!explanation.mentions("__metagraph_ix_"), "{explanation}");
    assert_eq!(unindexed.count(conn).unwrap(), 0);
}

pub(crate) fn a_number_of_different_queries_is_a_handful_of_statements(conn: &mut impl Inspect) {
    let graph = library(conn);
    let ids = graph.insert_many(conn, (0..20).map(|n| book(n.to_string()))).unwrap();
    let log = Log::of(conn);
    for length in 0..1_000_u32 {
        let limit = 2_000 + length;
        graph.nodes::<Book>().filter(|b| b.page_count.is_in(0..length)).limit(limit).count(conn).unwrap();
        graph.nodes::<Book>().filter(|_| query::id().is_in(ids.iter().copied())).limit(limit).load(conn).unwrap();
        let starts = ids.iter().cycle().take(1 + length as usize % 40).copied();
        graph.from_many(starts).out::<Cites>().to::<Book>().count(conn).unwrap();
    }
    assert!(log.cached() <= 6, "so many statements came into the cache");
}

pub(crate) fn only_usual_limits_have_statements_of_their_own(conn: &mut impl Inspect) {
    let graph = library(conn);
    let log = Log::of(conn);
    for limit in 0..1_200 {
        graph.nodes::<Book>().limit(limit).load(conn).unwrap();
    }
    let statements = log.cached();
    assert!((2..20).contains(&statements), "{statements} statements came into the cache");
    let hundred = graph.nodes::<Book>().limit(100).to_sql(conn).unwrap();
    let odd = graph.nodes::<Book>().limit(99).to_sql(conn).unwrap();
    assert!(hundred.ends_with("LIMIT 100") && odd.ends_with("LIMIT ?"), "{hundred}\n{odd}");
}

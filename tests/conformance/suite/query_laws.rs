//! Random queries over random books: both databases answer what a model in memory does.

mod books;
mod order;
mod predicates;

use std::cell::RefCell;
use std::collections::BTreeMap;

use metagraph::prelude::*;
use metagraph::query;
use metagraph::row::NewGraph;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::books::books;
use self::order::{asked, order, sorted};
use self::predicates::{ast, holds, predicate};
use crate::scenarios::{Book, Library, library};

/// Runs a law on books in a graph of their own.
fn law<T: std::fmt::Debug, C: GraphConnection>(
    conn: &mut C,
    asked: impl Strategy<Value = T>,
    law: impl Fn(&mut C, &Graph<Library>, &[Book], &T) -> Result<(), TestCaseError>,
) {
    library(conn);
    let conn = RefCell::new(conn);
    let config = Config { cases: 24, source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&(books(), asked), |(books, asked)| {
        let conn = &mut **conn.borrow_mut();
        let graph = Graph::<Library>::create(conn, &NewGraph::named("law")).unwrap();
        graph.insert_many::<_, Book>(conn, &books).unwrap();
        law(conn, &graph, &books, &asked)
    });
    outcome.unwrap();
}

pub(crate) fn a_predicate_holds_where_its_model_does_and_its_opposite_elsewhere(conn: &mut impl GraphConnection) {
    law(conn, prop::collection::vec(ast(), 40), |conn, graph, books, asts| {
        for ast in asts {
            let (holding, failing): (Vec<&Book>, Vec<&Book>) = books.iter().partition(|book| holds(book, ast));
            let keys = |books: Vec<&Book>| books.into_iter().map(|book| book.isbn.clone()).collect::<Vec<_>>();
            let mut found =
                |predicate| graph.nodes::<Book>().matching(predicate).select(|b| b.isbn).load(conn).unwrap();
            prop_assert_eq!(found(predicate(ast)), keys(holding), "{:?}", ast);
            prop_assert_eq!(found(!predicate(ast)), keys(failing), "not {:?}", ast);
        }
        Ok(())
    });
}

pub(crate) fn rows_come_in_the_order_of_the_model(conn: &mut impl GraphConnection) {
    law(conn, prop::collection::vec(order(), 8), |conn, graph, books, orders| {
        for order in orders {
            let read =
                graph.nodes::<Book>().sorted(order.iter().copied().map(asked)).select(|b| b.isbn).load(conn).unwrap();
            prop_assert_eq!(read, sorted(books, order), "{:?}", order);
        }
        Ok(())
    });
}

pub(crate) fn pages_there_and_back_visit_each_row_once(conn: &mut impl GraphConnection) {
    law(conn, prop::collection::vec((order(), 1..4_u32), 5), |conn, graph, books, walks| {
        for (order, size) in walks {
            let query = || graph.nodes::<Book>().sorted(order.iter().copied().map(asked)).limit(*size);
            let expected = sorted(books, order);
            let keys = |rows: &[Node<Book>]| rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>();
            let mut page = query().page(conn).unwrap();
            let mut forward = keys(&page.items);
            while let Some(next) = page.next.take().filter(|_| forward.len() <= books.len()) {
                page = query().after(&next).page(conn).unwrap();
                forward.extend(keys(&page.items));
            }
            prop_assert_eq!(&forward, &expected, "forward by {:?}", order);
            let mut backward = keys(&page.items);
            while let Some(previous) = page.previous.take().filter(|_| backward.len() <= books.len()) {
                page = query().before(&previous).page(conn).unwrap();
                backward.splice(0..0, keys(&page.items));
            }
            prop_assert_eq!(&backward, &expected, "backward by {:?}", order);
        }
        Ok(())
    });
}

pub(crate) fn groups_hold_what_the_model_computes(conn: &mut impl GraphConnection) {
    law(conn, prop::collection::vec((ast(), 0..4_usize), 8), |conn, graph, books, queries| {
        for (ast, least) in queries {
            let mut groups: BTreeMap<_, Vec<&Book>> = BTreeMap::new();
            for book in books.iter().filter(|book| holds(book, ast)) {
                // What is missing comes last.
                groups.entry((book.author.is_none(), book.author.clone())).or_default().push(book);
            }
            groups.retain(|_, books| books.len() >= *least);
            let expected: Vec<_> = groups.into_iter().map(|((_, author), books)| (author, computed(&books))).collect();
            let groups = graph.nodes::<Book>().matching(predicate(ast)).group_by(|b| b.author).aggregate(|b| {
                (query::count(), b.rating.count(), b.page_count.sum(), b.rating.max(), b.title.min(), b.signed.max())
            });
            let groups = groups.having(|_, (many, ..)| many.ge(i64::try_from(*least).unwrap()));
            let groups = groups.order_by(|author, _| author.asc()).load(conn).unwrap();
            prop_assert_eq!(groups, expected, "{:?}", ast);
        }
        Ok(())
    });
}

type Computed = (i64, i64, Option<i64>, Option<Option<f64>>, Option<String>, Option<bool>);

fn computed(books: &[&Book]) -> Computed {
    let counted = |count: usize| i64::try_from(count).unwrap();
    let ratings = || books.iter().filter_map(|book| book.rating);
    (
        counted(books.len()),
        counted(ratings().count()),
        Some(books.iter().map(|book| i64::from(book.page_count)).sum()),
        ratings().max_by(f64::total_cmp).map(Some),
        books.iter().map(|book| book.title.clone()).min(),
        books.iter().map(|book| book.signed).max(),
    )
}

//! Reading: in which order, how many, and what of each row.

use expect_test::expect;
use metagraph::prelude::*;
use metagraph::query::{self, Projection, Selection};
use metagraph::{Error, Field};

use crate::harness::Log;
use crate::refusal::told;
use crate::scenarios::{Book, Cites, Condition, Item, Library, Note, Place, Reader, book, library, note, notes};

/// Books `a` to `e` with the ratings 2, none, 1, none, 2.
fn rated(conn: &mut impl GraphConnection) -> Graph<Library> {
    let graph = library(conn);
    let ratings = [("a", Some(2.0)), ("b", None), ("c", Some(1.0)), ("d", None), ("e", Some(2.0))];
    graph.insert_many(conn, ratings.map(|(isbn, rating)| Book { rating, ..book(isbn) })).unwrap();
    graph
}

fn keys<T>(rows: Vec<Node<T>>) -> Vec<String> {
    rows.into_iter().map(|row| row.key).collect()
}

#[derive(Debug, PartialEq)]
struct Card {
    title: String,
    condition: Condition,
    place: Option<Place>,
    added: jiff::Timestamp,
}

impl Projection<Book> for Card {
    type Fields =
        (Field<Book, String>, Field<Book, Condition>, Field<Book, Option<Place>>, Field<Book, jiff::Timestamp>);

    fn fields() -> Self::Fields {
        (Book::F.title, Book::F.condition, Book::F.place, Book::F.added)
    }

    fn build((title, condition, place, added): <Self::Fields as Selection<Book>>::Output) -> Self {
        Self { title, condition, place, added }
    }
}

pub(crate) fn what_is_missing_comes_last_ascending_and_first_descending(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let books = || graph.nodes::<Book>();
    assert_eq!(keys(books().order_by(|b| b.rating.asc()).load(conn).unwrap()), ["c", "a", "e", "b", "d"]);
    assert_eq!(keys(books().order_by(|b| b.rating.desc()).load(conn).unwrap()), ["b", "d", "a", "e", "c"]);
    let first = |b: <Book as Element>::Fields| b.rating.asc().nulls_first();
    assert_eq!(keys(books().order_by(first).load(conn).unwrap()), ["b", "d", "c", "a", "e"]);
    let last = |b: <Book as Element>::Fields| b.rating.desc().nulls_last();
    assert_eq!(keys(books().order_by(last).load(conn).unwrap()), ["a", "e", "c", "b", "d"]);
}

pub(crate) fn what_an_order_leaves_open_the_next_decides_and_then_the_id(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let books = || graph.nodes::<Book>();
    assert_eq!(keys(books().order_by(|b| b.signed.desc()).load(conn).unwrap()), ["a", "b", "c", "d", "e"]);
    let two = books().order_by(|b| [b.rating.asc(), b.isbn.desc()]);
    assert_eq!(keys(two.load(conn).unwrap()), ["c", "e", "a", "d", "b"]);
    let said_again = books().order_by(|b| b.rating.asc()).order_by(|b| b.isbn.desc());
    assert_eq!(keys(said_again.load(conn).unwrap()), ["c", "e", "a", "d", "b"]);
    assert_eq!(keys(books().order_by(|_| query::id().desc()).load(conn).unwrap()), ["e", "d", "c", "b", "a"]);
}

pub(crate) fn an_attribute_that_may_be_left_out_is_ordered_as_missing(conn: &mut impl GraphConnection) {
    let graph = notes(conn);
    graph.insert_many(conn, [Note { weight: 2, ..note("a") }, note("b"), Note { weight: 1, ..note("c") }]).unwrap();
    let ordered = |order| graph.nodes::<Note>().sorted(order);
    assert_eq!(keys(ordered(vec![Note::F.weight.asc()]).load(conn).unwrap()), ["c", "a", "b"]);
    assert_eq!(keys(ordered(vec![Note::F.weight.desc()]).load(conn).unwrap()), ["b", "a", "c"]);
    assert_eq!(keys(ordered(vec![Note::F.weight.asc().nulls_first()]).load(conn).unwrap()), ["b", "c", "a"]);
}

pub(crate) fn a_limit_of_none_and_an_offset_past_the_end_read_nothing(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let books = || graph.nodes::<Book>();
    for none in [books().limit(0), books().offset(5), books().offset(u64::MAX), books().limit(3).offset(7)] {
        assert!(none.clone().load(conn).unwrap().is_empty());
        assert_eq!(none.clone().count(conn).unwrap(), 0);
        assert!(!none.clone().exists(conn).unwrap());
        assert_eq!(none.clone().first(conn).unwrap(), None);
        assert!(matches!(none.clone().one(conn), Err(Error::NotOne { several: false, .. })));
        assert_eq!(none.clone().select(|b| b.isbn).first(conn).unwrap(), None);
        assert!(matches!(none.clone().select(|b| b.isbn).one(conn), Err(Error::NotOne { several: false, .. })));
        assert!(none.stream(conn, 2).next().is_none());
    }
    assert_eq!(keys(books().limit(2).offset(1).load(conn).unwrap()), ["b", "c"]);
    assert_eq!(keys(books().limit(u32::MAX).offset(4).load(conn).unwrap()), ["e"]);
}

pub(crate) fn bounds_hold_for_every_way_to_read(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let books = || graph.nodes::<Book>().order_by(|b| b.rating.asc()).offset(1).limit(2);
    assert_eq!(keys(books().load(conn).unwrap()), ["a", "e"]);
    assert_eq!(books().count(conn).unwrap(), 2);
    assert_eq!(books().first(conn).unwrap().unwrap().key, "a");
    assert_eq!(books().select(|b| b.isbn).load(conn).unwrap(), ["a", "e"]);
    assert_eq!(books().limit(1).select(|b| b.isbn).one(conn).unwrap(), "a");
    assert_eq!(books().limit(1).one(conn).unwrap().key, "a");
    let refused = books().one(conn).unwrap_err();
    expect![[r#"
        MG3015: expected one book, found several
        (narrow the filter, or take the first with `first`)"#]]
    .assert_eq(&told(&refused));
    let streamed: Vec<_> = books().stream(conn, 1).map(|book| book.unwrap().key).collect();
    assert_eq!(streamed, ["a", "e"]);
}

pub(crate) fn counting_and_looking_need_no_order(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let unrated = || graph.nodes::<Book>().filter(|b| b.rating.is_null()).order_by(|b| b.title.asc());
    assert_eq!(unrated().count(conn).unwrap(), 2);
    assert!(unrated().exists(conn).unwrap());
    assert!(!unrated().filter(|b| b.isbn.eq("a")).exists(conn).unwrap());
    let log = Log::of(conn);
    unrated().exists(conn).unwrap();
    unrated().count(conn).unwrap();
    assert!(log.queries().iter().all(|query| !query.contains("ORDER BY")));
}

pub(crate) fn every_kind_of_value_is_selected(conn: &mut impl GraphConnection) {
    let graph = library(conn);
    let place = Place { shelf: "x".into(), row: Some(2) };
    let added = "2026-01-01T00:00:00.25Z".parse().unwrap();
    let full = Book {
        rating: Some(1e300),
        condition: Condition::WellRead,
        tags: vec!["é\"".into()],
        place: Some(place.clone()),
        counters: [("a".to_owned(), i64::MIN)].into(),
        added,
        ..book("full")
    };
    graph.insert_many(conn, [full, book("empty")]).unwrap();
    let books = || graph.nodes::<Book>();
    let some =
        books().select(|b| (b.title, b.author, b.page_count, b.rating, b.signed, b.condition)).load(conn).unwrap();
    assert_eq!(some[0], ("Title of full".into(), None, 100, Some(1e300), false, Condition::WellRead));
    let more = books().select(|b| (b.tags, b.place, b.counters, b.added)).load(conn).unwrap();
    assert_eq!(more[0].0, ["é\""]);
    assert_eq!((&more[0].1, more[0].2["a"], more[0].3), (&Some(place), i64::MIN, added));
    assert_eq!(more[1].1, None);
    let inner = books().select(|b| (b.place.at::<Option<String>>("shelf"), b.tags.nth(0), b.tags.len()));
    let first = inner.first(conn).unwrap().unwrap();
    assert_eq!(first, (Some("x".into()), "é\"".into(), Some(1)));
}

pub(crate) fn columns_of_the_row_are_selected(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let node = graph.get_by_key::<Book>(conn, "c").unwrap().unwrap();
    let columns = |_| (query::id::<Book>(), query::key::<Book>(), query::version::<Book>());
    let read = graph.nodes::<Book>().filter(|b| b.isbn.eq("c")).select(columns).one(conn).unwrap();
    assert_eq!(read, (node.id.raw(), Some("c".into()), 1));
    let times = |_| (query::created_at::<Book>(), query::updated_at::<Book>());
    let read = graph.nodes::<Book>().filter(|b| b.isbn.eq("c")).select(times).one(conn).unwrap();
    assert_eq!(read, (node.created_at, node.updated_at));
}

pub(crate) fn a_projection_reads_what_it_has(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let cards = || graph.nodes::<Book>().order_by(|b| b.isbn.desc()).project::<Card>();
    let card = cards().first(conn).unwrap().unwrap();
    let added = book("e").added;
    assert_eq!(card, Card { title: "Title of e".into(), condition: Condition::AsNew, place: None, added });
    assert_eq!(cards().load(conn).unwrap().len(), 5);
}

pub(crate) fn a_missing_value_is_no_value_of_a_type_without_room_for_it(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let refused = graph.nodes::<Book>().select(|b| b.place.at::<String>("shelf")).load(conn).unwrap_err();
    assert!(matches!(refused, Error::Decode { .. }), "{refused}");
    let shelves = graph.nodes::<Book>().select(|b| b.place.at::<Option<String>>("shelf")).load(conn).unwrap();
    assert!(shelves.len() == 5 && shelves.iter().all(Option::is_none));
}

pub(crate) fn values_are_read_without_the_rest_of_a_row(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let books = graph.nodes::<Book>().load(conn).unwrap();
    let cites = |page| Cites { page, note: None };
    let (a, b) = (books[0].id, books[1].id);
    graph.connect_many::<_, Cites, _, _>(conn, [(a, b, cites(1)), (b, a, cites(2))]).unwrap();
    graph.insert(conn, &Reader { name: "Ann".into(), born: 1980 }).unwrap();
    // Rows of another graph, between and behind these.
    let other = graph.duplicate(conn, &metagraph::row::NewGraph::named("other")).unwrap();
    graph.connect::<_, Cites, _, _>(conn, a, a, &cites(3)).unwrap();

    for graph in [&graph, &other] {
        let nodes = graph.nodes::<Book>().load(conn).unwrap();
        let expected: Vec<_> = nodes.iter().map(|node| (node.id, node.value.clone())).collect();
        assert_eq!(graph.nodes::<Book>().values().load(conn).unwrap(), expected);
        let streamed: Vec<_> = graph.nodes::<Book>().values().stream(conn, 2).map(Result::unwrap).collect();
        assert_eq!(streamed, expected);
        let edges = graph.edges::<Cites>().load(conn).unwrap();
        let expected: Vec<_> = edges.iter().map(|edge| (edge.source, edge.target, edge.value.clone())).collect();
        let streamed: Vec<_> = graph.edges::<Cites>().values().stream(conn, 2).map(Result::unwrap).collect();
        assert_eq!(streamed, expected);
        let items = graph.nodes::<Item>().load(conn).unwrap();
        let values = graph.nodes::<Item>().values().load(conn).unwrap();
        assert!(values.len() == 6 && values.into_iter().eq(items.into_iter().map(|item| (item.id, item.value))));
    }
    let last = graph.nodes::<Book>().order_by(|b| b.isbn.desc()).values().page(conn).unwrap();
    assert_eq!(last.items[0].1.isbn, "e");
}

pub(crate) fn a_stream_reads_what_a_load_does(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let books = || graph.nodes::<Book>().order_by(|b| b.rating.desc());
    for size in [0, 1, 2, 4, 5, 6, u32::MAX] {
        for query in [books(), books().limit(3), books().offset(2), books().offset(1).limit(3), books().limit(5)] {
            let streamed: Vec<_> = query.clone().stream(conn, size).map(|book| book.unwrap().key).collect();
            assert_eq!(streamed, keys(query.load(conn).unwrap()), "{size}");
        }
    }
    let mut refused = graph.nodes::<Book>().filter(|b| b.rating.eq(f64::NAN)).stream(conn, 1);
    assert!(matches!(refused.next(), Some(Err(Error::InvalidQuery { .. }))));
    assert!(refused.next().is_none(), "one refusal is enough");
}

pub(crate) fn the_statement_is_told_without_its_values(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let secret = "a very secret value";
    let query = graph.nodes::<Book>().filter(|b| b.title.eq(secret) | b.rating.gt(12_345.5) | b.tags.contains(secret));
    let sql = query.to_sql(conn).unwrap();
    assert!(!sql.contains("secret") && !sql.contains("12345"), "{sql}");
    assert!(sql.contains("n.graph_id = ?") && sql.ends_with("ORDER BY n.id"), "{sql}");
    assert!(query.clone().select(|b| b.isbn).to_sql(conn).unwrap().contains("isbn"));
    assert!(!format!("{query:?}").contains("secret"));
    assert_eq!(query.load(conn).unwrap().len(), 0);
}

pub(crate) fn a_query_explains_itself_without_being_run(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let query =
        graph.nodes::<Book>().filter(|b| b.title.starts_with("T") & b.rating.gt(0.5)).order_by(|b| b.title.asc());
    let explanation = query.explain(conn).unwrap();
    assert!(explanation.mentions("__metagraph_"), "{explanation}");
    assert_eq!(explanation.to_string(), explanation.steps.join("\n"));
    let refused = graph.nodes::<Book>().filter(|b| b.rating.eq(f64::NAN));
    assert!(matches!(refused.explain(conn), Err(Error::InvalidQuery { .. })));
    assert!(matches!(refused.to_sql(conn), Err(Error::InvalidQuery { .. })));
}

pub(crate) fn a_union_is_asked_through_its_members(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let reader = |name: &str, born| Reader { name: name.into(), born };
    graph.insert_many(conn, [reader("a", 1990), reader("z", 1980)]).unwrap();
    let items = || graph.nodes::<Item>();
    let mut asked = |predicate| {
        items().matching(predicate).load(conn).unwrap().into_iter().map(|item| item.key).collect::<Vec<_>>()
    };
    assert_eq!(asked(Book::F.rating.eq(2.0).within()), ["a", "e"]);
    assert_eq!(asked(Book::F.rating.eq(1.0).within() | Reader::F.born.lt(1990).within()), ["c", "z"]);
    assert_eq!(asked(!Book::F.isbn.is_not_null().within()), ["a", "z"], "what is no book");
    assert_eq!(asked((!Book::F.rating.ge(1.0)).within()), ["b", "d"], "books that are not");
    assert_eq!(asked(query::key().eq("a")), ["a", "a"]);
    let sorted = items().sorted([query::key().desc(), query::id().desc()]).limit(2).load(conn).unwrap();
    assert_eq!(sorted.into_iter().map(|item| item.value).collect::<Vec<_>>()[0], Item::Reader(reader("z", 1980)));
    assert_eq!(items().count(conn).unwrap(), 7);
    assert!(!items().matching(Reader::F.born.gt(2000).within()).exists(conn).unwrap());
}

pub(crate) fn an_order_by_what_is_not_there_is_refused(conn: &mut impl GraphConnection) {
    let graph = rated(conn);
    let misplaced = Field::<Book, i64>::new("nothing");
    let refused = graph.nodes::<Book>().order_by(|_| misplaced.asc()).load(conn).unwrap_err();
    expect!["MG1007: this cannot be asked: there is no attribute `nothing`; there are `added`, `author`, `condition`, `counters`, `isbn`, `pageCount`, `place`, `rating`, `signed`, `tags`, `title`"].assert_eq(&told(&refused));
}

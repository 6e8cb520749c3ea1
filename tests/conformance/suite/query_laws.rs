//! Random queries over random books: both databases answer what a model in memory does.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use metagraph::prelude::*;
use metagraph::query::{self, Order, Predicate};
use metagraph::row::NewGraph;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::scenarios::{Book, Condition, Library, Place, book, library};

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Debug, Clone)]
enum Ast {
    Pages(Comparison, u32),
    PagesIn(Vec<u32>),
    Rating(Comparison, f64),
    RatingBetween(f64, f64),
    RatingIn(Vec<Option<f64>>),
    Author(Comparison, String),
    AuthorNull,
    AuthorIn(Vec<Option<String>>),
    AuthorIsTitle,
    TitleStarts(String),
    TitleEnds(String),
    TitleContains(String),
    TitleLike(String),
    Signed(Comparison, bool),
    Condition(Comparison, Condition),
    Added(Comparison, Timestamp),
    TagsContain(String),
    TagsAny(Vec<String>),
    TagsAll(Vec<String>),
    TagsAre(Vec<String>),
    TagsLength(Comparison, i64),
    SecondTag(Comparison, String),
    Shelf(Comparison, String),
    Place(Option<Place>),
    HasCounter(String),
    Counter(String, Comparison, i64),
    Not(Box<Ast>),
    All(Vec<Ast>),
    Any(Vec<Ast>),
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(vec!['a', 'A', 'b', 'é', '%', '_', '\\', '*', '[', '\u{1F600}', '\n']), 0..3)
        .prop_map(String::from_iter)
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => select(vec![0.0, 0.1, 1.0, -1.0, 1e300, 5e-324, 1.730_999_946_594_238_3]),
        1 => any::<f64>().prop_filter("JSON has no others", |float| float.is_finite()),
    ]
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0..2_i64, select(vec![0, 1, 500_000_000, 510_000_000, 999_999_999]))
        .prop_map(|(second, nanosecond)| Timestamp::new(1_767_225_600 + second, nanosecond).unwrap())
}

fn place() -> impl Strategy<Value = Option<Place>> {
    prop::option::of((text(), prop::option::of(0..2_u8)).prop_map(|(shelf, row)| Place { shelf, row }))
}

fn condition() -> impl Strategy<Value = Condition> {
    select(vec![Condition::AsNew, Condition::WellRead])
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..3)
}

fn books() -> impl Strategy<Value = Vec<Book>> {
    let one = (text(), prop::option::of(text()), 0..4_u32, prop::option::of(float()), any::<bool>(), condition());
    let more = (texts(), place(), prop::collection::btree_map(text(), 0..3_i64, 0..2), time());
    let books = (one, more).prop_map(|((title, author, page_count, rating, signed, condition), more)| {
        let (tags, place, counters, added) = more;
        Book { title, author, page_count, rating, signed, condition, tags, place, counters, added, ..book("") }
    });
    prop::collection::vec(books, 0..9).prop_map(|mut books| {
        for (place, book) in books.iter_mut().enumerate() {
            book.isbn = place.to_string();
        }
        books
    })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
    select(vec![Eq, Ne, Lt, Le, Gt, Ge])
}

/// A name that a path can have in it.
fn name() -> impl Strategy<Value = String> {
    text().prop_filter("no path goes there", |name| !name.contains(['\\', '\n']))
}

fn leaf() -> impl Strategy<Value = Ast> {
    prop_oneof![
        (comparison(), 0..4_u32).prop_map(|(how, pages)| Ast::Pages(how, pages)),
        prop::collection::vec(0..4_u32, 0..3).prop_map(Ast::PagesIn),
        (comparison(), float()).prop_map(|(how, float)| Ast::Rating(how, float)),
        (float(), float()).prop_map(|(least, most)| Ast::RatingBetween(least, most)),
        prop::collection::vec(prop::option::of(float()), 0..3).prop_map(Ast::RatingIn),
        (comparison(), text()).prop_map(|(how, text)| Ast::Author(how, text)),
        Just(Ast::AuthorNull),
        prop::collection::vec(prop::option::of(text()), 0..3).prop_map(Ast::AuthorIn),
        Just(Ast::AuthorIsTitle),
        text().prop_map(Ast::TitleStarts),
        text().prop_map(Ast::TitleEnds),
        text().prop_map(Ast::TitleContains),
        text()
            .prop_filter("an escape ends it", |text| !text.ends_with('\\') || text.ends_with(r"\\"))
            .prop_map(Ast::TitleLike),
        (comparison(), any::<bool>()).prop_map(|(how, flag)| Ast::Signed(how, flag)),
        (comparison(), condition()).prop_map(|(how, condition)| Ast::Condition(how, condition)),
        (comparison(), time()).prop_map(|(how, time)| Ast::Added(how, time)),
        prop_oneof![
            text().prop_map(Ast::TagsContain),
            texts().prop_map(Ast::TagsAny),
            texts().prop_map(Ast::TagsAll),
            texts().prop_map(Ast::TagsAre),
            (comparison(), 0..3_i64).prop_map(|(how, length)| Ast::TagsLength(how, length)),
            (comparison(), text()).prop_map(|(how, text)| Ast::SecondTag(how, text)),
            (comparison(), text()).prop_map(|(how, text)| Ast::Shelf(how, text)),
            place().prop_map(Ast::Place),
            text().prop_map(Ast::HasCounter),
            (name(), comparison(), 0..3_i64).prop_map(|(name, how, count)| Ast::Counter(name, how, count)),
        ],
    ]
}

fn ast() -> impl Strategy<Value = Ast> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Ast::Not(Box::new(one))),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Ast::All),
            prop::collection::vec(inner, 0..3).prop_map(Ast::Any),
        ]
    })
}

/// What is missing differs from everything, and is neither smaller nor greater.
fn compares<T: PartialOrd + ?Sized>(value: Option<&T>, how: Comparison, other: &T) -> bool {
    let Some(value) = value else { return matches!(how, Comparison::Ne) };
    match how {
        Comparison::Eq => value == other,
        Comparison::Ne => value != other,
        Comparison::Lt => value < other,
        Comparison::Le => value <= other,
        Comparison::Gt => value > other,
        Comparison::Ge => value >= other,
    }
}

fn is_like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|place| is_like(&text[place..], rest)),
        ['_', rest @ ..] => !text.is_empty() && is_like(&text[1..], rest),
        ['\\', letter, rest @ ..] | [letter, rest @ ..] => text.first() == Some(letter) && is_like(&text[1..], rest),
    }
}

fn name_of(condition: Condition) -> &'static str {
    match condition {
        Condition::AsNew => "as-new",
        Condition::WellRead => "well-read",
    }
}

fn holds(book: &Book, ast: &Ast) -> bool {
    match ast {
        Ast::Pages(how, pages) => compares(Some(&book.page_count), *how, pages),
        Ast::PagesIn(list) => list.contains(&book.page_count),
        Ast::Rating(how, float) => compares(book.rating.as_ref(), *how, float),
        Ast::RatingBetween(least, most) => book.rating.is_some_and(|rating| (*least..=*most).contains(&rating)),
        Ast::RatingIn(list) => list.contains(&book.rating),
        Ast::Author(how, text) => compares(book.author.as_ref(), *how, text),
        Ast::AuthorNull => book.author.is_none(),
        Ast::AuthorIn(list) => list.contains(&book.author),
        Ast::AuthorIsTitle => book.author.as_ref() == Some(&book.title),
        Ast::TitleStarts(text) => book.title.starts_with(text),
        Ast::TitleEnds(text) => book.title.ends_with(text),
        Ast::TitleContains(text) => book.title.contains(text),
        Ast::TitleLike(text) => is_like(&book.title.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>()),
        Ast::Signed(how, flag) => compares(Some(&book.signed), *how, flag),
        Ast::Condition(how, condition) => compares(Some(name_of(book.condition)), *how, name_of(*condition)),
        Ast::Added(how, time) => compares(Some(&book.added), *how, time),
        Ast::TagsContain(tag) => book.tags.contains(tag),
        Ast::TagsAny(tags) => tags.iter().any(|tag| book.tags.contains(tag)),
        Ast::TagsAll(tags) => tags.iter().all(|tag| book.tags.contains(tag)),
        Ast::TagsAre(tags) => book.tags == *tags,
        Ast::TagsLength(how, length) => compares(Some(&i64::try_from(book.tags.len()).unwrap()), *how, length),
        Ast::SecondTag(how, tag) => compares(book.tags.get(1), *how, tag),
        Ast::Shelf(how, shelf) => compares(book.place.as_ref().map(|place| &place.shelf), *how, shelf),
        Ast::Place(place) => book.place == *place,
        Ast::HasCounter(name) => book.counters.contains_key(name),
        Ast::Counter(name, how, count) => compares(book.counters.get(name), *how, count),
        Ast::Not(inner) => !holds(book, inner),
        Ast::All(all) => all.iter().all(|one| holds(book, one)),
        Ast::Any(any) => any.iter().any(|one| holds(book, one)),
    }
}

macro_rules! compare {
    ($field:expr, $how:expr, $value:expr) => {
        match $how {
            Comparison::Eq => $field.eq($value),
            Comparison::Ne => $field.ne($value),
            Comparison::Lt => $field.lt($value),
            Comparison::Le => $field.le($value),
            Comparison::Gt => $field.gt($value),
            Comparison::Ge => $field.ge($value),
        }
    };
}

fn predicate(ast: &Ast) -> Predicate<Book> {
    let b = Book::F;
    match ast {
        Ast::Pages(how, pages) => compare!(b.page_count, how, pages),
        Ast::PagesIn(list) => b.page_count.is_in(list),
        Ast::Rating(how, float) => compare!(b.rating, how, float),
        Ast::RatingBetween(least, most) => b.rating.between(least, most),
        Ast::RatingIn(list) => b.rating.is_in(list),
        Ast::Author(how, text) => compare!(b.author, how, text),
        Ast::AuthorNull => b.author.is_null(),
        Ast::AuthorIn(list) => b.author.is_in(list),
        Ast::AuthorIsTitle => b.author.eq(b.title),
        Ast::TitleStarts(text) => b.title.starts_with(text),
        Ast::TitleEnds(text) => b.title.ends_with(text),
        Ast::TitleContains(text) => b.title.contains(text),
        Ast::TitleLike(text) => b.title.like(text),
        Ast::Signed(how, flag) => compare!(b.signed, how, flag),
        Ast::Condition(how, condition) => compare!(b.condition, how, condition),
        Ast::Added(how, time) => compare!(b.added, how, time),
        Ast::TagsContain(tag) => b.tags.contains(tag),
        Ast::TagsAny(tags) => b.tags.contains_any(tags),
        Ast::TagsAll(tags) => b.tags.contains_all(tags),
        Ast::TagsAre(tags) => b.tags.eq(tags),
        Ast::TagsLength(how, length) => compare!(b.tags.len(), how, length),
        Ast::SecondTag(how, tag) => compare!(b.tags.nth(1), how, tag),
        Ast::Shelf(how, shelf) => compare!(b.place.at::<String>("shelf"), how, shelf),
        Ast::Place(place) => b.place.eq(place),
        Ast::HasCounter(name) => b.counters.has_key(name),
        Ast::Counter(name, how, count) => compare!(b.counters.at::<i64>(name.clone()), how, count),
        Ast::Not(inner) => !predicate(inner),
        Ast::All(all) => Predicate::all(all.iter().map(predicate)),
        Ast::Any(any) => any.iter().map(predicate).fold(Predicate::any([]), |any, one| any | one),
    }
}

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

#[derive(Debug, Clone, Copy)]
enum Attribute {
    Title,
    Author,
    Pages,
    Rating,
    Signed,
    Added,
    Tags,
    Shelf,
}

/// An attribute, whether the greatest come first, and where what is missing goes if it was said.
type Key = (Attribute, bool, Option<bool>);

fn order() -> impl Strategy<Value = Vec<Key>> {
    use Attribute::{Added, Author, Pages, Rating, Shelf, Signed, Tags, Title};
    let attribute = select(vec![Title, Author, Pages, Rating, Signed, Added, Tags, Shelf]);
    prop::collection::vec((attribute, any::<bool>(), prop::option::of(any::<bool>())), 0..4)
}

fn asked((attribute, descending, nulls_first): Key) -> Order<Book> {
    macro_rules! directed {
        ($field:expr) => {
            if descending { $field.desc() } else { $field.asc() }
        };
    }
    let b = Book::F;
    let order = match attribute {
        Attribute::Title => directed!(b.title),
        Attribute::Author => directed!(b.author),
        Attribute::Pages => directed!(b.page_count),
        Attribute::Rating => directed!(b.rating),
        Attribute::Signed => directed!(b.signed),
        Attribute::Added => directed!(b.added),
        Attribute::Tags => directed!(b.tags.len()),
        Attribute::Shelf => directed!(b.place.at::<String>("shelf")),
    };
    match nulls_first {
        None => order,
        Some(true) => order.nulls_first(),
        Some(false) => order.nulls_last(),
    }
}

fn compared<T: PartialOrd>(one: Option<&T>, other: Option<&T>, (_, descending, nulls_first): Key) -> Ordering {
    let missing = if nulls_first.unwrap_or(descending) { Ordering::Less } else { Ordering::Greater };
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => missing,
        (Some(_), None) => missing.reverse(),
        (Some(one), Some(other)) if descending => other.partial_cmp(one).unwrap(),
        (Some(one), Some(other)) => one.partial_cmp(other).unwrap(),
    }
}

fn sorted(books: &[Book], order: &[Key]) -> Vec<String> {
    let by_key = |one: &Book, other: &Book, key: Key| match key.0 {
        Attribute::Title => compared(Some(&one.title), Some(&other.title), key),
        Attribute::Author => compared(one.author.as_ref(), other.author.as_ref(), key),
        Attribute::Pages => compared(Some(&one.page_count), Some(&other.page_count), key),
        Attribute::Rating => compared(one.rating.as_ref(), other.rating.as_ref(), key),
        Attribute::Signed => compared(Some(&one.signed), Some(&other.signed), key),
        Attribute::Added => compared(Some(&one.added), Some(&other.added), key),
        Attribute::Tags => compared(Some(&one.tags.len()), Some(&other.tags.len()), key),
        Attribute::Shelf => {
            let shelf = |book: &Book| book.place.as_ref().map(|place| place.shelf.clone());
            compared(shelf(one).as_ref(), shelf(other).as_ref(), key)
        }
    };
    let mut books: Vec<&Book> = books.iter().collect();
    books.sort_by(|one, other| {
        order.iter().map(|key| by_key(one, other, *key)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    books.into_iter().map(|book| book.isbn.clone()).collect()
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

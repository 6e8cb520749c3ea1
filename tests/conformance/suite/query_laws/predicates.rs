//! Random predicates, what they hold of, and how a query says them.

use jiff::Timestamp;
use metagraph::prelude::*;
use metagraph::query::Predicate;
use proptest::prelude::*;
use proptest::sample::select;

use super::books::{condition, float, place, text, texts, time};
use crate::scenarios::{Book, Condition, Place};

#[derive(Debug, Clone, Copy)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Debug, Clone)]
pub(super) enum Ast {
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

pub(super) fn ast() -> impl Strategy<Value = Ast> {
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

pub(super) fn holds(book: &Book, ast: &Ast) -> bool {
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

pub(super) fn predicate(ast: &Ast) -> Predicate<Book> {
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

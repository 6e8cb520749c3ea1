//! Random orders, how a query says them, and what they make of books.

use std::cmp::Ordering;

use metagraph::prelude::*;
use metagraph::query::Order;
use proptest::prelude::*;
use proptest::sample::select;

use crate::scenarios::Book;

#[derive(Debug, Clone, Copy)]
pub(super) enum Attribute {
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
pub(super) type Key = (Attribute, bool, Option<bool>);

pub(super) fn order() -> impl Strategy<Value = Vec<Key>> {
    use Attribute::{Added, Author, Pages, Rating, Shelf, Signed, Tags, Title};
    let attribute = select(vec![Title, Author, Pages, Rating, Signed, Added, Tags, Shelf]);
    prop::collection::vec((attribute, any::<bool>(), prop::option::of(any::<bool>())), 0..4)
}

pub(super) fn asked((attribute, descending, nulls_first): Key) -> Order<Book> {
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

pub(super) fn sorted(books: &[Book], order: &[Key]) -> Vec<String> {
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

//! Random books that differ little, so that some of them are equal in something.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;

use crate::scenarios::{Book, Condition, Place, book};

pub(super) fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(vec!['a', 'A', 'b', 'é', '%', '_', '\\', '*', '[', '\u{1F600}', '\n']), 0..3)
        .prop_map(String::from_iter)
}

pub(super) fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => select(vec![0.0, 0.1, 1.0, -1.0, 1e300, 5e-324, 1.730_999_946_594_238_3]),
        1 => any::<f64>().prop_filter("JSON has no others", |float| float.is_finite()),
    ]
}

pub(super) fn time() -> impl Strategy<Value = Timestamp> {
    (0..2_i64, select(vec![0, 1, 500_000_000, 510_000_000, 999_999_999]))
        .prop_map(|(second, nanosecond)| Timestamp::new(1_767_225_600 + second, nanosecond).unwrap())
}

pub(super) fn place() -> impl Strategy<Value = Option<Place>> {
    prop::option::of((text(), prop::option::of(0..2_u8)).prop_map(|(shelf, row)| Place { shelf, row }))
}

pub(super) fn condition() -> impl Strategy<Value = Condition> {
    select(vec![Condition::AsNew, Condition::WellRead])
}

pub(super) fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..3)
}

pub(super) fn books() -> impl Strategy<Value = Vec<Book>> {
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

//! Rows that are named by their unique attributes.

use super::condition::{Comparison, Condition, equals};
use super::literal::Literal;
use super::operand::{Operand, Side};
use super::selection::Selection;
use super::source::{Path, Source};
use crate::field::Field;

/// Fields of `O` that are unique together, and values of theirs: one, or a tuple of as many as there are fields.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
/// use metagraph_core::query::Identifies;
///
/// fn identified<O, V, F: Identifies<O, V>>(_: F, _: V) {}
/// identified::<Package, _, _>(Package::F.id, "serde");
/// identified::<Package, _, _>((Package::F.id, Package::F.downloads), ("serde", 7_u32));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `{V}` is no value of these fields of `{O}`",
    label = "expected a value for each field: one, or a tuple of as many as there are fields",
    note = "a field takes values of its own type, and text `&str` too"
)]
pub trait Identifies<O, V>: Selection<O> {
    /// What each field has to hold.
    #[doc(hidden)]
    fn held(&self, values: V) -> Vec<Held>;
}

/// What a field has to hold to be the one that is looked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// This value.
    Value(&'static str, Literal),
    /// A sealed value with this tag.
    Tag(&'static str, String),
    /// Nothing, which identifies nothing.
    Absent(&'static str),
    /// What cannot be compared, and why.
    Invalid(String),
}

impl<O, T, V: Operand<O, T>> Identifies<O, V> for Field<O, T>
where
    Self: Selection<O>,
{
    fn held(&self, value: V) -> Vec<Held> {
        let Side::Given(given) = value.side() else {
            return vec![Held::Invalid("a row is found by values, not by other fields".to_owned())];
        };
        vec![match equals(&self.source(), given) {
            Condition::Compare(Source::Attribute(Path::Attribute(name)), Comparison::Equal, literal) => {
                Held::Value(name, literal)
            }
            Condition::Null(Source::Attribute(Path::Attribute(name))) => Held::Absent(name),
            Condition::Invalid(reason) => Held::Invalid(reason),
            _ => Held::Invalid("a row is found by texts, numbers and truth values of its own attributes".to_owned()),
        }]
    }
}

macro_rules! tuples {
    ($($($field:ident $value:ident)+;)+) => {
        $(impl<O, $($value,)+ $($field: Identifies<O, $value>),+> Identifies<O, ($($value,)+)> for ($($field,)+) {
            fn held(&self, values: ($($value,)+)) -> Vec<Held> {
                #[allow(non_snake_case, reason = "each is named after its type")]
                let (($($field,)+), ($($value,)+)) = (self, values);
                let mut held = Vec::new();
                $(held.extend($field.held($value));)+
                held
            }
        })+
    };
}

tuples! {
    A V;
    A V B W;
    A V B W C X;
    A V B W C X D Y;
}

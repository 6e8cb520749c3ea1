//! Which types have an order, hold text, can be summed, or are lists.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};

use serde::de::DeserializeOwned;

use super::condition::{self, Condition, Part, Quantity};
use super::literal::Given;
use super::operand::{Operand, Side};
use super::source::{Function, Kind, Source};

/// A type whose serde form is one JSON scalar, so that its values have an order.
///
/// Implement it for types of your own that serde writes as text, numbers or truth values. Text is ordered by its bytes;
/// text that the JSON schema calls a `date-time` is ordered in time, if it is in UTC as serde writes it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use metagraph_core::query::{Kind, Scalar};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
/// struct Metres(f64);
///
/// impl Scalar for Metres {
///     const KIND: Kind = Kind::Number;
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` have no order",
    label = "`{Self}` is not a scalar",
    note = "text, numbers, truth values and times have one; implement `metagraph::query::Scalar` for a type of your own \
            that serde writes as one of these"
)]
pub trait Scalar {
    /// The kind of JSON that serde writes.
    const KIND: Kind;

    /// Whether a value may be missing.
    const OPTIONAL: bool = false;
}

macro_rules! scalars {
    ($($kind:ident: $($type:ty),+;)+) => {
        $($(#[diagnostic::do_not_recommend]
        impl Scalar for $type {
            const KIND: Kind = Kind::$kind;
        })+)+
    };
}

scalars! {
    Text: String, Box<str>, Cow<'static, str>, char, jiff::Timestamp, jiff::civil::Date, jiff::civil::DateTime, jiff::civil::Time, uuid::Uuid;
    Number: i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64;
    Flag: bool;
}

#[diagnostic::do_not_recommend]
impl<T: Scalar> Scalar for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;
}

/// A type whose serde form is text that can be searched.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use metagraph_core::query::{Kind, Scalar, Textual};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
/// struct Email(String);
///
/// impl Scalar for Email {
///     const KIND: Kind = Kind::Text;
/// }
/// impl Textual for Email {}
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "only text has a beginning, an end and patterns",
    note = "implement `metagraph::query::Textual` for a type of your own that serde writes as text"
)]
pub trait Textual: Scalar {}

#[diagnostic::do_not_recommend]
impl Textual for String {}
#[diagnostic::do_not_recommend]
impl Textual for Box<str> {}
#[diagnostic::do_not_recommend]
impl Textual for Cow<'static, str> {}
#[diagnostic::do_not_recommend]
impl<T: Textual> Textual for Option<T> {}

/// A type whose values can be summed.
///
/// ```
/// use metagraph_core::query::Numeric;
///
/// fn total<T: Numeric<Sum = i64>>() {}
/// total::<u8>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number",
    label = "only numbers have sums and means, and weigh paths"
)]
pub trait Numeric: Scalar {
    /// What a sum is: `i64` of integers, `f64` of floating point numbers.
    type Sum: DeserializeOwned;

    /// How it is summed.
    #[doc(hidden)]
    const SUM: Function;
}

macro_rules! numbers {
    ($($sum:ty, $function:ident: $($type:ty),+;)+) => {
        $($(#[diagnostic::do_not_recommend]
        impl Numeric for $type {
            type Sum = $sum;
            const SUM: Function = Function::$function;
        })+)+
    };
}

numbers! {
    i64, ExactSum: i8, i16, i32, i64, isize, u8, u16, u32, u64, usize;
    f64, FloatSum: f32, f64;
}

#[diagnostic::do_not_recommend]
impl<T: Numeric> Numeric for Option<T> {
    type Sum = T::Sum;
    const SUM: Function = T::SUM;
}

/// A type whose serde form is an array.
///
/// ```
/// use metagraph_core::query::List;
///
/// fn list_of<T: List<Element = String>>() {}
/// list_of::<Vec<String>>();
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not a list", label = "only lists have elements")]
pub trait List {
    /// What its elements are.
    type Element;
}

#[diagnostic::do_not_recommend]
impl<T> List for Vec<T> {
    type Element = T;
}

#[diagnostic::do_not_recommend]
impl<T> List for VecDeque<T> {
    type Element = T;
}

#[diagnostic::do_not_recommend]
impl<T> List for BTreeSet<T> {
    type Element = T;
}

#[diagnostic::do_not_recommend]
impl<T, S> List for HashSet<T, S> {
    type Element = T;
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize> List for [T; N] {
    type Element = T;
}

#[diagnostic::do_not_recommend]
impl<T: List> List for Option<T> {
    type Element = T::Element;
}

/// A text can hold a text, a list can hold an element.
///
/// ```
/// use metagraph_core::query::Holds;
///
/// fn can_be_in<V: Holds<T>, T>() {}
/// can_be_in::<&str, String>();
/// can_be_in::<u8, Vec<u8>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot contain `{Self}`",
    label = "a text contains text, a list contains its elements"
)]
pub trait Holds<T> {
    /// The condition that `source` contains it.
    #[doc(hidden)]
    fn condition(self, source: &Source) -> Condition;
}

macro_rules! texts_in {
    ($($text:ty),+) => {
        $(#[diagnostic::do_not_recommend]
        impl Holds<String> for $text {
            fn condition(self, source: &Source) -> Condition {
                text(source, Part::Anywhere, self.as_ref())
            }
        }

        #[diagnostic::do_not_recommend]
        impl Holds<Option<String>> for $text {
            fn condition(self, source: &Source) -> Condition {
                text(source, Part::Anywhere, self.as_ref())
            }
        })+
    };
}

texts_in!(&str, String, &String);

#[diagnostic::do_not_recommend]
impl<T, V: Operand<(), T>> Holds<Vec<T>> for V {
    fn condition(self, source: &Source) -> Condition {
        element(source, self.side())
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: Operand<(), T>> Holds<Option<Vec<T>>> for V {
    fn condition(self, source: &Source) -> Condition {
        element(source, self.side())
    }
}

#[diagnostic::do_not_recommend]
impl<T, V: Operand<(), T>> Holds<BTreeSet<T>> for V {
    fn condition(self, source: &Source) -> Condition {
        element(source, self.side())
    }
}

#[diagnostic::do_not_recommend]
impl<T, S, V: Operand<(), T>> Holds<HashSet<T, S>> for V {
    fn condition(self, source: &Source) -> Condition {
        element(source, self.side())
    }
}

#[diagnostic::do_not_recommend]
impl<T, const N: usize, V: Operand<(), T>> Holds<[T; N]> for V {
    fn condition(self, source: &Source) -> Condition {
        element(source, self.side())
    }
}

fn element(source: &Source, side: Side) -> Condition {
    match side {
        Side::Given(given) => condition::elements(source, Quantity::Any, [given]),
        Side::Field(..) => Condition::Invalid("another field cannot be looked for in an array".to_owned()),
    }
}

/// A text condition, for a text that can be bound.
pub(crate) fn text(source: &Source, part: Part, text: &str) -> Condition {
    match Given::of(text) {
        Ok(_) => Condition::Text(source.clone(), part, text.to_owned()),
        // No stored text holds it, so none has it as a part; it is still worth saying.
        Err(reason) => Condition::Invalid(reason.0),
    }
}

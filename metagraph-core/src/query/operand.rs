//! What a field can be compared with.

use serde::Serialize;

use super::literal::{Given, Incomparable};
use super::scalar::Scalar;
use super::source::{Kind, Source};
use crate::field::Field;
use crate::id::{EdgeId, NodeId};

/// What stands at the other side of a comparison.
#[derive(Debug, Clone)]
pub enum Side {
    /// A value, if it can be compared.
    Given(Result<Given, Incomparable>),
    /// Another field of the same row.
    Field(Source, Kind),
}

/// A value that a field of type `T` of the element `O` can be compared with: a `T`, a reference to one, the inside of an
/// `Option`, a `&str` for text, a handle for an id, or another field of the same type.
///
/// ```
/// use metagraph_core::query::Operand;
///
/// fn comparable<V: Operand<(), T>, T>() {}
/// comparable::<&str, String>();
/// comparable::<u8, Option<u8>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "a field that holds a `{T}` does not take a `{Self}`",
    label = "expected a `{T}`",
    note = "a field is compared with, and set to, values of its own type; text takes a `&str`, too"
)]
pub trait Operand<O, T> {
    #[doc(hidden)]
    fn side(self) -> Side;
}

#[diagnostic::do_not_recommend]
impl<O, T: Serialize> Operand<O, T> for T {
    fn side(self) -> Side {
        Side::Given(Given::of(&self))
    }
}

#[diagnostic::do_not_recommend]
impl<O, T: Serialize> Operand<O, T> for &T {
    fn side(self) -> Side {
        Side::Given(Given::of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<O, T: Serialize> Operand<O, Option<T>> for T {
    fn side(self) -> Side {
        Side::Given(Given::of(&self))
    }
}

#[diagnostic::do_not_recommend]
impl<O, T: Serialize> Operand<O, Option<T>> for &T {
    fn side(self) -> Side {
        Side::Given(Given::of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<O> Operand<O, String> for &str {
    fn side(self) -> Side {
        Side::Given(Given::of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<O> Operand<O, Option<String>> for &str {
    fn side(self) -> Side {
        Side::Given(Given::of(self))
    }
}

#[diagnostic::do_not_recommend]
impl<O, N> Operand<O, i64> for NodeId<N> {
    fn side(self) -> Side {
        Side::Given(Given::of(&self.raw()))
    }
}

#[diagnostic::do_not_recommend]
impl<O, E> Operand<O, i64> for EdgeId<E> {
    fn side(self) -> Side {
        Side::Given(Given::of(&self.raw()))
    }
}

#[diagnostic::do_not_recommend]
impl<O, T: Scalar> Operand<O, T> for Field<O, T> {
    fn side(self) -> Side {
        Side::Field(self.source(), T::KIND)
    }
}

#[diagnostic::do_not_recommend]
impl<O, T: Scalar> Operand<O, Option<T>> for Field<O, T> {
    fn side(self) -> Side {
        Side::Field(self.source(), T::KIND)
    }
}

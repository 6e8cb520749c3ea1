//! What a projection asks of its fields.

use crate::field::Field;

/// `Self` is the type of an attribute, and of the field that is read from it.
#[diagnostic::on_unimplemented(
    message = "the attribute is a `{T}`, and this field of the projection is a `{Self}`",
    label = "expected `{T}`",
    note = "a projection's field has the type of its attribute; `#[graph(from = \"..\")]` names another attribute"
)]
pub trait TypeOf<T> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<T> TypeOf<T> for T {}

/// The handle of an attribute that a projection reads.
#[derive(Debug)]
pub struct Attribute<O, U>(Field<O, U>);

impl<O, U> Attribute<O, U> {
    /// Takes the handle as it is: what its attribute is must be known before the field's type is asked about, or rustc
    /// makes one of the other and blames the handle.
    pub fn of(handle: &Field<O, U>) -> Self {
        Self(handle.clone())
    }

    /// The handle as one of the projection's field.
    pub fn read_as<T: TypeOf<U>>(self) -> Field<O, T> {
        Field::from_source(self.0.source())
    }
}

//! What a projection asks of its fields.

use crate::field::Field;
use crate::sealed_field::SealedField;

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

/// The handle of an attribute, sealed or not.
pub trait Handle {
    /// The element type.
    type Owner;
    /// The attribute's type.
    type Value;

    /// The handle of what is stored.
    fn stored(&self) -> Field<Self::Owner, Self::Value>;
}

impl<O, T> Handle for Field<O, T> {
    type Owner = O;
    type Value = T;

    fn stored(&self) -> Self {
        self.clone()
    }
}

impl<O, T> Handle for SealedField<O, T> {
    type Owner = O;
    type Value = T;

    fn stored(&self) -> Field<O, T> {
        Self::stored(self)
    }
}

/// The handle of an attribute that a projection reads.
#[derive(Debug)]
pub struct Attribute<O, U>(Field<O, U>);

impl<O, U> Attribute<O, U> {
    /// Takes the handle as it is: what its attribute is must be known before the field's type is asked about, or rustc
    /// makes one of the other and blames the handle.
    pub fn of(handle: &impl Handle<Owner = O, Value = U>) -> Self {
        Self(handle.stored())
    }

    /// The handle as one of the projection's field.
    pub fn read_as<T: TypeOf<U>>(self) -> Field<O, T> {
        Field::from_source(self.0.source())
    }
}

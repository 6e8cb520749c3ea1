//! Handles of attributes that are stored sealed.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::field::Field;
use crate::query::source::Source;
use crate::query::{Predicate, SelectedRow, Selection};

/// An attribute of the element type `O` that holds a sealed value: `T` is `Encrypted<..>`, or an `Option` of one.
///
/// The derive gives one per field of such a type. What is sealed has no order and no parts, so a filter can ask only
/// whether there is a value, and what key it has; and of a `Findable` one whether it equals another.
///
/// ```
/// use metagraph_core::SealedField;
///
/// struct Account;
/// const TOKEN: SealedField<Account, ()> = SealedField::new("token");
/// assert_eq!(TOKEN.name(), "token");
/// let (without, old) = (TOKEN.is_null(), TOKEN.key_version().lt(2));
/// # drop((without, old));
/// ```
pub struct SealedField<O, T> {
    name: &'static str,
    of: PhantomData<fn() -> (O, T)>,
}

impl<O, T> SealedField<O, T> {
    /// Names an attribute by its JSON name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The attribute's name in JSON.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The sealed value as it is stored, for selections.
    pub const fn stored(&self) -> Field<O, T> {
        Field::new(self.name)
    }

    /// The version of the key that the value was sealed with; missing where there is no value.
    pub fn key_version(&self) -> Field<O, Option<u32>> {
        self.stored().at("keyVersion")
    }

    /// There is no value.
    pub fn is_null(&self) -> Predicate<O> {
        self.stored().is_null()
    }

    /// There is a value.
    pub fn is_not_null(&self) -> Predicate<O> {
        self.stored().is_not_null()
    }
}

/// Selects the value as it is stored: sealed.
impl<O, T: DeserializeOwned> Selection<O> for SealedField<O, T> {
    type Output = T;

    fn sources(&self) -> Vec<Source> {
        vec![self.stored().source()]
    }

    fn read<R: SelectedRow>(row: &mut R) -> Result<T, R::Error> {
        row.next()
    }
}

impl<O, T> Clone for SealedField<O, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O, T> Copy for SealedField<O, T> {}

impl<O, T> fmt::Debug for SealedField<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedField").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a sealed attribute holds: `Encrypted<..>`, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not metagraph's `Encrypted`",
    label = "the derive takes a field's type of this name for metagraph's",
    note = "give a type of yours another name; metagraph's needs the feature `encryption`"
)]
pub trait SealedValue {}

/// What a sealed attribute holds that can be found by equality: `Encrypted<_, Findable>`, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "equal values of a `{Self}` cannot be found",
    label = "expected `Encrypted<_, Findable>`",
    note = "`Findable` keeps a tag beside the sealed value, which tells which values are equal; its page says what that leaks"
)]
pub trait FindableValue: SealedValue {}

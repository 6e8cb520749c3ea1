//! Typed handles of attributes, from which queries are built.

use std::fmt;
use std::marker::PhantomData;

/// An attribute of the element type `O` that holds a `T`.
///
/// The derive gives one per field: `Package::F.name` is a `Field<Package, String>`.
///
/// ```
/// use metagraph_core::Field;
///
/// struct Package;
/// const NAME: Field<Package, String> = Field::new("name");
/// assert_eq!(NAME.name(), "name");
/// ```
pub struct Field<O, T> {
    name: &'static str,
    of: PhantomData<fn() -> (O, T)>,
}

impl<O, T> Field<O, T> {
    /// Names an attribute by its JSON name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The attribute's name in JSON.
    ///
    /// ```
    /// use metagraph_core::Field;
    ///
    /// struct Package;
    /// assert_eq!(Field::<Package, u32>::new("downloads").name(), "downloads");
    /// ```
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<O, T> Clone for Field<O, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O, T> Copy for Field<O, T> {}

impl<O, T> fmt::Debug for Field<O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.name).finish()
    }
}

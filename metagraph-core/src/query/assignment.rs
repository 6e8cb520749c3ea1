//! New values of attributes.

use std::fmt;
use std::iter::{Once, once};
use std::marker::PhantomData;

use super::literal::Given;

/// A new value of an attribute; made by [`Field::set`](crate::Field::set).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
///
/// let forgotten = Package::F.downloads.set(0);
/// assert_eq!(format!("{forgotten:?}"), "Assignment { name: \"downloads\" }", "values are not shown");
/// # }
/// ```
#[must_use = "an assignment does nothing until a query writes it"]
pub struct Assignment<O> {
    assigned: Result<Assigned, String>,
    of: PhantomData<fn() -> O>,
}

/// What an [`Assignment`] says.
#[derive(Debug, Clone, PartialEq)]
pub struct Assigned {
    /// The attribute's name in JSON.
    pub name: &'static str,
    /// Its new value.
    pub value: Given,
}

impl<O> Assignment<O> {
    pub(crate) const fn new(assigned: Result<Assigned, String>) -> Self {
        Self { assigned, of: PhantomData }
    }

    /// What it says, or why it cannot be written.
    #[doc(hidden)]
    pub fn into_assigned(self) -> Result<Assigned, String> {
        self.assigned
    }
}

/// So that one can stand where several can.
impl<O> IntoIterator for Assignment<O> {
    type Item = Self;
    type IntoIter = Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        once(self)
    }
}

impl<O> Clone for Assignment<O> {
    fn clone(&self) -> Self {
        Self::new(self.assigned.clone())
    }
}

impl<O> fmt::Debug for Assignment<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.assigned.as_ref().map(|assigned| assigned.name).unwrap_or_default();
        f.debug_struct("Assignment").field("name", &name).finish()
    }
}

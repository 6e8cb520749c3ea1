//! In which order rows come.

use std::fmt;
use std::iter::{Once, once};
use std::marker::PhantomData;

use super::source::{Kind, Path, Source};

/// One key of an order; made by [`Field::asc`](crate::Field::asc) and [`Field::desc`](crate::Field::desc).
///
/// Rows without the value come last in ascending order and first in descending order, so that one is the other
/// backwards; [`nulls_first`](Order::nulls_first) and [`nulls_last`](Order::nulls_last) say otherwise.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
///
/// let popular_first = [Package::F.downloads.desc(), Package::F.id.asc()];
/// assert_eq!(format!("{:?}", popular_first[0]), "Order { descending: true, nulls_first: true }");
/// # }
/// ```
#[must_use = "an order does nothing until a query has it"]
pub struct Order<O> {
    key: OrderKey,
    of: PhantomData<fn() -> O>,
}

/// What an [`Order`] says.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderKey {
    /// What rows are ordered by.
    pub source: Source,
    /// The kind of its values.
    pub kind: Kind,
    /// Greatest first.
    pub descending: bool,
    /// Rows without the value first.
    pub nulls_first: bool,
    /// Whether a row may lack the value.
    pub optional: bool,
}

impl<O> Order<O> {
    pub(crate) fn new(source: Source, kind: Kind, descending: bool, optional: bool) -> Self {
        // Inside of something that is missing there is nothing, whatever its type says.
        let inside = !matches!(source, Source::Attribute(Path::Attribute(_)) | Source::Column(_) | Source::Degree(_));
        let optional = optional || inside;
        let key = OrderKey { source, kind, descending, nulls_first: descending, optional };
        Self { key, of: PhantomData }
    }

    /// Rows without the value come first, as they do in descending order anyway.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::Field;
    ///
    /// const LICENSE: Field<Package, Option<String>> = Field::new("license");
    /// let unlicensed_first = LICENSE.asc().nulls_first();
    /// # drop(unlicensed_first);
    /// # }
    /// ```
    pub fn nulls_first(mut self) -> Self {
        self.key.nulls_first = true;
        self
    }

    /// Rows without the value come last, as they do in ascending order anyway.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::Field;
    ///
    /// const LICENSE: Field<Package, Option<String>> = Field::new("license");
    /// let unlicensed_last = LICENSE.desc().nulls_last();
    /// # drop(unlicensed_last);
    /// # }
    /// ```
    pub fn nulls_last(mut self) -> Self {
        self.key.nulls_first = false;
        self
    }

    /// What it says.
    #[doc(hidden)]
    pub fn into_key(self) -> OrderKey {
        self.key
    }
}

/// So that one key can stand where several can.
impl<O> IntoIterator for Order<O> {
    type Item = Self;
    type IntoIter = Once<Self>;

    fn into_iter(self) -> Self::IntoIter {
        once(self)
    }
}

impl<O> Clone for Order<O> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), of: PhantomData }
    }
}

impl<O> fmt::Debug for Order<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("descending", &self.key.descending)
            .field("nulls_first", &self.key.nulls_first)
            .finish()
    }
}

//! Predicates over the rows of an element type.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

use super::condition::Condition;
use crate::element::{Element, MemberOf};

/// What must hold of a node or edge; made by the methods of [`Field`](crate::Field), joined by `&`, `|` and `!`.
///
/// A predicate holds or does not, also where an attribute is missing: `!predicate` holds exactly where `predicate` does
/// not.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
/// use metagraph_core::query::Predicate;
///
/// let names = ["serde", "syn"];
/// let one_of: Predicate<Package> = Predicate::any(names.map(|name| Package::F.id.eq(name)));
/// let rare = Package::F.downloads.lt(10) & !one_of;
/// # drop(rare);
/// # }
/// ```
#[must_use = "a predicate does nothing until a query is filtered by it"]
pub struct Predicate<O> {
    condition: Condition,
    of: PhantomData<fn() -> O>,
}

impl<O> Predicate<O> {
    pub(crate) const fn new(condition: Condition) -> Self {
        Self { condition, of: PhantomData }
    }

    /// All of these hold; of none, it holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::Element;
    /// use metagraph_core::query::Predicate;
    ///
    /// let wanted = ["de", "ser"];
    /// let has_both: Predicate<Package> = Predicate::all(wanted.map(|part| Package::F.id.contains(part)));
    /// # drop(has_both);
    /// # }
    /// ```
    pub fn all(predicates: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Condition::All(predicates.into_iter().map(|predicate| predicate.condition).collect()))
    }

    /// One of these holds; of none, it does not hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::Element;
    /// use metagraph_core::query::Predicate;
    ///
    /// let prefixes = ["serde-", "syn-"];
    /// let family: Predicate<Package> = Predicate::any(prefixes.map(|prefix| Package::F.id.starts_with(prefix)));
    /// # drop(family);
    /// # }
    /// ```
    pub fn any(predicates: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Condition::Any(predicates.into_iter().map(|predicate| predicate.condition).collect()))
    }

    /// The predicate for the members of a union: the node is an `O`, and the predicate holds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::query::Predicate;
    /// use metagraph_core::{AnyNode, Element};
    ///
    /// let popular: Predicate<AnyNode> = Package::F.downloads.ge(1000).within();
    /// # drop(popular);
    /// # }
    /// ```
    pub fn within<U>(self) -> Predicate<U>
    where
        O: Element + MemberOf<U>,
    {
        Predicate::new(Condition::OfType(O::NAME, Box::new(self.condition)))
    }

    /// What it is made of.
    #[doc(hidden)]
    pub fn into_condition(self) -> Condition {
        self.condition
    }
}

impl<O> BitAnd for Predicate<O> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::new(self.condition.and(other.condition))
    }
}

impl<O> BitOr for Predicate<O> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::new(self.condition.or(other.condition))
    }
}

impl<O> Not for Predicate<O> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(self.condition.negated())
    }
}

impl<O> Clone for Predicate<O> {
    fn clone(&self) -> Self {
        Self::new(self.condition.clone())
    }
}

impl<O> fmt::Debug for Predicate<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secrets.
        f.debug_struct("Predicate").finish_non_exhaustive()
    }
}

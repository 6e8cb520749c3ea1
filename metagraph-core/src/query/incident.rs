//! The edges at a node, as something to ask about it.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::condition::Condition;
use super::predicate::Predicate;
use super::source::{Incident, Source, Way};
use crate::element::{Connects, EdgeType, Element, NodeSet};
use crate::field::Field;

/// The edges of the type `E` between a node `O` and nodes of the type or union `T`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Predicate};
///
/// let required = || query::in_::<DependsOn, Package, Package>().edge(|needs| needs.optional.eq(false));
/// let needed: Predicate<Package> = required().exists();
/// let much_needed: Predicate<Package> = required().count().ge(10);
/// # drop((needed, much_needed));
/// # }
/// ```
#[must_use = "ask whether they exist, or count them"]
pub struct Neighbours<O, E, T> {
    incident: Incident,
    of: PhantomData<fn(O, E) -> T>,
}

/// The edges that leave a node.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Predicate};
///
/// let needs_others: Predicate<Package> = query::out::<DependsOn, _, Package>().exists();
/// # drop(needs_others);
/// # }
/// ```
pub fn out<E, O, T>() -> Neighbours<O, E, T>
where
    E: Connects<O, T>,
    T: NodeSet,
{
    Neighbours::new(Way::Out)
}

/// The edges that enter a node.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Predicate};
///
/// let unused: Predicate<Package> = !query::in_::<DependsOn, _, Package>().exists();
/// # drop(unused);
/// # }
/// ```
pub fn in_<E, O, T>() -> Neighbours<O, E, T>
where
    E: Connects<T, O>,
    T: NodeSet,
{
    Neighbours::new(Way::In)
}

/// The edges at a node, either way; one that begins and ends at it is one edge.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::query::{self, Predicate};
///
/// let alone: Predicate<Package> = query::both::<DependsOn, _, Package>().count().eq(0);
/// # drop(alone);
/// # }
/// ```
pub fn both<E, O, T>() -> Neighbours<O, E, T>
where
    E: Connects<O, T> + Connects<T, O>,
    T: NodeSet,
{
    Neighbours::new(Way::Both)
}

impl<O, E: EdgeType, T: NodeSet> Neighbours<O, E, T> {
    fn new(way: Way) -> Self {
        let incident = Incident {
            edge: E::NAME,
            way,
            far: T::MEMBERS.iter().map(|member| member.element.name).collect(),
            edge_condition: Condition::ALWAYS,
            node_condition: Condition::ALWAYS,
        };
        Self { incident, of: PhantomData }
    }

    /// Only edges of which this holds; said again, all of it must hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::query::{self, Predicate};
    ///
    /// let optional = query::out::<DependsOn, Package, Package>().edge(|needs| needs.optional.eq(true));
    /// let has_optional: Predicate<Package> = optional.exists();
    /// # drop(has_optional);
    /// # }
    /// ```
    pub fn edge(mut self, predicate: impl FnOnce(E::Fields) -> Predicate<E>) -> Self {
        self.incident.edge_condition = self.incident.edge_condition.and(predicate(E::F).into_condition());
        self
    }

    /// Only edges to nodes of which this holds; said again, all of it must hold.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::query::{self, Predicate};
    ///
    /// let popular = query::out::<DependsOn, Package, Package>().node(|other| other.downloads.ge(1000));
    /// let needs_popular: Predicate<Package> = popular.exists();
    /// # drop(needs_popular);
    /// # }
    /// ```
    pub fn node(mut self, predicate: impl FnOnce(T::Fields) -> Predicate<T>) -> Self
    where
        T: Element,
    {
        self.incident.node_condition = self.incident.node_condition.and(predicate(T::F).into_condition());
        self
    }

    /// There is such an edge.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::query::{self, Predicate};
    ///
    /// let used: Predicate<Package> = query::in_::<DependsOn, _, Package>().exists();
    /// # drop(used);
    /// # }
    /// ```
    pub fn exists(self) -> Predicate<O> {
        Predicate::new(Condition::Incident(Box::new(self.incident)))
    }

    /// How many such edges there are, as a field to compare and order by; 0 where there are none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::query::{self, Order};
    ///
    /// let most_used_first: Order<Package> = query::in_::<DependsOn, _, Package>().count().desc();
    /// # drop(most_used_first);
    /// # }
    /// ```
    pub fn count(self) -> Field<O, i64> {
        Field::from_source(Source::Degree(Arc::new(self.incident)))
    }
}

impl<O, E, T> fmt::Debug for Neighbours<O, E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Neighbours").field("edge", &self.incident.edge).field("way", &self.incident.way).finish()
    }
}

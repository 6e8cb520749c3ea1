//! Traversals that made a hop: what holds of it, and going on from there.

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeBounds;

use metagraph_core::query::Predicate;
use metagraph_core::{EdgeSet, EdgeType, Element, PartOf};

use super::chain::{Chain, Step};
use super::hop::Hop;
use super::pattern::{Far, Hopped, Maybe, Then};
use super::way::{Both, In, Out, Way};
use crate::error::Result;

/// A traversal that made its hops along `P`.
///
/// It answers with the nodes it leads to, each once ([`load`](Traversal::load)), with every way there as a row of nodes
/// and edges ([`rows`](Traversal::rows)), with paths of any length ([`paths`](Traversal::paths)), or goes on.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
/// let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
/// for (source, target) in [(app, serde), (serde, itoa), (app, itoa)] {
///     graph.connect(&mut conn, source, target, &DependsOn { optional: false })?;
/// }
/// let reached = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..).load(&mut conn)?;
/// assert_eq!(reached.len(), 2, "two ways lead to itoa");
/// assert_eq!(reached[1].depth, 1, "and one of them is a single hop");
/// # Ok(())
/// # }
/// ```
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Traversal<'g, G, P> {
    pub(super) chain: Result<Chain<'g>>,
    of: PhantomData<fn(G) -> P>,
}

impl<G, P> fmt::Debug for Traversal<'_, G, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hops = self.chain.as_ref().map(|chain| chain.steps.len()).unwrap_or_default();
        f.debug_struct("Traversal").field("hops", &hops).finish_non_exhaustive()
    }
}

impl<'g, G, P> Traversal<'g, G, P> {
    pub(super) fn new(chain: Result<Chain<'g>>) -> Self {
        Self { chain, of: PhantomData }
    }

    fn last(mut self, change: impl FnOnce(&mut Step)) -> Self {
        if let Ok(chain) = &mut self.chain
            && let Some(step) = chain.steps.last_mut()
        {
            change(step);
        }
        self
    }

    pub(super) fn into_chain(self) -> Result<Chain<'g>> {
        self.chain
    }

    pub(super) fn from_chain(chain: Chain<'g>) -> Self {
        Self::new(Ok(chain))
    }

    fn retyped<Q>(self) -> Traversal<'g, G, Q> {
        Traversal::new(self.chain)
    }
}

impl<'g, G, P, E, T> Traversal<'g, G, Then<P, E, T>> {
    /// Hops as often as the range says instead of once: `1..=3`, `2..`, `..=4`. Depth 0 is the start itself.
    ///
    /// A node's depth is its distance from the nearest start. A start has depth 0, so a range from 1 on is without it,
    /// even where a cycle leads back; [`walks`](Traversal::walks) and plain hops come back to it.
    ///
    /// It goes on from every node that has such edges, also where only some members of a union do. Cycles end: a node is
    /// followed once, at its least depth, and it is that depth which the range is about.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let itoa = graph.insert(&mut conn, &package("itoa"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needed = || graph.from(app).out::<DependsOn>().to::<Package>();
    /// assert_eq!(needed().count(&mut conn)?, 1, "one hop unless said otherwise");
    /// assert_eq!(needed().depth(2..).load(&mut conn)?[0].id, itoa);
    /// assert_eq!(needed().depth(..=1).load(&mut conn)?[0].id, app);
    /// # Ok(())
    /// # }
    /// ```
    pub fn depth(self, range: impl RangeBounds<u32>) -> Traversal<'g, G, Far<P, E, T>> {
        self.last(|step| step.set_depth(&range)).retyped()
    }

    /// Keeps rows that have no such hop: see [`Traversal::rows`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let packages = graph.from_all(graph.nodes::<Package>()).out::<DependsOn>().to::<Package>().optional();
    /// let rows = packages.rows().load(&mut conn)?;
    /// assert!(rows[0].1.is_some() && rows[1].1.is_none(), "app needs serde, serde needs nothing");
    /// # Ok(())
    /// # }
    /// ```
    pub fn optional(self) -> Traversal<'g, G, Maybe<P, E, T>> {
        self.last(|step| step.optional = true).retyped()
    }
}

impl<'g, G, P: Hopped> Traversal<'g, G, P> {
    /// Follows only edges of which this holds, at each hop of the last step.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..);
    /// assert_eq!(needed.filter_edge(|needs| needs.optional.eq(false)).count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter_edge<E>(self, predicate: impl FnOnce(E::Fields) -> Predicate<E>) -> Self
    where
        P: Hopped<Edges = E>,
        E: EdgeType,
    {
        self.last(|step| step.filter_edge(predicate(E::F).into_condition()))
    }

    /// Leads only to nodes of which this holds, at each hop of the last step: what it does not hold of is not passed.
    /// [`filter_end`](Traversal::filter_end) is about the ends alone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let itoa = graph.insert(&mut conn, &package("itoa"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..);
    /// assert_eq!(needed.filter(|p| p.id.ne("serde")).count(&mut conn)?, 0, "itoa is behind serde");
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter<T>(self, predicate: impl FnOnce(T::Fields) -> Predicate<T>) -> Self
    where
        P: Hopped<Node = T>,
        T: Element,
    {
        self.matching(predicate(T::F))
    }

    /// The same with a predicate that is there as a value; the way to filter a union.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// let kept = || graph.from(mara).out::<Maintains>().to::<Anything>();
    /// assert_eq!(kept().matching(Package::F.id.eq("serde").within()).count(&mut conn)?, 1);
    /// assert_eq!(kept().matching(Person::F.name.is_not_null().within()).count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn matching(self, predicate: Predicate<P::Node>) -> Self {
        self.last(|step| step.filter_node(predicate.into_condition()))
    }

    /// Ends only at nodes of which this holds; a repeated step passes others on its way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let itoa = graph.insert(&mut conn, &package("itoa"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..);
    /// assert_eq!(needed.filter_end(|p| p.id.ne("serde")).ids(&mut conn)?, [itoa], "behind serde");
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter_end<T>(self, predicate: impl FnOnce(T::Fields) -> Predicate<T>) -> Self
    where
        P: Hopped<Node = T>,
        T: Element,
    {
        self.last(|step| step.filter_end(predicate(T::F).into_condition()))
    }

    /// Goes on along edges from source to target.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, mara, app, &Maintains)?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let relied_on = graph.from(mara).out::<Maintains>().to::<Package>().out::<DependsOn>().to::<Package>();
    /// assert_eq!(relied_on.load(&mut conn)?[0].id, serde);
    /// # Ok(())
    /// # }
    /// ```
    pub fn out<E: EdgeSet + PartOf<G>>(self) -> Hop<'g, G, P, P::Node, E, Out> {
        Hop::new(self.chain, Step::new(E::names(), Way::Out))
    }

    /// Goes on along edges from target to source.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let whom_to_thank = graph.from(app).out::<DependsOn>().to::<Package>().in_::<Maintains>().to::<Person>();
    /// assert_eq!(whom_to_thank.load(&mut conn)?[0].id, mara);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_<E: EdgeSet + PartOf<G>>(self) -> Hop<'g, G, P, P::Node, E, In> {
        Hop::new(self.chain, Step::new(E::names(), Way::In))
    }

    /// Goes on along edges either way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let neighbours = graph.from(mara).out::<Maintains>().to::<Package>().both::<DependsOn>().to::<Package>();
    /// assert_eq!(neighbours.ids(&mut conn)?, [app]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn both<E: EdgeSet + PartOf<G>>(self) -> Hop<'g, G, P, P::Node, E, Both> {
        Hop::new(self.chain, Step::new(E::names(), Way::Both))
    }
}

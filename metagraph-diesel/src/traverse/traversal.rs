//! Traversals that made a hop: going on from there, and their answers.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, RangeBounds};

use metagraph_core::query::{Numeric, Predicate};
use metagraph_core::{EdgeSet, EdgeType, Element, Field, NodeId, NodeSet, PartOf};

use super::chain::{Chain, Resolved, Step};
use super::expand::{self, Reach, follow, nodes_found};
use super::hop::Hop;
use super::paths::{Map, Once, Path};
use super::pattern::{Arrives, Far, Hopped, Maybe, OneStep, Pattern, Then};
use super::rows::Rows;
use super::shortest;
use super::way::{Both, In, Out, Way};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::query::Scope;
use crate::read::{self, Node};
use crate::run;
use crate::statement::Statement;

/// A node that a traversal reached.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let reached = graph.reachable::<DependsOn, _>(&mut conn, app)?.remove(0);
/// assert_eq!((reached.depth, reached.node.id), (1, serde));
/// assert_eq!(reached.value.id, "serde", "the node's fields are at hand");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reached<T> {
    /// The node.
    pub node: Node<T>,
    /// The least number of hops of the last step in which it is reached; 1 where the step is not repeated.
    pub depth: u32,
}

impl<T> Deref for Reached<T> {
    type Target = Node<T>;

    fn deref(&self) -> &Node<T> {
        &self.node
    }
}

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
    chain: Result<Chain<'g>>,
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

    /// The ways through the traversal, each as a row: the node where it begins, and for every hop its edge and node.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>();
    /// for (package, (needs, other)) in needed.rows().load(&mut conn)? {
    ///     assert_eq!((package.key.as_str(), needs.value.optional, other.key.as_str()), ("app", true, "serde"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows(self) -> Rows<'g, P>
    where
        P: Pattern,
    {
        Rows::new(self.chain)
    }
}

impl<'g, G, P: Hopped> Traversal<'g, G, P> {
    /// The first `limit` paths, the shortest first, that come through no node twice.
    ///
    /// There may be very many: how deep a repeated step goes has to be bounded.
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
    /// let to_itoa = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..=4);
    /// let paths = to_itoa.paths(&mut conn, 10)?;
    /// assert_eq!(paths[2].nodes_as::<Package>(), [app, serde, itoa]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a depth has no upper bound, or a filter cannot be asked.
    pub fn paths<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Path<P::Edges>>>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.paths(Once::Nodes, limit))
    }

    /// The first `limit` paths, the shortest first, that follow no edge twice.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>().depth(1..=3);
    /// assert_eq!(mentions.trails(&mut conn, 10)?.len(), 2, "to serde, and back");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Traversal::paths`].
    pub fn trails<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Path<P::Edges>>>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.paths(Once::Edges, limit))
    }

    /// The first `limit` paths, the shortest first, whatever they come through twice.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>().depth(1..=3);
    /// assert_eq!(mentions.walks(&mut conn, 10)?.len(), 3, "and to serde once more");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Traversal::paths`].
    pub fn walks<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Path<P::Edges>>>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.paths(Once::Nothing, limit))
    }

    /// Counts all paths, whatever they come through twice, without making them; [`u64::MAX`] stands for more.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>().depth(1..=3);
    /// assert_eq!(mentions.count_walks(&mut conn)?, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Traversal::paths`].
    pub fn count_walks<C: GraphConnection>(self, conn: &mut C) -> Result<u64>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.count())
    }

    /// A path of the fewest edges to this node, along its step repeated as often as it takes; among equal ones the
    /// one of the smallest ids. [`depth`](Traversal::depth) bounds its length.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
    /// let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needs = || graph.from(app).out::<DependsOn>().to::<Package>();
    /// let why = needs().shortest_path(&mut conn, itoa)?.unwrap();
    /// assert_eq!(why.nodes_as::<Package>(), [app, serde, itoa]);
    /// assert!(needs().depth(..=1).shortest_path(&mut conn, itoa)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn shortest_path<C: GraphConnection>(
        self,
        conn: &mut C,
        target: NodeId<P::Node>,
    ) -> Result<Option<Path<P::Edges>>>
    where
        P: OneStep,
    {
        let (starts, chain) = self.up_to_last(conn)?;
        let Some(step) = chain.steps.last() else { return Ok(None) };
        let found = shortest::fewest(conn, chain.graph, step, &starts, target.raw())?;
        Ok(found.map(|(nodes, edges)| Path::from_raw(nodes, edges)))
    }

    /// A path of the least total weight to this node, and that weight; among equal ones the one of fewer edges.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let edge = graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>();
    /// // A place is no number, as somebody may believe who reads a foreign database.
    /// let refused = mentions.lightest_path(&mut conn, serde, |m| m.place.at::<u32>("line")).unwrap_err();
    /// assert!(matches!(refused, Error::InvalidWeight { id, .. } if id == edge.raw()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidWeight`](crate::Error::InvalidWeight) with the first edge of the type, in this graph and of which
    /// the filter holds, whose weight is missing, negative or not a number;
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a depth is bounded, or a filter cannot be asked.
    pub fn lightest_path<C: GraphConnection, E, W: Numeric>(
        self,
        conn: &mut C,
        target: NodeId<P::Node>,
        weight: impl FnOnce(E::Fields) -> Field<E, W>,
    ) -> Result<Option<(Path<E>, f64)>>
    where
        P: OneStep + Hopped<Edges = E>,
        E: EdgeType,
    {
        let (starts, chain) = self.up_to_last(conn)?;
        let Some(step) = chain.steps.last() else { return Ok(None) };
        if step.depth.is_some_and(|(_, most)| most != u32::MAX) {
            return Err(Scope::invalid("a path of the least weight may have any number of edges: leave `depth` out"));
        }
        let ends = (starts.as_slice(), target.raw());
        let found = shortest::lightest(conn, chain.graph, step, &weight(E::F).source(), ends)?;
        Ok(found.map(|((nodes, edges), weight)| (Path::from_raw(nodes, edges), weight)))
    }

    /// The nodes where the last step begins, and the chain.
    fn up_to_last<C: GraphConnection>(self, conn: &mut C) -> Result<(Vec<i64>, Chain<'g>)> {
        let mut chain = self.chain?;
        let last = chain.steps.pop();
        let starts = expand::ends_of(conn, &chain)?;
        chain.steps.extend(last);
        Ok((starts, chain))
    }
}

impl<G, P> Traversal<'_, G, P>
where
    P: Hopped,
    P::Node: NodeSet,
{
    /// Reads the nodes, each once: nearest first, and oldest first at the same depth.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!((needed[0].depth, &needed[0].value), (1, &package("serde")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Reached<P::Node>>>
    where
        P: Arrives,
    {
        let chain = self.chain?;
        let (statement, depths) = last_nodes(conn, &chain, read::NODES)?;
        let nodes: Vec<Node<P::Node>> = read::nodes(conn, chain.graph.vocabulary, statement)?;
        let depth =
            |node: &Node<P::Node>| depths.as_ref().map_or(Some(1), |depths| depths.get(&node.id.raw()).copied());
        let mut reached: Vec<_> =
            nodes.into_iter().filter_map(|node| depth(&node).map(|depth| Reached { node, depth })).collect();
        reached.sort_unstable_by_key(|reached| (reached.depth, reached.node.id));
        Ok(reached)
    }

    /// Reads the ids of the nodes, in ascending order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).out::<DependsOn>().to::<Package>().ids(&mut conn)?, [serde]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn ids<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<NodeId<P::Node>>>
    where
        P: Arrives,
    {
        let (statement, _) = last_nodes(conn, &self.chain?, "SELECT n.id FROM ")?;
        let ids: Vec<i64> = run::all(conn, "reading nodes", statement)?;
        Ok(expand::sorted(ids).into_iter().map(NodeId::from_raw).collect())
    }

    /// Counts the nodes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).out::<DependsOn>().to::<Package>().count(&mut conn)?, 1);
    /// assert_eq!(graph.from(serde).out::<DependsOn>().to::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64>
    where
        P: Arrives,
    {
        let (statement, _) = last_nodes(conn, &self.chain?, "SELECT count(*) FROM ")?;
        Ok(run::optional(conn, "counting nodes", statement)?.unwrap_or(0))
    }

    /// Whether it leads anywhere.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert!(graph.from(app).out::<DependsOn>().to::<Package>().exists(&mut conn)?);
    /// assert!(!graph.from(serde).out::<DependsOn>().to::<Package>().exists(&mut conn)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn exists<C: GraphConnection>(self, conn: &mut C) -> Result<bool>
    where
        P: Arrives,
    {
        let (statement, _) = last_nodes(conn, &self.chain?, "SELECT n.id FROM ")?;
        let found: Option<i64> = run::optional(conn, "looking for a node", statement.sql(" LIMIT 1"))?;
        Ok(found.is_some())
    }

    /// Reads the nodes for each start on its own, in the order the starts were given, and at most `limit` for each.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let log = graph.insert(&mut conn, &package("log"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let needs = || DependsOn { optional: false };
    /// graph.connect_many(&mut conn, [(app, log, needs()), (app, serde, needs()), (log, serde, needs())])?;
    /// let needed = graph.from_many([log, app]).out::<DependsOn>().to::<Package>().load_each(&mut conn, 1)?;
    /// assert_eq!((needed[0][0].id, needed[1][0].id, needed[1].len()), (serde, log, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when it begins at a query, or a filter cannot be asked.
    pub fn load_each<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Vec<Reached<P::Node>>>>
    where
        P: Arrives,
    {
        super::each::load_each(conn, &self.chain?, limit)
    }
}

/// How far each node is.
type Depths = HashMap<i64, u32>;

/// Where a traversal ends: the nodes as a statement that begins with `select`, and their depths where they differ.
fn last_nodes<C: GraphConnection>(
    conn: &mut C,
    chain: &Chain<'_>,
    select: &'static str,
) -> Result<(Statement<'static, C::Db>, Option<Depths>)> {
    let reach = follow(conn, chain)?;
    let Some(step) = chain.steps.last() else { return Err(Scope::invalid("a traversal makes a hop")) };
    let step = Resolved::new(chain.graph, step)?;
    let (nodes, depths) = match reach {
        Reach::Once(nodes) => (nodes, None),
        Reach::Depths(depths) => (expand::Frontier::Ids(expand::sorted(depths.keys().copied())), Some(depths)),
    };
    Ok((nodes_found(nodes.append(Statement::new(select)), &step)?, depths))
}

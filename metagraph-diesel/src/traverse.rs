//! Traversals: where to start, along which edges, to what, how far.
//!
//! A traversal is read from left to right and is typed at every step: what an edge type does not connect does not
//! compile. [`Graph::from`](crate::Graph::from) begins one. Questions about a whole graph, such as its topological
//! order, are methods of [`Graph`](crate::Graph).
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() -> metagraph::Result<()> {
//! # let (mut conn, graph) = example()?;
//! let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
//! let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
//! graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
//! graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
//!
//! let reached = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..=8).load(&mut conn)?;
//! let reached: Vec<_> = reached.iter().map(|reached| (reached.depth, reached.key.as_str())).collect();
//! assert_eq!(reached, [(1, "serde"), (2, "itoa")]);
//! # Ok(())
//! # }
//! ```

mod expand;

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, Deref, RangeBounds};

use metagraph_core::{Connects, EdgeType, NodeSet, PartOf};

use crate::backend::GraphConnection;
use crate::error::Result;
use crate::read::{self, Edge, End, Node};
use crate::statement::Statement;
use crate::write::Scope;

/// Types that a value is about, and holds none of.
type Marker<T> = PhantomData<fn() -> T>;

/// Which way edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Out,
    In,
    Both,
}

impl Way {
    /// The end at which a traversal that goes this way stands before a hop.
    fn end(self) -> End {
        match self {
            Self::Out => End::Source,
            Self::In => End::Target,
            Self::Both => End::Either,
        }
    }
}

/// The direction of [`Start::out`]: from source to target.
#[derive(Debug, Clone, Copy)]
pub struct Out;

/// The direction of [`Start::in_`]: from target to source.
#[derive(Debug, Clone, Copy)]
pub struct In;

/// The direction of [`Start::both`]: either way.
#[derive(Debug, Clone, Copy)]
pub struct Both;

/// Following the edge type `E` this way leads from a `S` to a `T`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{In, Leads, Out};
///
/// fn leads<D: Leads<E, S, T>, E, S, T>() {}
///
/// leads::<Out, Maintains, Person, Package>();
/// leads::<In, Maintains, Package, Person>();
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{E}` does not lead from `{S}` to `{T}` in this direction",
    label = "no such hop",
    note = "`{E}` lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait Leads<E, S, T> {}

#[diagnostic::do_not_recommend]
impl<E: Connects<S, T>, S, T> Leads<E, S, T> for Out {}

#[diagnostic::do_not_recommend]
impl<E: Connects<T, S>, S, T> Leads<E, S, T> for In {}

#[diagnostic::do_not_recommend]
impl<E: Connects<S, T> + Connects<T, S>, S, T> Leads<E, S, T> for Both {}

/// The start of a traversal; made by [`Graph::from`](crate::Graph::from).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let start = graph.from(serde);
/// assert_eq!(start.in_::<DependsOn>().to::<Package>().count(&mut conn)?, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Start<'g, G, S> {
    scope: Scope<'g>,
    ids: Vec<i64>,
    of: Marker<(G, S)>,
}

impl<'g, G, S> Start<'g, G, S> {
    pub(crate) fn new(scope: Scope<'g>, ids: Vec<i64>) -> Self {
        Self { scope, ids, of: PhantomData }
    }

    /// Follows edges of the type `E` from source to target. Edges without direction are followed either way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!(needed[0].id, serde);
    /// # Ok(())
    /// # }
    /// ```
    pub fn out<E: EdgeType + PartOf<G>>(self) -> Hop<'g, S, E, Out> {
        self.hop(Way::Out)
    }

    /// Follows edges of the type `E` from target to source.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let dependents = graph.from(serde).in_::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!(dependents[0].id, app);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_<E: EdgeType + PartOf<G>>(self) -> Hop<'g, S, E, In> {
        self.hop(Way::In)
    }

    /// Follows edges of the type `E` either way.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let log = graph.insert(&mut conn, &package("log"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, log, app, &Mentions { place: "NEWS.md:1".into() })?;
    /// assert_eq!(graph.from(app).both::<Mentions>().to::<Package>().count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn both<E: EdgeType + PartOf<G>>(self) -> Hop<'g, S, E, Both> {
        self.hop(Way::Both)
    }

    fn hop<E, D>(self, way: Way) -> Hop<'g, S, E, D> {
        Hop { scope: self.scope, ids: self.ids, way, of: PhantomData }
    }
}

impl<G, S> fmt::Debug for Start<'_, G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start").field("ids", &self.ids).finish_non_exhaustive()
    }
}

/// A hop along one edge type.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
/// let hop = graph.from(app).out::<DependsOn>();
/// assert!(hop.load_edges(&mut conn)?[0].value.optional);
/// # Ok(())
/// # }
/// ```
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Hop<'g, S, E, D> {
    scope: Scope<'g>,
    ids: Vec<i64>,
    way: Way,
    of: Marker<(S, E, D)>,
}

impl<S, E, D> fmt::Debug for Hop<'_, S, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hop").field("ids", &self.ids).field("way", &self.way).finish_non_exhaustive()
    }
}

impl<'g, S, E: EdgeType, D> Hop<'g, S, E, D> {
    /// Answers with nodes of the type, or of the union, `T`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// let noor = graph.insert(&mut conn, &Person { name: "Noor".into() })?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// graph.connect(&mut conn, mara, noor, &Maintains)?;
    /// assert_eq!(graph.from(mara).out::<Maintains>().to::<Person>().load(&mut conn)?[0].id, noor);
    /// assert_eq!(graph.from(mara).out::<Maintains>().to::<Anything>().count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// // Nobody is maintained by a package.
    /// graph.from(serde).out::<Maintains>().to::<Person>();
    /// # Ok(())
    /// # }
    /// ```
    pub fn to<T: NodeSet>(self) -> Traversal<'g, E, T>
    where
        D: Leads<E, S, T>,
    {
        Traversal { scope: self.scope, ids: self.ids, way: self.way, least: 1, most: 1, of: PhantomData }
    }

    /// Reads the edges of the hop, oldest first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().load_edges(&mut conn)?;
    /// assert_eq!(mentions[1].value.place, "README.md:9");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load_edges<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Edge<E>>> {
        let kind = self.scope.vocabulary.edge(E::NAME)?;
        let way = if kind.rules.undirected { Way::Both } else { self.way };
        let statement = read::edges_at(self.scope.graph, Some(kind.id), way.end(), &self.ids).sql(" ORDER BY e.id");
        read::edges(conn, statement)
    }
}

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
    /// The least number of hops in which it is reached.
    pub depth: u32,
}

impl<T> Deref for Reached<T> {
    type Target = Node<T>;

    fn deref(&self) -> &Node<T> {
        &self.node
    }
}

/// A traversal that answers with each node once, with its least depth.
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
pub struct Traversal<'g, E, T> {
    scope: Scope<'g>,
    ids: Vec<i64>,
    way: Way,
    least: u32,
    most: u32,
    of: Marker<(E, T)>,
}

impl<E, T> fmt::Debug for Traversal<'_, E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traversal")
            .field("ids", &self.ids)
            .field("way", &self.way)
            .field("depth", &(self.least..=self.most))
            .finish_non_exhaustive()
    }
}

impl<E: EdgeType, T: NodeSet> Traversal<'_, E, T> {
    /// Hops as often as the range says instead of once: `1..=3`, `2..`, `..=4`. Depth 0 is the start itself.
    ///
    /// Cycles end: a node is followed once, at its least depth, and it is that depth which the range is about.
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
    pub fn depth(mut self, range: impl RangeBounds<u32>) -> Self
    where
        E: Connects<T, T>,
    {
        self.least = match range.start_bound() {
            Bound::Included(&least) => least,
            Bound::Excluded(&before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        self.most = match range.end_bound() {
            Bound::Included(&most) => most,
            // Nothing is nearer than the start: such a range is empty.
            Bound::Excluded(&0) => {
                self.least = 1;
                0
            }
            Bound::Excluded(&after) => after - 1,
            Bound::Unbounded => u32::MAX,
        };
        self
    }

    /// Reads the nodes, nearest first, and oldest first at the same depth.
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
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Reached<T>>> {
        let depths = self.depths(conn)?;
        let ids: Vec<i64> = depths.keys().copied().collect();
        let statement = read::nodes_by_id(self.scope.graph, &ids)
            .sql(" AND n.node_type_id")
            .one_of(read::member_ids::<T>(self.scope.vocabulary)?);
        let nodes: Vec<Node<T>> = read::nodes(conn, self.scope.vocabulary, statement)?;
        let mut reached: Vec<_> = nodes
            .into_iter()
            .filter_map(|node| depths.get(&node.id.raw()).map(|&depth| Reached { node, depth }))
            .collect();
        reached.sort_unstable_by_key(|reached| (reached.depth, reached.node.id));
        Ok(reached)
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
    /// [`Error::Database`](crate::Error::Database) when the database fails.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let ids: Vec<i64> = self.depths(conn)?.into_keys().collect();
        let statement = Statement::new("SELECT count(*) FROM ")
            .join_ids(ids)
            .sql("__metagraph_nodes AS n WHERE n.id = ids.id AND n.graph_id = ")
            .integer(self.scope.graph)
            .sql(" AND n.node_type_id")
            .one_of(read::member_ids::<T>(self.scope.vocabulary)?);
        Ok(crate::run::optional(conn, "counting nodes", statement)?.unwrap_or(0))
    }

    fn depths<C: GraphConnection>(&self, conn: &mut C) -> Result<HashMap<i64, u32>> {
        let kind = self.scope.vocabulary.edge(E::NAME)?;
        let way = if kind.rules.undirected { Way::Both } else { self.way };
        let mut depths = expand::depths(conn, self.scope.graph, kind.id, way, &self.ids, self.most)?;
        depths.retain(|_, depth| *depth >= self.least);
        Ok(depths)
    }
}

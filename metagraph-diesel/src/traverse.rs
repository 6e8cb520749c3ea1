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
mod traversal;

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{Connects, EdgeType, NodeSet, PartOf};

pub use traversal::{Reached, Traversal};

use crate::backend::GraphConnection;
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::read::{self, Edge, End};

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
    graph: OpenGraph<'g>,
    ids: Vec<i64>,
    of: Marker<(G, S)>,
}

impl<'g, G, S> Start<'g, G, S> {
    pub(crate) fn new(graph: OpenGraph<'g>, ids: Vec<i64>) -> Self {
        Self { graph, ids, of: PhantomData }
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
        Hop { graph: self.graph, ids: self.ids, way, of: PhantomData }
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
    graph: OpenGraph<'g>,
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
        Traversal::one_hop(self.graph, self.ids, self.way)
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
        let kind = self.graph.vocabulary.edge(E::NAME)?;
        let way = if kind.rules.undirected { Way::Both } else { self.way };
        let statement = read::edges_at(self.graph.id, Some(kind.id), way.end(), &self.ids).sql(" ORDER BY e.id");
        read::edges(conn, statement)
    }
}

//! Everything that can be reached along several edge types, each its own way: in one statement, whatever the depth.

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{Connects, EdgeSet, NodeSet, PartOf};

use super::Marker;
use super::chain::{Chain, Step};
use super::closed::{self, FAR_EDGE, FAR_NODE, NEAR_EDGE, NEAR_NODE, Side};
use super::start::Start;
use super::way::{Both, In, Leads, Out, Way};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::read::{Edge, Node};
use crate::{row, run};

/// The nodes at which a traversal begins, and all that can be reached from there; made by [`Start::closure`].
///
/// Unlike a repeated hop, it follows edge types in different ways at once, and it is one statement whatever the depth: what
/// it answers was all true at one moment, also where others write. It tells no depths, and its cycles end.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa", "log"].map(package))?;
/// # let (app, serde, itoa, log) = (nodes[0], nodes[1], nodes[2], nodes[3]);
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
/// graph.connect(&mut conn, log, itoa, &Mentions { place: "README.md:7".into() })?;
///
/// let concerned = graph.from(app).closure().out::<DependsOn>().in_::<Mentions>().load(&mut conn)?;
/// let keys: Vec<_> = concerned.nodes.iter().map(|node| node.key.as_str()).collect();
/// assert_eq!(keys, ["app", "serde", "itoa", "log"]);
/// assert_eq!(concerned.edges.len(), 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "a closure does nothing until it is loaded"]
pub struct Closure<'g, G, N> {
    chain: Result<Chain<'g>>,
    links: Vec<Step>,
    of: Marker<(G, N)>,
}

impl<G, N> fmt::Debug for Closure<'_, G, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let links: Vec<_> = self.links.iter().map(|link| (&link.edges, link.way)).collect();
        f.debug_struct("Closure").field("links", &links).finish_non_exhaustive()
    }
}

/// What a [`Closure`] answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed<N> {
    /// The nodes, each once and oldest first; where it begins is among them.
    pub nodes: Vec<Node<N>>,
    /// The edges that were followed, of whatever type, each once and oldest first.
    pub edges: Vec<row::Edge>,
}

impl<N> Default for Closed<N> {
    fn default() -> Self {
        Self { nodes: Vec::new(), edges: Vec::new() }
    }
}

impl<N> Closed<N> {
    fn sorted(mut self) -> Self {
        self.nodes.sort_unstable_by_key(|node| node.id);
        self.edges.sort_unstable_by_key(|edge| edge.id);
        self
    }
}

impl<'g, G, S> Start<'g, G, S> {
    /// Begins the closure of these nodes: say along which edges it goes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// let alone = graph.from(app).closure().out::<DependsOn>().load(&mut conn)?;
    /// assert_eq!(alone.nodes[0].id, app);
    /// # Ok(())
    /// # }
    /// ```
    pub fn closure(self) -> Closure<'g, G, S> {
        Closure { chain: self.into_chain(), links: Vec::new(), of: PhantomData }
    }
}

impl<'g, G, N: NodeSet> Closure<'g, G, N> {
    /// Goes along edges of the type `E`, or of several types in a tuple, from source to target, too.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).closure().out::<DependsOn>().load(&mut conn)?.nodes.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn out<E: EdgeSet + PartOf<G>>(self) -> Self
    where
        Out: Leads<E, N, N>,
    {
        self.link(Step::new(E::names(), Way::Out))
    }

    /// Goes along edges of the type `E`, or of several types in a tuple, from target to source, too.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(serde).closure().in_::<DependsOn>().load(&mut conn)?.nodes.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_<E: EdgeSet + PartOf<G>>(self) -> Self
    where
        In: Leads<E, N, N>,
    {
        self.link(Step::new(E::names(), Way::In))
    }

    /// Goes along edges of the type `E`, or of several types in a tuple, either way, too.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "log"].map(package))?;
    /// # let (app, serde, log) = (nodes[0], nodes[1], nodes[2]);
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, log, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).closure().both::<DependsOn>().load(&mut conn)?.nodes.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn both<E: EdgeSet + PartOf<G>>(self) -> Self
    where
        Both: Leads<E, N, N>,
    {
        self.link(Step::new(E::names(), Way::Both))
    }

    fn link(mut self, mut link: Step) -> Self {
        link.far = N::MEMBERS.iter().map(|member| member.element.name).collect();
        self.links.push(link);
        self
    }

    /// Asks for the edges of the type `E` that lead from a node of this closure to one of another.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
    /// # let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// graph.connect(&mut conn, mara, serde, &Maintains)?;
    ///
    /// // Does Mara maintain anything that `app` needs?
    /// let needed = graph.from(app).closure().out::<DependsOn>();
    /// let met = graph.from(mara).closure().meeting::<Maintains, _>(needed).load(&mut conn)?;
    /// assert_eq!(met.between[0].target.raw(), serde.raw());
    /// # Ok(())
    /// # }
    /// ```
    pub fn meeting<E, T>(self, other: Closure<'g, G, T>) -> Meeting<'g, G, N, E, T>
    where
        E: Connects<N, T> + PartOf<G>,
        T: NodeSet,
    {
        Meeting { near: self, far: other, of: PhantomData }
    }

    /// Reads the nodes, and the edges between them that were followed, in one statement.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let closed = graph.from(app).closure().out::<DependsOn>().load(&mut conn)?;
    /// assert_eq!(closed.edges[0].edge_type, "depends_on");
    /// assert_eq!((closed.edges[0].source, closed.edges[0].target), (app.raw(), serde.raw()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Closed<N>> {
        enum Part<N> {
            Node(Node<N>),
            Edge(row::Edge),
        }
        let chain = self.chain?;
        let near = Side::new::<N>(&chain, &self.links)?;
        let vocabulary = near.vocabulary();
        let parts = run::each(conn, "reading a closure", closed::closure(&near)?, |row| match closed::part(row)? {
            NEAR_NODE => Ok(Part::Node(closed::node(vocabulary, row)?)),
            _ => Ok(Part::Edge(closed::edge(vocabulary, row)?)),
        })?;
        let mut near = Closed::default();
        for part in parts {
            match part {
                Part::Node(node) => near.nodes.push(node),
                Part::Edge(edge) => near.edges.push(edge),
            }
        }
        Ok(near.sorted())
    }
}

/// Two closures and what leads from one into the other; made by [`Closure::meeting`].
#[must_use = "nothing is asked until it is loaded"]
pub struct Meeting<'g, G, N, E, T> {
    near: Closure<'g, G, N>,
    far: Closure<'g, G, T>,
    of: Marker<E>,
}

impl<G, N, E, T> fmt::Debug for Meeting<'_, G, N, E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meeting").field("near", &self.near).field("far", &self.far).finish()
    }
}

/// What a [`Meeting`] answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Between<N, E, T> {
    /// The closure from which edges lead.
    pub near: Closed<N>,
    /// The closure to which they lead.
    pub far: Closed<T>,
    /// The edges that lead from one into the other, oldest first.
    pub between: Vec<Edge<E>>,
}

impl<G, N, E, T> Meeting<'_, G, N, E, T>
where
    N: NodeSet,
    T: NodeSet,
    E: Connects<N, T>,
{
    /// Reads both closures and the edges between them, in one statement.
    ///
    /// What it costs grows with the number of pairs of a node here and a node there, and not with how many edges any of
    /// them has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// let (near, far) = (graph.from(app).closure(), graph.from(serde).closure().out::<DependsOn>());
    /// let met = near.meeting::<Mentions, _>(far).load(&mut conn)?;
    /// assert_eq!(met.between[0].value.place, "README.md:7");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Between<N, E, T>> {
        enum Part<N, E, T> {
            Near(Node<N>),
            NearEdge(row::Edge),
            Far(Node<T>),
            FarEdge(row::Edge),
            Between(Edge<E>),
        }
        let (near, far) = (self.near.chain?, self.far.chain?);
        let near = Side::new::<N>(&near, &self.near.links)?;
        let far = Side::new::<T>(&far, &self.far.links)?;
        let vocabulary = near.vocabulary();
        let statement = closed::meeting(&near, &far, vocabulary.edge(E::NAME)?)?;
        let parts = run::each(conn, "reading two closures", statement, |row| {
            Ok(match closed::part(row)? {
                NEAR_NODE => Part::Near(closed::node(vocabulary, row)?),
                NEAR_EDGE => Part::NearEdge(closed::edge(vocabulary, row)?),
                FAR_NODE => Part::Far(closed::node(vocabulary, row)?),
                FAR_EDGE => Part::FarEdge(closed::edge(vocabulary, row)?),
                _ => Part::Between(closed::typed_edge::<_, E>(row)?),
            })
        })?;
        let (mut near, mut far, mut between) = (Closed::default(), Closed::default(), Vec::new());
        for part in parts {
            match part {
                Part::Near(node) => near.nodes.push(node),
                Part::NearEdge(edge) => near.edges.push(edge),
                Part::Far(node) => far.nodes.push(node),
                Part::FarEdge(edge) => far.edges.push(edge),
                Part::Between(edge) => between.push(edge),
            }
        }
        between.sort_unstable_by_key(|edge: &Edge<E>| edge.id);
        between.dedup_by_key(|edge| edge.id);
        Ok(Between { near: near.sorted(), far: far.sorted(), between })
    }
}

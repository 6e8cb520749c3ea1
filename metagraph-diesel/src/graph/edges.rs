//! Verbs that connect nodes.

use std::borrow::Borrow;

use metagraph_core::{Connects, EdgeId, EdgeType, Key, NodeId, NodeSet, PartOf};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::Result;
use crate::outcome::{Upserted, WhenFound};
use crate::query::NodeQuery;
use crate::read::{self, Edge};
use crate::traverse::Start;
use crate::write;
use crate::write::delete;
use crate::write::edges::NewEdge;

impl<G> Graph<G> {
    /// Inserts an edge between two nodes of this graph.
    ///
    /// A pair of types that the edge does not connect does not compile.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    ///
    /// // `DependsOn` is acyclic.
    /// let refused = graph.connect(&mut conn, serde, app, &DependsOn { optional: true }).unwrap_err();
    /// let Error::Cycle { path, .. } = &refused else { panic!("{refused}") };
    /// assert_eq!(path.len(), 3, "two packages, and the first again");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0277
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// // `Maintains` runs from a person: edge `Maintains` cannot connect `Package` to `Person`.
    /// graph.connect(&mut conn, serde, mara, &Maintains)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::EndpointNotFound`](crate::Error::EndpointNotFound),
    /// [`Error::EndpointType`](crate::Error::EndpointType), [`Error::SelfLoop`](crate::Error::SelfLoop),
    /// [`Error::Conflict`](crate::Error::Conflict) when an edge in the way is stored,
    /// [`Error::Cycle`](crate::Error::Cycle); otherwise as [`Graph::insert`].
    pub fn connect<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        source: NodeId<S>,
        target: NodeId<T>,
        edge: &E,
    ) -> Result<EdgeId<E>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let edge = NewEdge { source: source.raw(), target: target.raw(), value: &encoded };
        write::edges::insert_one(conn, self.opened(), kind, &edge).map(EdgeId::from_raw)
    }

    /// Inserts edges, all or none; the answer is in the order given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "log"].map(package))?;
    /// let (app, serde, log) = (nodes[0], nodes[1], nodes[2]);
    /// let needed = DependsOn { optional: false };
    /// let ids: Vec<EdgeId<DependsOn>> = graph.connect_many(&mut conn, [(app, serde, &needed), (app, log, &needed)])?;
    /// assert_eq!(graph.get(&mut conn, ids[1])?.unwrap().value, needed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::connect`], for the first edge that is refused; edges of one call conflict with each other as they
    /// would in several.
    pub fn connect_many<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        edges: impl IntoIterator<Item = (NodeId<S>, NodeId<T>, impl Borrow<E>)>,
    ) -> Result<Vec<EdgeId<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = edges
            .into_iter()
            .map(|(source, target, edge)| Ok((source.raw(), target.raw(), encode::typed(&kind.check, edge.borrow())?)))
            .collect::<Result<Vec<(i64, i64, Encoded)>>>();
        let encoded = encoded.or_else(|error| self.refused(conn, error))?;
        let edges: Vec<_> =
            encoded.iter().map(|(source, target, value)| NewEdge { source: *source, target: *target, value }).collect();
        let ids = write::edges::insert(conn, self.opened(), kind, &edges)?;
        Ok(ids.into_iter().map(EdgeId::from_raw).collect())
    }

    /// Inserts an edge, or brings the stored one to the same attributes: the one with its key, or, where parallel edges
    /// are refused, the one between its ends.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::{Error, Outcome};
    ///
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let first = graph.upsert_edge(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let newer = graph.upsert_edge(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!((newer.id, newer.outcome), (first.id, Outcome::Updated));
    ///
    /// // Edges of the type `Mentions` are found by their key, wherever they are.
    /// let mention = Mentions { place: "README.md:7".into() };
    /// graph.upsert_edge(&mut conn, app, serde, &mention)?;
    /// assert!(matches!(graph.upsert_edge(&mut conn, serde, app, &mention), Err(Error::EndpointsMoved { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NoIdentity`](crate::Error::NoIdentity) for an edge without key where parallel edges are allowed,
    /// [`Error::EndpointsMoved`](crate::Error::EndpointsMoved) when its key is that of an edge elsewhere; otherwise as
    /// [`Graph::connect`].
    pub fn upsert_edge<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        source: NodeId<S>,
        target: NodeId<T>,
        edge: &E,
    ) -> Result<Upserted<EdgeId<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let edge = NewEdge { source: source.raw(), target: target.raw(), value: &encoded };
        Ok(write::edges::upsert(conn, self.opened(), kind, &edge, WhenFound::Update)?.map(EdgeId::from_raw))
    }

    /// Inserts an edge, or finds the stored one, as [`Graph::upsert_edge`] does, and leaves it as it is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let found = graph.find_or_connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(found.outcome, Outcome::Found);
    /// assert!(graph.get(&mut conn, found.id)?.unwrap().value.optional);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::upsert_edge`].
    pub fn find_or_connect<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        source: NodeId<S>,
        target: NodeId<T>,
        edge: &E,
    ) -> Result<Upserted<EdgeId<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let edge = NewEdge { source: source.raw(), target: target.raw(), value: &encoded };
        Ok(write::edges::upsert(conn, self.opened(), kind, &edge, WhenFound::Keep)?.map(EdgeId::from_raw))
    }

    /// The edge of a type with this key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mention = graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// let edge = graph.get_edge_by_key::<Mentions>(&mut conn, "README.md:7")?.unwrap();
    /// assert_eq!(edge.id, mention);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when the stored attributes do not fit the type.
    pub fn get_edge_by_key<E>(&self, conn: &mut impl GraphConnection, key: &str) -> Result<Option<Edge<E>>>
    where
        E: EdgeType + PartOf<G>,
    {
        let Ok(key) = Key::new(key) else { return Ok(None) };
        self.edge_with_key(conn, &key)
    }

    fn edge_with_key<C: GraphConnection, E: EdgeType>(&self, conn: &mut C, key: &Key) -> Result<Option<Edge<E>>> {
        let statement = read::edges_of(self.id)
            .sql(" AND e.edge_type_id = ")
            .integer(self.vocabulary.edge(E::NAME)?.id)
            .sql(" AND e.key = ")
            .text(key.as_str());
        Ok(read::edges(conn, statement)?.pop())
    }

    /// The edges of a type from one node to another, oldest first; of an undirected type, between the two.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:9".into() })?;
    /// assert_eq!(graph.edges_between::<Mentions, _, _>(&mut conn, app, serde)?.len(), 2);
    /// assert!(graph.edges_between::<Mentions, _, _>(&mut conn, serde, app)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::get_edge_by_key`].
    pub fn edges_between<E, S, T>(
        &self,
        conn: &mut impl GraphConnection,
        source: NodeId<S>,
        target: NodeId<T>,
    ) -> Result<Vec<Edge<E>>>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let (source, target) = (source.raw(), target.raw());
        let (source, target) =
            if kind.rules.undirected { (source.min(target), source.max(target)) } else { (source, target) };
        let statement = read::edges_of(self.id)
            .sql(" AND e.source_id = ")
            .integer(source)
            .sql(" AND e.edge_type_id = ")
            .integer(kind.id)
            .sql(" AND e.target_id = ")
            .integer(target)
            .sql(" ORDER BY e.id");
        read::edges(conn, statement)
    }

    /// Deletes the edges of a type from one node to another, and returns how many there were; of an undirected type,
    /// those between the two.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.disconnect::<DependsOn, _, _>(&mut conn, app, serde)?, 1);
    /// assert_eq!(graph.disconnect::<DependsOn, _, _>(&mut conn, app, serde)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphArchived`](crate::Error::GraphArchived), [`Error::StaleSchema`](crate::Error::StaleSchema).
    pub fn disconnect<E, S, T>(
        &self,
        conn: &mut impl GraphConnection,
        source: NodeId<S>,
        target: NodeId<T>,
    ) -> Result<usize>
    where
        E: Connects<S, T> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        delete::between(conn, self.opened(), kind, source.raw(), target.raw())
    }

    /// Begins a traversal at a node.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!(needed[0].value, package("serde"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from<S>(&self, start: NodeId<S>) -> Start<'_, G, S> {
        Start::new(self.opened(), vec![start.raw()])
    }
    /// Begins a traversal at several nodes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let log = graph.insert(&mut conn, &package("log"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let needs = || DependsOn { optional: false };
    /// graph.connect_many(&mut conn, [(app, serde, needs()), (log, serde, needs())])?;
    /// let needed = graph.from_many([app, log]).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!((needed.len(), needed[0].id), (1, serde));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_many<S>(&self, starts: impl IntoIterator<Item = NodeId<S>>) -> Start<'_, G, S> {
        Start::new(self.opened(), starts.into_iter().map(NodeId::raw).collect())
    }

    /// Begins a traversal at every node that a query finds.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let unpopular = graph.nodes::<Package>().filter(|p| p.downloads.lt(100));
    /// let needed = graph.from_all(unpopular).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!(needed[0].id, serde);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_all<'g, S: NodeSet>(&'g self, query: NodeQuery<'g, S>) -> Start<'g, G, S> {
        Start::at_query(self.opened(), query)
    }
}

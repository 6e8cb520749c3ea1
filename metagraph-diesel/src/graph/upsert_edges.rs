//! Verbs that find an edge or connect nodes.

use std::borrow::Borrow;

use metagraph_core::{Connects, EdgeId, EdgeType, Endpoint, PartOf};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode;
use crate::error::Result;
use crate::outcome::{Upserted, WhenFound};
use crate::write;
use crate::write::edges::NewEdge;

impl<G> Graph<G> {
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
        source: S,
        target: T,
        edge: &E,
    ) -> Result<Upserted<EdgeId<E>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        self.find_or_write_edge(conn, (source, target), edge, WhenFound::Update)
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
        source: S,
        target: T,
        edge: &E,
    ) -> Result<Upserted<EdgeId<E>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        self.find_or_write_edge(conn, (source, target), edge, WhenFound::Keep)
    }

    /// Inserts edges, or brings the stored ones to the same attributes, all or none; the answer is in the order given.
    ///
    /// Answers and rows are those of [`Graph::upsert_edge`] for one edge after another, in a few statements for a thousand
    /// edges. An edge that is given twice is created by the first and updated by the second. What is new gets its ids in
    /// the order of the keys, or of the pairs of ends.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// let ids: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "log"].map(package))?;
    /// let (app, serde, log) = (ids[0], ids[1], ids[2]);
    /// let (needed, optional) = (DependsOn { optional: false }, DependsOn { optional: true });
    /// graph.connect(&mut conn, app, serde, &needed)?;
    /// let edges = [(app, log, &needed), (app, serde, &needed), (app, log, &optional)];
    /// let upserted = graph.upsert_edge_many::<_, DependsOn, _, _>(&mut conn, edges)?;
    /// let outcomes: Vec<_> = upserted.iter().map(|upserted| upserted.outcome).collect();
    /// assert_eq!(outcomes, [Outcome::Created, Outcome::Unchanged, Outcome::Updated]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::upsert_edge`], for the first edge that is refused; whether each can be stored at all is asked before,
    /// and whether they close a cycle behind.
    pub fn upsert_edge_many<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        edges: impl IntoIterator<Item = (S, T, impl Borrow<E>)>,
    ) -> Result<Vec<Upserted<EdgeId<E>>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        self.find_or_write_edges(conn, edges, WhenFound::Update)
    }

    /// Inserts edges, or finds the stored ones and leaves them as they are, all or none; the answer is in the order given.
    ///
    /// An edge that is given twice is created by the first and found by the second.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let edges = [(app, serde, DependsOn { optional: true }), (app, serde, DependsOn { optional: false })];
    /// let found = graph.find_or_connect_many::<_, DependsOn, _, _>(&mut conn, edges)?;
    /// assert_eq!([found[0].outcome, found[1].outcome], [Outcome::Created, Outcome::Found]);
    /// assert!(graph.get(&mut conn, found[1].id)?.unwrap().value.optional);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::upsert_edge_many`].
    pub fn find_or_connect_many<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        edges: impl IntoIterator<Item = (S, T, impl Borrow<E>)>,
    ) -> Result<Vec<Upserted<EdgeId<E>>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        self.find_or_write_edges(conn, edges, WhenFound::Keep)
    }

    fn find_or_write_edge<C: GraphConnection, E: EdgeType, S: Endpoint, T: Endpoint>(
        &self,
        conn: &mut C,
        (source, target): (S, T),
        edge: &E,
        when_found: WhenFound,
    ) -> Result<Upserted<EdgeId<E>>> {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let upserted = self.at_ends(conn, kind, source, target, |conn, source, target| {
            let edge = NewEdge { source, target, value: &encoded };
            write::edges::upsert(conn, self.opened(), kind, &edge, when_found)
        })?;
        Ok(upserted.map(EdgeId::from_raw))
    }

    fn find_or_write_edges<C: GraphConnection, E, S, T>(
        &self,
        conn: &mut C,
        edges: impl IntoIterator<Item = (S, T, impl Borrow<E>)>,
        when_found: WhenFound,
    ) -> Result<Vec<Upserted<EdgeId<E>>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let upserted = self.with_edges(conn, kind, edges, |conn, edges: &[NewEdge<'_>]| {
            write::upsert::edges::many(conn, self.opened(), kind, edges, when_found)
        })?;
        Ok(upserted.into_iter().map(|upserted| upserted.map(EdgeId::from_raw)).collect())
    }
}

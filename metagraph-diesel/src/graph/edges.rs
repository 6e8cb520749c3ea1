//! Verbs that connect nodes.

use std::borrow::Borrow;

use metagraph_core::private::Named;
use metagraph_core::{Connects, EdgeId, EdgeType, Endpoint, Key, PartOf};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::Result;
use crate::guard;
use crate::read::{self, Edge};
use crate::run;
use crate::vocabulary::EdgeKind;
use crate::write;
use crate::write::delete;
use crate::write::edges::NewEdge;
use crate::write::ends::{self, Hold};

impl<G> Graph<G> {
    /// Inserts an edge between two nodes of this graph, each named by its id or by its key.
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
    ///
    /// graph.insert(&mut conn, &package("log"))?;
    /// graph.connect(&mut conn, app, NodeKey::<Package>::new("log"), &DependsOn { optional: true })?;
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
        source: S,
        target: T,
        edge: &E,
    ) -> Result<EdgeId<E>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let id = self.at_ends(conn, kind, source, target, |conn, source, target| {
            write::edges::insert_one(conn, self.opened(), kind, &NewEdge { source, target, value: &encoded })
        })?;
        Ok(EdgeId::from_raw(id))
    }

    /// Inserts edges, all or none; the answer is in the order given.
    ///
    /// Nodes are named by id or by key; keys are looked up a thousand at a time. Edges and what they borrow come from any
    /// iterator, and are not cloned.
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
    ///
    /// let by_key = [("serde", "log")].map(|(from, to)| (NodeKey::<Package>::new(from), NodeKey::<Package>::new(to)));
    /// graph.connect_many::<_, DependsOn, _, _>(&mut conn, by_key.map(|(from, to)| (from, to, &needed)))?;
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
        edges: impl IntoIterator<Item = (S, T, impl Borrow<E>)>,
    ) -> Result<Vec<EdgeId<E>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let ids = self.with_edges(conn, kind, edges, |conn, edges: &[NewEdge<'_>]| {
            write::edges::insert(conn, self.opened(), kind, edges)
        })?;
        Ok(ids.into_iter().map(EdgeId::from_raw).collect())
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
    /// As [`Graph::get_edge_by_key`]; [`Error::EndpointNotFound`](crate::Error::EndpointNotFound) for a key that no node
    /// has.
    pub fn edges_between<E, S, T>(&self, conn: &mut impl GraphConnection, source: S, target: T) -> Result<Vec<Edge<E>>>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        let (source, target) = match (source.named(), target.named()) {
            (Named::Id(source), Named::Id(target)) => (source, target),
            named => {
                let found = ends::find(conn, self.opened(), &kind.name, &[named], Hold::Nothing)?;
                found.first().copied().unwrap_or_default()
            }
        };
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
    /// [`Error::GraphArchived`](crate::Error::GraphArchived), [`Error::StaleSchema`](crate::Error::StaleSchema),
    /// [`Error::EndpointNotFound`](crate::Error::EndpointNotFound) for a key that no node has.
    pub fn disconnect<E, S, T>(&self, conn: &mut impl GraphConnection, source: S, target: T) -> Result<usize>
    where
        S: Endpoint,
        T: Endpoint,
        E: Connects<S::Node, T::Node> + PartOf<G>,
    {
        let kind = self.vocabulary.edge(E::NAME)?;
        self.at_ends(conn, kind, source, target, |conn, source, target| {
            delete::between(conn, self.opened(), kind, source, target)
        })
    }

    /// Writes between two nodes whose ids are looked up before, and held, where they are not known.
    pub(super) fn at_ends<C: GraphConnection, S: Endpoint, T: Endpoint, R>(
        &self,
        conn: &mut C,
        kind: &EdgeKind,
        source: S,
        target: T,
        write: impl FnOnce(&mut C, i64, i64) -> Result<R>,
    ) -> Result<R> {
        match (source.named(), target.named()) {
            (Named::Id(source), Named::Id(target)) => write(conn, source, target),
            named => run::transaction(conn, |conn| {
                guard::begin_write(conn)?;
                let found = ends::find(conn, self.opened(), &kind.name, &[named], Hold::Place)?;
                let (source, target) = found.first().copied().unwrap_or_default();
                write(conn, source, target)
            }),
        }
    }

    /// Encodes edges and writes them, after the ids of their ends were looked up where they are not known.
    pub(super) fn with_edges<C: GraphConnection, E: EdgeType, S: Endpoint, T: Endpoint, R>(
        &self,
        conn: &mut C,
        kind: &EdgeKind,
        edges: impl IntoIterator<Item = (S, T, impl Borrow<E>)>,
        write: impl FnOnce(&mut C, &[NewEdge<'_>]) -> Result<R>,
    ) -> Result<R> {
        let encoded = edges
            .into_iter()
            .map(|(source, target, edge)| Ok(((source, target), encode::typed(&kind.check, edge.borrow())?)))
            .collect::<Result<Vec<((S, T), Encoded)>>>();
        let encoded = encoded.or_else(|error| self.refused(conn, error))?;
        let named: Vec<_> = encoded.iter().map(|((source, target), _)| (source.named(), target.named())).collect();
        let at = |ends: Vec<(i64, i64)>| -> Vec<NewEdge<'_>> {
            let edges = ends.into_iter().zip(&encoded);
            edges.map(|((source, target), (_, value))| NewEdge { source, target, value }).collect()
        };
        match ends::known(&named) {
            Some(ends) => write(conn, &at(ends)),
            None => run::transaction(conn, |conn| {
                guard::begin_write(conn)?;
                let ends = ends::find(conn, self.opened(), &kind.name, &named, Hold::Place)?;
                write(conn, &at(ends))
            }),
        }
    }
}

//! Verbs that connect nodes.

use std::borrow::Borrow;

use metagraph_core::private::Named;
use metagraph_core::{Connects, EdgeId, EdgeType, Endpoint, Key, NodeId, NodeSet, PartOf};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::Result;
use crate::guard;
use crate::outcome::{Upserted, WhenFound};
use crate::query::NodeQuery;
use crate::read::{self, Edge};
use crate::run;
use crate::traverse::Start;
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
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let upserted = self.at_ends(conn, kind, source, target, |conn, source, target| {
            let edge = NewEdge { source, target, value: &encoded };
            write::edges::upsert(conn, self.opened(), kind, &edge, WhenFound::Update)
        })?;
        Ok(upserted.map(EdgeId::from_raw))
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
        let kind = self.vocabulary.edge(E::NAME)?;
        let encoded = encode::typed(&kind.check, edge).or_else(|error| self.refused(conn, error))?;
        let upserted = self.at_ends(conn, kind, source, target, |conn, source, target| {
            let edge = NewEdge { source, target, value: &encoded };
            write::edges::upsert(conn, self.opened(), kind, &edge, WhenFound::Keep)
        })?;
        Ok(upserted.map(EdgeId::from_raw))
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
    fn at_ends<C: GraphConnection, S: Endpoint, T: Endpoint, R>(
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
    fn with_edges<C: GraphConnection, E: EdgeType, S: Endpoint, T: Endpoint, R>(
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

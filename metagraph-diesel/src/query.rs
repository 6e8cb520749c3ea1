//! Queries for all nodes or edges of a type, from which the query language grows.

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{EdgeId, EdgeType, NodeId, NodeSet};

use crate::backend::GraphConnection;
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::read::{self, Edge, Node};
use crate::run;
use crate::statement::Statement;

/// A query for the nodes of a type or of a union; made by [`Graph::nodes`](crate::Graph::nodes).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// graph.insert(&mut conn, &package("serde"))?;
/// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
/// for node in graph.nodes::<Anything>().load(&mut conn)? {
///     match node.value {
///         Anything::Package(package) => assert_eq!(package.id, "serde"),
///         Anything::Person(person) => assert_eq!(person.name, "Mara"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until it is loaded or counted"]
pub struct NodeQuery<'g, N> {
    graph: OpenGraph<'g>,
    after: i64,
    limit: Option<u32>,
    of: PhantomData<fn() -> N>,
}

impl<N> fmt::Debug for NodeQuery<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeQuery").field("graph", &self.graph.id).finish_non_exhaustive()
    }
}

impl<'g, N: NodeSet> NodeQuery<'g, N> {
    pub(crate) fn new(graph: OpenGraph<'g>) -> Self {
        Self { graph, after: 0, limit: None, of: PhantomData }
    }

    /// Leaves out the nodes up to this one, which was the last of the page before.
    pub fn after(mut self, last: NodeId<N>) -> Self {
        self.after = last.raw();
        self
    }

    /// Reads at most this many.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let page = graph.nodes::<Package>().limit(2).load(&mut conn)?;
    /// assert_eq!((page[0].key.as_str(), page[1].key.as_str()), ("app", "serde"));
    /// let next = graph.nodes::<Package>().after(page[1].id).limit(2).load(&mut conn)?;
    /// assert_eq!((next.len(), next[0].key.as_str()), (1, "syn"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Reads the nodes, oldest first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert_many(&mut conn, [package("serde"), package("app")])?;
    /// let packages = graph.nodes::<Package>().load(&mut conn)?;
    /// let keys: Vec<_> = packages.iter().map(|node| node.key.as_str()).collect();
    /// assert_eq!(keys, ["serde", "app"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Node<N>>> {
        let statement = read::nodes_of(self.graph.id)
            .sql(" AND n.node_type_id")
            .one_of(read::member_ids::<N>(self.graph.vocabulary)?)
            .sql(" AND n.id > ")
            .integer(self.after)
            .sql(" ORDER BY n.id LIMIT ")
            .integer(most(self.limit));
        read::nodes(conn, self.graph.vocabulary, statement)
    }

    /// Counts the nodes that [`NodeQuery::load`] would read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// assert_eq!(graph.nodes::<Person>().count(&mut conn)?, 1);
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database) when the database fails.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let statement = Statement::new("SELECT count(*) FROM __metagraph_nodes WHERE graph_id = ")
            .integer(self.graph.id)
            .sql(" AND node_type_id")
            .one_of(read::member_ids::<N>(self.graph.vocabulary)?)
            .sql(" AND id > ")
            .integer(self.after);
        Ok(run::optional(conn, "counting nodes", statement)?.unwrap_or(0).min(most(self.limit)))
    }
}

/// A query for the edges of a type; made by [`Graph::edges`](crate::Graph::edges).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
/// let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, mara, serde, &Maintains)?;
/// let edges = graph.edges::<Maintains>().load(&mut conn)?;
/// assert_eq!(edges[0].ends::<Person, Package>(), (mara, serde));
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until it is loaded or counted"]
pub struct EdgeQuery<'g, E> {
    graph: OpenGraph<'g>,
    after: i64,
    limit: Option<u32>,
    of: PhantomData<fn() -> E>,
}

impl<E> fmt::Debug for EdgeQuery<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeQuery").field("graph", &self.graph.id).finish_non_exhaustive()
    }
}

impl<'g, E: EdgeType> EdgeQuery<'g, E> {
    pub(crate) fn new(graph: OpenGraph<'g>) -> Self {
        Self { graph, after: 0, limit: None, of: PhantomData }
    }

    /// Leaves out the edges up to this one, which was the last of the page before.
    pub fn after(mut self, last: EdgeId<E>) -> Self {
        self.after = last.raw();
        self
    }

    /// Reads at most this many.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let ids = graph.insert_many(&mut conn, ["app", "serde", "syn"].map(package))?;
    /// let needs = ids.windows(2).map(|pair| (pair[0], pair[1], DependsOn { optional: false }));
    /// let edges = graph.connect_many(&mut conn, needs)?;
    /// assert_eq!(graph.edges::<DependsOn>().limit(1).load(&mut conn)?[0].id, edges[0]);
    /// assert_eq!(graph.edges::<DependsOn>().after(edges[0]).load(&mut conn)?[0].id, edges[1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Reads the edges, oldest first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mention = graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// let edges = graph.edges::<Mentions>().load(&mut conn)?;
    /// assert_eq!((edges[0].id, edges[0].key.as_deref()), (mention, Some("README.md:7")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Edge<E>>> {
        let statement = read::edges_of(self.graph.id)
            .sql(" AND e.edge_type_id = ")
            .integer(self.graph.vocabulary.edge(E::NAME)?.id)
            .sql(" AND e.id > ")
            .integer(self.after)
            .sql(" ORDER BY e.id LIMIT ")
            .integer(most(self.limit));
        read::edges(conn, statement)
    }

    /// Counts the edges that [`EdgeQuery::load`] would read.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.edges::<DependsOn>().count(&mut conn)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database) when the database fails.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let statement = Statement::new("SELECT count(*) FROM __metagraph_edges WHERE graph_id = ")
            .integer(self.graph.id)
            .sql(" AND edge_type_id = ")
            .integer(self.graph.vocabulary.edge(E::NAME)?.id)
            .sql(" AND id > ")
            .integer(self.after);
        Ok(run::optional(conn, "counting edges", statement)?.unwrap_or(0).min(most(self.limit)))
    }
}

/// No limit is one that nothing reaches.
fn most(limit: Option<u32>) -> i64 {
    limit.map_or(i64::MAX, i64::from)
}

//! Queries for all nodes or edges of a type, from which the query language grows.

use std::fmt;
use std::marker::PhantomData;

use metagraph_core::{EdgeType, NodeSet};

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
    of: PhantomData<fn() -> N>,
}

impl<N> fmt::Debug for NodeQuery<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeQuery").field("graph", &self.graph.id).finish_non_exhaustive()
    }
}

impl<'g, N: NodeSet> NodeQuery<'g, N> {
    pub(crate) fn new(graph: OpenGraph<'g>) -> Self {
        Self { graph, of: PhantomData }
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
            .sql(" ORDER BY n.id");
        read::nodes(conn, self.graph.vocabulary, statement)
    }

    /// Counts the nodes.
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
            .one_of(read::member_ids::<N>(self.graph.vocabulary)?);
        Ok(run::optional(conn, "counting nodes", statement)?.unwrap_or(0))
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
    of: PhantomData<fn() -> E>,
}

impl<E> fmt::Debug for EdgeQuery<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeQuery").field("graph", &self.graph.id).finish_non_exhaustive()
    }
}

impl<'g, E: EdgeType> EdgeQuery<'g, E> {
    pub(crate) fn new(graph: OpenGraph<'g>) -> Self {
        Self { graph, of: PhantomData }
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
            .sql(" ORDER BY e.id");
        read::edges(conn, statement)
    }

    /// Counts the edges.
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
            .integer(self.graph.vocabulary.edge(E::NAME)?.id);
        Ok(run::optional(conn, "counting edges", statement)?.unwrap_or(0))
    }
}

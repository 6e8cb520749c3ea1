//! Nodes and edges as they are read: typed, or raw for the dynamic layer and for unions.

use diesel::deserialize;
use diesel::row::Row;
use jiff::Timestamp;
use metagraph_core::{AnyNode, Connects, EdgeId, EdgeType, NodeId, NodeSet};

use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::{DecodeFailure, Result};
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::Vocabulary;

/// A stored node.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let serde = graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
/// let node = graph.get(&mut conn, serde)?.unwrap();
/// assert_eq!((node.id, node.key.as_str(), node.version), (serde, "serde", 1));
/// assert_eq!(node.value.downloads, 7);
/// assert!(node.created_at == node.updated_at);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Node<N> {
    /// The local handle.
    pub id: NodeId<N>,
    /// Its identity inside the graph and its type.
    pub key: String,
    /// Its attributes.
    pub value: N,
    /// How often it was written; 1 after the insert.
    pub version: i64,
    /// When it was inserted.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// A stored edge.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// let id = graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
/// let edge = graph.get(&mut conn, id)?.unwrap();
/// assert_eq!((edge.source.raw(), edge.target.raw()), (app.raw(), serde.raw()));
/// assert!(edge.value.optional && edge.key.is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Edge<E> {
    /// The local handle.
    pub id: EdgeId<E>,
    /// Its identity inside the graph and its type, where it has one.
    pub key: Option<String>,
    /// Where it starts; of an undirected edge, the end that was given first. [`Edge::ends`] gives it its type.
    pub source: NodeId<AnyNode>,
    /// Where it ends. [`Edge::ends`] gives it its type.
    pub target: NodeId<AnyNode>,
    /// Its attributes.
    pub value: E,
    /// How often it was written; 1 after the insert.
    pub version: i64,
    /// When it was inserted.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

impl<E: EdgeType> Edge<E> {
    /// Source and target as handles of the types, or unions, that `E` connects.
    ///
    /// Where `E` connects several pairs of types, name unions that hold them all: which types an edge really has is
    /// known only to the database, and a handle of another type finds nothing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// let id = graph.connect(&mut conn, mara, serde, &Maintains)?;
    /// let edge = graph.get(&mut conn, id)?.unwrap();
    /// let (who, what) = edge.ends::<Person, Anything>();
    /// assert_eq!(who, mara);
    /// assert_eq!(graph.get(&mut conn, what)?.unwrap().value, Anything::Package(package("serde")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn ends<S, T>(&self) -> (NodeId<S>, NodeId<T>)
    where
        E: Connects<S, T>,
    {
        (NodeId::from_raw(self.source.raw()), NodeId::from_raw(self.target.raw()))
    }
}

/// How the attributes of a row are read.
pub(crate) trait Attributes: Sized + 'static {
    fn read(attributes: &str) -> deserialize::Result<Self>;
}

/// Attributes as they are stored.
pub(crate) struct Raw(pub(crate) String);

impl Attributes for Raw {
    fn read(attributes: &str) -> deserialize::Result<Self> {
        Ok(Self(attributes.to_owned()))
    }
}

/// Attributes of the edge type `E`.
pub(crate) struct OfEdge<E>(pub(crate) E);

impl<E: EdgeType> Attributes for OfEdge<E> {
    fn read(attributes: &str) -> deserialize::Result<Self> {
        let value = metagraph_core::private::decode(E::DEFINITION.element.shape, attributes);
        decode(E::NAME, value).map(Self)
    }
}

/// The value, or what is wrong with a stored element.
pub(crate) fn decode<T>(element: &str, value: serde_json::Result<T>) -> deserialize::Result<T> {
    value.map_err(|source| DecodeFailure { element: element.to_owned(), source }.into())
}

pub(crate) struct NodeRow<A> {
    pub(crate) id: i64,
    #[cfg(feature = "validate")]
    pub(crate) node_type: i64,
    pub(crate) key: String,
    pub(crate) attributes: A,
    pub(crate) version: i64,
    #[cfg(feature = "validate")]
    pub(crate) created_at: Timestamp,
    #[cfg(feature = "validate")]
    pub(crate) updated_at: Timestamp,
}

/// What a read of nodes begins with; they are under the alias `n`.
pub(crate) const NODES: &str =
    "SELECT n.id, n.node_type_id, n.key, n.attributes, n.version, n.created_at, n.updated_at FROM ";

/// The same, with the `place` of what each was found by behind.
pub(crate) const PLACED_NODES: &str = "SELECT n.id, n.node_type_id, n.key, n.attributes, n.version, n.created_at, \
                     n.updated_at, ids.place FROM ";

/// Begins a read of a graph's nodes, under the alias `n`.
pub(crate) fn nodes_of<'a, Db: Seam>(graph: i64) -> Statement<'a, Db> {
    Statement::new(NODES).sql("__metagraph_nodes AS n WHERE n.graph_id = ").integer(graph)
}

/// Begins a read of a graph's nodes with these ids, under the alias `n`.
pub(crate) fn nodes_by_id<'a, Db: Seam>(graph: i64, ids: &[i64]) -> Statement<'a, Db> {
    match ids {
        [id] => nodes_of(graph).sql(" AND n.id = ").integer(*id),
        _ => Statement::new(NODES).by_ids(FoundBy::Node, graph, ids, |statement| statement),
    }
}

impl<A: Attributes> Record for NodeRow<A> {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            #[cfg(feature = "validate")]
            node_type: record::integer(row, 1)?,
            key: record::text(row, 2)?,
            attributes: record::json::<Db, _>(row, 3, A::read)?,
            version: record::integer(row, 4)?,
            #[cfg(feature = "validate")]
            created_at: record::time(row, 5)?,
            #[cfg(feature = "validate")]
            updated_at: record::time(row, 6)?,
        })
    }
}

pub(crate) struct EdgeRow<A> {
    pub(crate) id: i64,
    #[cfg(feature = "validate")]
    pub(crate) edge_type: i64,
    pub(crate) key: Option<String>,
    /// The ends in the order in which they were given.
    pub(crate) source: i64,
    pub(crate) target: i64,
    pub(crate) attributes: A,
    pub(crate) version: i64,
    #[cfg(feature = "validate")]
    pub(crate) created_at: Timestamp,
    #[cfg(feature = "validate")]
    pub(crate) updated_at: Timestamp,
}

/// What a read of edges begins with; they are under the alias `e`.
pub(crate) const EDGES: &str = "SELECT e.id, e.edge_type_id, e.key, e.source_id, e.target_id, e.reversed, e.attributes, e.version, \
                     e.created_at, e.updated_at FROM ";

/// Begins a read of a graph's edges, under the alias `e`.
pub(crate) fn edges_of<'a, Db: Seam>(graph: i64) -> Statement<'a, Db> {
    Statement::new(EDGES).sql("__metagraph_edges AS e WHERE e.graph_id = ").integer(graph)
}

/// Begins a read of a graph's edges with these ids, under the alias `e`.
pub(crate) fn edges_by_id<'a, Db: Seam>(graph: i64, ids: &[i64]) -> Statement<'a, Db> {
    match ids {
        [id] => edges_of(graph).sql(" AND e.id = ").integer(*id),
        _ => Statement::new(EDGES).by_ids(FoundBy::Edge, graph, ids, |statement| statement),
    }
}

/// Begins a read of a graph's edges at any of these nodes, whichever end they are, under the alias `e`; each edge once.
#[cfg(feature = "validate")]
pub(crate) fn edges_at<'a, Db: Seam>(graph: i64, nodes: &[i64]) -> Statement<'a, Db> {
    // Two arms rather than one condition with OR: each follows its own index.
    let arm = |statement: Statement<'a, Db>, end: FoundBy| statement.by_ids(end, graph, nodes, |statement| statement);
    let ids = arm(Statement::new(EDGES).sql("(SELECT e.id FROM "), FoundBy::Source).sql(" UNION SELECT e.id FROM ");
    arm(ids, FoundBy::Target)
        .sql(") AS ids CROSS JOIN __metagraph_edges AS e WHERE e.id = ids.id AND e.graph_id = ")
        .integer(graph)
}

impl<A: Attributes> Record for EdgeRow<A> {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        let (source, target) = (record::integer(row, 3)?, record::integer(row, 4)?);
        let (source, target) = if record::flag(row, 5)? { (target, source) } else { (source, target) };
        Ok(Self {
            id: record::integer(row, 0)?,
            #[cfg(feature = "validate")]
            edge_type: record::integer(row, 1)?,
            key: record::optional_text(row, 2)?,
            source,
            target,
            attributes: record::json::<Db, _>(row, 6, A::read)?,
            version: record::integer(row, 7)?,
            #[cfg(feature = "validate")]
            created_at: record::time(row, 8)?,
            #[cfg(feature = "validate")]
            updated_at: record::time(row, 9)?,
        })
    }
}

/// Reads a node of the set `N` from the columns of a read of nodes, the first of them at `at`.
pub(crate) fn node<'a, Db: Seam, N: NodeSet>(
    vocabulary: &Vocabulary,
    row: &impl Row<'a, Db>,
    at: usize,
) -> deserialize::Result<Node<N>> {
    let name = vocabulary.node_name(record::integer(row, at + 1)?).unwrap_or_default();
    Ok(Node {
        id: NodeId::from_raw(record::integer(row, at)?),
        key: record::text(row, at + 2)?,
        value: node_value(name, row, at + 3)?,
        version: record::integer(row, at + 4)?,
        created_at: record::time(row, at + 5)?,
        updated_at: record::time(row, at + 6)?,
    })
}

/// The columns that [`node`] reads.
pub(crate) const NODE_COLUMNS: [&str; NODE_WIDTH] =
    ["id", "node_type_id", "key", "attributes", "version", "created_at", "updated_at"];

/// How many columns [`node`] reads.
pub(crate) const NODE_WIDTH: usize = 7;

/// Reads the value of a node of the type with this name.
pub(crate) fn node_value<'a, Db: Seam, N: NodeSet>(
    name: &str,
    row: &impl Row<'a, Db>,
    at: usize,
) -> deserialize::Result<N> {
    record::json::<Db, _>(row, at, |attributes| decode(name, N::decode(name, attributes)))
}

/// Reads the value of an edge.
pub(crate) fn edge_value<'a, Db: Seam, E: EdgeType>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<E> {
    record::json::<Db, _>(row, at, |attributes| OfEdge::<E>::read(attributes).map(|edge| edge.0))
}

/// Reads the ends of an edge, in the order in which they were given: source, target, and whether they were reversed.
pub(crate) fn ends<'a, Db: Seam>(
    row: &impl Row<'a, Db>,
    at: usize,
) -> deserialize::Result<(NodeId<AnyNode>, NodeId<AnyNode>)> {
    let (source, target) = (record::integer(row, at)?, record::integer(row, at + 1)?);
    let (source, target) = if record::flag(row, at + 2)? { (target, source) } else { (source, target) };
    Ok((NodeId::from_raw(source), NodeId::from_raw(target)))
}

/// Reads an edge from the columns of a read of edges, the first of them at `at`.
pub(crate) fn edge<'a, Db: Seam, E: EdgeType>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Edge<E>> {
    let (source, target) = ends(row, at + 3)?;
    Ok(Edge {
        id: EdgeId::from_raw(record::integer(row, at)?),
        key: record::optional_text(row, at + 2)?,
        source,
        target,
        value: edge_value(row, at + 6)?,
        version: record::integer(row, at + 7)?,
        created_at: record::time(row, at + 8)?,
        updated_at: record::time(row, at + 9)?,
    })
}

/// The columns that [`edge`] reads.
pub(crate) const EDGE_COLUMNS: [&str; EDGE_WIDTH] = [
    "id",
    "edge_type_id",
    "key",
    "source_id",
    "target_id",
    "reversed",
    "attributes",
    "version",
    "created_at",
    "updated_at",
];

/// How many columns [`edge`] reads.
pub(crate) const EDGE_WIDTH: usize = 10;

/// Runs a read of nodes and decodes every row into the set `N`.
pub(crate) fn nodes<C: GraphConnection, N: NodeSet>(
    conn: &mut C,
    vocabulary: &Vocabulary,
    statement: Statement<'_, C::Db>,
) -> Result<Vec<Node<N>>> {
    run::each(conn, "reading nodes", statement, |row| node(vocabulary, row, 0))
}

/// Runs a read of edges and decodes every row into `E`.
pub(crate) fn edges<C: GraphConnection, E: EdgeType>(
    conn: &mut C,
    statement: Statement<'_, C::Db>,
) -> Result<Vec<Edge<E>>> {
    run::each(conn, "reading edges", statement, |row| edge(row, 0))
}

/// Ids of the node types in the set `N`.
pub(crate) fn member_ids<N: NodeSet>(vocabulary: &Vocabulary) -> Result<Vec<i64>> {
    N::MEMBERS.iter().map(|member| Ok(vocabulary.node(member.element.name)?.id)).collect()
}

//! What nodes and edges have in common for the verbs that take a handle.

use metagraph_core::{EdgeId, EdgeType, Element, Key, NodeId, NodeSet, NodeType};

use crate::backend::GraphConnection;
use crate::encode::Encoded;
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::read::{self, Edge, EdgeRow, Node, NodeRow, Raw};
use crate::run;
use crate::vocabulary::{Check, Vocabulary};
use crate::write::{Table, update};

#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the handle of a node or edge",
    label = "expected a `NodeId` or an `EdgeId`",
    note = "a node or edge that was read has it in `id`; a number becomes one with `NodeId::<YourType>::from_raw(7)`",
    note = "the ends of an edge get their types from `edge.ends()`"
)]
/// The handle of a stored row: [`NodeId`] or [`EdgeId`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use metagraph::{GraphConnection, Handle, PartOf};
///
/// /// A verb of one's own for nodes and edges alike.
/// fn forget<C: GraphConnection, H>(conn: &mut C, graph: &Graph<Packages>, id: H) -> metagraph::Result<()>
/// where
///     H: Handle,
///     H::Of: PartOf<Packages>,
/// {
///     graph.delete(conn, id).map(drop)
/// }
///
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let serde = graph.insert(&mut conn, &package("serde"))?;
/// forget(&mut conn, &graph, serde)?;
/// assert!(!graph.exists(&mut conn, serde)?);
/// # Ok(())
/// # }
/// ```
pub trait Handle: Copy + private::Handle<Found = Self::Row> {
    /// The node type, union or edge type behind the handle.
    type Of;

    /// What reading through the handle gives.
    type Row;
}

/// A handle through which can be written: that of one node type or edge type, not of a union.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// use metagraph::{GraphConnection, PartOf, WriteHandle};
///
/// /// Puts a stored value back as it was.
/// fn restore<C: GraphConnection, H>(
///     conn: &mut C,
///     graph: &Graph<Packages>,
///     id: H,
///     backup: &H::Value,
/// ) -> metagraph::Result<()>
/// where
///     H: WriteHandle,
///     H::Value: PartOf<Packages>,
/// {
///     graph.replace(conn, id, backup).map(drop)
/// }
///
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let serde = graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
/// restore(&mut conn, &graph, serde, &package("serde"))?;
/// assert_eq!(graph.get(&mut conn, serde)?.unwrap().value.downloads, 0);
/// # Ok(())
/// # }
/// ```
pub trait WriteHandle: Handle<Of = Self::Value> + private::WriteHandle<Element = Self::Value> {
    /// The type of the attributes.
    type Value: Element;
}

impl<N: NodeSet> Handle for NodeId<N> {
    type Of = N;
    type Row = Node<N>;
}

impl<E: EdgeType> Handle for EdgeId<E> {
    type Of = E;
    type Row = Edge<E>;
}

impl<N: NodeType> WriteHandle for NodeId<N> {
    type Value = N;
}

impl<E: EdgeType> WriteHandle for EdgeId<E> {
    type Value = E;
}

/// A stored row before it is decoded.
#[derive(Debug)]
pub struct Stored {
    pub(crate) id: i64,
    pub(crate) key: Option<String>,
    pub(crate) attributes: String,
    pub(crate) version: i64,
}

pub(crate) mod private {
    use super::{Check, GraphConnection, Result, Stored, Table, Vocabulary};
    use crate::backend::Seam;
    use crate::encode::Encoded;
    use crate::open_graph::OpenGraph;

    pub trait Handle: Sized {
        const TABLE: Table;
        type Found;

        fn raw_id(self) -> i64;
        fn kinds(vocabulary: &Vocabulary) -> Result<Vec<i64>>;
        fn restricted(vocabulary: &Vocabulary) -> Vec<i64>;
        fn load<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, ids: &[i64])
        -> Result<Vec<(i64, Self::Found)>>;
    }

    pub trait WriteHandle: Handle {
        type Element;

        fn check(vocabulary: &Vocabulary) -> Result<&Check>;
        fn key_attribute(vocabulary: &Vocabulary) -> Result<Option<&str>>;
        fn decode(attributes: &str) -> Result<Self::Element>;
        fn stored<C: GraphConnection>(self, conn: &mut C, graph: OpenGraph<'_>) -> Result<Option<Stored>>;
        /// Rows that stay as they are until the transaction ends.
        fn held<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, ids: &[i64]) -> Result<Vec<Stored>> {
            Self::rows(conn, graph, ids, <C::Db as Seam>::HOLD_CONTENT)
        }
        /// Rows as they are, with `hold` behind the statement.
        fn rows<C: GraphConnection>(
            conn: &mut C,
            graph: OpenGraph<'_>,
            ids: &[i64],
            hold: &'static str,
        ) -> Result<Vec<Stored>>;
        fn unique(vocabulary: &Vocabulary) -> Result<&[Vec<String>]>;
        fn write<C: GraphConnection>(
            conn: &mut C,
            graph: OpenGraph<'_>,
            stored: &Stored,
            renamed: Option<&str>,
            value: &Encoded,
        ) -> Result<i64>;
    }
}

impl<N: NodeSet> private::Handle for NodeId<N> {
    const TABLE: Table = Table::Nodes;
    type Found = Node<N>;

    fn raw_id(self) -> i64 {
        self.raw()
    }

    fn kinds(vocabulary: &Vocabulary) -> Result<Vec<i64>> {
        read::member_ids::<N>(vocabulary)
    }

    fn restricted(vocabulary: &Vocabulary) -> Vec<i64> {
        let members = N::MEMBERS.iter().filter_map(|member| vocabulary.node(member.element.name).ok());
        members.filter(|kind| kind.restrict_delete).map(|kind| kind.id).collect()
    }

    fn load<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, ids: &[i64]) -> Result<Vec<(i64, Node<N>)>> {
        let kinds = Self::kinds(graph.vocabulary)?;
        let statement = read::nodes_by_id(graph.id, ids).sql(" AND 0 + n.node_type_id").of_types(&kinds);
        let nodes = read::nodes(conn, graph.vocabulary, statement)?;
        Ok(nodes.into_iter().map(|node: Node<N>| (node.id.raw(), node)).collect())
    }
}

impl<E: EdgeType> private::Handle for EdgeId<E> {
    const TABLE: Table = Table::Edges;
    type Found = Edge<E>;

    fn raw_id(self) -> i64 {
        self.raw()
    }

    fn kinds(vocabulary: &Vocabulary) -> Result<Vec<i64>> {
        Ok(vec![vocabulary.edge(E::NAME)?.id])
    }

    fn restricted(_: &Vocabulary) -> Vec<i64> {
        Vec::new()
    }

    fn load<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, ids: &[i64]) -> Result<Vec<(i64, Edge<E>)>> {
        let kinds = Self::kinds(graph.vocabulary)?;
        let statement = read::edges_by_id(graph.id, ids).sql(" AND 0 + e.edge_type_id").of_types(&kinds);
        let edges = read::edges(conn, statement)?;
        Ok(edges.into_iter().map(|edge: Edge<E>| (edge.id.raw(), edge)).collect())
    }
}

impl<N: NodeType> private::WriteHandle for NodeId<N> {
    type Element = N;

    fn check(vocabulary: &Vocabulary) -> Result<&Check> {
        Ok(&vocabulary.node(<N as Element>::NAME)?.check)
    }

    fn key_attribute(vocabulary: &Vocabulary) -> Result<Option<&str>> {
        Ok(vocabulary.node(<N as Element>::NAME)?.key.as_deref())
    }

    fn decode(attributes: &str) -> Result<N> {
        let name = <N as Element>::NAME;
        N::decode(name, attributes).map_err(|source| crate::Error::Decode { element: name.to_owned(), source })
    }

    fn stored<C: GraphConnection>(self, conn: &mut C, graph: OpenGraph<'_>) -> Result<Option<Stored>> {
        let kind = graph.vocabulary.node(<N as Element>::NAME)?.id;
        let statement = read::nodes_by_id(graph.id, &[self.raw()]).sql(" AND 0 + n.node_type_id = ").integer(kind);
        let row: Option<NodeRow<Raw>> = run::optional(conn, "reading a node", statement)?;
        Ok(row.map(Stored::from))
    }

    fn rows<C: GraphConnection>(
        conn: &mut C,
        graph: OpenGraph<'_>,
        ids: &[i64],
        hold: &'static str,
    ) -> Result<Vec<Stored>> {
        let statement = read::nodes_by_id(graph.id, ids).sql(hold);
        let rows: Vec<NodeRow<Raw>> = run::all(conn, "reading nodes", statement)?;
        Ok(rows.into_iter().map(Stored::from).collect())
    }

    fn unique(vocabulary: &Vocabulary) -> Result<&[Vec<String>]> {
        Ok(&vocabulary.node(<N as Element>::NAME)?.unique)
    }

    fn write<C: GraphConnection>(
        conn: &mut C,
        graph: OpenGraph<'_>,
        stored: &Stored,
        renamed: Option<&str>,
        value: &Encoded,
    ) -> Result<i64> {
        let kind = graph.vocabulary.node(<N as Element>::NAME)?;
        update::write_node(conn, graph, kind, stored.id, stored.version, renamed, value)
    }
}

impl<E: EdgeType> private::WriteHandle for EdgeId<E> {
    type Element = E;

    fn check(vocabulary: &Vocabulary) -> Result<&Check> {
        Ok(&vocabulary.edge(E::NAME)?.check)
    }

    fn key_attribute(vocabulary: &Vocabulary) -> Result<Option<&str>> {
        Ok(vocabulary.edge(E::NAME)?.key.as_deref())
    }

    fn decode(attributes: &str) -> Result<E> {
        metagraph_core::private::decode(E::DEFINITION.element.shape, attributes)
            .map_err(|source| crate::Error::Decode { element: E::NAME.to_owned(), source })
    }

    fn stored<C: GraphConnection>(self, conn: &mut C, graph: OpenGraph<'_>) -> Result<Option<Stored>> {
        let kind = graph.vocabulary.edge(E::NAME)?.id;
        let statement = read::edges_by_id(graph.id, &[self.raw()]).sql(" AND e.edge_type_id = ").integer(kind);
        let row: Option<EdgeRow<Raw>> = run::optional(conn, "reading an edge", statement)?;
        Ok(row.map(Stored::from))
    }

    fn rows<C: GraphConnection>(
        conn: &mut C,
        graph: OpenGraph<'_>,
        ids: &[i64],
        hold: &'static str,
    ) -> Result<Vec<Stored>> {
        let statement = read::edges_by_id(graph.id, ids).sql(hold);
        let rows: Vec<EdgeRow<Raw>> = run::all(conn, "reading edges", statement)?;
        Ok(rows.into_iter().map(Stored::from).collect())
    }

    fn unique(vocabulary: &Vocabulary) -> Result<&[Vec<String>]> {
        Ok(&vocabulary.edge(E::NAME)?.unique)
    }

    fn write<C: GraphConnection>(
        conn: &mut C,
        graph: OpenGraph<'_>,
        stored: &Stored,
        renamed: Option<&str>,
        value: &Encoded,
    ) -> Result<i64> {
        let kind = graph.vocabulary.edge(E::NAME)?;
        update::write_edge(conn, graph, kind, stored.id, stored.version, renamed, value)
    }
}

impl From<NodeRow<Raw>> for Stored {
    fn from(row: NodeRow<Raw>) -> Self {
        Self { id: row.id, key: Some(row.key), attributes: row.attributes.0, version: row.version }
    }
}

impl From<EdgeRow<Raw>> for Stored {
    fn from(row: EdgeRow<Raw>) -> Self {
        Self { id: row.id, key: row.key, attributes: row.attributes.0, version: row.version }
    }
}

impl Stored {
    /// A row whose attributes nobody asks for.
    pub(crate) fn unread(id: i64, key: Option<String>, version: i64) -> Self {
        Self { id, key, attributes: String::new(), version }
    }

    /// The key to write, where the value carries another one than is stored.
    pub(crate) fn renamed<'k>(&self, key: Option<&'k Key>) -> Option<&'k str> {
        key.map(Key::as_str).filter(|key| self.key.as_deref() != Some(*key))
    }
}

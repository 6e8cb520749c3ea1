//! In which form the nodes and edges of a row are read.

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::{EdgeType, NodeId, NodeSet};

use crate::backend::Seam;
use crate::read::{self, Edge, Node};
use crate::record;
use crate::vocabulary::Vocabulary;

/// How the nodes and edges of a traversal's rows are read: [`Whole`], or as [`Values`] only.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::traverse::{Form, Values, Whole};
///
/// fn is_form<F: Form>() {}
/// is_form::<Whole>();
/// is_form::<Values>();
/// ```
pub trait Form: Sealed {
    /// A node of the type or union `N`.
    type Node<N>;
    /// An edge of the type `E`.
    type Edge<E>;
}

/// Nodes and edges with all that is stored of them: as [`Node`] and [`Edge`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Pattern, Then, Whole};
/// use metagraph::{Edge, Node};
///
/// fn has_rows<P: Pattern<Whole, Row = (Node<Package>, (Edge<DependsOn>, Node<Package>))>>() {}
/// has_rows::<Then<Begin<Package>, DependsOn, Package>>();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Whole {}

/// Nodes as their handles and values, edges as their values; made by [`Rows::values`](super::Rows::values).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::traverse::{Begin, Pattern, Then, Values};
///
/// type Row = ((NodeId<Package>, Package), (DependsOn, (NodeId<Package>, Package)));
///
/// fn has_rows<P: Pattern<Values, Row = Row>>() {}
/// has_rows::<Then<Begin<Package>, DependsOn, Package>>();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Values {}

impl Form for Whole {
    type Node<N> = Node<N>;
    type Edge<E> = Edge<E>;
}

impl Form for Values {
    type Node<N> = (NodeId<N>, N);
    type Edge<E> = E;
}

use private::Sealed;

mod private {
    use super::{EdgeType, Form, NodeSet, Row, Seam, Vocabulary, deserialize};

    pub trait Sealed: 'static {
        /// The columns that a node is read from, its id first.
        const NODE: &'static [&'static str];
        /// The columns that an edge is read from, its id first.
        const EDGE: &'static [&'static str];

        fn node<'a, Db: Seam, N: NodeSet>(
            vocabulary: &Vocabulary,
            row: &impl Row<'a, Db>,
            at: usize,
        ) -> deserialize::Result<Self::Node<N>>
        where
            Self: Form;

        fn edge<'a, Db: Seam, E: EdgeType>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Self::Edge<E>>
        where
            Self: Form;
    }
}

impl Sealed for Whole {
    const NODE: &'static [&'static str] = &read::NODE_COLUMNS;
    const EDGE: &'static [&'static str] = &read::EDGE_COLUMNS;

    fn node<'a, Db: Seam, N: NodeSet>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: usize,
    ) -> deserialize::Result<Node<N>> {
        read::node(vocabulary, row, at)
    }

    fn edge<'a, Db: Seam, E: EdgeType>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<Edge<E>> {
        read::edge(row, at)
    }
}

impl Sealed for Values {
    const NODE: &'static [&'static str] = &["id", "attributes", "node_type_id"];
    const EDGE: &'static [&'static str] = &["id", "attributes"];

    fn node<'a, Db: Seam, N: NodeSet>(
        vocabulary: &Vocabulary,
        row: &impl Row<'a, Db>,
        at: usize,
    ) -> deserialize::Result<(NodeId<N>, N)> {
        let name = match N::MEMBERS {
            [only] => only.element.name,
            _ => vocabulary.node_name(record::integer(row, at + 2)?).unwrap_or_default(),
        };
        Ok((NodeId::from_raw(record::integer(row, at)?), read::node_value(name, row, at + 1)?))
    }

    fn edge<'a, Db: Seam, E: EdgeType>(row: &impl Row<'a, Db>, at: usize) -> deserialize::Result<E> {
        read::edge_value(row, at + 1)
    }
}

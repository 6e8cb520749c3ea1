//! Values with their handles, and nothing else of a row: for an export, or where all is read.

use std::marker::PhantomData;

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::{AnyNode, EdgeId, EdgeType, NodeId, NodeSet};

use super::{Answer, Query, Rows, Seam, Vocabulary, private};
use crate::error::Result;
use crate::read::{self, Edge, Node};
use crate::record;

impl<'g, N: NodeSet> Query<'g, Node<N>> {
    /// The same nodes, read as their ids and values: without key, version and times, which takes less time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert_eq!(graph.nodes::<Package>().values().load(&mut conn)?, [(serde, package("serde"))]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn values(self) -> Query<'g, (NodeId<N>, N)> {
        Query { plan: self.plan, of: PhantomData }
    }
}

impl<'g, E: EdgeType> Query<'g, Edge<E>> {
    /// The same edges, read as source, target and value: without id, key, version and times, which takes less time.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// for needed in graph.edges::<DependsOn>().values().stream(&mut conn, 1_000) {
    ///     let (source, target, value) = needed?;
    ///     assert_eq!((source.raw(), target.raw(), value.optional), (app.raw(), serde.raw(), true));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn values(self) -> Query<'g, (NodeId<AnyNode>, NodeId<AnyNode>, E)> {
        Query { plan: self.plan, of: PhantomData }
    }
}

impl<N: NodeSet> Answer for (NodeId<N>, N) {
    type Of = N;
    type Id = NodeId<N>;
}

impl<E: EdgeType> Answer for (NodeId<AnyNode>, NodeId<AnyNode>, E) {
    type Of = E;
    type Id = EdgeId<E>;
}

impl<N: NodeSet> private::Answer for (NodeId<N>, N) {
    // Of what type a row is has to be told only where there are several.
    const COLUMNS: &'static str = match N::MEMBERS {
        [_] => "SELECT n.id, n.attributes FROM ",
        _ => "SELECT n.id, n.attributes, n.node_type_id FROM ",
    };
    const WIDTH: usize = match N::MEMBERS {
        [_] => 2,
        _ => 3,
    };

    fn rows(vocabulary: &Vocabulary) -> Result<Rows> {
        <Node<N> as private::Answer>::rows(vocabulary)
    }

    fn name() -> String {
        <Node<N> as private::Answer>::name()
    }

    fn read<'a, Db: Seam>(vocabulary: &Vocabulary, row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        let name = match N::MEMBERS {
            [only] => only.element.name,
            _ => vocabulary.node_name(record::integer(row, 2)?).unwrap_or_default(),
        };
        Ok((NodeId::from_raw(record::integer(row, 0)?), read::node_value(name, row, 1)?))
    }
}

impl<E: EdgeType> private::Answer for (NodeId<AnyNode>, NodeId<AnyNode>, E) {
    const COLUMNS: &'static str = "SELECT e.id, e.source_id, e.target_id, e.reversed, e.attributes FROM ";
    const WIDTH: usize = 5;

    fn rows(vocabulary: &Vocabulary) -> Result<Rows> {
        <Edge<E> as private::Answer>::rows(vocabulary)
    }

    fn name() -> String {
        <Edge<E> as private::Answer>::name()
    }

    fn read<'a, Db: Seam>(_: &Vocabulary, row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        let (source, target) = read::ends(row, 1)?;
        Ok((source, target, read::edge_value(row, 4)?))
    }
}

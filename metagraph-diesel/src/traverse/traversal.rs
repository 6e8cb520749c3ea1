//! What a traversal answers with: each node once, with its least depth.

use std::collections::HashMap;
use std::fmt;
use std::ops::{Bound, Deref, RangeBounds};

use metagraph_core::{EdgeType, NodeSet};

use super::{Marker, Way, expand};
use crate::backend::{FoundBy, GraphConnection};
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::read::{self, Node};
use crate::run;
use crate::statement::Statement;

/// A node that a traversal reached.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let reached = graph.reachable::<DependsOn, _>(&mut conn, app)?.remove(0);
/// assert_eq!((reached.depth, reached.node.id), (1, serde));
/// assert_eq!(reached.value.id, "serde", "the node's fields are at hand");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reached<T> {
    /// The node.
    pub node: Node<T>,
    /// The least number of hops in which it is reached.
    pub depth: u32,
}

impl<T> Deref for Reached<T> {
    type Target = Node<T>;

    fn deref(&self) -> &Node<T> {
        &self.node
    }
}

/// A traversal that answers with each node once, with its least depth.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
/// let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
/// for (source, target) in [(app, serde), (serde, itoa), (app, itoa)] {
///     graph.connect(&mut conn, source, target, &DependsOn { optional: false })?;
/// }
/// let reached = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..).load(&mut conn)?;
/// assert_eq!(reached.len(), 2, "two ways lead to itoa");
/// assert_eq!(reached[1].depth, 1, "and one of them is a single hop");
/// # Ok(())
/// # }
/// ```
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Traversal<'g, E, T> {
    graph: OpenGraph<'g>,
    ids: Vec<i64>,
    way: Way,
    least: u32,
    most: u32,
    of: Marker<(E, T)>,
}

impl<E, T> fmt::Debug for Traversal<'_, E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traversal")
            .field("ids", &self.ids)
            .field("way", &self.way)
            .field("depth", &(self.least..=self.most))
            .finish_non_exhaustive()
    }
}

impl<'g, E: EdgeType, T: NodeSet> Traversal<'g, E, T> {
    pub(super) fn one_hop(graph: OpenGraph<'g>, ids: Vec<i64>, way: Way) -> Self {
        Self { graph, ids, way, least: 1, most: 1, of: Marker::default() }
    }

    /// Hops as often as the range says instead of once: `1..=3`, `2..`, `..=4`. Depth 0 is the start itself.
    ///
    /// It goes on from every node that has such edges, also where only some members of a union do. Cycles end: a node is
    /// followed once, at its least depth, and it is that depth which the range is about.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// # let itoa = graph.insert(&mut conn, &package("itoa"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needed = || graph.from(app).out::<DependsOn>().to::<Package>();
    /// assert_eq!(needed().count(&mut conn)?, 1, "one hop unless said otherwise");
    /// assert_eq!(needed().depth(2..).load(&mut conn)?[0].id, itoa);
    /// assert_eq!(needed().depth(..=1).load(&mut conn)?[0].id, app);
    /// # Ok(())
    /// # }
    /// ```
    pub fn depth(mut self, range: impl RangeBounds<u32>) -> Self {
        self.least = match range.start_bound() {
            Bound::Included(&least) => least,
            Bound::Excluded(&before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        self.most = match range.end_bound() {
            Bound::Included(&most) => most,
            // Nothing is nearer than the start: such a range is empty.
            Bound::Excluded(&0) => {
                self.least = 1;
                0
            }
            Bound::Excluded(&after) => after - 1,
            Bound::Unbounded => u32::MAX,
        };
        self
    }

    /// Reads the nodes, nearest first, and oldest first at the same depth.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().load(&mut conn)?;
    /// assert_eq!((needed[0].depth, &needed[0].value), (1, &package("serde")));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Reached<T>>> {
        let depths = self.depths(conn)?;
        let ids: Vec<i64> = depths.keys().copied().collect();
        let statement = read::nodes_by_id(self.graph.id, &ids)
            .sql(" AND n.node_type_id")
            .one_of(read::member_ids::<T>(self.graph.vocabulary)?);
        let nodes: Vec<Node<T>> = read::nodes(conn, self.graph.vocabulary, statement)?;
        let mut reached: Vec<_> = nodes
            .into_iter()
            .filter_map(|node| depths.get(&node.id.raw()).map(|&depth| Reached { node, depth }))
            .collect();
        reached.sort_unstable_by_key(|reached| (reached.depth, reached.node.id));
        Ok(reached)
    }

    /// Counts the nodes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.from(app).out::<DependsOn>().to::<Package>().count(&mut conn)?, 1);
    /// assert_eq!(graph.from(serde).out::<DependsOn>().to::<Package>().count(&mut conn)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database) when the database fails.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let ids: Vec<i64> = self.depths(conn)?.into_keys().collect();
        let statement = Statement::new("SELECT count(*) FROM ")
            .by_ids(FoundBy::Node, self.graph.id, ids, |statement| statement)
            .sql(" AND n.node_type_id")
            .one_of(read::member_ids::<T>(self.graph.vocabulary)?);
        Ok(run::optional(conn, "counting nodes", statement)?.unwrap_or(0))
    }

    fn depths<C: GraphConnection>(&self, conn: &mut C) -> Result<HashMap<i64, u32>> {
        let kind = self.graph.vocabulary.edge(E::NAME)?;
        let way = if kind.rules.undirected { Way::Both } else { self.way };
        let mut depths = expand::depths(conn, self.graph.id, kind.id, way, &self.ids, self.most)?;
        depths.retain(|_, depth| *depth >= self.least);
        Ok(depths)
    }
}

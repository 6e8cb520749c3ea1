//! Traversals: where to start, along which edges, to what, how far.

mod expand;

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, Deref, RangeBounds};

use metagraph_core::{Connects, EdgeType, NodeSet, PartOf};

use crate::backend::GraphConnection;
use crate::error::Result;
use crate::read::{self, Edge, Node, SELECT_EDGES, SELECT_NODES};
use crate::statement::Statement;
use crate::write::Scope;

/// Types that a value is about, and holds none of.
type Marker<T> = PhantomData<fn() -> T>;

/// Which way edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Out,
    In,
    Both,
}

/// From source to target.
#[derive(Debug, Clone, Copy)]
pub struct Out;

/// From target to source.
#[derive(Debug, Clone, Copy)]
pub struct In;

/// Either way.
#[derive(Debug, Clone, Copy)]
pub struct Both;

/// Following the edge type `E` this way leads from a `S` to a `T`.
#[diagnostic::on_unimplemented(
    message = "`{E}` does not lead from `{S}` to `{T}` in this direction",
    label = "no such hop",
    note = "`{E}` lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait Leads<E, S, T> {}

impl<E: Connects<S, T>, S, T> Leads<E, S, T> for Out {}

impl<E: Connects<T, S>, S, T> Leads<E, S, T> for In {}

impl<E: Connects<S, T> + Connects<T, S>, S, T> Leads<E, S, T> for Both {}

/// The start of a traversal; made by [`Graph::from`](crate::Graph::from).
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Start<'g, G, S> {
    scope: Scope<'g>,
    ids: Vec<i64>,
    of: Marker<(G, S)>,
}

impl<'g, G, S> Start<'g, G, S> {
    pub(crate) fn new(scope: Scope<'g>, ids: Vec<i64>) -> Self {
        Self { scope, ids, of: PhantomData }
    }

    /// Follows edges of the type `E` from source to target. Edges without direction are followed either way.
    pub fn out<E: EdgeType + PartOf<G>>(self) -> Hop<'g, S, E, Out> {
        self.hop(Way::Out)
    }

    /// Follows edges of the type `E` from target to source.
    pub fn in_<E: EdgeType + PartOf<G>>(self) -> Hop<'g, S, E, In> {
        self.hop(Way::In)
    }

    /// Follows edges of the type `E` either way.
    pub fn both<E: EdgeType + PartOf<G>>(self) -> Hop<'g, S, E, Both> {
        self.hop(Way::Both)
    }

    fn hop<E, D>(self, way: Way) -> Hop<'g, S, E, D> {
        Hop { scope: self.scope, ids: self.ids, way, of: PhantomData }
    }
}

impl<G, S> fmt::Debug for Start<'_, G, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start").field("ids", &self.ids).finish_non_exhaustive()
    }
}

/// A hop along one edge type.
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Hop<'g, S, E, D> {
    scope: Scope<'g>,
    ids: Vec<i64>,
    way: Way,
    of: Marker<(S, E, D)>,
}

impl<S, E, D> fmt::Debug for Hop<'_, S, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hop").field("ids", &self.ids).field("way", &self.way).finish_non_exhaustive()
    }
}

impl<'g, S, E: EdgeType, D> Hop<'g, S, E, D> {
    /// Answers with nodes of the type, or of the union, `T`.
    pub fn to<T: NodeSet>(self) -> Traversal<'g, E, T>
    where
        D: Leads<E, S, T>,
    {
        Traversal { scope: self.scope, ids: self.ids, way: self.way, least: 1, most: 1, of: PhantomData }
    }

    /// Reads the edges of the hop, oldest first.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load_edges<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Edge<E>>> {
        let kind = self.scope.vocabulary.edge(E::NAME)?;
        let way = if kind.rules.undirected { Way::Both } else { self.way };
        let of_type = |ends: &'static str| {
            Statement::new(SELECT_EDGES)
                .sql("WHERE e.graph_id = ")
                .integer(self.scope.graph)
                .sql(" AND e.edge_type_id = ")
                .integer(kind.id)
                .sql(ends)
                .one_of(self.ids.clone())
        };
        let statement = match way {
            Way::Out => of_type(" AND e.source_id").sql(" ORDER BY e.id"),
            Way::In => of_type(" AND e.target_id").sql(" ORDER BY e.id"),
            Way::Both => {
                of_type(" AND (e.source_id").sql(" OR e.target_id").one_of(self.ids.clone()).sql(") ORDER BY e.id")
            }
        };
        read::edges(conn, statement)
    }
}

/// A node that a traversal reached.
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
#[must_use = "a traversal does nothing until it is loaded"]
pub struct Traversal<'g, E, T> {
    scope: Scope<'g>,
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

impl<E: EdgeType, T: NodeSet> Traversal<'_, E, T> {
    /// Hops as often as the range says instead of once: `1..=3`, `2..`, `..=4`. Depth 0 is the start itself.
    ///
    /// Cycles end: a node is followed once, at its least depth, and it is that depth which the range is about.
    pub fn depth(mut self, range: impl RangeBounds<u32>) -> Self
    where
        E: Connects<T, T>,
    {
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
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the type.
    pub fn load<C: GraphConnection>(self, conn: &mut C) -> Result<Vec<Reached<T>>> {
        let depths = self.depths(conn)?;
        let ids: Vec<i64> = depths.keys().copied().collect();
        let statement = Statement::new(SELECT_NODES)
            .sql("WHERE n.graph_id = ")
            .integer(self.scope.graph)
            .sql(" AND n.id")
            .one_of(ids)
            .sql(" AND n.node_type_id")
            .one_of(read::member_ids::<T>(self.scope.vocabulary)?);
        let nodes: Vec<Node<T>> = read::nodes(conn, self.scope.vocabulary, statement)?;
        let mut reached: Vec<_> = nodes
            .into_iter()
            .filter_map(|node| depths.get(&node.id.raw()).map(|&depth| Reached { node, depth }))
            .collect();
        reached.sort_unstable_by_key(|reached| (reached.depth, reached.node.id));
        Ok(reached)
    }

    /// Counts the nodes.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database) when the database fails.
    pub fn count<C: GraphConnection>(self, conn: &mut C) -> Result<i64> {
        let ids: Vec<i64> = self.depths(conn)?.into_keys().collect();
        let statement = Statement::new("SELECT count(*) FROM __metagraph_nodes WHERE graph_id = ")
            .integer(self.scope.graph)
            .sql(" AND id")
            .one_of(ids)
            .sql(" AND node_type_id")
            .one_of(read::member_ids::<T>(self.scope.vocabulary)?);
        Ok(crate::run::optional(conn, "counting nodes", statement)?.unwrap_or(0))
    }

    fn depths<C: GraphConnection>(&self, conn: &mut C) -> Result<HashMap<i64, u32>> {
        let kind = self.scope.vocabulary.edge(E::NAME)?;
        let way = if kind.rules.undirected { Way::Both } else { self.way };
        let mut depths = expand::depths(conn, self.scope.graph, kind.id, way, &self.ids, self.most)?;
        depths.retain(|_, depth| *depth >= self.least);
        Ok(depths)
    }
}

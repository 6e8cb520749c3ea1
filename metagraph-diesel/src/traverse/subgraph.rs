//! A part of a graph as lists of nodes and edges.

use std::collections::HashMap;

use metagraph_core::{EdgeType, NodeSet};

use super::answers::Reached;
use super::chain::Chain;
use super::pattern::{Arrives, Hopped};
use super::traversal::Traversal;
use crate::backend::{FoundBy, GraphConnection};
use crate::error::Result;
use crate::read::{self, Edge};
use crate::statement::Statement;

/// Nodes, and the edges between them; made by [`Traversal::subgraph`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let around = graph.from(app).out::<DependsOn>().to::<Package>().depth(0..=1).subgraph(&mut conn)?;
/// assert_eq!((around.nodes.len(), around.edges.len()), (2, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Subgraph<N, E> {
    /// The nodes, nearest first.
    pub nodes: Vec<Reached<N>>,
    /// The edges of which both ends are among the nodes, oldest first.
    pub edges: Vec<Edge<E>>,
}

impl<N, E> Subgraph<N, E> {
    /// The edges with the places of their ends in [`nodes`](Subgraph::nodes), as graphs in memory want them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let around = graph.from(app).both::<DependsOn>().to::<Package>().depth(..=2).subgraph(&mut conn)?;
    /// let places: Vec<_> = around.places().map(|(source, target, _)| (source, target)).collect();
    /// assert_eq!(places, [(0, 1)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn places(&self) -> impl Iterator<Item = (usize, usize, &Edge<E>)> {
        let places: HashMap<i64, usize> =
            self.nodes.iter().enumerate().map(|(place, node)| (node.id.raw(), place)).collect();
        self.edges
            .iter()
            .filter_map(move |edge| Some((*places.get(&edge.source.raw())?, *places.get(&edge.target.raw())?, edge)))
    }
}

impl<G, P> Traversal<'_, G, P>
where
    P: Hopped,
    P::Node: NodeSet,
    P::Edges: EdgeType,
{
    /// Reads the nodes it leads to, and every edge of the last step's type between two of them; filters of edges are
    /// about the way, not about these.
    ///
    /// A depth that begins at 0 has the start among the nodes.
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
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>().subgraph(&mut conn)?;
    /// assert_eq!((needed.nodes.len(), needed.edges.len()), (2, 1), "serde needs itoa");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) when stored attributes do not fit the types,
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn subgraph<C: GraphConnection>(self, conn: &mut C) -> Result<Subgraph<P::Node, P::Edges>>
    where
        P: Arrives,
    {
        let chain: Chain<'_> = self.into_chain()?;
        let graph = chain.graph;
        let nodes = Self::from_chain(chain).load(conn)?;
        let ids: Vec<i64> = nodes.iter().map(|node| node.id.raw()).collect();
        let kind = graph.vocabulary.edge(<P::Edges as metagraph_core::Element>::NAME)?;
        let statement = Statement::new(read::EDGES).by_ids(FoundBy::Source, graph.id, ids.as_slice(), |statement| {
            statement.printed(format!(" AND e.edge_type_id = {} AND e.target_id", kind.id)).one_of(ids.as_slice())
        });
        let edges = read::edges(conn, statement.sql(" ORDER BY e.id"))?;
        Ok(Subgraph { nodes, edges })
    }
}

//! Where queries and traversals begin.

use metagraph_core::{EdgeType, NodeId, NodeSet, PartOf};

use super::Graph;
use crate::query::{EdgeQuery, NodeQuery};
use crate::traverse::Start;

impl<G> Graph<G> {
    /// A query for the nodes of a type or of a union.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &package("serde"))?;
    /// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 1);
    /// assert_eq!(graph.nodes::<Anything>().count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodes<N>(&self) -> NodeQuery<'_, N>
    where
        N: NodeSet + PartOf<G>,
    {
        NodeQuery::new(self.opened())
    }

    /// A query for the edges of a type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let edges = graph.edges::<DependsOn>().load(&mut conn)?;
    /// assert!(edges[0].value.optional);
    /// # Ok(())
    /// # }
    /// ```
    pub fn edges<E>(&self) -> EdgeQuery<'_, E>
    where
        E: EdgeType + PartOf<G>,
    {
        EdgeQuery::new(self.opened())
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

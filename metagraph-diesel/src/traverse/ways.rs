//! What a traversal answers with way by way: rows, paths, and the shortest of them.

use metagraph_core::query::Numeric;
use metagraph_core::{EdgeType, Field, NodeId};

use super::chain::Chain;
use super::expand;
use super::paths::{Map, Once, Path};
use super::pattern::{Arrives, Hopped, OneStep, Pattern};
use super::rows::Rows;
use super::traversal::Traversal;
use super::{distance, lightest, shortest};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::query::Scope;

impl<'g, G, P: Hopped> Traversal<'g, G, P> {
    /// The ways through the traversal, each as a row: the node where it begins, and for every hop its edge and node.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let needed = graph.from(app).out::<DependsOn>().to::<Package>();
    /// for (package, (needs, other)) in needed.rows().load(&mut conn)? {
    ///     assert_eq!((package.key.as_str(), needs.value.optional, other.key.as_str()), ("app", true, "serde"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn rows(self) -> Rows<'g, P>
    where
        P: Pattern,
    {
        Rows::new(self.chain)
    }

    /// The first `limit` paths, the shortest first, that come through no node twice.
    ///
    /// There may be very many: how deep a repeated step goes has to be bounded.
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
    /// let to_itoa = graph.from(app).out::<DependsOn>().to::<Package>().depth(1..=4);
    /// let paths = to_itoa.paths(&mut conn, 10)?;
    /// assert_eq!(paths[2].nodes_as::<Package>(), [app, serde, itoa]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a depth has no upper bound, or a filter cannot be asked.
    pub fn paths<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Path<P::Edges>>>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.paths(Once::Nodes, limit))
    }

    /// The first `limit` paths, the shortest first, that follow no edge twice.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>().depth(1..=3);
    /// assert_eq!(mentions.trails(&mut conn, 10)?.len(), 2, "to serde, and back");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Traversal::paths`].
    pub fn trails<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Path<P::Edges>>>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.paths(Once::Edges, limit))
    }

    /// The first `limit` paths, the shortest first, whatever they come through twice.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>().depth(1..=3);
    /// assert_eq!(mentions.walks(&mut conn, 10)?.len(), 3, "and to serde once more");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Traversal::paths`].
    pub fn walks<C: GraphConnection>(self, conn: &mut C, limit: usize) -> Result<Vec<Path<P::Edges>>>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.paths(Once::Nothing, limit))
    }

    /// Counts all paths, whatever they come through twice, without making them; [`u64::MAX`] stands for more.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>().depth(1..=3);
    /// assert_eq!(mentions.count_walks(&mut conn)?, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Traversal::paths`].
    pub fn count_walks<C: GraphConnection>(self, conn: &mut C) -> Result<u64>
    where
        P: Arrives,
    {
        Ok(Map::fetch(conn, &self.chain?)?.count())
    }

    /// A path of the fewest edges to this node, along its step repeated as often as it takes; among equal ones the
    /// one of the smallest ids. [`depth`](Traversal::depth) bounds its length: there is none to what is nearer.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
    /// let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needs = || graph.from(app).out::<DependsOn>().to::<Package>();
    /// let why = needs().shortest_path(&mut conn, itoa)?.unwrap();
    /// assert_eq!(why.nodes_as::<Package>(), [app, serde, itoa]);
    /// assert!(needs().depth(..=1).shortest_path(&mut conn, itoa)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn shortest_path<C: GraphConnection>(
        self,
        conn: &mut C,
        target: NodeId<P::Node>,
    ) -> Result<Option<Path<P::Edges>>>
    where
        P: OneStep,
    {
        let (starts, chain) = self.up_to_last(conn)?;
        let Some(step) = chain.steps.last() else { return Ok(None) };
        let found = shortest::fewest(conn, chain.graph, step, &starts, target.raw())?;
        // Bounded below, the nodes are those at such depths, as everywhere; not those that a detour leads to.
        let least = step.depth.map_or(0, |(least, _)| least as usize);
        Ok(found.filter(|(_, edges)| edges.len() >= least).map(|(nodes, edges)| Path::from_raw(nodes, edges)))
    }

    /// How many edges a shortest path to this node has; `None` where there is none. Cheaper than the path itself.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
    /// let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    /// let needs = || graph.from(app).out::<DependsOn>().to::<Package>();
    /// assert_eq!(needs().distance(&mut conn, itoa)?, Some(2));
    /// assert_eq!(needs().depth(..=1).distance(&mut conn, itoa)?, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a filter cannot be asked.
    pub fn distance<C: GraphConnection>(self, conn: &mut C, target: NodeId<P::Node>) -> Result<Option<u32>>
    where
        P: OneStep,
    {
        let (starts, chain) = self.up_to_last(conn)?;
        let Some(step) = chain.steps.last() else { return Ok(None) };
        let least = step.depth.map_or(0, |(least, _)| least);
        let length = distance::distance(conn, chain.graph, step, &starts, target.raw())?;
        Ok(length.filter(|length| *length >= least))
    }

    /// A path of the least total weight to this node, and that weight; among equal ones the one of fewer edges.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let edge = graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// let mentions = graph.from(app).out::<Mentions>().to::<Package>();
    /// // A place is no number, as somebody may believe who reads a foreign database.
    /// let refused = mentions.lightest_path(&mut conn, serde, |m| m.place.at::<u32>("line")).unwrap_err();
    /// assert!(matches!(refused, Error::InvalidWeight { id, .. } if id == edge.raw()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidWeight`](crate::Error::InvalidWeight) with the first edge of the type, in this graph and of which
    /// the filter holds, whose weight is missing, negative or not a number;
    /// [`Error::InvalidQuery`](crate::Error::InvalidQuery) when a depth other than `..` is given, or a filter cannot
    /// be asked.
    pub fn lightest_path<C: GraphConnection, E, W: Numeric>(
        self,
        conn: &mut C,
        target: NodeId<P::Node>,
        weight: impl FnOnce(E::Fields) -> Field<E, W>,
    ) -> Result<Option<(Path<E>, f64)>>
    where
        P: OneStep + Hopped<Edges = E>,
        E: EdgeType,
    {
        let (starts, chain) = self.up_to_last(conn)?;
        let Some(step) = chain.steps.last() else { return Ok(None) };
        if step.depth.is_some_and(|depth| depth != (0, u32::MAX)) {
            return Err(Scope::invalid("a path of the least weight may have any number of edges: leave `depth` out"));
        }
        let ends = (starts.as_slice(), target.raw());
        let found = lightest::lightest(conn, chain.graph, step, &weight(E::F).source(), ends)?;
        Ok(found.map(|((nodes, edges), weight)| (Path::from_raw(nodes, edges), weight)))
    }

    /// The nodes where the last step begins, and the chain.
    fn up_to_last<C: GraphConnection>(self, conn: &mut C) -> Result<(Vec<i64>, Chain<'g>)> {
        let mut chain = self.chain?;
        let last = chain.steps.pop();
        let starts = expand::ends_of(conn, &chain)?;
        chain.steps.extend(last);
        Ok((starts, chain))
    }
}

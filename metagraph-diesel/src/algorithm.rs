//! Questions about a whole graph, answered over one edge type.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use metagraph_core::{Connects, EdgeType, NodeId, NodeSet, PartOf};

use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::query::{self, NodeQuery};
use crate::read;
use crate::run;
use crate::statement::Statement;
use crate::traverse::{Path, Reached, Start};
use crate::write::label::Labels;

/// How many edges of one type a node has; a self loop counts on both sides, and so does an edge without direction.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let degree = graph.degree::<DependsOn, _>(&mut conn, app)?;
/// assert_eq!((degree.outgoing, degree.incoming), (1, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degree {
    /// Edges that leave it.
    pub outgoing: i64,
    /// Edges that enter it.
    pub incoming: i64,
}

impl<G> Graph<G> {
    /// Every node that can be reached from `start` along edges of the type `E`, with its least depth; not the start
    /// itself.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let nodes: Vec<NodeId<Package>> = graph.insert_many(&mut conn, ["app", "serde", "itoa"].map(package))?;
    /// let (app, serde, itoa) = (nodes[0], nodes[1], nodes[2]);
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// graph.connect(&mut conn, serde, itoa, &DependsOn { optional: false })?;
    ///
    /// let needed = graph.reachable::<DependsOn, _>(&mut conn, app)?;
    /// let needed: Vec<_> = needed.iter().map(|reached| (reached.depth, reached.key.as_str())).collect();
    /// assert_eq!(needed, [(1, "serde"), (2, "itoa")]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when stored attributes do not fit the type.
    pub fn reachable<E, N>(&self, conn: &mut impl GraphConnection, start: NodeId<N>) -> Result<Vec<Reached<N>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet,
    {
        Start::<G, N>::new(self.opened(), vec![start.raw()]).out::<E>().to::<N>().depth(1..).load(conn)
    }

    /// Every node that leads to `node` along edges of the type `E`, with its least depth; not the node itself.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.ancestors::<DependsOn, _>(&mut conn, serde)?[0].id, app);
    /// assert_eq!(graph.descendants::<DependsOn, _>(&mut conn, app)?[0].id, serde);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when stored attributes do not fit the type.
    pub fn ancestors<E, N>(&self, conn: &mut impl GraphConnection, node: NodeId<N>) -> Result<Vec<Reached<N>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet,
    {
        self.from(node).in_::<E>().to::<N>().depth(1..).load(conn)
    }

    /// The other word for [`Graph::reachable`], beside [`Graph::ancestors`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.descendants::<DependsOn, _>(&mut conn, app)?[0].id, serde);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when stored attributes do not fit the type.
    pub fn descendants<E, N>(&self, conn: &mut impl GraphConnection, node: NodeId<N>) -> Result<Vec<Reached<N>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet,
    {
        self.reachable::<E, N>(conn, node)
    }

    /// A query for the nodes of the set `N` that no edge of the type `E` enters.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.roots::<DependsOn, Package>().one(&mut conn)?.id, app);
    /// assert_eq!(graph.leaves::<DependsOn, Package>().one(&mut conn)?.id, serde);
    /// # Ok(())
    /// # }
    /// ```
    pub fn roots<E, N>(&self) -> NodeQuery<'_, N>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet + PartOf<G>,
    {
        self.nodes::<N>().matching(!query::in_::<E, N, N>().exists())
    }

    /// A query for the nodes of the set `N` that no edge of the type `E` leaves.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.leaves::<DependsOn, Package>().one(&mut conn)?.id, serde);
    /// # Ok(())
    /// # }
    /// ```
    pub fn leaves<E, N>(&self) -> NodeQuery<'_, N>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet + PartOf<G>,
    {
        self.nodes::<N>().matching(!query::out::<E, N, N>().exists())
    }

    /// How many edges of the type `E` a node has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let degree = graph.degree::<DependsOn, _>(&mut conn, serde)?;
    /// assert_eq!((degree.incoming, degree.outgoing), (1, 0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn degree<E, N>(&self, conn: &mut impl GraphConnection, node: NodeId<N>) -> Result<Degree>
    where
        E: EdgeType + PartOf<G>,
    {
        Ok(Degree {
            outgoing: self.from(node).out::<E>().count_edges(conn)?,
            incoming: self.from(node).in_::<E>().count_edges(conn)?,
        })
    }

    /// A path of the fewest edges of the type `E`; among equal ones the one of the smallest ids.
    ///
    /// Bounds and filters are said by a traversal: see
    /// [`Traversal::shortest_path`](crate::traverse::Traversal::shortest_path).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let why = graph.shortest_path::<DependsOn, _>(&mut conn, app, serde)?.unwrap();
    /// assert_eq!(why.nodes_as::<Package>(), [app, serde]);
    /// assert!(graph.shortest_path::<DependsOn, _>(&mut conn, serde, app)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn shortest_path<E, N>(
        &self,
        conn: &mut impl GraphConnection,
        from: NodeId<N>,
        to: NodeId<N>,
    ) -> Result<Option<Path<E>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet,
    {
        self.from(from).out::<E>().to::<N>().shortest_path(conn, to)
    }

    /// The nodes of a cycle that edges of the type `E` close, each once, from the smallest id on; `None` where there is
    /// none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// assert!(graph.find_cycle::<Mentions, Package>(&mut conn)?.is_none());
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// assert_eq!(graph.find_cycle::<Mentions, Package>(&mut conn)?, Some(vec![app, serde]));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn find_cycle<E, N>(&self, conn: &mut impl GraphConnection) -> Result<Option<Vec<NodeId<N>>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet + PartOf<G>,
    {
        let order = self.order::<_, E, N>(conn)?;
        let Err(mut cycle) = order else { return Ok(None) };
        // The last is the first again.
        cycle.pop();
        let smallest = cycle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(place, _)| place);
        cycle.rotate_left(smallest);
        Ok(Some(cycle.into_iter().map(NodeId::from_raw).collect()))
    }

    /// All nodes of the set `N`, each before the nodes that its edges of the type `E` lead to; the oldest first where
    /// the order is free.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// assert_eq!(graph.topological_order::<DependsOn, Package>(&mut conn)?, [app, serde]);
    ///
    /// graph.connect(&mut conn, app, serde, &Mentions { place: "README.md:7".into() })?;
    /// graph.connect(&mut conn, serde, app, &Mentions { place: "README.md:9".into() })?;
    /// let none = graph.topological_order::<Mentions, Package>(&mut conn);
    /// assert!(matches!(none, Err(Error::NoOrder { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NoOrder`] with the nodes of one cycle when there is no such order.
    pub fn topological_order<E, N>(&self, conn: &mut impl GraphConnection) -> Result<Vec<NodeId<N>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet + PartOf<G>,
    {
        let cycle = match self.order::<_, E, N>(conn)? {
            Ok(order) => return Ok(order.into_iter().map(NodeId::from_raw).collect()),
            Err(cycle) => cycle,
        };
        let labels = Labels::read(conn, self.opened(), cycle.clone())?;
        let path = cycle.into_iter().map(|node| labels.label(node)).collect();
        Err(Error::NoOrder { edge: E::NAME.to_owned(), path })
    }

    /// The nodes in a topological order, or those of a cycle.
    fn order<C: GraphConnection, E, N>(&self, conn: &mut C) -> Result<Result<Vec<i64>, Vec<i64>>>
    where
        E: Connects<N, N> + PartOf<G>,
        N: NodeSet + PartOf<G>,
    {
        let nodes = self.ids_of::<_, N>(conn)?;
        let edges = self.ends_of(conn, E::NAME)?;
        let mut open: HashMap<i64, usize> = nodes.iter().map(|&node| (node, 0)).collect();
        let mut targets: HashMap<i64, Vec<i64>> = HashMap::new();
        for (source, target) in edges {
            if !open.contains_key(&source) {
                continue;
            }
            if let Some(count) = open.get_mut(&target) {
                *count += 1;
                targets.entry(source).or_default().push(target);
            }
        }
        let mut ready: BinaryHeap<Reverse<i64>> =
            open.iter().filter(|&(_, &count)| count == 0).map(|(&node, _)| Reverse(node)).collect();
        let mut order = Vec::with_capacity(nodes.len());
        while let Some(Reverse(node)) = ready.pop() {
            order.push(node);
            open.remove(&node);
            for target in targets.get(&node).into_iter().flatten() {
                if let Some(count) = open.get_mut(target) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(Reverse(*target));
                    }
                }
            }
        }
        Ok(if open.is_empty() { Ok(order) } else { Err(cycle_among(&open, &targets)) })
    }

    fn ids_of<C: GraphConnection, N: NodeSet>(&self, conn: &mut C) -> Result<Vec<i64>> {
        let graph = self.opened();
        let statement = Statement::new("SELECT id FROM __metagraph_nodes WHERE graph_id = ")
            .integer(graph.id)
            .sql(" AND node_type_id")
            .of_types(&read::member_ids::<N>(graph.vocabulary)?);
        run::all(conn, "reading nodes", statement)
    }

    fn ends_of<C: GraphConnection>(&self, conn: &mut C, edge_type: &str) -> Result<Vec<(i64, i64)>> {
        let graph = self.opened();
        let statement = Statement::new("SELECT source_id, target_id FROM __metagraph_edges WHERE graph_id = ")
            .integer(graph.id)
            .sql(" AND edge_type_id = ")
            .integer(graph.vocabulary.edge(edge_type)?.id);
        run::all(conn, "reading edges", statement)
    }
}

/// A cycle among nodes that all have an open predecessor: going back from any of them must come round.
fn cycle_among(open: &HashMap<i64, usize>, targets: &HashMap<i64, Vec<i64>>) -> Vec<i64> {
    let mut before: HashMap<i64, i64> = HashMap::new();
    for (&source, reached) in targets.iter().filter(|(source, _)| open.contains_key(source)) {
        for &target in reached.iter().filter(|target| open.contains_key(target)) {
            // The smallest predecessor, so that both databases name the same cycle.
            before.entry(target).and_modify(|known| *known = (*known).min(source)).or_insert(source);
        }
    }
    let Some(&start) = open.keys().min() else { return Vec::new() };
    let mut path = vec![start];
    let mut node = start;
    while let Some(&earlier) = before.get(&node) {
        if let Some(place) = path.iter().position(|&seen| seen == earlier) {
            let mut cycle = path.split_off(place);
            cycle.push(earlier);
            cycle.reverse();
            return cycle;
        }
        path.push(earlier);
        node = earlier;
    }
    path
}

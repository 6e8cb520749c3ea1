//! Questions about a whole graph, answered over one edge type.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use metagraph_core::{Connects, NodeId, NodeSet, PartOf};

use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::read;
use crate::run;
use crate::statement::Statement;
use crate::traverse::{Reached, Start};
use crate::write::label::Labels;

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
            order.push(NodeId::from_raw(node));
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
        if open.is_empty() {
            return Ok(order);
        }
        let cycle = cycle_among(&open, &targets);
        let labels = Labels::read(conn, self.opened(), cycle.clone())?;
        let path = cycle.into_iter().map(|node| labels.label(node)).collect();
        Err(Error::NoOrder { edge: E::NAME.to_owned(), path })
    }

    fn ids_of<C: GraphConnection, N: NodeSet>(&self, conn: &mut C) -> Result<Vec<i64>> {
        let graph = self.opened();
        let statement = Statement::new("SELECT id FROM __metagraph_nodes WHERE graph_id = ")
            .integer(graph.id)
            .sql(" AND node_type_id")
            .one_of(read::member_ids::<N>(graph.vocabulary)?);
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

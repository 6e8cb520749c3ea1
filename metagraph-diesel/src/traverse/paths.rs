//! Paths: every way through a traversal, shortest first, up to a limit.
//!
//! Edges are fetched for each node once, level by level; ways are then put together in memory, so that no database
//! enumerates what a limit cuts off.

mod enumerate;

use std::collections::{HashMap, HashSet};
use std::fmt;

use metagraph_core::{AnyNode, EdgeId, NodeId};

use super::chain::{Chain, Resolved};
use super::expand::{Frontier, listed, passed, sorted};
use super::neighbours::{Neighbour, neighbours};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::query::Scope;

/// A way from node to node along edges of the types `E`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let app = graph.insert(&mut conn, &package("app"))?;
/// # let serde = graph.insert(&mut conn, &package("serde"))?;
/// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
/// let path = graph.shortest_path::<DependsOn, _>(&mut conn, app, serde)?.unwrap();
/// assert_eq!((path.nodes.len(), path.edges.len()), (2, 1));
/// # Ok(())
/// # }
/// ```
#[derive(PartialEq, Eq)]
pub struct Path<E> {
    /// The nodes, from the first to the last: one more than edges.
    pub nodes: Vec<NodeId<AnyNode>>,
    /// The edges between them.
    pub edges: Vec<EdgeId<E>>,
}

impl<E> Path<E> {
    pub(super) fn from_raw(nodes: Vec<i64>, edges: Vec<i64>) -> Self {
        Self {
            nodes: nodes.into_iter().map(NodeId::from_raw).collect(),
            edges: edges.into_iter().map(EdgeId::from_raw).collect(),
        }
    }

    /// How many edges it has.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let path = graph.shortest_path::<DependsOn, _>(&mut conn, app, serde)?.unwrap();
    /// assert_eq!(path.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether it is a node alone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// let path = graph.shortest_path::<DependsOn, _>(&mut conn, app, app)?.unwrap();
    /// assert!(path.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// Its nodes as handles of the type or union that holds them all; a handle of another type finds nothing.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// # let app = graph.insert(&mut conn, &package("app"))?;
    /// # let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: false })?;
    /// let path = graph.shortest_path::<DependsOn, _>(&mut conn, app, serde)?.unwrap();
    /// let nodes: Vec<NodeId<Package>> = path.nodes_as();
    /// assert_eq!(nodes, [app, serde]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodes_as<N>(&self) -> Vec<NodeId<N>> {
        self.nodes.iter().map(|node| NodeId::from_raw(node.raw())).collect()
    }
}

impl<E> Clone for Path<E> {
    fn clone(&self) -> Self {
        Self { nodes: self.nodes.clone(), edges: self.edges.clone() }
    }
}

impl<E> fmt::Debug for Path<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Path").field("nodes", &self.nodes).field("edges", &self.edges).finish()
    }
}

/// What a way may not have twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Once {
    Nodes,
    Edges,
    Nothing,
}

/// A node that was reached by `hops` hops of the step at `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    step: usize,
    hops: u32,
    node: i64,
}

/// The part of the graph that a traversal can see, with what it needs to know of it.
pub(crate) struct Map<'s> {
    steps: Vec<Resolved<'s>>,
    starts: Vec<i64>,
    edges: HashMap<(usize, i64), Vec<Neighbour>>,
    /// Nodes that a step may end at.
    fits: HashSet<(usize, i64)>,
    most: u32,
    leads: HashMap<(State, u32), bool>,
}

impl<'s> Map<'s> {
    pub(crate) fn fetch<C: GraphConnection>(conn: &mut C, chain: &'s Chain<'s>) -> Result<Self> {
        let steps: Vec<_> = chain.steps.iter().map(|step| Resolved::new(chain.graph, step)).collect::<Result<_>>()?;
        if steps.iter().any(|step| step.step.most() == u32::MAX) {
            return Err(Scope::invalid("paths need an upper bound: say how deep with `depth(..=3)`"));
        }
        let most = steps.iter().fold(0_u32, |most, step| most.saturating_add(step.step.most()));
        let starts = listed(conn, Frontier::beginning(chain)?)?;
        let starts = sorted(starts.into_iter().collect::<HashSet<_>>());
        let mut map = Self { steps, starts, edges: HashMap::new(), fits: HashSet::new(), most, leads: HashMap::new() };
        map.explore(conn)?;
        Ok(map)
    }

    fn explore<C: GraphConnection>(&mut self, conn: &mut C) -> Result<()> {
        let mut layer: HashSet<State> = self.starts.iter().map(|&node| State { step: 0, hops: 0, node }).collect();
        // What a step may leave out, the start itself has to fit.
        for step in 0..self.steps.len() {
            let nodes = self.starts.clone();
            self.judge(conn, step, nodes)?;
            if self.steps.get(step).is_none_or(|step| step.step.least() > 0) {
                break;
            }
        }
        let mut nearest = HashMap::new();
        for _ in 0..self.most {
            let mut wanted: HashMap<usize, HashSet<i64>> = HashMap::new();
            for state in &layer {
                for next in self.moves(*state) {
                    if !self.edges.contains_key(&(next.step, state.node)) {
                        wanted.entry(next.step).or_default().insert(state.node);
                    }
                }
            }
            for (step, nodes) in wanted {
                self.fetch_edges(conn, step, sorted(nodes))?;
            }
            let mut next: HashSet<State> = HashSet::new();
            for state in &layer {
                for moved in self.moves(*state) {
                    let reached = self.edges.get(&(moved.step, state.node)).into_iter().flatten();
                    next.extend(reached.map(|edge| State { node: edge.far, ..moved }));
                }
            }
            next.retain(|state| self.is_news(*state, &mut nearest));
            if next.is_empty() {
                break;
            }
            layer = next;
        }
        Ok(())
    }

    /// Whether one can go on from here as from no state before: where the step may end, fewer hops lead as far.
    fn is_news(&self, state: State, nearest: &mut HashMap<State, u32>) -> bool {
        let least = self.steps.get(state.step).map_or(0, |step| step.step.least());
        let known = nearest.entry(State { hops: state.hops.min(least), ..state }).or_insert(u32::MAX);
        let is_news = state.hops < *known;
        *known = state.hops.min(*known);
        is_news
    }

    fn fetch_edges<C: GraphConnection>(&mut self, conn: &mut C, place: usize, nodes: Vec<i64>) -> Result<()> {
        let Some(step) = self.steps.get(place) else { return Ok(()) };
        let found = neighbours(conn, step, &nodes)?;
        let far = sorted(found.iter().map(|edge| edge.far).collect::<HashSet<_>>());
        let passed: HashSet<i64> = passed(conn, step, far.clone())?.into_iter().collect();
        for node in nodes {
            self.edges.entry((place, node)).or_default();
        }
        for edge in found.into_iter().filter(|edge| passed.contains(&edge.far)) {
            self.edges.entry((place, edge.near)).or_default().push(edge);
        }
        self.judge(conn, place, far)?;
        let next = place + 1;
        // The next step may be left out altogether, and then has to fit where this one ended.
        if self.steps.get(next).is_some_and(|step| step.step.least() == 0) {
            let ended = self.fits.iter().filter(|(step, _)| *step == place).map(|(_, node)| *node);
            let ended = sorted(ended.collect::<Vec<_>>());
            self.judge(conn, next, ended)?;
        }
        Ok(())
    }

    /// Finds out which of the nodes the step may end at.
    fn judge<C: GraphConnection>(&mut self, conn: &mut C, place: usize, nodes: Vec<i64>) -> Result<()> {
        let Some(step) = self.steps.get(place) else { return Ok(()) };
        let certain = step.far_is_certain && step.step.ends_anywhere() && step.step.least() > 0;
        let fitting = if certain { nodes } else { listed(conn, Frontier::Ids(nodes).filtered(step)?)? };
        self.fits.extend(fitting.into_iter().map(|node| (place, node)));
        Ok(())
    }

    /// Whether the step may end at the state.
    fn may_end(&self, state: State) -> bool {
        self.steps.get(state.step).is_some_and(|step| state.hops >= step.step.least())
            && self.fits.contains(&(state.step, state.node))
    }

    /// The steps and hops that the next hop from here can be, with the node it starts at.
    fn moves(&self, state: State) -> Vec<State> {
        let mut moves = Vec::new();
        let mut here = state;
        while let Some(step) = self.steps.get(here.step) {
            if here.hops < step.step.most() {
                moves.push(State { hops: here.hops + 1, ..here });
            }
            if !self.may_end(here) {
                break;
            }
            here = State { step: here.step + 1, hops: 0, ..here };
        }
        moves
    }

    /// Whether the whole traversal may end here.
    fn accepts(&self, state: State) -> bool {
        let mut here = state;
        while self.may_end(here) {
            if here.step + 1 == self.steps.len() {
                return true;
            }
            here = State { step: here.step + 1, hops: 0, ..here };
        }
        false
    }
}

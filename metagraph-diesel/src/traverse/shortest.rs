//! Shortest paths by the number of edges: from both ends at once, level by level.

use std::collections::{HashMap, HashSet};

use super::chain::{Resolved, Step};
use super::expand::{Frontier, listed, passed};
use super::neighbours::{Neighbour, neighbours};
use super::way::Way;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;

/// A path as ids.
pub(crate) type RawPath = (Vec<i64>, Vec<i64>);

/// One side of the search: levels of nodes around an end.
struct Side {
    depths: HashMap<i64, u32>,
    frontier: Vec<i64>,
    depth: u32,
    /// From each node, the edges that lead one level back to the end.
    back: HashMap<i64, Vec<Neighbour>>,
}

impl Side {
    fn at(ends: &[i64]) -> Self {
        let depths = ends.iter().map(|&node| (node, 0)).collect();
        Self { depths, frontier: ends.to_vec(), depth: 0, back: HashMap::new() }
    }

    /// Goes one level further, and returns whether it met the other side.
    fn grow<C: GraphConnection>(&mut self, conn: &mut C, step: &Resolved<'_>, other: &Self) -> Result<bool> {
        self.depth += 1;
        let found = neighbours(conn, step, &std::mem::take(&mut self.frontier))?;
        let new: HashSet<i64> =
            found.iter().map(|edge| edge.far).filter(|node| !self.depths.contains_key(node)).collect();
        // Where both sides meet is an end of one of them, and ends are not judged.
        let (known, unknown): (Vec<i64>, Vec<i64>) = new.into_iter().partition(|node| other.depths.contains_key(node));
        let passed: HashSet<i64> = passed(conn, step, unknown)?.into_iter().chain(known).collect();
        let mut met = false;
        for edge in found {
            if passed.contains(&edge.far) {
                self.back.entry(edge.far).or_default().push(edge);
            }
        }
        for node in passed {
            met |= other.depths.contains_key(&node);
            self.depths.insert(node, self.depth);
            self.frontier.push(node);
        }
        self.frontier.sort_unstable();
        Ok(met)
    }
}

/// A path of the fewest edges from one of the starts to the target; among equal ones the one of the smallest ids.
pub(crate) fn fewest<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    step: &Step,
    starts: &[i64],
    target: i64,
) -> Result<Option<RawPath>> {
    if starts.contains(&target) {
        return Ok(exists(conn, graph, target)?.then(|| (vec![target], Vec::new())));
    }
    let reversed = Step { way: step.way.reversed(), ..step.clone() };
    let (forth, back) = (Resolved::new(graph, step)?, Resolved::new(graph, &reversed)?);
    if !ends_fit(conn, &forth, target)? {
        return Ok(None);
    }
    let (mut source, mut end) = (Side::at(starts), Side::at(&[target]));
    let most = step.most_of_paths();
    loop {
        if source.frontier.is_empty() || end.frontier.is_empty() || source.depth + end.depth >= most {
            return Ok(None);
        }
        let met = if source.frontier.len() <= end.frontier.len() {
            source.grow(conn, &forth, &end)?
        } else {
            end.grow(conn, &back, &source)?
        };
        if met {
            return Ok(Some(join(&source, &end)));
        }
    }
}

/// The target is judged like every node the step leads to.
pub(super) fn ends_fit<C: GraphConnection>(conn: &mut C, step: &Resolved<'_>, target: i64) -> Result<bool> {
    // Then no edge leads to what does not fit.
    if step.far_is_certain && step.step.ends_anywhere() {
        return Ok(true);
    }
    Ok(!listed(conn, Frontier::Ids(vec![target]).filtered(step)?)?.is_empty())
}

pub(super) fn exists<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, node: i64) -> Result<bool> {
    let statement = Statement::new("SELECT n.id FROM __metagraph_nodes AS n WHERE n.graph_id = ")
        .integer(graph.id)
        .sql(" AND n.id = ")
        .integer(node);
    Ok(run::optional::<C, i64>(conn, "looking for a node", statement)?.is_some())
}

/// Puts two sides that met together, along the smallest ids.
fn join(source: &Side, end: &Side) -> RawPath {
    let met: Vec<i64> = source.depths.keys().copied().filter(|node| end.depths.contains_key(node)).collect();
    // Which edges lead on from each node that is on some shortest path, towards where both sides met.
    let mut forth: HashMap<i64, Vec<(i64, i64)>> = HashMap::new();
    let mut layer: HashSet<i64> = met.iter().copied().collect();
    while !layer.is_empty() {
        let mut before = HashSet::new();
        for node in layer {
            for edge in source.back.get(&node).into_iter().flatten() {
                forth.entry(edge.near).or_default().push((node, edge.edge));
                before.insert(edge.near);
            }
        }
        layer = before;
    }
    let starts = source.depths.iter().filter(|(_, depth)| **depth == 0).map(|(node, _)| *node);
    let first = starts.filter(|node| forth.contains_key(node) || met.contains(node)).min();
    let Some(first) = first else { return (Vec::new(), Vec::new()) };
    let (mut nodes, mut edges, mut here) = (vec![first], Vec::new(), first);
    loop {
        let next = if end.depths.contains_key(&here) {
            end.back.get(&here).into_iter().flatten().map(|edge| (edge.near, edge.edge)).min()
        } else {
            forth.get(&here).into_iter().flatten().copied().min()
        };
        let Some((node, edge)) = next else { return (nodes, edges) };
        nodes.push(node);
        edges.push(edge);
        here = node;
    }
}

impl Step {
    /// How many edges a shortest path may have: as many as were said, or any number.
    pub(super) fn most_of_paths(&self) -> u32 {
        self.depth.map_or(u32::MAX, |(_, most)| most)
    }
}

/// The other way.
pub(crate) trait Reversed {
    fn reversed(self) -> Self;
}

impl Reversed for Way {
    fn reversed(self) -> Self {
        match self {
            Self::Out => Self::In,
            Self::In => Self::Out,
            Self::Both => Self::Both,
        }
    }
}

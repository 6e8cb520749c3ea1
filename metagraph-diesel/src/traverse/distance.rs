//! How many edges it takes from one node to another: from both ends at once, level by level, and no edge is read.

use std::collections::HashSet;

use super::chain::{Resolved, Step};
use super::expand::{Frontier, listed, passed};
use super::shortest::{Reversed, ends_fit, exists};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::open_graph::OpenGraph;

/// What was reached from one end.
struct Side {
    seen: HashSet<i64>,
    frontier: Vec<i64>,
}

impl Side {
    fn at(ends: &[i64]) -> Self {
        Self { seen: ends.iter().copied().collect(), frontier: ends.to_vec() }
    }

    /// Goes one step further, and says whether it met the other side.
    fn grow<C: GraphConnection>(&mut self, conn: &mut C, step: &Resolved<'_>, other: &Self) -> Result<bool> {
        let reached = listed(conn, Frontier::Ids(std::mem::take(&mut self.frontier)).hop(step)?)?;
        if reached.iter().any(|node| other.seen.contains(node)) {
            return Ok(true);
        }
        let new = reached.into_iter().filter(|node| !self.seen.contains(node)).collect();
        self.frontier = passed(conn, step, new)?;
        self.seen.extend(&self.frontier);
        Ok(false)
    }
}

/// The number of edges of a shortest path from any of these nodes to another.
pub(crate) fn distance<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    step: &Step,
    starts: &[i64],
    target: i64,
) -> Result<Option<u32>> {
    if starts.contains(&target) {
        return Ok(exists(conn, graph, target)?.then_some(0));
    }
    let reversed = Step { way: step.way.reversed(), ..step.clone() };
    let (forth, back) = (Resolved::new(graph, step)?, Resolved::new(graph, &reversed)?);
    if !ends_fit(conn, &forth, target)? {
        return Ok(None);
    }
    let (mut source, mut end) = (Side::at(starts), Side::at(&[target]));
    let mut length = 0;
    while length < step.most_of_paths() && !source.frontier.is_empty() && !end.frontier.is_empty() {
        length += 1;
        let met = if source.frontier.len() <= end.frontier.len() {
            source.grow(conn, &forth, &end)?
        } else {
            end.grow(conn, &back, &source)?
        };
        if met {
            return Ok(Some(length));
        }
    }
    Ok(None)
}

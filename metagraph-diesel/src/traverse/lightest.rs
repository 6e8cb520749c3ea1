//! Paths of the least weight: Dijkstra's search, which fetches the edges of everything that waits at once.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, HashSet};

use metagraph_core::query::Kind;
use metagraph_core::query::source::Source;

use super::chain::{Resolved, Step, of_edge_types};
use super::expand::{edge_condition, edges_found, passed};
use super::neighbours::Neighbour;
use super::shortest::{RawPath, ends_fit, exists};
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::query::Scope;
use crate::record;
use crate::run;
use crate::statement::Statement;

/// A path of the least weight, and that weight; among equal ones the one of fewer edges, and then of smaller ids.
pub(crate) fn lightest<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    step: &Step,
    weight: &Source,
    (starts, target): (&[i64], i64),
) -> Result<Option<(RawPath, f64)>> {
    let resolved = Resolved::new(graph, step)?;
    refuse_unusable(conn, &resolved, weight)?;
    if starts.contains(&target) {
        return Ok(exists(conn, graph, target)?.then(|| ((vec![target], Vec::new()), 0.0)));
    }
    if !ends_fit(conn, &resolved, target)? {
        return Ok(None);
    }
    let mut search = Search::from(starts);
    while let Some(Reverse(state)) = search.open.pop() {
        if search.best.get(&state.node).is_some_and(|best| best.cost < state.cost) {
            continue;
        }
        if state.node == target {
            return Ok(Some((search.path(target), state.cost.0)));
        }
        if !search.edges.contains_key(&state.node) {
            // Everything that waits is looked up together: it is likely to be next.
            let waiting = search.open.iter().map(|Reverse(state)| state.node).chain([state.node]);
            let waiting: HashSet<i64> = waiting.filter(|node| !search.edges.contains_key(node)).collect();
            search.fetch(conn, &resolved, weight, waiting.into_iter().collect())?;
        }
        search.relax(state);
    }
    Ok(None)
}

/// A cost that is never NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cost(f64);

impl Eq for Cost {}

impl PartialOrd for Cost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cost {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    cost: Cost,
    hops: u32,
    node: i64,
}

/// How a node is reached best, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Best {
    cost: Cost,
    hops: u32,
    /// The node before and the edge from it.
    from: Option<(i64, i64)>,
}

#[derive(Default)]
struct Search {
    open: BinaryHeap<Reverse<Open>>,
    best: HashMap<i64, Best>,
    edges: HashMap<i64, Vec<(Neighbour, f64)>>,
}

impl Search {
    fn from(starts: &[i64]) -> Self {
        let mut search = Self::default();
        for &node in starts {
            search.open.push(Reverse(Open { cost: Cost(0.0), hops: 0, node }));
            search.best.insert(node, Best { cost: Cost(0.0), hops: 0, from: None });
        }
        search
    }

    fn fetch<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        step: &Resolved<'_>,
        weight: &Source,
        nodes: Vec<i64>,
    ) -> Result<()> {
        let found = weighted_neighbours(conn, step, weight, &nodes)?;
        let far: HashSet<i64> = found.iter().map(|(edge, _)| edge.far).collect();
        let passed: HashSet<i64> = passed(conn, step, far.into_iter().collect())?.into_iter().collect();
        for node in nodes {
            self.edges.entry(node).or_default();
        }
        for (edge, weight) in found.into_iter().filter(|(edge, _)| passed.contains(&edge.far)) {
            self.edges.entry(edge.near).or_default().push((edge, weight));
        }
        Ok(())
    }

    fn relax(&mut self, state: Open) {
        let edges = self.edges.get(&state.node).cloned().unwrap_or_default();
        for (edge, weight) in edges {
            let cost = Cost(state.cost.0 + weight);
            let found = Best { cost, hops: state.hops + 1, from: Some((state.node, edge.edge)) };
            match self.best.get(&edge.far) {
                Some(best) if *best <= found => {}
                _ => {
                    self.best.insert(edge.far, found);
                    self.open.push(Reverse(Open { cost, hops: found.hops, node: edge.far }));
                }
            }
        }
    }

    fn path(&self, target: i64) -> RawPath {
        let (mut nodes, mut edges, mut here) = (vec![target], Vec::new(), target);
        while let Some((node, edge)) = self.best.get(&here).and_then(|best| best.from) {
            nodes.push(node);
            edges.push(edge);
            here = node;
        }
        nodes.reverse();
        edges.reverse();
        (nodes, edges)
    }
}

fn weighted_neighbours<C: GraphConnection>(
    conn: &mut C,
    step: &Resolved<'_>,
    weight: &Source,
    nodes: &[i64],
) -> Result<Vec<(Neighbour, f64)>> {
    let [kind] = step.kinds.as_slice() else { return Err(Scope::invalid("a weight belongs to one edge type")) };
    let scope = Scope::edge(step.graph, "e", kind);
    let (before, after) = C::Db::NUMBER_TEXT;
    let arm = |(near, far, kinds): (FoundBy, &'static str, &[i64])| {
        let statement = Statement::new("SELECT ids.id, ").sql(far).sql(", e.id, ").sql(before);
        let statement = scope.value(statement, weight, Kind::Number)?.sql(after).sql(" FROM ").ids(nodes);
        edges_found::<C::Db>(statement, step, near, kinds)
    };
    let mut arms = step.arms();
    let Some(first) = arms.next() else { return Ok(Vec::new()) };
    let statement = match arms.next() {
        None => arm(first)?,
        Some(second) => {
            let statement = arm(first)?.sql(" UNION ALL ");
            statement.append(arm(second)?).sql(" AND e.source_id <> e.target_id")
        }
    };
    let mut found = run::each(conn, "following edges", statement, |row| {
        let edge =
            Neighbour { near: record::integer(row, 0)?, far: record::integer(row, 1)?, edge: record::integer(row, 2)? };
        let weight = record::optional_number::<C::Db, _>(row, 3, |text| Ok(text.unwrap_or("0").parse::<f64>()?))?;
        Ok((edge, weight))
    })?;
    found.sort_unstable_by_key(|(edge, _)| *edge);
    Ok(found)
}

/// Refuses weights that no search can use, before it begins.
fn refuse_unusable<C: GraphConnection>(conn: &mut C, step: &Resolved<'_>, weight: &Source) -> Result<()> {
    let [kind] = step.kinds.as_slice() else { return Err(Scope::invalid("a weight belongs to one edge type")) };
    let scope = Scope::edge(step.graph, "e", kind);
    let (statement, _) = scope.selected(Statement::new("SELECT e.id, "), weight)?;
    let statement = statement.sql(" FROM __metagraph_edges AS e WHERE e.graph_id = ").integer(step.graph.id);
    let statement = of_edge_types(statement.sql(" AND "), "e", &[kind.id]);
    let statement = edge_condition(statement, step, "e")?;
    let statement = scope.value(statement.sql(" AND ("), weight, Kind::Number)?.sql(" IS NULL OR ");
    let statement = scope.value(statement, weight, Kind::Number)?.sql(" < 0) ORDER BY e.id LIMIT 1");
    let found = run::each(conn, "checking weights", statement, |row| {
        let weight = record::optional_json::<C::Db, _>(row, 1, |text| Ok(text.map(str::to_owned)))?;
        Ok((record::integer::<C::Db>(row, 0)?, weight))
    })?;
    match found.into_iter().next() {
        None => Ok(()),
        Some((id, weight)) => Err(Error::InvalidWeight { edge: kind.name.clone(), id, weight }),
    }
}

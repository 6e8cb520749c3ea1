//! Whether new edges close a cycle: the edges reachable from their targets are read, and searched in memory.

use std::collections::{HashMap, HashSet};

use super::Scope;
use super::label::Labels;
use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// Refuses new edges (source, target) that are stored already and close a cycle with others of their sets.
///
/// The caller has made other writers of the graph wait.
pub(crate) fn refuse<C: GraphConnection>(
    conn: &mut C,
    scope: Scope<'_>,
    kind: &EdgeKind,
    edges: &[(i64, i64)],
) -> Result<()> {
    for set in &kind.acyclic {
        if let Some(cycle) = find(conn, scope.graph, set, edges)? {
            let labels = Labels::read(conn, scope, cycle.clone())?;
            let path = cycle.into_iter().map(|id| labels.label(id)).collect();
            return Err(Error::Cycle { edge: kind.name.clone(), path });
        }
    }
    Ok(())
}

/// Follows stored edges of the types in `set` from the targets of new edges, level by level.
fn find<C: GraphConnection>(conn: &mut C, graph: i64, set: &[i64], new: &[(i64, i64)]) -> Result<Option<Vec<i64>>> {
    let sources: HashSet<i64> = new.iter().map(|&(source, _)| source).collect();
    let mut seen: HashSet<i64> = new.iter().map(|&(_, target)| target).collect();
    let mut frontier: Vec<i64> = seen.iter().copied().collect();
    let mut reached: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut meets_a_source = frontier.iter().any(|node| sources.contains(node));
    while !frontier.is_empty() {
        let statement = Statement::new("SELECT e.source_id, e.target_id FROM ")
            .join_ids(std::mem::take(&mut frontier))
            .sql("__metagraph_edges AS e WHERE e.source_id = ids.id AND e.graph_id = ")
            .integer(graph)
            .sql(" AND e.edge_type_id")
            .one_of(set);
        let level: Vec<(i64, i64)> = run::all(conn, "looking for a cycle", statement)?;
        for (source, target) in level {
            reached.entry(source).or_default().push(target);
            meets_a_source |= sources.contains(&target);
            if seen.insert(target) {
                frontier.push(target);
            }
        }
    }
    // A cycle through a new edge comes back to its source.
    if !meets_a_source {
        return Ok(None);
    }
    for targets in reached.values_mut() {
        targets.sort_unstable();
    }
    let mut starts: Vec<i64> = sources.into_iter().collect();
    starts.sort_unstable();
    Ok(cycle_from(&starts, &reached))
}

/// A cycle that is met from the starts, each node looked at once; it begins at the smallest start on it.
fn cycle_from(starts: &[i64], edges: &HashMap<i64, Vec<i64>>) -> Option<Vec<i64>> {
    let next = |node: i64| edges.get(&node).map_or(&[][..], Vec::as_slice).iter();
    let mut visited = HashSet::new();
    let mut on_path = HashSet::new();
    for &start in starts.iter().filter(|start| edges.contains_key(start)) {
        if !visited.insert(start) {
            continue;
        }
        on_path.insert(start);
        let mut path = vec![(start, next(start))];
        while let Some((node, targets)) = path.last_mut() {
            match targets.next() {
                Some(target) if on_path.contains(target) => {
                    let cycle = path.iter().map(|&(node, _)| node).skip_while(|node| node != target);
                    return Some(closed(cycle.collect(), starts));
                }
                Some(&target) => {
                    if visited.insert(target) {
                        on_path.insert(target);
                        path.push((target, next(target)));
                    }
                }
                None => {
                    on_path.remove(node);
                    path.pop();
                }
            }
        }
    }
    None
}

/// Turns a cycle to its smallest start, and ends it there.
fn closed(mut cycle: Vec<i64>, starts: &[i64]) -> Vec<i64> {
    let first =
        cycle.iter().enumerate().filter(|(_, node)| starts.binary_search(node).is_ok()).min_by_key(|(_, node)| **node);
    let place = first.map_or(0, |(place, _)| place);
    cycle.rotate_left(place);
    cycle.extend(cycle.first().copied());
    cycle
}

//! Whether new edges close a cycle: the edges reachable from their targets are read, and searched in memory.

use std::collections::{HashMap, HashSet};

use super::label::Labels;
use crate::backend::{FoundBy, GraphConnection};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// Refuses new edges (source, target) that are stored already and close a cycle with others of their sets.
///
/// The caller has made other writers of the graph wait.
pub(crate) fn refuse<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edges: &[(i64, i64)],
) -> Result<()> {
    for set in &kind.acyclic {
        if let Some(cycle) = find(conn, graph.id, set, edges)? {
            let labels = Labels::read(conn, graph, cycle.clone())?;
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
        let statement = Statement::new("SELECT e.source_id, e.target_id FROM ").by_ids(
            FoundBy::Source,
            graph,
            std::mem::take(&mut frontier),
            |statement| statement.sql(" AND e.edge_type_id").of_types(set),
        );
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
    Ok(search(&starts, &reached))
}

/// A cycle that can be reached from `starts`, searched depth first without recursion; every node is looked at once.
fn search(starts: &[i64], edges: &HashMap<i64, Vec<i64>>) -> Option<Vec<i64>> {
    let next = |node: i64| edges.get(&node).map_or(&[][..], Vec::as_slice).iter();
    let mut visited = HashSet::new();
    for &start in starts {
        if !visited.insert(start) {
            continue;
        }
        let mut path = vec![(start, next(start))];
        let mut on_path = HashSet::from([start]);
        while let Some((node, targets)) = path.last_mut() {
            match targets.next() {
                Some(target) if on_path.contains(target) => {
                    let along = path.iter().map(|&(node, _)| node).skip_while(|node| node != target);
                    return Some(along.chain([*target]).collect());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(i64, i64)]) -> HashMap<i64, Vec<i64>> {
        let mut edges: HashMap<i64, Vec<i64>> = HashMap::new();
        for &(source, target) in pairs {
            edges.entry(source).or_default().push(target);
        }
        edges
    }

    #[test]
    fn a_cycle_is_told_from_where_it_begins() {
        assert_eq!(search(&[1], &edges(&[(1, 2), (2, 3), (3, 2)])), Some(vec![2, 3, 2]));
        assert_eq!(search(&[7], &edges(&[(7, 7)])), Some(vec![7, 7]));
    }

    #[test]
    fn what_is_reached_twice_is_no_cycle() {
        assert_eq!(search(&[1, 2], &edges(&[(1, 2), (1, 3), (2, 4), (3, 4)])), None);
    }

    /// Quadratic work on this chain would take minutes.
    #[test]
    fn a_long_chain_given_as_one_batch_is_searched_once() {
        let pairs: Vec<_> = (0..300_000).map(|node| (node, node + 1)).collect();
        let starts: Vec<_> = (0..300_000).rev().collect();
        assert_eq!(search(&starts, &edges(&pairs)), None);
    }
}

//! What somebody writes who knows SQL and has no library: the fastest statements we know for each question.

pub mod postgres;
pub mod sqlite;

use std::collections::HashSet;

/// Node types, as the floors number them.
const PERSON: i64 = 1;
const POST: i64 = 2;
const LISTED: i64 = 3;

/// Edge types, as the floors number them.
const KNOWS: i64 = 1;
const AUTHORED: i64 = 2;
const LIKES: i64 = 3;

/// The graphs.
const NETWORK: i64 = 1;
const LIST: i64 = 2;

/// Everything within so many steps of `start`, itself left out, given what is next to a list of nodes.
fn within(start: i64, steps: usize, mut next: impl FnMut(&[i64]) -> Vec<i64>) -> usize {
    let mut seen = HashSet::from([start]);
    let mut frontier = vec![start];
    for _ in 0..steps {
        let reached = next(&frontier);
        frontier = reached.into_iter().filter(|node| seen.insert(*node)).collect();
    }
    seen.len() - 1
}

/// The length of a shortest path, searched from both ends, given what is next to a list of nodes in either direction.
fn distance(from: i64, to: i64, longest: usize, mut next: impl FnMut(&[i64], bool) -> Vec<i64>) -> Option<usize> {
    if from == to {
        return Some(0);
    }
    let (mut seen, mut frontiers) = ([HashSet::from([from]), HashSet::from([to])], [vec![from], vec![to]]);
    for length in 1..=longest {
        let [forth, back] = &frontiers;
        let forward = forth.len() <= back.len();
        let ([frontier, _], [own, other]) = (&mut frontiers, &mut seen);
        let (frontier, own, other) = if forward { (frontier, own, other) } else { (&mut frontiers[1], other, own) };
        let reached = next(frontier, forward);
        frontier.clear();
        for node in reached {
            if other.contains(&node) {
                return Some(length);
            }
            if own.insert(node) {
                frontier.push(node);
            }
        }
        if frontier.is_empty() {
            return None;
        }
    }
    None
}

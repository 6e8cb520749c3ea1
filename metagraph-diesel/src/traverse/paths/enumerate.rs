//! Ways put together in memory, and counted. Nothing here calls itself: a way may be longer than a stack is deep.

use std::collections::{HashMap, HashSet};
use std::vec::IntoIter;

use super::{Map, Once, Path, State};

/// A way that is not at its end yet.
struct Way {
    nodes: Vec<i64>,
    edges: Vec<i64>,
}

impl Way {
    fn repeats(&self, once: Once, node: i64, edge: i64) -> bool {
        match once {
            Once::Nodes => self.nodes.contains(&node),
            Once::Edges => self.edges.contains(&edge),
            Once::Nothing => false,
        }
    }
}

impl Map<'_> {
    fn starting(&self) -> Vec<State> {
        self.starts.iter().map(|&node| State { step: 0, hops: 0, node }).collect()
    }

    /// What one hop from here leads to, and along which edges, in the order of ids.
    fn hops(&self, state: State) -> Vec<(State, i64)> {
        let mut hops: Vec<(State, i64)> = Vec::new();
        for moved in self.moves(state) {
            let edges = self.edges.get(&(moved.step, state.node)).into_iter().flatten();
            hops.extend(edges.map(|edge| (State { node: edge.far, ..moved }, edge.edge)));
        }
        hops.sort_unstable_by_key(|(state, edge)| (state.node, *edge, state.step));
        hops
    }

    /// How many ways there are, whatever they have twice.
    pub(crate) fn count(&self) -> u64 {
        let mut ways: u64 = 0;
        let mut layer: HashMap<State, u64> = self.starting().into_iter().map(|state| (state, 1)).collect();
        for hops in 0..=self.most {
            let mut next: HashMap<State, u64> = HashMap::new();
            for (state, count) in layer {
                if self.accepts(state) {
                    ways = ways.saturating_add(count);
                }
                let further = if hops < self.most { self.hops(state) } else { Vec::new() };
                for (far, _) in further {
                    let known = next.entry(far).or_default();
                    *known = known.saturating_add(count);
                }
            }
            if next.is_empty() || ways == u64::MAX {
                break;
            }
            layer = next;
        }
        ways
    }

    /// The ways, shortest first, and in the order of ids among the ones of a length.
    pub(crate) fn paths<E>(mut self, once: Once, limit: usize) -> Vec<Path<E>> {
        let mut found = Vec::new();
        let starts = self.starting();
        let least = self.steps.iter().fold(0_u32, |least, step| least.saturating_add(step.step.least()));
        let mut layer: HashSet<State> = starts.iter().copied().collect();
        for length in 0..=self.longest(once) {
            if found.len() >= limit || layer.is_empty() {
                break;
            }
            if length >= least {
                for &start in &starts {
                    self.walk(start, length, once, limit, &mut found);
                }
                // Ways of another length have little in common with these.
                self.leads.clear();
            }
            layer = layer.into_iter().flat_map(|state| self.hops(state)).map(|(far, _)| far).collect();
        }
        found
    }

    /// How many hops a way can have that has nothing twice.
    fn longest(&self, once: Once) -> u32 {
        let edges = self.edges.values().flatten();
        let different: HashSet<i64> = match once {
            Once::Nodes => edges.map(|edge| edge.far).collect(),
            Once::Edges => edges.map(|edge| edge.edge).collect(),
            Once::Nothing => return self.most,
        };
        self.most.min(u32::try_from(different.len()).unwrap_or(u32::MAX))
    }

    fn walk<E>(&mut self, start: State, length: u32, once: Once, limit: usize, found: &mut Vec<Path<E>>) {
        if !self.leads(start, length) {
            return;
        }
        let mut way = Way { nodes: vec![start.node], edges: Vec::new() };
        if length == 0 {
            found.push(Path::from_raw(way.nodes, way.edges));
            return;
        }
        let mut open: Vec<(IntoIter<(State, i64)>, u32)> = vec![(self.hops(start).into_iter(), length - 1)];
        while let Some((hops, left)) = open.last_mut() {
            if found.len() >= limit {
                return;
            }
            let left = *left;
            let Some((next, edge)) = hops.next() else {
                open.pop();
                way.nodes.pop();
                way.edges.pop();
                continue;
            };
            if way.repeats(once, next.node, edge) || !self.leads(next, left) {
                continue;
            }
            way.nodes.push(next.node);
            way.edges.push(edge);
            if left == 0 {
                found.push(Path::from_raw(way.nodes.clone(), way.edges.clone()));
                way.nodes.pop();
                way.edges.pop();
            } else {
                open.push((self.hops(next).into_iter(), left - 1));
            }
        }
    }

    /// Whether exactly `left` more hops can lead to an end.
    fn leads(&mut self, state: State, left: u32) -> bool {
        let mut open = vec![(state, left)];
        while let Some(&(here, left)) = open.last() {
            if self.known(here, left).is_some() {
                open.pop();
                continue;
            }
            let further: HashSet<State> = self.hops(here).into_iter().map(|(far, _)| far).collect();
            let mut unknown = Vec::new();
            let mut leads = false;
            for far in further {
                match self.known(far, left - 1) {
                    Some(known) => leads |= known,
                    None => unknown.push((far, left - 1)),
                }
            }
            if leads || unknown.is_empty() {
                self.leads.insert((here, left), leads);
                open.pop();
            } else {
                open.append(&mut unknown);
            }
        }
        self.known(state, left).unwrap_or_default()
    }

    fn known(&self, state: State, left: u32) -> Option<bool> {
        if left == 0 { Some(self.accepts(state)) } else { self.leads.get(&(state, left)).copied() }
    }
}

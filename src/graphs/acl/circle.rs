//! The principals around one, in memory: whose grants it has, and by which way.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use metagraph::prelude::*;
use metagraph::traverse::Closed;
use metagraph::{query, row};

use super::edges::{BelongsTo, Delegates};
use super::stored::{Acl, Principal};

/// A way on from a principal, to one whose grants it has, too.
#[derive(Debug)]
pub(super) enum Link {
    /// It belongs to the other.
    Member { tuple: Option<String> },
    /// It acts for the other.
    Delegate(Delegates),
}

/// A principal as something is asked of it: what it may do itself, or what it may delegate on.
///
/// Whatever came by a delegation that is not narrowable may be used and not delegated on, so these are two questions.
pub(super) type State = (i64, bool);

/// Principals, and what links each to those whose grants it has.
#[derive(Debug, Default)]
pub(super) struct Circle {
    principals: HashMap<i64, Principal>,
    links: HashMap<i64, Vec<(i64, Link)>>,
}

impl Circle {
    /// What the closure of principals holds, along memberships and against delegations.
    pub(super) fn new(closed: Closed<Principal>) -> metagraph::Result<Self> {
        let mut circle = Self::default();
        circle.principals.extend(closed.nodes.into_iter().map(|node| (node.id.raw(), node.value)));
        for edge in closed.edges {
            let (from, to, link) = match edge.edge_type.as_str() {
                BelongsTo::NAME => {
                    (edge.source, edge.target, Link::Member { tuple: decoded::<BelongsTo>(edge.attributes)?.tuple })
                }
                Delegates::NAME => (edge.target, edge.source, Link::Delegate(decoded(edge.attributes)?)),
                _ => continue,
            };
            circle.links.entry(from).or_default().push((to, link));
        }
        Ok(circle)
    }

    /// Those who are there and not suspended.
    fn active(&self, id: i64) -> Option<&Principal> {
        self.principals.get(&id).filter(|principal| principal.status.is_active())
    }

    pub(super) fn key(&self, id: i64) -> &str {
        self.principals.get(&id).map_or("", |principal| principal.id.as_str())
    }

    pub(super) fn id(&self, key: &str) -> Option<i64> {
        self.principals.iter().find(|(_, principal)| principal.id == key).map(|(id, _)| *id)
    }

    fn links(&self, id: i64) -> &[(i64, Link)] {
        self.links.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Where a question goes on from a principal.
    fn next(&self, (id, onward): State) -> impl Iterator<Item = (State, &Link)> {
        self.links(id).iter().filter_map(move |(to, link)| match link {
            Link::Member { .. } => Some(((*to, onward), link)),
            Link::Delegate(delegates) if delegates.narrowable || !onward => Some(((*to, true), link)),
            Link::Delegate(_) => None,
        })
    }

    /// Everybody whose grants are asked when the start is asked, each by the shortest way; only delegations that `pass` are
    /// followed, and a suspended principal ends its ways.
    pub(super) fn reach(&self, starts: &[i64], onward: bool, pass: impl Fn(&Delegates) -> bool) -> Reach {
        let mut reach = Reach::default();
        let mut open: VecDeque<(State, Option<State>)> = starts.iter().map(|&id| ((id, onward), None)).collect();
        while let Some((state, before)) = open.pop_front() {
            let known = reach.before.contains_key(&state) || reach.before.contains_key(&(state.0, false));
            if known || self.active(state.0).is_none() {
                continue;
            }
            reach.before.insert(state, before);
            reach.order.push(state);
            for (next, link) in self.next(state) {
                match link {
                    Link::Delegate(delegates) if !pass(delegates) => {}
                    _ => open.push_back((next, Some(state))),
                }
            }
        }
        reach
    }

    /// The link between two states of a way; of several the first one.
    pub(super) fn link(&self, from: State, to: State, pass: impl Fn(&Delegates) -> bool) -> Option<&Link> {
        self.next(from).filter(|(next, _)| *next == to).map(|(_, link)| link).find(|link| match link {
            Link::Delegate(delegates) => pass(delegates),
            Link::Member { .. } => true,
        })
    }

    /// What each principal has and may delegate on: the least sets for which it holds that everybody has its own, what its
    /// groups have, and what is narrowed of what its delegators may delegate on. Sets only grow, so it ends, also on cycles.
    pub(super) fn effective<T: Ord + Clone>(
        &self,
        start: State,
        own: impl Fn(i64, &Principal) -> BTreeSet<T>,
        narrowed: impl Fn(&Delegates, &BTreeSet<T>) -> BTreeSet<T>,
    ) -> BTreeSet<T> {
        let (mut states, mut open) = (HashSet::from([start]), vec![start]);
        let mut dependents: HashMap<State, Vec<(State, &Link)>> = HashMap::new();
        while let Some(state) = open.pop() {
            if self.active(state.0).is_none() {
                continue;
            }
            for (next, link) in self.next(state) {
                dependents.entry(next).or_default().push((state, link));
                if states.insert(next) {
                    open.push(next);
                }
            }
        }
        let mut sets: HashMap<State, BTreeSet<T>> = HashMap::new();
        let mut grown: Vec<State> = states.into_iter().filter(|state| self.active(state.0).is_some()).collect();
        for &state in &grown {
            if let Some(principal) = self.active(state.0) {
                sets.insert(state, own(state.0, principal));
            }
        }
        while let Some(state) = grown.pop() {
            let Some(set) = sets.get(&state).cloned() else { continue };
            for (dependent, link) in dependents.get(&state).into_iter().flatten() {
                let gained = match link {
                    Link::Member { .. } => set.clone(),
                    Link::Delegate(delegates) => narrowed(delegates, &set),
                };
                let known = sets.entry(*dependent).or_default();
                let before = known.len();
                known.extend(gained);
                if known.len() > before {
                    grown.push(*dependent);
                }
            }
        }
        sets.remove(&start).unwrap_or_default()
    }
}

/// Who was reached, in the order of distance, and from where.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub(super) order: Vec<State>,
    before: HashMap<State, Option<State>>,
}

impl Reach {
    /// Whose grants are asked.
    pub(super) fn ids(&self) -> HashSet<i64> {
        self.order.iter().map(|(id, _)| *id).collect()
    }

    /// The states from a start to this one.
    pub(super) fn way(&self, to: State) -> Vec<State> {
        let mut way = vec![to];
        let mut here = to;
        while let Some(Some(before)) = self.before.get(&here) {
            way.push(*before);
            here = *before;
        }
        way.reverse();
        way
    }
}

/// Reads the attributes of an edge.
pub(super) fn decoded<E: EdgeType + serde::de::DeserializeOwned>(
    attributes: serde_json::Value,
) -> metagraph::Result<E> {
    serde_json::from_value(attributes)
        .map_err(|source| metagraph::Error::Decode { element: E::NAME.to_owned(), source })
}

/// The closure of these principals: those whose grants they may have.
pub(super) fn around<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Acl>,
    keys: &[&str],
) -> metagraph::Result<Closed<Principal>> {
    closure(graph, keys).load(conn)
}

/// The same before it is asked.
pub(super) fn closure<'g>(graph: &'g Graph<Acl>, keys: &[&str]) -> metagraph::traverse::Closure<'g, Acl, Principal> {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let named = graph.nodes::<Principal>().filter(|_| query::key().is_in(keys));
    graph.from_all(named).closure().out::<BelongsTo>().in_::<Delegates>()
}

/// Those rows of a closure that were there before and behind something else that was read: all of them held meanwhile.
pub(super) fn held(mut behind: Closed<Principal>, before: &Closed<Principal>) -> Closed<Principal> {
    let nodes: HashSet<(i64, i64)> = before.nodes.iter().map(|node| (node.id.raw(), node.version)).collect();
    let edges: HashSet<(i64, i64)> = before.edges.iter().map(|edge: &row::Edge| (edge.id, edge.version)).collect();
    behind.nodes.retain(|node| nodes.contains(&(node.id.raw(), node.version)));
    behind.edges.retain(|edge| edges.contains(&(edge.id, edge.version)));
    behind
}

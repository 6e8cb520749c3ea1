//! What one statement read, and what follows of it.

use std::collections::{HashMap, HashSet};

use metagraph::prelude::*;

use super::circle::{Circle, Link, Reach, State};
use super::edges::Delegates;
use super::kinds::Action;
use super::places::Places;
use super::stored::Resources;
use super::why::{Step, Why};

/// A principal was granted something with a resource.
#[derive(Debug)]
pub(super) struct Grant {
    principal: i64,
    resource: i64,
    tuple: Option<String>,
}

impl Grant {
    pub(super) fn new<E>(edge: &Edge<E>, tuple: Option<String>) -> Self {
        Self { principal: edge.source.raw(), resource: edge.target.raw(), tuple }
    }
}

/// Which delegations let an action on a resource through: those that name it, its type, or what contains it.
#[derive(Debug)]
pub(super) struct Covered {
    action: Action,
    names: HashSet<String>,
}

impl Covered {
    pub(super) const fn new(action: Action, names: HashSet<String>) -> Self {
        Self { action, names }
    }

    pub(super) fn pass(&self, delegates: &Delegates) -> bool {
        delegates.narrowed_resources.as_ref().is_some_and(|narrowed| self.names_any(narrowed))
    }

    fn names_any(&self, narrowed: &Resources) -> bool {
        let mut named = narrowed.iter().filter(|(key, _)| self.names.contains(*key));
        named.any(|(_, actions)| actions.iter().any(|action| action == self.action.as_str()))
    }
}

/// The end of a way that was found.
#[derive(Debug)]
enum Found {
    /// Somebody who was reached has the grant at this place.
    Grant(State, usize),
    /// Somebody who was reached is the one that was asked for.
    Principal(State),
    /// The resource with this id contains the one that was asked for, and is where it began.
    Resource(i64),
}

/// Who is around a principal, what is around a resource, and the grants between.
#[derive(Debug)]
pub(super) struct Decision {
    circle: Circle,
    places: Places,
    grants: Vec<Grant>,
    covered: Option<Covered>,
    reach: Reach,
    found: Option<Found>,
}

impl Decision {
    pub(super) fn new(circle: Circle, places: Places, grants: Vec<Grant>) -> Self {
        Self { circle, places, grants, covered: None, reach: Reach::default(), found: None }
    }

    /// Decides it for principals; where nothing says what delegations cover, none is followed.
    pub(super) fn of(mut self, principals: &[&str], onward: bool, covered: Option<Covered>) -> Self {
        self.covered = covered;
        let starts: Vec<i64> = principals.iter().filter_map(|key| self.circle.id(key)).collect();
        self.reach = self.circle.reach(&starts, onward, |delegates| self.pass(delegates));
        let mut granted = HashMap::new();
        for (place, grant) in self.grants.iter().enumerate().rev() {
            granted.insert(grant.principal, place);
        }
        let mut reached = self.reach.order.iter();
        self.found = reached.find_map(|state| granted.get(&state.0).map(|place| Found::Grant(*state, *place)));
        self
    }

    /// The same, and being one of these principals is enough, too.
    pub(super) fn or_being(mut self, principals: &[String]) -> Self {
        if self.found.is_none() {
            let ids: HashSet<i64> = principals.iter().filter_map(|key| self.circle.id(key)).collect();
            let found = self.reach.order.iter().find(|state| ids.contains(&state.0));
            self.found = found.map(|state| Found::Principal(*state));
        }
        self
    }

    /// The same, and a resource that contains what was asked for is enough, too.
    pub(super) fn or_containing(mut self, resource: Option<&str>) -> Self {
        if self.found.is_none() {
            self.found = resource.and_then(|key| self.places.id(key)).map(Found::Resource);
        }
        self
    }

    fn pass(&self, delegates: &Delegates) -> bool {
        self.covered.as_ref().is_some_and(|covered| covered.pass(delegates))
    }

    pub(super) const fn is_allowed(&self) -> bool {
        self.found.is_some()
    }

    /// The steps of the way, with what a grant is called.
    pub(super) fn why(&self, grant: impl Fn(String, String, Option<String>) -> Step) -> Option<Why> {
        let (state, granted) = match self.found.as_ref()? {
            Found::Grant(state, place) => (*state, self.grants.get(*place)),
            Found::Principal(state) => (*state, None),
            Found::Resource(id) => return Some(Why { steps: self.places.way_down(*id) }),
        };
        let way = self.reach.way(state);
        let mut steps: Vec<Step> = way.iter().zip(way.iter().skip(1)).map(|(from, to)| self.step(*from, *to)).collect();
        if let Some(Grant { principal, resource, tuple }) = granted {
            let (principal, container) = (self.circle.key(*principal), self.places.key(*resource));
            steps.push(grant(principal.to_owned(), container.to_owned(), tuple.clone()));
            steps.extend(self.places.way_down(*resource));
        }
        Some(Why { steps })
    }

    fn step(&self, from: State, to: State) -> Step {
        let (one, other) = (self.circle.key(from.0).to_owned(), self.circle.key(to.0).to_owned());
        match self.circle.link(from, to, |delegates| self.pass(delegates)) {
            Some(Link::Delegate(_)) => Step::ActsFor { delegate: one, delegator: other },
            Some(Link::Member { tuple }) => Step::BelongsTo { member: one, group: other, tuple: tuple.clone() },
            None => Step::BelongsTo { member: one, group: other, tuple: None },
        }
    }
}

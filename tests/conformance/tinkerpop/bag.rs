//! Walkers of a traversal, before anything was asked of a database.

use std::collections::BTreeMap;

use metagraph::prelude::*;
use serde_json::Value;

use super::condition::{Condition, Way};
use super::vocabulary::{Label, with_edge};

/// Why a traversal is not translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// It makes lists, maps or side effects, and goes on from what is in them.
    Lists,
    /// It names what is not there: an edge type, an attribute, a stop; or asks nothing.
    Names,
    /// It joins several ways, or compares the stops of one.
    Patterns,
    /// It goes on from single attributes, or from all of them, as values with a life of their own.
    Properties,
    /// It repeats something other than a hop, or ends where another traversal says.
    Repeats,
    /// It has a step that no query has: a regular expression, a tree.
    Steps,
    /// It has a traversal from where it is in the place of a value.
    Traversals,
    /// It orders, bounds or groups walks, of which several may end alike, or leaves out some of them.
    Walks,
}

pub(super) type Outcome<T> = Result<T, Reason>;

/// Where a walker stands, or stood: at the start, or behind so many hops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Node(usize),
    Edge(usize),
    /// At both ends of an edge, one after the other.
    Ends(usize),
}

/// One hop, or several of a kind.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) labels: Vec<Label>,
    pub(super) way: Way,
    pub(super) least: u32,
    pub(super) most: u32,
    pub(super) edge: Condition,
    pub(super) node: Condition,
    pub(super) optional: bool,
}

impl Hop {
    pub(super) fn is_single(&self) -> bool {
        self.least == 1 && self.most == 1
    }
}

/// What is shown of one stop.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum By {
    Element,
    Attribute(String),
    Label,
    Id,
}

/// What is shown of a walk.
#[derive(Debug, Clone)]
pub(super) enum View {
    Element,
    /// Attributes, as walkers of their own.
    Values(Vec<String>),
    Label,
    Id,
    Constant(Value),
    /// The stops between two places, each in its way by turns.
    Path(Vec<By>, Option<(Place, Place)>),
    /// The stops, and at the end an attribute.
    PathTo(String),
    Select(Vec<(String, Place)>, Vec<By>),
    ValueMap(Vec<String>),
    ElementMap,
}

/// Walkers that start and hop alike.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is about something else")]
pub(super) struct Branch {
    pub(super) start: Condition,
    /// The edges to start at instead of vertices.
    pub(super) edges: Option<Vec<Label>>,
    pub(super) order: Vec<(String, bool)>,
    pub(super) hops: Vec<Hop>,
    pub(super) here: Place,
    pub(super) names: BTreeMap<String, Place>,
    /// The hops whose edges are stops of a path.
    pub(super) stops_at_edges: Vec<usize>,
    /// No vertex twice on a walk.
    pub(super) simple: bool,
    pub(super) limit: Option<u32>,
    pub(super) offset: u64,
    /// Answers come backwards, as the last ones were asked for.
    pub(super) backwards: bool,
    pub(super) view: View,
    /// Where the walkers came from is not known any more.
    pub(super) anew: bool,
    /// The walkers are one list.
    pub(super) folded: bool,
    /// So many walkers start at each vertex.
    pub(super) copies: usize,
}

impl Branch {
    pub(super) fn new() -> Self {
        Self {
            start: Condition::ALWAYS,
            edges: None,
            order: Vec::new(),
            hops: Vec::new(),
            here: Place::Node(0),
            names: BTreeMap::new(),
            stops_at_edges: Vec::new(),
            simple: false,
            limit: None,
            offset: 0,
            backwards: false,
            view: View::Element,
            anew: false,
            folded: false,
            copies: 1,
        }
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.limit.is_some() || self.offset > 0
    }

    /// The last vertex of a walk.
    pub(super) fn end(&self) -> Place {
        Place::Node(self.hops.len())
    }

    pub(super) fn hop(&mut self, labels: Vec<Label>, way: Way, to_edge: bool) -> Outcome<()> {
        if self.edges.is_some() || self.here != self.end() || self.simple {
            return Err(Reason::Patterns);
        }
        let always = Condition::ALWAYS;
        self.hops.push(Hop { labels, way, least: 1, most: 1, edge: always.clone(), node: always, optional: false });
        self.here = self.end();
        if to_edge {
            self.here = Place::Edge(self.hops.len());
            self.stops_at_edges.push(self.hops.len());
        }
        Ok(())
    }

    /// Only walkers of which this holds where they are.
    pub(super) fn filter(&mut self, condition: Condition) -> Outcome<()> {
        self.filter_at(self.here, condition)
    }

    /// Only walkers that have an attribute at a place; what every type has there needs no query.
    pub(super) fn require(&mut self, place: Place, name: &str) -> Outcome<()> {
        let has =
            |label: &Label| with_edge!(label, E => E::DEFINITION.element.fields.iter().any(|field| field.name == name));
        let certain = match place {
            Place::Edge(_) if self.edges.is_some() => self.edges.iter().flatten().all(has),
            Place::Edge(at) => self.hops.get(at - 1).is_some_and(|hop| hop.labels.iter().all(has)),
            Place::Node(_) | Place::Ends(_) => name == "name",
        };
        if certain { Ok(()) } else { self.filter_at(place, Condition::Missing(name.to_owned()).negated()) }
    }

    pub(super) fn filter_at(&mut self, place: Place, condition: Condition) -> Outcome<()> {
        if condition == Condition::ALWAYS {
            return Ok(());
        }
        if self.is_bounded() {
            return Err(Reason::Walks);
        }
        if place == self.end() && self.hops.last().is_some_and(|hop| !hop.is_single()) {
            self.split_last()?;
            return self.filter_at(self.end(), condition);
        }
        let kept = match place {
            Place::Node(0) if self.edges.is_none() => &mut self.start,
            Place::Edge(1) if self.edges.is_some() => &mut self.start,
            Place::Node(at) => &mut self.hops.get_mut(at - 1).ok_or(Reason::Walks)?.node,
            Place::Edge(at) => &mut self.hops.get_mut(at - 1).ok_or(Reason::Walks)?.edge,
            Place::Ends(_) => return Err(Reason::Walks),
        };
        let known = std::mem::replace(kept, Condition::ALWAYS);
        *kept = known.and(condition);
        Ok(())
    }

    /// Makes the last of several hops one of its own, so that what holds of it need not hold of the others.
    fn split_last(&mut self) -> Outcome<()> {
        let last = self.hops.last_mut().ok_or(Reason::Steps)?;
        if last.least == 0 {
            return Err(Reason::Repeats);
        }
        let single = Hop { least: 1, most: 1, ..last.clone() };
        (last.least, last.most) = (last.least - 1, last.most - 1);
        if last.most == 0 {
            self.hops.pop();
        }
        self.hops.push(single);
        self.here = self.end();
        Ok(())
    }
}

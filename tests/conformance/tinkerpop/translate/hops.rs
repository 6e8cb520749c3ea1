//! Hops, and what chooses between them.

use metagraph::GraphConnection;

use super::{Flow, Translator, chain, is_element, walkers};
use crate::tinkerpop::bag::{Branch, Outcome, Place, Reason, View};
use crate::tinkerpop::condition::Way;
use crate::tinkerpop::syntax::{Chain, Step, Term};
use crate::tinkerpop::vocabulary::Label;

impl<C: GraphConnection> Translator<'_, C> {
    /// The edge types of a hop: all of them where none is named.
    pub(super) fn labels(&mut self, terms: &[Term]) -> Outcome<Vec<Label>> {
        if terms.is_empty() {
            return Ok(self.world.labels.to_vec());
        }
        let mut names = Vec::new();
        for term in terms {
            names.push(self.one(term)?);
        }
        if names.iter().any(|name| self.world.labels.iter().all(|label| name != label.name())) {
            return Err(Reason::Names);
        }
        Ok(self.world.labels.iter().copied().filter(|label| names.iter().any(|name| name == label.name())).collect())
    }

    pub(super) fn hop(&mut self, branches: Vec<Branch>, step: &Step) -> Outcome<Flow> {
        let (way, to_edge, terms) = match (step.name.as_str(), step.terms.as_slice()) {
            ("to", [Term::Name(way), terms @ ..]) => match way.as_str() {
                "Direction.OUT" => (Way::Out, false, terms),
                "Direction.IN" => (Way::In, false, terms),
                _ => (Way::Both, false, terms),
            },
            (name, terms) => (way(name)?, name.ends_with('E'), terms),
        };
        let labels = self.labels(terms)?;
        let mut hopped = Vec::new();
        for mut branch in branches {
            if !is_element(&branch.view) {
                return Err(Reason::Lists);
            }
            if branch.is_bounded() {
                branch = self.anew(&branch)?;
            }
            branch.hop(labels.clone(), way, to_edge)?;
            hopped.push(branch);
        }
        Ok(Flow::Walkers(hopped))
    }

    pub(super) fn union(&mut self, branches: &[Branch], terms: &[Term]) -> Outcome<Flow> {
        if terms.is_empty() {
            return Err(Reason::Names);
        }
        let mut all = Vec::new();
        for term in terms {
            all.extend(self.branch(branches.to_vec(), term)?);
        }
        Ok(Flow::Walkers(all))
    }

    /// Walkers after the steps of a term.
    fn branch(&mut self, branches: Vec<Branch>, term: &Term) -> Outcome<Vec<Branch>> {
        let flow = self.steps(Flow::Walkers(branches), &chain(term)?.steps)?;
        walkers(flow)
    }

    /// Some walkers take one way, and the others another: two queries whose conditions exclude each other.
    pub(super) fn choose(&mut self, branches: Vec<Branch>, terms: &[Term]) -> Outcome<Flow> {
        let [asked, then, otherwise @ ..] = terms else { return Err(Reason::Steps) };
        let mut all = Vec::new();
        for branch in branches {
            let condition = self.chosen_by(chain(asked)?, &branch)?;
            let (mut holds, mut fails) = (branch.clone(), branch);
            holds.filter(condition.clone())?;
            fails.filter(condition.negated())?;
            all.extend(self.branch(vec![holds], then)?);
            all.extend(match otherwise.first() {
                Some(otherwise) => self.branch(vec![fails], otherwise)?,
                None => vec![fails],
            });
        }
        Ok(Flow::Walkers(all))
    }

    /// The first way that leads anywhere: each excludes the ones before.
    pub(super) fn coalesce(&mut self, branches: &[Branch], terms: &[Term]) -> Outcome<Flow> {
        let mut all = Vec::new();
        for branch in branches {
            let mut left = branch.clone();
            for term in terms {
                let leads = self.condition(chain(term)?)?;
                let mut first = left.clone();
                first.filter(leads.clone())?;
                all.extend(self.branch(vec![first], term)?);
                left.filter(leads.negated())?;
            }
        }
        Ok(Flow::Walkers(all))
    }

    pub(super) fn optional(&mut self, branches: Vec<Branch>, terms: &[Term]) -> Outcome<Flow> {
        let [Term::Chain(Chain { steps, .. })] = terms else { return Err(Reason::Steps) };
        let [hop, inner @ ..] = steps.as_slice() else { return Err(Reason::Steps) };
        let mut branches = walkers(self.hop(branches, hop)?)?;
        for branch in &mut branches {
            branch.hops.last_mut().ok_or(Reason::Steps)?.optional = true;
        }
        match inner {
            [] => Ok(Flow::Walkers(branches)),
            [next] if next.name == "optional" => self.optional(branches, &next.terms),
            _ => Err(Reason::Walks),
        }
    }
}

/// An end of the edges where walkers are.
pub(super) fn end_of(branch: &Branch, name: &str) -> Outcome<Place> {
    let Place::Edge(at) = branch.here else { return Err(Reason::Steps) };
    // Edges where walkers start are seen from their source.
    let way = if branch.edges.is_some() { Way::Out } else { branch.hops.get(at - 1).ok_or(Reason::Steps)?.way };
    match (name, way) {
        ("otherV", _) if branch.edges.is_some() => Err(Reason::Steps),
        ("otherV", _) | ("inV", Way::Out) | ("outV", Way::In) => Ok(Place::Node(at)),
        ("outV", Way::Out) | ("inV", Way::In) => Ok(Place::Node(at - 1)),
        ("bothV", _) => Ok(Place::Ends(at)),
        _ => Err(Reason::Steps),
    }
}

/// The attribute that a branch shows, where it shows one.
pub(super) fn value_of(branch: &Branch) -> Option<String> {
    match &branch.view {
        View::Values(names) if names.len() == 1 => names.first().cloned(),
        _ => None,
    }
}

pub(super) fn way(name: &str) -> Outcome<Way> {
    match name {
        "out" | "outE" => Ok(Way::Out),
        "in" | "inE" => Ok(Way::In),
        "both" | "bothE" => Ok(Way::Both),
        _ => Err(Reason::Steps),
    }
}

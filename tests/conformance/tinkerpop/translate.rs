//! Steps of Gremlin, one after the other, as queries of ours.
//!
//! What a step means is done by queries; here they are put together, and their answers are shown as Gremlin shows them.

mod conditions;
mod filters;
mod groups;
mod hops;
mod orders;
mod patterns;
mod repeat;
mod shows;

use std::collections::BTreeMap;

use metagraph::GraphConnection;
use serde_json::Value;

use self::filters::{compare_stops, compares_stops};
use self::hops::end_of;
use super::bag::{Branch, Outcome, Place, Reason, View};
use super::condition::{Condition, Test};
use super::render::shown;
use super::run::{Stop, stop, walks};
use super::syntax::{Chain, Step, Term};
use super::world::World;

/// What a traversal has so far: walkers that were not sent yet, or values.
#[derive(Debug, Clone)]
pub(super) enum Flow {
    Walkers(Vec<Branch>),
    Values(Vec<Value>),
}

pub(super) struct Translator<'t, C> {
    pub(super) conn: &'t mut C,
    pub(super) world: &'t World,
    pub(super) params: &'t BTreeMap<String, Value>,
}

impl<C: GraphConnection> Translator<'_, C> {
    /// The answer to a whole traversal.
    pub(super) fn answer(&mut self, chain: &Chain) -> Outcome<Vec<Value>> {
        let flow = self.steps(Flow::Walkers(Vec::new()), &chain.steps)?;
        self.values(flow)
    }

    fn values(&mut self, flow: Flow) -> Outcome<Vec<Value>> {
        match flow {
            Flow::Values(values) => Ok(values),
            Flow::Walkers(branches) => self.seen(&branches),
        }
    }

    fn seen(&mut self, branches: &[Branch]) -> Outcome<Vec<Value>> {
        let mut values = Vec::new();
        for branch in branches {
            for walk in walks(self.conn, self.world, branch)? {
                values.extend(shown(self.world, branch, &walk)?);
            }
        }
        Ok(values)
    }

    /// Takes the steps; those that say more of the step before are taken with it.
    fn steps(&mut self, flow: Flow, steps: &[Step]) -> Outcome<Flow> {
        let mut flow = flow;
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            (flow, rest) = match flow {
                Flow::Values(values) if ["fold", "unfold"].contains(&step.name.as_str()) => {
                    (Flow::Values(values), after)
                }
                Flow::Values(_) => return Err(Reason::Lists),
                Flow::Walkers(branches) => self.step(branches, step, after)?,
            };
        }
        Ok(flow)
    }

    fn step<'s>(&mut self, branches: Vec<Branch>, step: &'s Step, after: &'s [Step]) -> Outcome<(Flow, &'s [Step])> {
        let terms = step.terms.as_slice();
        let name = step.name.as_str();
        let flow = match name {
            "V" | "E" => self.start(&branches, name, terms)?,
            "union" => self.union(&branches, terms)?,
            "match" => self.pattern(terms)?,
            "choose" => self.choose(branches, terms)?,
            "coalesce" => self.coalesce(&branches, terms)?,
            "optional" => self.optional(branches, terms)?,
            "out" | "in" | "both" | "outE" | "inE" | "bothE" | "to" => self.hop(branches, step)?,
            "inV" | "outV" | "otherV" | "bothV" => each(branches, |branch| {
                branch.here = end_of(branch, name)?;
                Ok(())
            })?,
            "repeat" | "times" | "emit" | "until" => return self.repeat(branches, step, after),
            "count" => self.count(&branches, terms)?,
            "min" | "max" | "sum" | "mean" => self.aggregate(&branches, name, terms)?,
            "group" | "groupCount" => return self.group(&branches, step, after),
            "order" => return self.order(&branches, step, after),
            "limit" | "skip" | "range" | "tail" => self.bound(branches, name, terms)?,
            "dedup" if terms.is_empty() && after.first().is_none_or(|next| next.name != "by") => {
                self.dedup(&branches)?
            }
            "shortestPath" => self.shortest_paths(&branches)?,
            "as" => each(branches, |branch| {
                for term in terms {
                    branch.names.insert(text(term)?, branch.here);
                }
                Ok(())
            })?,
            "unfold" if branches.iter().any(|branch| matches!(branch.view, View::Path(..))) => {
                let paths = self.seen(&branches)?;
                let stops = paths.into_iter().flat_map(|path| path["p"].as_array().cloned().unwrap_or_default());
                Flow::Values(stops.collect())
            }
            "fold" | "unfold" => each(branches, |branch| {
                branch.folded = name == "fold";
                Ok(())
            })?,
            "identity" => Flow::Walkers(branches),
            "simplePath" if terms.is_empty() && after.first().is_none_or(|next| next.name != "by") => {
                each(branches, |branch| {
                    branch.simple = true;
                    Ok(())
                })?
            }
            "where" if compares_stops(terms) => compare_stops(branches, terms)?,
            "path" | "select" | "values" | "properties" | "label" | "id" | "constant" | "valueMap" | "elementMap" => {
                return self.show(branches, step, after);
            }
            _ => each(branches, |branch| self.filter(branch, step))?,
        };
        Ok((flow, after))
    }

    /// Starts at vertices or edges; again in the middle, as often as there are walkers.
    fn start(&mut self, before: &[Branch], name: &str, terms: &[Term]) -> Outcome<Flow> {
        let mut branch = Branch::new();
        if let [only] = before {
            branch.copies = usize::try_from(super::run::count(self.conn, self.world, only)?).unwrap_or(0);
        } else if !before.is_empty() {
            return Err(Reason::Walks);
        }
        if name == "E" {
            branch.edges = Some(self.world.labels.to_vec());
            branch.here = Place::Edge(1);
        }
        if !terms.is_empty() {
            branch.filter(Condition::Id(self.ids(terms)?))?;
        }
        Ok(Flow::Walkers(vec![branch]))
    }

    /// The test that an id is one of these; one term may be a list of them or a traversal, beside others a list is none.
    fn ids(&mut self, terms: &[Term]) -> Outcome<Test> {
        let mut ids = Vec::new();
        for term in terms {
            let these = self.all(term)?;
            if these.len() == 1 || terms.len() == 1 {
                ids.extend(these);
            }
        }
        Ok(Test::Within(ids.into_iter().filter(|id| !id.is_null()).collect()))
    }

    /// The values that a term stands for: itself, the elements of a list, or the answer to a traversal.
    fn all(&mut self, term: &Term) -> Outcome<Vec<Value>> {
        match term {
            Term::Chain(chain) => match chain.steps.first().map(|step| step.name.as_str()) {
                Some("constant") => self.all(&chain.steps[0].terms[0]),
                Some("V" | "union" | "E") => self.answer(chain),
                _ => Err(Reason::Traversals),
            },
            Term::List(terms) => {
                let values: Outcome<Vec<_>> = terms.iter().map(|term| self.all(term)).collect();
                Ok(values?.concat())
            }
            Term::Value(value) => Ok(vec![value.clone()]),
            Term::Name(name) => {
                let value = self.params.get(name).ok_or(Reason::Names)?;
                match value.get("l") {
                    Some(Value::Array(values)) => Ok(values.clone()),
                    _ => Ok(vec![value.clone()]),
                }
            }
        }
    }

    /// The one value that a term stands for; of a traversal, the first.
    fn one(&mut self, term: &Term) -> Outcome<Value> {
        let mut values = self.all(term)?;
        if values.is_empty() { Err(Reason::Names) } else { Ok(values.swap_remove(0)) }
    }

    fn number(&mut self, term: &Term) -> Outcome<u32> {
        let number = self.one(term)?;
        number.as_u64().and_then(|number| u32::try_from(number).ok()).ok_or(Reason::Walks)
    }

    /// Branches that start anew where these walkers are, if no two are at one vertex.
    fn anew(&mut self, branch: &Branch) -> Outcome<Branch> {
        let mut ids = Vec::new();
        for walk in walks(self.conn, self.world, branch)? {
            match stop(branch, &walk, branch.here)? {
                Stop::Node(id) if !ids.contains(&id) => ids.push(id),
                _ => return Err(Reason::Walks),
            }
        }
        let mut anew = Branch::new();
        anew.start = Condition::Row(ids);
        anew.anew = true;
        anew.view = branch.view.clone();
        Ok(anew)
    }
}

/// Changes every branch.
fn each(branches: Vec<Branch>, mut change: impl FnMut(&mut Branch) -> Outcome<()>) -> Outcome<Flow> {
    let mut changed = branches;
    for branch in &mut changed {
        change(branch)?;
    }
    Ok(Flow::Walkers(changed))
}

fn walkers(flow: Flow) -> Outcome<Vec<Branch>> {
    match flow {
        Flow::Walkers(branches) => Ok(branches),
        Flow::Values(_) => Err(Reason::Lists),
    }
}

fn text(term: &Term) -> Outcome<String> {
    match term {
        Term::Value(Value::String(text)) => Ok(text.clone()),
        _ => Err(Reason::Names),
    }
}

fn chain(term: &Term) -> Outcome<&Chain> {
    match term {
        Term::Chain(chain) => Ok(chain),
        _ => Err(Reason::Steps),
    }
}

fn is_element(view: &View) -> bool {
    matches!(view, View::Element)
}

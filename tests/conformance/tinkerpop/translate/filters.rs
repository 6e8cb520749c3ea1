//! Filters of walkers, where they are or at a stop that has a name.

use metagraph::GraphConnection;

use super::hops::{end_of, value_of};
use super::{Flow, Translator, chain, each, is_element, text};
use crate::tinkerpop::bag::{Branch, Outcome, Place, Reason};
use crate::tinkerpop::condition::{Condition, Test};
use crate::tinkerpop::syntax::{Chain, Step, Term};

impl<C: GraphConnection> Translator<'_, C> {
    pub(super) fn filter(&mut self, branch: &mut Branch, step: &Step) -> Outcome<()> {
        if let Some(name) = value_of(branch) {
            let test = self.test_of_value(step)?;
            return branch.filter(Condition::Attribute(name, test));
        }
        if !is_element(&branch.view) {
            return Err(Reason::Lists);
        }
        if let ("where" | "filter", [Term::Chain(chain)]) = (step.name.as_str(), step.terms.as_slice()) {
            return self.filter_from(branch, chain, true);
        }
        let condition = self.own(step)?;
        branch.filter(condition)
    }

    /// Filters by a traversal that begins where the walkers are, at a named stop, or at an end of their edge.
    fn filter_from(&mut self, branch: &mut Branch, from: &Chain, holds: bool) -> Outcome<()> {
        let (place, steps) = match from.steps.as_slice() {
            [all] if all.name == "and" && holds && about_stops(all) => {
                return all.terms.iter().try_for_each(|term| self.filter_from(branch, chain(term)?, true));
            }
            [not] if not.name == "not" && about_stops(not) => {
                return self.filter_from(branch, chain(&not.terms[0])?, !holds);
            }
            [joined] if about_stops(joined) => return Err(Reason::Patterns),
            [named, rest @ ..] if named.name == "as" => {
                (branch.names.get(&text(&named.terms[0])?).copied().ok_or(Reason::Patterns)?, rest)
            }
            [end, rest @ ..] if ["inV", "outV"].contains(&end.name.as_str()) => (end_of(branch, &end.name)?, rest),
            steps => (branch.here, steps),
        };
        let condition = self.steps_lead(steps)?;
        branch.filter_at(place, if holds { condition } else { condition.negated() })
    }

    /// The test that a step makes of a value.
    fn test_of_value(&mut self, step: &Step) -> Outcome<Test> {
        match (step.name.as_str(), step.terms.as_slice()) {
            ("is", [test]) => self.test(test),
            ("where" | "filter", [test @ Term::Chain(chain)]) => match chain.steps.as_slice() {
                _ if chain.root == "P" => self.test(test),
                [is] if is.name == "is" => self.test_of_value(is),
                _ => Err(Reason::Lists),
            },
            _ => Err(Reason::Lists),
        }
    }

    /// The condition that a choice is made by: a test of the value that is shown, or whether a traversal leads anywhere.
    pub(super) fn chosen_by(&mut self, asked: &Chain, branch: &Branch) -> Outcome<Condition> {
        match (value_of(branch), asked.steps.as_slice()) {
            (Some(name), _) if asked.root == "P" => {
                Ok(Condition::Attribute(name, self.test(&Term::Chain(asked.clone()))?))
            }
            (Some(name), [is]) if is.name == "is" => Ok(Condition::Attribute(name, self.test_of_value(is)?)),
            (None, steps) if is_element(&branch.view) => self.steps_lead(steps),
            _ => Err(Reason::Lists),
        }
    }
}

/// Whether `where` compares stops that have names.
pub(super) fn compares_stops(terms: &[Term]) -> bool {
    let compares = |term: &Term| match term {
        Term::Chain(chain) if ["P", ""].contains(&chain.root.as_str()) => chain.steps.first().is_some_and(|step| {
            ["eq", "neq", "lt", "gt"].contains(&step.name.as_str())
                && matches!(step.terms.first(), Some(Term::Value(_)))
        }),
        _ => false,
    };
    match terms {
        [test] | [Term::Value(_), test] => compares(test),
        _ => false,
    }
}

/// A walker is where another stop was, or is not; the stop has to be the one vertex where all began.
pub(super) fn compare_stops(branches: Vec<Branch>, terms: &[Term]) -> Outcome<Flow> {
    let (first, test) = match terms {
        [test] => (None, chain(test)?),
        [first, test] => (Some(text(first)?), chain(test)?),
        _ => return Err(Reason::Patterns),
    };
    let [step] = test.steps.as_slice() else { return Err(Reason::Patterns) };
    let second = text(&step.terms[0])?;
    each(branches, |branch| {
        let place = |name: &str| branch.names.get(name).copied().ok_or(Reason::Patterns);
        let begin = Place::Node(0);
        let places = (first.as_deref().map_or(Ok(branch.here), place)?, place(&second)?);
        let other = match places {
            (place, other) | (other, place) if place == begin => other,
            _ => return Err(Reason::Patterns),
        };
        let Condition::Id(Test::Within(ids)) = &branch.start else { return Err(Reason::Patterns) };
        let same = Condition::Id(Test::Within(ids.clone()));
        match step.name.as_str() {
            "eq" if ids.len() == 1 => branch.filter_at(other, same),
            "neq" if ids.len() == 1 => branch.filter_at(other, same.negated()),
            _ => Err(Reason::Patterns),
        }
    })
}

/// Whether a filter is about stops that have names.
fn about_stops(step: &Step) -> bool {
    step.terms.iter().any(|term| match term {
        Term::Chain(chain) => chain.steps.iter().any(|step| step.name == "as" || about_stops(step)),
        _ => false,
    })
}

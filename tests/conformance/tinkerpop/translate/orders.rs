//! In which order walkers come, and how many of them.

use metagraph::GraphConnection;
use serde_json::Value;

use super::hops::value_of;
use super::shows::modulators;
use super::{Flow, Translator, each};
use crate::tinkerpop::bag::{Branch, Outcome, Reason, View};
use crate::tinkerpop::condition::Condition;
use crate::tinkerpop::syntax::{Step, Term};

impl<C: GraphConnection> Translator<'_, C> {
    pub(super) fn order<'s>(
        &mut self,
        branches: &[Branch],
        step: &Step,
        after: &'s [Step],
    ) -> Outcome<(Flow, &'s [Step])> {
        let (said, rest) = modulators(after);
        let [branch] = branches else { return Err(Reason::Walks) };
        let mut branch = branch.clone();
        check_local(&branch, &step.terms)?;
        for step in said {
            if matches!(step.terms.as_slice(), [Term::Name(way)] if way == "Order.shuffle") {
                return Ok((Flow::Walkers(vec![branch]), rest));
            }
        }
        if branch.is_bounded() || !branch.order.is_empty() {
            return Err(Reason::Walks);
        }
        let shown = value_of(&branch);
        let key = |step: &Step| match step.terms.as_slice() {
            [Term::Value(Value::String(name))] => Ok((name.clone(), false)),
            [Term::Value(Value::String(name)), Term::Name(way)] => Ok((name.clone(), way.ends_with("desc"))),
            [Term::Name(way)] => Ok((shown.clone().ok_or(Reason::Walks)?, way.ends_with("desc"))),
            [] => Ok((shown.clone().ok_or(Reason::Walks)?, false)),
            _ => Err(Reason::Traversals),
        };
        let keys = match said {
            [] => vec![(shown.clone().ok_or(Reason::Walks)?, false)],
            said => said.iter().map(key).collect::<Outcome<_>>()?,
        };
        if !branch.hops.is_empty() || branch.edges.is_some() {
            branch = self.anew(&branch)?;
        }
        for (name, _) in &keys {
            branch.filter(Condition::Missing(name.clone()).negated())?;
        }
        branch.order = keys;
        Ok((Flow::Walkers(vec![branch]), rest))
    }

    pub(super) fn bound(&mut self, branches: Vec<Branch>, name: &str, terms: &[Term]) -> Outcome<Flow> {
        let (local, terms) = match terms {
            [Term::Name(scope), terms @ ..] if scope.ends_with("local") => (true, terms),
            [Term::Name(scope), terms @ ..] if scope.ends_with("global") => (false, terms),
            terms => (false, terms),
        };
        let numbers = terms.iter().map(|term| self.number(term)).collect::<Outcome<Vec<_>>>()?;
        let count = |walkers: u32| match (name, numbers.as_slice()) {
            ("limit", [limit]) => Ok((0, Some(*limit))),
            ("skip", [offset]) => Ok((*offset, None)),
            ("range", [from, to]) => Ok((*from, Some(to.saturating_sub(*from)))),
            ("tail", tail) => Ok((walkers.saturating_sub(tail.first().copied().unwrap_or(1)), None)),
            _ => Err(Reason::Walks),
        };
        if local {
            return each(branches, |branch| columns(branch, &count));
        }
        let [branch] = branches.as_slice() else { return Err(Reason::Walks) };
        let mut branch = branch.clone();
        if branch.is_bounded() {
            return Err(Reason::Walks);
        }
        if name == "tail" {
            if branch.order.is_empty() || !branch.hops.is_empty() {
                return Err(Reason::Walks);
            }
            branch.limit = Some(numbers.first().copied().unwrap_or(1));
            branch.order.iter_mut().for_each(|(_, descending)| *descending = !*descending);
            branch.backwards = true;
        } else {
            let (offset, limit) = count(0)?;
            (branch.offset, branch.limit) = (offset.into(), limit);
        }
        Ok(Flow::Walkers(vec![branch]))
    }
}

/// Picks some of the selected columns.
fn columns(branch: &mut Branch, count: &impl Fn(u32) -> Outcome<(u32, Option<u32>)>) -> Outcome<()> {
    let View::Select(places, bys) = &mut branch.view else { return Err(Reason::Lists) };
    let (offset, limit) = count(u32::try_from(places.len()).unwrap_or_default())?;
    if bys.len() > 1 {
        return Err(Reason::Lists);
    }
    let limit = limit.map_or(usize::MAX, |limit| limit as usize);
    *places = places.iter().skip(offset as usize).take(limit).cloned().collect();
    Ok(())
}

/// What is local is about a list, which has to be made first.
pub(super) fn check_local(branch: &Branch, terms: &[Term]) -> Outcome<()> {
    match terms {
        [] => Ok(()),
        [Term::Name(scope)] if scope.ends_with("local") && branch.folded => Ok(()),
        _ => Err(Reason::Lists),
    }
}

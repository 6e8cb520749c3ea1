//! Repeated hops: how often, until where, and what is seen on the way.

use metagraph::GraphConnection;

use super::{Flow, Translator, walkers};
use crate::tinkerpop::bag::{Branch, Hop, Outcome, Reason};
use crate::tinkerpop::condition::Condition;
use crate::tinkerpop::run::walks;
use crate::tinkerpop::syntax::{Chain, Step, Term};

/// No walk that ends by itself is longer than the graphs are large.
const BOUND: u32 = 6;

/// What is said of a repeated hop, before it and behind it.
#[derive(Debug, Default)]
struct Said<'s> {
    body: Option<&'s Chain>,
    times: Option<(u32, bool)>,
    emit: Option<(Option<&'s Chain>, bool)>,
    until: Option<&'s Chain>,
}

impl<C: GraphConnection> Translator<'_, C> {
    pub(super) fn repeat<'s>(
        &mut self,
        branches: Vec<Branch>,
        first: &'s Step,
        after: &'s [Step],
    ) -> Outcome<(Flow, &'s [Step])> {
        let mut said = Said::default();
        let mut rest = after;
        self.say(&mut said, first)?;
        while let Some((step, others)) = rest.split_first() {
            let more = ["times", "emit", "until"].contains(&step.name.as_str())
                || (step.name == "repeat" && said.body.is_none());
            if !more {
                break;
            }
            self.say(&mut said, step)?;
            rest = others;
        }
        let mut all = Vec::new();
        for branch in branches {
            all.extend(self.repeated(branch, &said)?);
        }
        Ok((Flow::Walkers(all), rest))
    }

    fn say<'s>(&mut self, said: &mut Said<'s>, step: &'s Step) -> Outcome<()> {
        let before = said.body.is_none();
        match (step.name.as_str(), step.terms.as_slice()) {
            ("repeat", [Term::Chain(body)]) => said.body = Some(body),
            ("times", [times]) => said.times = Some((self.number(times)?, before)),
            ("emit", []) => said.emit = Some((None, before)),
            ("emit", [Term::Chain(condition)]) => said.emit = Some((Some(condition), before)),
            ("until", [Term::Chain(condition)]) if !before => match loops(condition) {
                Some(times) => said.times = Some((times, false)),
                None => said.until = Some(condition),
            },
            _ => return Err(Reason::Repeats),
        }
        Ok(())
    }

    fn repeated(&mut self, branch: Branch, said: &Said<'_>) -> Outcome<Vec<Branch>> {
        let body = said.body.ok_or(Reason::Repeats)?;
        // What is said behind the body is looked at only after it was done once.
        let times = said.times.map(|(times, before)| if before { times } else { times.max(1) });
        if times == Some(0) {
            return Ok(vec![branch]);
        }
        if body.steps.first().is_some_and(|step| ["limit", "range"].contains(&step.name.as_str())) {
            return self.unrolled(branch, body, times.ok_or(Reason::Repeats)?);
        }
        let mut once = walkers(self.steps(Flow::Walkers(vec![branch.clone()]), &body.steps)?)?;
        let (Some(hopped), true) = (once.pop(), once.is_empty()) else { return Err(Reason::Repeats) };
        if hopped.hops.len() != branch.hops.len() + 1 || hopped.here != hopped.end() {
            return Err(Reason::Repeats);
        }
        if let Some(until) = said.until {
            return self.until(&hopped, until);
        }
        let least = match (said.emit, times) {
            (Some((_, true)), _) => 0,
            (Some((_, false)), _) => 1,
            (None, Some(times)) => times,
            (None, None) => return Err(Reason::Repeats),
        };
        let repeated = with_depth(&hopped, least, times.unwrap_or(BOUND));
        if times.is_none() && !walks(self.conn, self.world, &with_depth(&hopped, BOUND + 1, BOUND + 1))?.is_empty() {
            return Err(Reason::Repeats);
        }
        match said.emit {
            Some((Some(condition), _)) => self.emitted(&branch, repeated, condition),
            _ => Ok(vec![repeated]),
        }
    }

    /// Takes the body as often as it says, one after the other.
    fn unrolled(&mut self, branch: Branch, body: &Chain, times: u32) -> Outcome<Vec<Branch>> {
        let mut branches = vec![branch];
        for _ in 0..times {
            branches = walkers(self.steps(Flow::Walkers(branches), &body.steps)?)?;
        }
        Ok(branches)
    }

    /// Only what the condition holds of is seen; the start is a branch of its own, for it may be passed unseen.
    fn emitted(&mut self, start: &Branch, repeated: Branch, condition: &Chain) -> Outcome<Vec<Branch>> {
        if chain_names(condition).any(|name| name == "loops" || name == "repeat") {
            return Err(Reason::Repeats);
        }
        let condition = self.condition(condition)?;
        let mut branches = Vec::new();
        let mut repeated = repeated;
        let hop = repeated.hops.last_mut().ok_or(Reason::Steps)?;
        if hop.least == 0 {
            hop.least = 1;
            let mut start = start.clone();
            start.filter(condition.clone())?;
            branches.push(start);
        }
        repeated.filter(condition)?;
        branches.push(repeated);
        Ok(branches)
    }

    /// Goes on as long as a condition does not hold, and stops where it does.
    fn until(&mut self, hopped: &Branch, until: &Chain) -> Outcome<Vec<Branch>> {
        let joined =
            until.steps.iter().position(|step| step.terms.is_empty() && ["and", "or"].contains(&step.name.as_str()));
        let Some(at) = joined else {
            if !hopped.simple {
                return Err(Reason::Repeats);
            }
            let condition = self.condition(until)?;
            return Ok(stopping(hopped, &condition, BOUND));
        };
        let (left, right) = (part(until, ..at), part(until, at + 1..));
        let (times, condition) = match (loops(&left), loops(&right)) {
            (Some(times), None) => (times, self.condition(&right)?),
            (None, Some(times)) => (times, self.condition(&left)?),
            _ => return Err(Reason::Repeats),
        };
        let exactly = |passing: Option<Condition>, ending: Option<Condition>| {
            let mut way = Vec::new();
            if times > 1 {
                way.push((times - 1, times - 1, passing));
            }
            way.push((1, 1, ending));
            with_hops(hopped, way)
        };
        if until.steps[at].name == "and" {
            return if hopped.simple { Ok(vec![exactly(None, Some(condition))]) } else { Err(Reason::Repeats) };
        }
        let mut branches = stopping(hopped, &condition, times);
        let not = condition.negated();
        branches.push(exactly(Some(not.clone()), Some(not)));
        Ok(branches)
    }
}

/// Walks of at most so many hops that end where a condition holds for the first time.
fn stopping(hopped: &Branch, condition: &Condition, most: u32) -> Vec<Branch> {
    let ending = (1, 1, Some(condition.clone()));
    let mut branches = vec![with_hops(hopped, vec![ending.clone()])];
    if most > 1 {
        branches.push(with_hops(hopped, vec![(1, most - 1, Some(condition.clone().negated())), ending]));
    }
    branches
}

fn with_depth(hopped: &Branch, least: u32, most: u32) -> Branch {
    with_hops(hopped, vec![(least, most, None)])
}

/// The last hop, instead of once as often as is said, each time with a condition of its own.
fn with_hops(hopped: &Branch, times: Vec<(u32, u32, Option<Condition>)>) -> Branch {
    let mut branch = hopped.clone();
    let Some(hop) = branch.hops.pop() else { return branch };
    for (least, most, condition) in times {
        let node = condition.map_or_else(|| hop.node.clone(), |condition| hop.node.clone().and(condition));
        branch.hops.push(Hop { least, most, node, ..hop.clone() });
    }
    branch.here = branch.end();
    branch
}

fn part(chain: &Chain, range: impl std::slice::SliceIndex<[Step], Output = [Step]>) -> Chain {
    Chain { root: chain.root.clone(), steps: chain.steps[range].to_vec() }
}

/// `loops().is(n)`: how often.
fn loops(chain: &Chain) -> Option<u32> {
    match chain.steps.as_slice() {
        [loops, is] if loops.name == "loops" && is.name == "is" => match is.terms.first() {
            Some(Term::Value(times)) => times.as_u64().and_then(|times| u32::try_from(times).ok()),
            _ => None,
        },
        _ => None,
    }
}

fn chain_names(of: &Chain) -> impl Iterator<Item = &str> {
    of.steps.iter().map(|step| step.name.as_str())
}

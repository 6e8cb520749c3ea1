//! What is shown of walkers.

use metagraph::GraphConnection;
use serde_json::Value;

use super::hops::value_of;
use super::{Flow, Translator, each, is_element, text};
use crate::tinkerpop::bag::{Branch, By, Outcome, Place, Reason, View};
use crate::tinkerpop::syntax::{Step, Term};

impl<C: GraphConnection> Translator<'_, C> {
    pub(super) fn show<'s>(
        &mut self,
        branches: Vec<Branch>,
        step: &Step,
        after: &'s [Step],
    ) -> Outcome<(Flow, &'s [Step])> {
        let (said, rest) = modulators(after);
        let terms = step.terms.as_slice();
        match step.name.as_str() {
            "path" => return Ok((each(branches, |branch| path(branch, said))?, rest)),
            "select" => return Ok((select(branches, terms, said)?, rest)),
            _ => {}
        }
        let may_show =
            |branch: &Branch| is_element(&branch.view) || (step.name == "constant" && value_of(branch).is_some());
        if !branches.iter().all(may_show) {
            return Err(Reason::Lists);
        }
        let (view, rest) = match step.name.as_str() {
            "values" => (View::Values(names(terms)?), after),
            "properties" => match after {
                [value, rest @ ..] if value.name == "value" => (View::Values(names(terms)?), rest),
                [key, value, rest @ ..] if key.name == "hasKey" && value.name == "value" => {
                    (View::Values(names(&key.terms)?), rest)
                }
                _ => return Err(Reason::Properties),
            },
            "label" => (View::Label, after),
            "id" => (View::Id, after),
            "constant" => (View::Constant(self.one(&terms[0])?), after),
            "valueMap" => (View::ValueMap(names(terms).unwrap_or_default()), after),
            "elementMap" => (View::ElementMap, after),
            _ => return Err(Reason::Steps),
        };
        let flow = each(branches, |branch| {
            branch.view = view.clone();
            // Who lacks the value is no walker any more.
            value_of(branch).map_or(Ok(()), |name| branch.require(branch.here, &name))
        })?;
        Ok((flow, rest))
    }
}

fn select(branches: Vec<Branch>, terms: &[Term], said: &[Step]) -> Outcome<Flow> {
    let (pop, labels) = match terms {
        [Term::Name(pop), labels @ ..] => (Some(pop.as_str()), labels),
        labels => (None, labels),
    };
    if !matches!(pop, None | Some("Pop.first" | "Pop.last")) {
        return Err(Reason::Patterns);
    }
    let labels = labels.iter().map(text).collect::<Outcome<Vec<_>>>()?;
    let bys = said.iter().map(by).collect::<Outcome<Vec<_>>>()?;
    each(branches, |branch| {
        let place = |name: &String| branch.names.get(name).copied().ok_or(Reason::Names);
        let places = labels.iter().map(|label| Ok((label.clone(), place(label)?))).collect::<Outcome<Vec<_>>>()?;
        match (places.as_slice(), bys.as_slice()) {
            ([(_, place)], []) if *place == branch.here => {}
            _ if !is_element(&branch.view) => return Err(Reason::Lists),
            ([(_, place)], bys) => {
                branch.here = *place;
                require(branch, *place, bys.first())?;
                branch.view = match bys {
                    [] | [By::Element] => View::Element,
                    [By::Attribute(name)] => View::Values(vec![name.clone()]),
                    [By::Label] => View::Label,
                    [By::Id] => View::Id,
                    _ => return Err(Reason::Lists),
                };
            }
            (places, bys) => {
                for (at, (_, place)) in places.iter().enumerate() {
                    require(branch, *place, bys.get(at % bys.len().max(1)))?;
                }
                branch.view = View::Select(places.to_vec(), bys.to_vec());
            }
        }
        Ok(())
    })
}

/// `by`, `from` and `to` belong to the step before them.
pub(super) fn modulators(after: &[Step]) -> (&[Step], &[Step]) {
    let others = after.iter().position(|step| !["by", "from", "to"].contains(&step.name.as_str()));
    after.split_at(others.unwrap_or(after.len()))
}

/// What is shown by an attribute has to have it.
fn require(branch: &mut Branch, place: Place, by: Option<&By>) -> Outcome<()> {
    match by {
        Some(By::Attribute(name)) => branch.require(place, name),
        _ => Ok(()),
    }
}

fn path(branch: &mut Branch, said: &[Step]) -> Outcome<()> {
    if branch.anew {
        return Err(Reason::Walks);
    }
    if let Some(name) = value_of(branch) {
        branch.view = View::PathTo(name);
        return if said.is_empty() { Ok(()) } else { Err(Reason::Lists) };
    }
    if !is_element(&branch.view) {
        return Err(Reason::Lists);
    }
    let end = branch.end();
    let mut between = None;
    let mut bys = Vec::new();
    for step in said {
        let named = || branch.names.get(&text(&step.terms[0])?).copied().ok_or(Reason::Patterns);
        match step.name.as_str() {
            "from" => between = Some((named()?, end)),
            "to" => between = Some((between.map_or(Place::Node(0), |(from, _)| from), named()?)),
            _ => bys.push(by(step)?),
        }
    }
    let (first, last) = match between {
        None => (0, branch.hops.len()),
        Some((Place::Node(first), Place::Node(last))) => (first, last),
        Some(_) => return Err(Reason::Patterns),
    };
    // Edges are stops as well, which have no attribute of vertices.
    if !branch.stops_at_edges.is_empty() && bys.iter().any(|by| matches!(by, By::Attribute(_))) && bys.len() == 1 {
        return Err(Reason::Lists);
    }
    if branch.stops_at_edges.is_empty() {
        for at in first..=last {
            require(branch, Place::Node(at), bys.get((at - first) % bys.len().max(1)))?;
        }
    }
    branch.view = View::Path(bys, between);
    Ok(())
}

pub(super) fn by(step: &Step) -> Outcome<By> {
    match step.terms.as_slice() {
        [] => Ok(By::Element),
        [Term::Value(Value::String(name))] => Ok(By::Attribute(name.clone())),
        [Term::Name(name)] if name == "T.label" || name == "label" => Ok(By::Label),
        [Term::Name(name)] if name == "T.id" => Ok(By::Id),
        _ => Err(Reason::Traversals),
    }
}

/// The named attributes; null names none.
fn names(terms: &[Term]) -> Outcome<Vec<String>> {
    let named: Vec<_> =
        terms.iter().filter(|term| **term != Term::Value(Value::Null)).map(text).collect::<Outcome<_>>()?;
    if named.is_empty() { Err(Reason::Properties) } else { Ok(named) }
}

//! `MATCH (a:person)-[:knows]->(b)`: one way through a graph.

use metagraph::GraphConnection;
use serde_json::Value;

use super::{Flow, Translator, text};
use crate::tinkerpop::bag::{Branch, Outcome, Reason};
use crate::tinkerpop::condition::{Condition, Test, Way};
use crate::tinkerpop::syntax::Term;

/// What stands between two brackets.
struct Stop<'t> {
    name: &'t str,
    label: &'t str,
    attributes: Vec<(&'t str, &'t str)>,
}

impl<C: GraphConnection> Translator<'_, C> {
    pub(super) fn pattern(&mut self, terms: &[Term]) -> Outcome<Flow> {
        let (pattern, given) = match terms {
            [pattern] => (text(pattern)?, &[][..]),
            [pattern, Term::List(given)] => (text(pattern)?, given.as_slice()),
            _ => return Err(Reason::Patterns),
        };
        let pattern = pattern.strip_prefix("MATCH ").ok_or(Reason::Patterns)?;
        let mut branch = Branch::new();
        let (stop, mut rest) = bracket(pattern, '(', ')')?;
        self.stop(&mut branch, &stop, given)?;
        while !rest.is_empty() {
            let incoming = rest.strip_prefix('<');
            let (edge, after) = bracket(incoming.unwrap_or(rest).strip_prefix('-').ok_or(Reason::Patterns)?, '[', ']')?;
            let after = after.strip_prefix('-').ok_or(Reason::Patterns)?;
            let outgoing = after.strip_prefix('>');
            let way = match (incoming, outgoing) {
                (None, Some(_)) => Way::Out,
                (Some(_), None) => Way::In,
                _ => Way::Both,
            };
            let labels: Vec<_> = if edge.label.is_empty() { Vec::new() } else { vec![Term::Value(edge.label.into())] };
            let labels = self.labels(&labels)?;
            branch.hop(labels, way, true)?;
            self.stop(&mut branch, &Stop { label: "", ..edge }, given)?;
            branch.here = branch.end();
            let (stop, after) = bracket(outgoing.unwrap_or(after), '(', ')')?;
            self.stop(&mut branch, &stop, given)?;
            rest = after;
        }
        Ok(Flow::Walkers(vec![branch]))
    }

    fn stop(&mut self, branch: &mut Branch, stop: &Stop<'_>, given: &[Term]) -> Outcome<()> {
        if !stop.name.is_empty() && branch.names.insert(stop.name.to_owned(), branch.here).is_some() {
            return Err(Reason::Patterns);
        }
        if !stop.label.is_empty() {
            branch.filter(Condition::Label(Test::Equal(stop.label.into())))?;
        }
        for (name, value) in &stop.attributes {
            let value = match value.strip_prefix('$') {
                Some(name) => {
                    let at = given.iter().step_by(2).position(|key| *key == Term::Value(name.into()));
                    let term = given.get(at.ok_or(Reason::Patterns)? * 2 + 1).ok_or(Reason::Patterns)?;
                    self.one(term)?
                }
                None => literal(value),
            };
            branch.filter(match value {
                Value::Null => Condition::Missing((*name).to_owned()),
                value => Condition::Attribute((*name).to_owned(), Test::Equal(value)),
            })?;
        }
        Ok(())
    }
}

fn literal(text: &str) -> Value {
    match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(text) => text.into(),
        None => serde_json::from_str(text.trim_end_matches(char::is_alphabetic)).unwrap_or_default(),
    }
}

/// Reads `(name:label {key: value})`, and gives what follows.
fn bracket(text: &str, open: char, close: char) -> Outcome<(Stop<'_>, &str)> {
    let inner = text.strip_prefix(open).ok_or(Reason::Patterns)?;
    let (inner, rest) = inner.split_once(close).ok_or(Reason::Patterns)?;
    let (head, attributes) = inner.split_once('{').unwrap_or((inner, ""));
    let (name, label) = head.trim().split_once(':').unwrap_or((head.trim(), ""));
    let attributes = attributes.trim_end_matches('}').split(',').filter_map(|pair| pair.split_once(':'));
    let attributes = attributes.map(|(name, value)| (name.trim(), value.trim())).collect();
    Ok((Stop { name, label, attributes }, rest))
}

//! Counts, sums and groups.

use std::collections::HashSet;

use metagraph::prelude::*;
use metagraph::query;
use metagraph::{Field, GraphConnection};
use serde_json::{Value, json};

use super::hops::value_of;
use super::orders::check_local;
use super::shows::{by, modulators};
use super::{Flow, Translator, is_element, text};
use crate::tinkerpop::bag::{Branch, By, Outcome, Place, Reason};
use crate::tinkerpop::condition::{Condition, Owner, Test, Way, edge, named, node};
use crate::tinkerpop::notation::{map, plain};
use crate::tinkerpop::run::{ages, count, ends, first, shortest};
use crate::tinkerpop::syntax::{Step, Term};
use crate::tinkerpop::vocabulary::{Created, Knows, Label, Person, Software, Tinker, Vertex, with_edge};

type Entries = Vec<(Value, Value)>;

impl<C: GraphConnection> Translator<'_, C> {
    pub(super) fn count(&mut self, branches: &[Branch], terms: &[Term]) -> Outcome<Flow> {
        let mut total = 0;
        for branch in branches {
            check_local(branch, terms)?;
            total += count(self.conn, self.world, branch)?;
        }
        Ok(Flow::Values(vec![total.into()]))
    }

    pub(super) fn aggregate(&mut self, branches: &[Branch], name: &str, terms: &[Term]) -> Outcome<Flow> {
        let [branch] = branches else { return Err(Reason::Walks) };
        check_local(branch, terms)?;
        let value = value_of(branch).ok_or(Reason::Lists)?;
        if !branch.hops.is_empty() || branch.edges.is_some() || branch.is_bounded() || !branch.order.is_empty() {
            return Err(Reason::Walks);
        }
        let found = match name {
            // What is greatest comes first in descending order, also where several types have the attribute.
            "max" | "min" => {
                let mut ordered = branch.clone();
                ordered.order = vec![(value.clone(), name == "max")];
                first(self.conn, self.world, &ordered, &value)
            }
            _ if value == "age" => Some(ages(self.conn, self.world, branch, name == "mean")),
            _ => return Err(Reason::Names),
        };
        Ok(Flow::Values(found.filter(|value| !value.is_null()).map(|value| plain(&value)).into_iter().collect()))
    }

    pub(super) fn group<'s>(
        &mut self,
        branches: &[Branch],
        step: &Step,
        after: &'s [Step],
    ) -> Outcome<(Flow, &'s [Step])> {
        let (said, rest) = modulators(after);
        let ([branch], []) = (branches, step.terms.as_slice()) else { return Err(Reason::Lists) };
        if branch.is_bounded() || !is_element(&branch.view) {
            return Err(Reason::Walks);
        }
        let entries = match (step.name.as_str(), said) {
            ("groupCount", []) => self.group_whole(branch)?,
            ("groupCount", [key]) => self.group_count(branch, key)?,
            ("group", [key, what]) => match edge_function(what) {
                Some(function) => self.group_edges(branch, &text(&key.terms[0])?, function)?,
                None if counts(what) => self.group_count(branch, key)?,
                None => return Err(Reason::Lists),
            },
            _ => return Err(Reason::Lists),
        };
        let keys: HashSet<_> = entries.iter().map(|(key, _)| key.to_string()).collect();
        if keys.len() < entries.len() {
            return Err(Reason::Walks);
        }
        Ok((Flow::Values(vec![map(entries)]), rest))
    }

    /// Vertices by themselves: by their keys.
    fn group_whole(&mut self, branch: &Branch) -> Outcome<Entries> {
        if !branch.hops.is_empty() || branch.edges.is_some() {
            return Err(Reason::Walks);
        }
        let graph = &self.world.graph;
        let people = graph.nodes::<Person>().filter(|_| node(&branch.start));
        let people = people.group_by(|_| query::key()).aggregate(|_| query::count()).load(self.conn).unwrap();
        let software = graph.nodes::<Software>().filter(|_| node(&branch.start));
        let software = software.group_by(|_| query::key()).aggregate(|_| query::count()).load(self.conn).unwrap();
        let all = people.into_iter().chain(software);
        Ok(all.map(|(key, count)| (json!(key), count.into())).collect())
    }

    fn group_count(&mut self, branch: &Branch, key: &Step) -> Outcome<Entries> {
        let By::Attribute(name) = by(key)? else { return Err(Reason::Lists) };
        let name = named(&name);
        match branch.hops.as_slice() {
            [] if branch.edges.is_none() => {
                let mut entries = self.group_nodes::<Person>(branch, name);
                entries.extend(self.group_nodes::<Software>(branch, name));
                Ok(entries)
            }
            [hop] if hop.is_single() && branch.here == Place::Node(1) && branch.start == Condition::ALWAYS => {
                if hop.node != Condition::ALWAYS || hop.way == Way::Both || name == "age" {
                    return Err(Reason::Walks);
                }
                let mut entries = Vec::new();
                for label in &hop.labels {
                    with_edge!(label, E => {
                        let far = Field::<Vertex, String>::new(name);
                        let far = if hop.way == Way::Out { far.at_target::<E>() } else { far.at_source::<E>() };
                        let edges = self.world.graph.edges::<E>().filter(|_| edge::<E>(&hop.edge) & far.is_not_null());
                        let counts = edges.group_by(|_| far).aggregate(|_| query::count()).load(self.conn).unwrap();
                        entries.extend(counts.into_iter().map(|(key, count)| (Value::from(key), Value::from(count))));
                    });
                }
                Ok(entries)
            }
            _ => Err(Reason::Walks),
        }
    }

    fn group_nodes<N>(&mut self, branch: &Branch, name: &'static str) -> Entries
    where
        N: Owner + NodeType + PartOf<Tinker>,
    {
        if !N::attributes().contains(&name) {
            return Vec::new();
        }
        let there = Condition::Missing(name.to_owned()).negated();
        let nodes = self.world.graph.nodes::<N>().filter(|_| node::<N>(&branch.start) & node::<N>(&there));
        let groups = nodes.group_by(|_| Field::<N, Value>::new(name)).aggregate(|_| query::count());
        groups.load(self.conn).unwrap().into_iter().map(|(key, count)| (key, count.into())).collect()
    }

    /// Software by an attribute, with something of the weights of all edges at it.
    fn group_edges(&mut self, branch: &Branch, key: &str, function: &str) -> Outcome<Entries> {
        let software = Condition::Label(Test::Within(vec![Software::NAME.into()]));
        if branch.start != software || !branch.hops.is_empty() || key != "name" {
            return Err(Reason::Walks);
        }
        let mut entries = Vec::new();
        let graph = &self.world.graph;
        macro_rules! grouped {
            ($edge:ident, $name:expr) => {{
                let name = $name;
                let edges = graph.edges::<$edge>().filter(|_| name.is_not_null()).group_by(|_| name.clone());
                let groups = match function {
                    "max" => edges.aggregate(|edge| edge.weight.max()).load(self.conn).unwrap(),
                    "min" => edges.aggregate(|edge| edge.weight.min()).load(self.conn).unwrap(),
                    "mean" => edges.aggregate(|edge| edge.weight.avg()).load(self.conn).unwrap(),
                    _ => edges.aggregate(|edge| edge.weight.sum()).load(self.conn).unwrap(),
                };
                let groups = groups.into_iter().map(|(name, weight)| (Value::from(name), plain(&json!(weight))));
                entries.extend(groups);
            }};
        }
        grouped!(Knows, Software::F.name.at_source::<Knows>());
        grouped!(Knows, Software::F.name.at_target::<Knows>());
        grouped!(Created, Software::F.name.at_source::<Created>());
        grouped!(Created, Software::F.name.at_target::<Created>());
        Ok(entries)
    }

    pub(super) fn dedup(&mut self, branches: &[Branch]) -> Outcome<Flow> {
        let [branch] = branches else { return Err(Reason::Walks) };
        if !is_element(&branch.view) || branch.is_bounded() {
            return Err(Reason::Walks);
        }
        if branch.hops.is_empty() && branch.edges.is_none() && branch.copies == 1 {
            return Ok(Flow::Walkers(vec![branch.clone()]));
        }
        let mut anew = Branch::new();
        anew.start = Condition::Row(ends(self.conn, self.world, branch)?);
        anew.anew = true;
        Ok(Flow::Walkers(vec![anew]))
    }

    /// From every walker to every vertex.
    pub(super) fn shortest_paths(&mut self, branches: &[Branch]) -> Outcome<Flow> {
        let [branch] = branches else { return Err(Reason::Walks) };
        if !branch.hops.is_empty() || self.world.labels != [Label::Knows, Label::Created] {
            return Err(Reason::Walks);
        }
        let shown = |path: Vec<i64>| json!({"p": path.into_iter().map(|node| self.world.node(node).shown.clone()).collect::<Vec<_>>()});
        Ok(Flow::Values(shortest(self.conn, self.world, branch).into_iter().map(shown).collect()))
    }
}

/// `by(bothE().values("weight").max())`: what is computed.
fn edge_function(what: &Step) -> Option<&str> {
    let [Term::Chain(chain)] = what.terms.as_slice() else { return None };
    match chain.steps.as_slice() {
        [edges, values, function]
            if edges.name == "bothE"
                && edges.terms.is_empty()
                && values.name == "values"
                && ["max", "min", "mean", "sum"].contains(&function.name.as_str()) =>
        {
            Some(&function.name)
        }
        _ => None,
    }
}

fn counts(what: &Step) -> bool {
    matches!(what.terms.as_slice(), [Term::Chain(chain)] if chain.steps.len() == 1 && chain.steps[0].name == "count")
}

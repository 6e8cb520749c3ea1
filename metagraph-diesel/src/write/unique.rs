//! Which unique attributes a refused row has in common with another.

use std::collections::HashSet;

use metagraph_core::query::condition::{Comparison, Condition, equals};
use metagraph_core::query::literal::{Given, Literal};
use metagraph_core::query::source::{Path, Source};
use metagraph_core::schema::{FIND, indexed_steps};
use serde_json::Value;

use crate::backend::GraphConnection;
use crate::conflict::{Conflict, Rule};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::query::{Plan, Rows};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::{EdgeKind, NodeKind};

/// The unique rules of one type, as a batch is held against them.
#[derive(Debug)]
pub(crate) struct UniqueRules<'g> {
    graph: OpenGraph<'g>,
    element: &'g str,
    rows: Rows,
    schema: &'g Value,
    rules: &'g [Vec<String>],
    /// What rows of the batch have so far.
    earlier: HashSet<(usize, String)>,
}

impl<'g> UniqueRules<'g> {
    pub(crate) fn of_nodes(graph: OpenGraph<'g>, kind: &'g NodeKind) -> Self {
        let rows = Rows::Nodes(vec![kind.id]);
        Self {
            graph,
            element: &kind.name,
            rows,
            schema: kind.check.schema(),
            rules: &kind.unique,
            earlier: HashSet::new(),
        }
    }

    pub(crate) fn of_edges(graph: OpenGraph<'g>, kind: &'g EdgeKind) -> Self {
        let rows = Rows::Edges(kind.id);
        Self {
            graph,
            element: &kind.name,
            rows,
            schema: kind.check.schema(),
            rules: &kind.unique,
            earlier: HashSet::new(),
        }
    }

    /// The conflict of a row with a stored one, apart from those in `own`, or with an earlier one of its batch.
    pub(crate) fn conflict<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        attributes: &str,
        own: &HashSet<i64>,
    ) -> Result<Option<Conflict>> {
        if self.rules.is_empty() {
            return Ok(None);
        }
        let stored: Value = serde_json::from_str(attributes)
            .map_err(|source| Error::Encode { element: self.element.to_owned(), source })?;
        for (place, names) in self.rules.iter().enumerate() {
            let Some(values) = held(names, &stored) else { continue };
            let claim = (place, same(&values));
            let existing = self.holder(conn, names, &values, own)?;
            if existing.is_some() || self.earlier.contains(&claim) {
                return Ok(Some(Conflict {
                    rule: Rule::Unique,
                    element: self.element.to_owned(),
                    key: None,
                    attributes: names.clone(),
                    ends: None,
                    existing,
                    in_batch: existing.is_none(),
                }));
            }
            self.earlier.insert(claim);
        }
        Ok(None)
    }

    /// The stored row that has these values.
    fn holder<C: GraphConnection>(
        &self,
        conn: &mut C,
        names: &[String],
        values: &[&Value],
        own: &HashSet<i64>,
    ) -> Result<Option<i64>> {
        let same = names.iter().zip(values).map(|(name, value)| {
            let steps = indexed_steps(self.schema, name);
            same_as(&Source::Attribute(Path::Nested(steps.as_slice().into())), value)
        });
        let mut plan = Plan::new(self.graph, self.rows.clone());
        plan.filter(Condition::All(same.collect()));
        let alias = plan.scope()?.alias;
        let statement = plan.from(Statement::new("SELECT ").printed(format!("{alias}.id FROM ")), &[])?;
        let holders: Vec<i64> = run::all(conn, "looking for a conflict", statement)?;
        Ok(holders.into_iter().find(|id| !own.contains(id)))
    }
}

/// The values of attributes that are unique together; what is absent claims nothing.
fn held<'v>(names: &[String], attributes: &'v Value) -> Option<Vec<&'v Value>> {
    names.iter().map(|name| ruled(name, attributes)).collect()
}

/// The value of an attribute as a rule sees it: of a sealed one the tag.
pub(crate) fn ruled<'v>(name: &str, attributes: &'v Value) -> Option<&'v Value> {
    let value = attributes.get(name).filter(|value| !value.is_null())?;
    if value.is_object() { value.get(FIND) } else { Some(value) }
}

/// A text that is the same for the same values.
fn same(values: &[&Value]) -> String {
    values.iter().map(|value| by_value(value)).collect::<Value>().to_string()
}

/// What attributes claim by a rule, as a text that is the same for the same values.
pub(crate) fn claim(names: &[String], attributes: &Value) -> Option<String> {
    held(names, attributes).map(|values| same(&values))
}

/// What attributes claim by each of the rules.
pub(crate) fn claims(rules: &[Vec<String>], attributes: &Value) -> Vec<(usize, String)> {
    let claims = rules.iter().enumerate().map(|(place, names)| Some((place, claim(names, attributes)?)));
    claims.flatten().collect()
}

/// A value equals another, also a number beyond what can be asked for: what is stored alike is what an index refuses.
fn same_as(source: &Source, value: &Value) -> Condition {
    match value.as_u64() {
        Some(number) if value.as_i64().is_none() => {
            Condition::Compare(source.clone(), Comparison::Equal, Literal::Unsigned(number))
        }
        _ => equals(source, Given::from_json(value.clone())),
    }
}

/// A value as it is compared: a number is the same however it is written.
fn by_value(value: &Value) -> Value {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    match value.as_f64() {
        #[allow(clippy::cast_possible_truncation, reason = "it is whole and in range")]
        Some(float) if value.as_i64().is_none() && float.fract() == 0.0 && float.abs() < BEYOND => {
            (float as i64).into()
        }
        Some(float) if value.as_i64().is_none() => float.into(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::by_value;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        for (one, other) in
            [(json!(2), json!(2.0)), (json!(0), json!(-0.0)), (json!(u64::MAX), json!(18_446_744_073_709_551_615.0))]
        {
            assert_eq!(by_value(&one), by_value(&other));
        }
        for (one, other) in [(json!(2), json!(2.5)), (json!(2), json!("2")), (json!(i64::MAX), json!(i64::MAX - 1))] {
            assert_ne!(by_value(&one), by_value(&other));
        }
    }
}

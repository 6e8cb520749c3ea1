//! Which unique attributes a refused row has in common with another.

use std::collections::HashSet;

use metagraph_core::query::condition::{Condition, equals};
use metagraph_core::query::literal::Given;
use metagraph_core::query::source::{Path, Source, Step};
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
    rules: &'g [Vec<String>],
    /// What rows of the batch have so far.
    earlier: HashSet<(usize, String)>,
}

impl<'g> UniqueRules<'g> {
    pub(crate) fn of_nodes(graph: OpenGraph<'g>, kind: &'g NodeKind) -> Self {
        let rows = Rows::Nodes(vec![kind.id]);
        Self { graph, element: &kind.name, rows, rules: &kind.unique, earlier: HashSet::new() }
    }

    pub(crate) fn of_edges(graph: OpenGraph<'g>, kind: &'g EdgeKind) -> Self {
        let rows = Rows::Edges(kind.id);
        Self { graph, element: &kind.name, rows, rules: &kind.unique, earlier: HashSet::new() }
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
            let values: Vec<&Value> = names.iter().map(|name| stored.get(name).unwrap_or(&Value::Null)).collect();
            // What is absent claims nothing.
            if values.iter().any(|value| value.is_null()) {
                continue;
            }
            let claim = (place, values.iter().copied().cloned().collect::<Value>().to_string());
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
            let steps = [Step::Member(name.clone().into())];
            equals(&Source::Attribute(Path::Nested(steps.as_slice().into())), Given::from_json((*value).clone()))
        });
        let mut plan = Plan::new(self.graph, self.rows.clone());
        plan.filter(Condition::All(same.collect()));
        let alias = plan.scope()?.alias;
        let statement = plan.from(Statement::new("SELECT ").printed(format!("{alias}.id FROM ")), &[])?;
        let holders: Vec<i64> = run::all(conn, "looking for a conflict", statement)?;
        Ok(holders.into_iter().find(|id| !own.contains(id)))
    }
}

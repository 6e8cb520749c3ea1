//! Looks at every row that a change may concern, and writes nothing.

use std::collections::HashSet;

use metagraph_core::evolution::{RowUpgrade, Subject};
use metagraph_core::schema::canonical_text;
use metagraph_core::validate::Violation;
use metagraph_core::value::diff;
use serde_json::Value;

use super::prepare::{Options, Prepared, Step, Work};
use super::progress::Reporter;
use super::rows;
use super::tally::{Counted, Repeated, Tally};
use crate::backend::GraphConnection;
use crate::encode;
use crate::error::{Error, Result};
use crate::graph::handle::Stored;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::{Check, Vocabulary};
use crate::write::Table;
use crate::write::unique::ruled;

/// How many rows are read by one statement.
pub(super) const PAGE: usize = 1000;

/// Counts, graph by graph, what would be done to rows.
pub(super) fn rows_of<C: GraphConnection>(
    conn: &mut C,
    tally: &mut Tally,
    prepared: &Prepared,
    graphs: &[i64],
    options: &Options,
    reporter: &mut Reporter<'_>,
) -> Result<()> {
    for &graph in graphs {
        for step in &prepared.steps {
            let subject = step.subject();
            match &step.work {
                Work::Delete => {
                    let count = count(conn, graph, step)?;
                    tally.deleted(&subject, count, options.delete.contains(&step.element));
                }
                Work::Rewrite { upgrade, only } => {
                    let ids = rows::ids(conn, graph, step, only.as_deref(), i64::MIN)?;
                    let mut look = Look::new(&subject, step, upgrade, &prepared.vocabulary)?;
                    for page in ids.chunks(PAGE) {
                        let read = rows::read(conn, graph, step.table, page)?;
                        for row in &read {
                            look.at(tally, graph, row)?;
                        }
                        reporter.checked(tally.checked(read.len()));
                    }
                    let in_the_way = look.keys_in_the_way();
                    if !in_the_way.is_empty() {
                        tally.moves.keys.push((graph, step.table, in_the_way));
                    }
                }
                Work::Rules => {}
            }
        }
    }
    Ok(())
}

/// Whether there is any row that a change which is not compatible may be about.
pub(super) fn has_rows<C: GraphConnection>(conn: &mut C, prepared: &Prepared, graphs: &[i64]) -> Result<bool> {
    for (table, kind) in prepared.endangered() {
        let (select, of_type) = match table {
            Table::Nodes => ("SELECT id FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id = "),
            Table::Edges => ("SELECT id FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id = "),
        };
        for graph in graphs {
            let statement = Statement::new(select).integer(*graph).sql(of_type).integer(kind).sql(" LIMIT 1");
            if run::optional::<C, i64>(conn, "looking for rows of a type", statement)?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn count<C: GraphConnection>(conn: &mut C, graph: i64, step: &Step) -> Result<u64> {
    let statement = match step.table {
        Table::Nodes => Statement::new("SELECT count(*) FROM __metagraph_nodes WHERE graph_id = ")
            .integer(graph)
            .sql(" AND node_type_id = "),
        Table::Edges => Statement::new("SELECT count(*) FROM __metagraph_edges WHERE graph_id = ")
            .integer(graph)
            .sql(" AND edge_type_id = "),
    };
    let count: Option<i64> = run::optional(conn, "counting rows of a type", statement.integer(step.kind))?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// A type as its rows are looked at.
struct Look<'s> {
    subject: &'s Subject,
    upgrade: &'s RowUpgrade,
    element: &'s str,
    kind: Kind<'s>,
    /// The values of unique rules and keys that were seen in this graph, as a hash of rule and value.
    seen: HashSet<[u8; 16]>,
    /// Rows whose key changes, with the hash of the one that they had.
    moving: Vec<([u8; 16], i64)>,
}

impl<'s> Look<'s> {
    fn new(subject: &'s Subject, step: &'s Step, upgrade: &'s RowUpgrade, vocabulary: &'s Vocabulary) -> Result<Self> {
        let kind = Kind::of(step, vocabulary)?;
        Ok(Self { subject, upgrade, element: &step.element, kind, seen: HashSet::new(), moving: Vec::new() })
    }

    fn at(&mut self, tally: &mut Tally, graph: i64, row: &Stored) -> Result<()> {
        let stored = rows::attributes(self.element, row)?;
        let counted = Counted { subject: self.subject, graph, row };
        let upgraded = match self.upgrade.run_of(row.key.as_deref(), stored.clone()) {
            Ok(upgraded) => upgraded,
            Err(violations) => {
                tally.refused(counted, &stored, &violations);
                return Ok(());
            }
        };
        let encoded = encode::json_alike(self.kind.check, self.element, self.kind.key, &upgraded.value);
        let (key, value) = match encoded {
            Ok((encoded, value)) => (encoded.key, value),
            // Of one row, so it is told with the others.
            Err(error) => {
                let mut violation = violation(&error);
                if self.upgrade.is_discreet() {
                    "what is there does not fit".clone_into(&mut violation.message);
                }
                tally.refused(counted, &stored, &[violation]);
                return Ok(());
            }
        };
        let key = key.as_ref().map(|key| key.as_str().to_owned());
        if let Some((repeated, message)) = self.repeated(&value, key.as_deref()) {
            tally.repeated(counted, &repeated, message);
            return Ok(());
        }
        if key.is_some()
            && key != row.key
            && let Some(before) = &row.key
        {
            self.moving.push((hash(&["key", before]), row.id));
        }
        for rule in
            self.kind.unique.iter().filter(|rule| rule.iter().any(|name| ruled(name, &stored) != ruled(name, &value)))
        {
            tally.moves.unique.insert((self.element.to_owned(), rule.clone()));
        }
        let edits = diff(&stored, &value);
        if !edits.is_empty() || key.is_some() && key != row.key {
            tally.rewritten(counted, &edits, &upgraded.losses);
        }
        Ok(())
    }

    /// The rows whose key another one gets.
    fn keys_in_the_way(&self) -> Vec<i64> {
        let taken = self.moving.iter().filter(|(before, _)| self.seen.contains(before));
        taken.map(|(_, id)| *id).collect()
    }

    /// What another row of the graph has already, in words.
    fn repeated(&mut self, value: &Value, key: Option<&str>) -> Option<(Repeated<'s>, String)> {
        let mut found = None;
        if let (Some(attribute), Some(key)) = (self.kind.key, key)
            && !self.seen.insert(hash(&["key", key]))
        {
            let key = if self.upgrade.is_discreet() { "of this one" } else { &format!("`{key}`") };
            let message = format!("another row has the key {key} already (attribute `{attribute}`)");
            found = Some((Repeated::Key, message));
        }
        for rule in self.kind.unique {
            let values: Option<Vec<_>> = rule.iter().map(|name| ruled(name, value)).collect();
            let Some(values) = values else { continue };
            let texts: Vec<_> = values.into_iter().map(canonical_text).collect();
            let hashed: Vec<_> = rule.iter().chain(&texts).map(String::as_str).collect();
            if !self.seen.insert(hash(&hashed)) {
                let names = rule.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
                let shown = if self.upgrade.is_discreet() { String::new() } else { format!(": {}", texts.join(", ")) };
                let message = format!("another row has the same {names} already{shown}");
                found = Some((Repeated::Unique(rule), message));
            }
        }
        found
    }
}

/// What the rows of a step's type have to be.
pub(super) struct Kind<'v> {
    pub(super) check: &'v Check,
    /// The attribute with the key.
    pub(super) key: Option<&'v str>,
    unique: &'v [Vec<String>],
}

impl<'v> Kind<'v> {
    pub(super) fn of(step: &Step, vocabulary: &'v Vocabulary) -> Result<Self> {
        Ok(match step.table {
            Table::Nodes => {
                let kind = vocabulary.node(&step.element)?;
                Self { check: &kind.check, key: kind.key.as_deref(), unique: &kind.unique }
            }
            Table::Edges => {
                let kind = vocabulary.edge(&step.element)?;
                Self { check: &kind.check, key: kind.key.as_deref(), unique: &kind.unique }
            }
        })
    }
}

fn violation(error: &Error) -> Violation {
    Violation { path: String::new(), rule: String::new(), message: error.to_string() }
}

fn hash(parts: &[&str]) -> [u8; 16] {
    let mut hash = hmac_sha256::Hash::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let whole = hash.finalize();
    let mut half = [0; 16];
    half.iter_mut().zip(whole).for_each(|(half, byte)| *half = byte);
    half
}

//! What may be done with one row, a node or an edge.

use metagraph::Rule;
use serde_json::Value;

use super::super::answer::{Answer, Refusal, Row};
use super::super::step::{Meanwhile, RowVerb, Via};
use super::{Model, Stored};

impl Model {
    pub(super) fn take_row(&mut self, via: Via, kind: &'static str, row: Row, verb: &RowVerb) -> Answer {
        let found = self.rows.get(&row).filter(|stored| stored.kind == kind).cloned();
        match verb {
            RowVerb::Get => Answer::Seen(vec![self.seen(via, kind, row)]),
            RowVerb::Exists => Answer::Flag(found.is_some()),
            RowVerb::Metadata => match found {
                Some(stored) => Answer::Json(stored.metadata),
                None => Answer::Refused(Refusal::NotFound),
            },
            RowVerb::SetMetadata(_) if self.archived || found.is_none() => {
                Answer::Refused(self.refuse(Refusal::NotFound))
            }
            RowVerb::SetMetadata(metadata) => {
                self.rows.get_mut(&row).unwrap().metadata = metadata.clone();
                Answer::Done
            }
            RowVerb::Delete => {
                let rows: Vec<Row> = found.map(|_| row).into_iter().collect();
                self.delete(&rows).map_or_else(Answer::Refused, |count| Answer::Flag(count > 0))
            }
            RowVerb::Save(meanwhile, changes) => match found {
                Some(read) => self.save(kind, (row, read), meanwhile, changes).unwrap_or_else(Answer::Refused),
                None => Answer::Seen(vec![None]),
            },
            _ => self.rewrite(via, kind, (row, found), verb).map_or_else(Answer::Refused, Answer::Version),
        }
    }

    fn save(
        &mut self,
        kind: &'static str,
        (row, read): (Row, Stored),
        meanwhile: &Meanwhile,
        changes: &Value,
    ) -> Result<Answer, Refusal> {
        let value = self.with(row, changes);
        match meanwhile {
            Meanwhile::Nothing => {}
            Meanwhile::Update(changes) => {
                let written = self.checked(Via::Typed, kind, &self.with(row, changes))?;
                self.overwrite(row, written, &[])?;
            }
            Meanwhile::Delete => drop(self.delete(&[row])?),
        }
        let value = self.checked(Via::Typed, kind, &value)?;
        let found = self.rows.get(&row).map(|stored| stored.version).ok_or_else(|| self.refuse(Refusal::NotFound))?;
        if found != read.version {
            return Err(self.refuse(Refusal::Stale { expected: read.version, found }));
        }
        self.overwrite(row, value, &[])?;
        Ok(Answer::Seen(vec![self.seen(Via::Typed, kind, row)]))
    }

    /// The attributes of a row with some of them changed.
    pub(super) fn with(&self, row: Row, changes: &Value) -> Value {
        let mut value = self.rows[&row].attributes.clone();
        value.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        value
    }

    fn rewrite(
        &mut self,
        via: Via,
        kind: &'static str,
        (row, found): (Row, Option<Stored>),
        verb: &RowVerb,
    ) -> Result<i64, Refusal> {
        if let (RowVerb::Replace(value), Via::Typed) = (verb, via) {
            self.checked(via, kind, value)?;
        }
        let stored = found.ok_or_else(|| self.refuse(Refusal::NotFound))?;
        if let RowVerb::UpdateIf(age, _) | RowVerb::ReplaceIf(age, _) = verb
            && *age != 0
        {
            let found = stored.version;
            return Err(self.refuse(Refusal::Stale { expected: found - age, found }));
        }
        let value = match verb {
            RowVerb::Update(changes) | RowVerb::UpdateIf(_, changes) => {
                self.checked(Via::Typed, kind, &self.with(row, changes))?
            }
            RowVerb::Patch(patch) => {
                if !self.knows_all(kind, patch) {
                    return Err(self.refuse(Refusal::Invalid));
                }
                // What is merged is written as it is, through either handle.
                self.checked(Via::Dynamic, kind, &merged(&stored.attributes, patch))?
            }
            RowVerb::Replace(value) | RowVerb::ReplaceIf(_, value) => self.checked(via, kind, value)?,
            other => unreachable!("{other:?} writes no attributes"),
        };
        self.overwrite(row, value, &[])
    }

    /// Writes attributes over those of a row; those of `batch` were not there before.
    pub(super) fn overwrite(&mut self, row: Row, value: Value, batch: &[Row]) -> Result<i64, Refusal> {
        if self.archived {
            return Err(Refusal::Archived);
        }
        let kind = self.rows[&row].kind;
        if let Some(conflict) = self.taken(kind, &value, Some(row), batch) {
            return Err(conflict);
        }
        let key = self.key_of(kind, &value);
        let stored = self.rows.get_mut(&row).unwrap();
        stored.key = key;
        stored.attributes = value;
        stored.version += 1;
        Ok(stored.version)
    }

    /// The key or the unique attributes that another row has; one of `batch` was not there before.
    pub(super) fn taken(&self, kind: &str, value: &Value, own: Option<Row>, batch: &[Row]) -> Option<Refusal> {
        let conflict = |rule, row: Row| {
            let in_batch = batch.contains(&row);
            Refusal::Conflict { rule, existing: (!in_batch).then_some(row), in_batch }
        };
        let others = || self.of(kind).filter(|(row, _)| Some(*row) != own);
        if let Some(key) = self.key_of(kind, value)
            && let Some((row, stored)) = others().find(|(_, stored)| stored.key.as_ref() == Some(&key))
        {
            return Some(conflict(if stored.ends.is_some() { Rule::EdgeKey } else { Rule::NodeKey }, row));
        }
        for rule in self.kind(kind).unique {
            let same = |stored: &Stored| {
                rule.iter().all(|name| !value[*name].is_null() && stored.attributes[*name] == value[*name])
            };
            if let Some((row, _)) = others().find(|(_, stored)| same(stored)) {
                return Some(conflict(Rule::Unique, row));
            }
        }
        None
    }

    fn knows_all(&self, kind: &str, patch: &Value) -> bool {
        let fields = self.kind(kind).fields;
        patch.as_object().unwrap().keys().all(|name| fields.iter().any(|field| field.name == name))
    }

    /// Deletes rows, and the edges of nodes; counts the rows.
    pub(super) fn delete(&mut self, rows: &[Row]) -> Result<i64, Refusal> {
        if self.archived {
            return Err(Refusal::Archived);
        }
        let mut restricting: Vec<Row> = rows
            .iter()
            .copied()
            .filter(|row| {
                let stored = self.rows.get(row).filter(|stored| stored.ends.is_none());
                stored.is_some_and(|stored| self.rules.node(stored.kind).restrict)
            })
            .collect();
        restricting.sort_unstable();
        for node in restricting {
            let mut counts = std::collections::BTreeMap::new();
            for (_, edge, (source, target)) in self.edges() {
                if source == node || target == node {
                    *counts.entry(edge.kind.to_owned()).or_insert(0) += 1;
                }
            }
            if !counts.is_empty() {
                return Err(Refusal::Restricted(node, counts.into_iter().collect()));
            }
        }
        Ok(self.remove(rows))
    }

    pub(super) fn remove(&mut self, rows: &[Row]) -> i64 {
        let mut count = 0;
        for row in rows {
            let Some(stored) = self.rows.remove(row) else { continue };
            count += 1;
            self.gone.push((stored.kind, *row));
        }
        let live = &self.rows;
        let cut = |ends: (Row, Row)| !live.contains_key(&ends.0) || !live.contains_key(&ends.1);
        let edges: Vec<Row> = self.edges().filter(|(.., ends)| cut(*ends)).map(|(row, ..)| row).collect();
        for row in edges {
            let edge = self.rows.remove(&row).unwrap();
            self.gone.push((edge.kind, row));
        }
        count
    }
}

/// JSON merge patch of members that are scalars.
fn merged(attributes: &Value, patch: &Value) -> Value {
    let mut merged = attributes.as_object().unwrap().clone();
    for (name, value) in patch.as_object().unwrap() {
        if value.is_null() {
            merged.remove(name);
        } else {
            merged.insert(name.clone(), value.clone());
        }
    }
    Value::Object(merged)
}

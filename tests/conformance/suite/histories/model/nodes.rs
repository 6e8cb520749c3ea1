//! Writing nodes.

use metagraph::Outcome;
use serde_json::{Map, Value};

use super::super::answer::{Answer, Refusal, Row};
use super::super::step::{Found, NodeVerb, UniqueVerb, Via};
use super::Model;

impl Model {
    pub(super) fn take_nodes(&mut self, via: Via, kind: &'static str, verb: &NodeVerb) -> Answer {
        let answer = match verb {
            NodeVerb::Insert(value) => self.insert(via, kind, std::slice::from_ref(value)).map(Answer::Created),
            NodeVerb::InsertMany(values) => self.insert(via, kind, values).map(Answer::Created),
            NodeVerb::Upsert(value) => self.upsert(via, kind, None, std::slice::from_ref(value), false),
            NodeVerb::FindOrInsert(value) => self.upsert(via, kind, None, std::slice::from_ref(value), true),
            NodeVerb::UpsertMany(values) => self.upsert(via, kind, None, values, false),
            NodeVerb::FindOrInsertMany(values) => self.upsert(via, kind, None, values, true),
            NodeVerb::By(rule, verb) => {
                let names = self.kind(kind).unique[*rule];
                let rule = Some(names);
                match verb {
                    UniqueVerb::GetMany(values) => self.get_by(via, kind, names, values),
                    UniqueVerb::Upsert(value) => self.upsert(via, kind, rule, std::slice::from_ref(value), false),
                    UniqueVerb::FindOrInsert(value) => self.upsert(via, kind, rule, std::slice::from_ref(value), true),
                    UniqueVerb::UpsertMany(values) => self.upsert(via, kind, rule, values, false),
                    UniqueVerb::FindOrInsertMany(values) => self.upsert(via, kind, rule, values, true),
                }
            }
            NodeVerb::Row(pick, verb) => {
                let row = self.pick(via, kind, *pick);
                Ok(self.take_row(via, kind, row, verb))
            }
            NodeVerb::DeleteMany(picks) => {
                let rows: Vec<Row> = picks.iter().map(|&pick| self.pick(via, kind, pick)).collect();
                let rows: Vec<Row> = rows.into_iter().filter(|row| self.of(kind).any(|(of, _)| of == *row)).collect();
                self.delete(&rows).map(Answer::Count)
            }
            NodeVerb::GetMany(picks) => {
                Ok(Answer::Seen(picks.iter().map(|&pick| self.seen(via, kind, self.pick(via, kind, pick))).collect()))
            }
            NodeVerb::ByKey(key) => Ok(self.by_key(via, kind, key)),
            NodeVerb::Count => Ok(self.count(kind)),
            NodeVerb::All => Ok(self.all(via, kind)),
            NodeVerb::Filter(number) => Ok(Answer::Found(self.filtered(kind, *number).collect())),
            NodeVerb::UpdateFound(found, changes) => self.update_found(kind, &self.found(kind, *found), changes),
            NodeVerb::SetFound(found, changes) => self.set_found(kind, &self.found(kind, *found), changes),
            NodeVerb::DeleteFound(found) => self.delete(&self.found(kind, *found)).map(Answer::Count),
        };
        answer.unwrap_or_else(Answer::Refused)
    }

    fn insert(&mut self, via: Via, kind: &'static str, values: &[Value]) -> Result<Vec<Row>, Refusal> {
        let values = values.iter().map(|value| self.checked(via, kind, value)).collect::<Result<Vec<_>, _>>()?;
        if self.archived && !values.is_empty() {
            return Err(Refusal::Archived);
        }
        let mut after = self.clone();
        let mut added = Vec::new();
        for value in values {
            if let Some(conflict) = after.taken(kind, &value, None, &added) {
                return Err(conflict);
            }
            added.push(after.add(kind, None, value));
        }
        *self = after;
        Ok(added)
    }

    /// Finds by the attributes of a unique rule, or else by key; a batch is as one after another, all or none.
    fn upsert(
        &mut self,
        via: Via,
        kind: &'static str,
        rule: Option<&[&str]>,
        values: &[Value],
        keep: bool,
    ) -> Result<Answer, Refusal> {
        let values = values.iter().map(|value| self.checked(via, kind, value)).collect::<Result<Vec<_>, _>>()?;
        for value in &values {
            match rule {
                Some(names) if names.iter().any(|name| value[*name].is_null()) => return Err(Refusal::AbsentIdentity),
                None if self.key_of(kind, value).is_none() => return Err(Refusal::NoIdentity),
                _ => {}
            }
        }
        if self.archived && !values.is_empty() {
            return Err(Refusal::Archived);
        }
        let mut after = self.clone();
        let mut added = Vec::new();
        let mut answers = Vec::new();
        for value in values {
            let found = match rule {
                Some(names) => after.with_same(kind, names, &value),
                None => after.with_key(kind, after.key_of(kind, &value).as_deref()),
            };
            if let Some(row) = found {
                answers.push(after.bring(row, value, keep, &added)?);
                continue;
            }
            if let Some(conflict) = after.taken(kind, &value, None, &added) {
                return Err(conflict);
            }
            let row = after.add_ranked((self, added.len()), kind, None, value);
            added.push(row);
            answers.push((row, Outcome::Created));
        }
        *self = after;
        Ok(Answer::Upserted(answers))
    }

    fn get_by(&self, via: Via, kind: &str, names: &[&str], values: &[Value]) -> Result<Answer, Refusal> {
        if values.iter().any(|value| names.iter().any(|name| value[*name].is_null())) {
            return Err(Refusal::AbsentIdentity);
        }
        let found = values.iter().map(|value| self.seen(via, kind, self.with_same(kind, names, value)?));
        Ok(Answer::Seen(found.collect()))
    }

    fn with_same(&self, kind: &str, names: &[&str], value: &Value) -> Option<Row> {
        let same = |attributes: &Value| names.iter().all(|name| attributes[*name] == value[*name]);
        self.of(kind).find(|(_, stored)| same(&stored.attributes)).map(|(row, _)| row)
    }

    pub(super) fn with_key(&self, kind: &str, key: Option<&str>) -> Option<Row> {
        self.of(kind).find(|(_, stored)| key.is_some() && stored.key.as_deref() == key).map(|(row, _)| row)
    }

    /// What an upsert does with the row that it found; those of `batch` were not there before.
    pub(super) fn bring(
        &mut self,
        row: Row,
        value: Value,
        keep: bool,
        batch: &[Row],
    ) -> Result<(Row, Outcome), Refusal> {
        if keep {
            return Ok((row, Outcome::Found));
        }
        if self.rows[&row].attributes == value {
            return Ok((row, Outcome::Unchanged));
        }
        self.overwrite(row, value, batch)?;
        Ok((row, Outcome::Updated))
    }

    fn found(&self, kind: &str, found: Found) -> Vec<Row> {
        let limit = found.limit.map_or(usize::MAX, |limit| limit as usize);
        self.filtered(kind, found.filter).take(limit).collect()
    }

    /// Sets members of rows, one after another, all or none.
    pub(super) fn update_found(
        &mut self,
        kind: &'static str,
        rows: &[Row],
        changes: &Value,
    ) -> Result<Answer, Refusal> {
        let written = |row: &Row| Ok((*row, self.checked(Via::Typed, kind, &self.with(*row, changes))?));
        let written = rows.iter().map(written).collect::<Result<Vec<_>, Refusal>>()?;
        self.write_found(written)
    }

    fn set_found(&mut self, kind: &'static str, rows: &[Row], changes: &Value) -> Result<Answer, Refusal> {
        let names = changes.as_object().unwrap();
        let written = |row: &Row| {
            let judged = self.checked(Via::Typed, kind, &self.with(*row, changes))?;
            let set: Map<String, Value> = names.keys().map(|name| (name.clone(), judged[name].clone())).collect();
            Ok((*row, self.with(*row, &Value::Object(set))))
        };
        let written = rows.iter().map(written).collect::<Result<Vec<_>, Refusal>>()?;
        self.write_found(written)
    }

    fn write_found(&mut self, written: Vec<(Row, Value)>) -> Result<Answer, Refusal> {
        if self.archived {
            return Err(Refusal::Archived);
        }
        let mut after = self.clone();
        let mut count = 0;
        for (row, value) in written {
            if after.rows[&row].attributes != value {
                after.overwrite(row, value, &[])?;
                count += 1;
            }
        }
        *self = after;
        Ok(Answer::Count(count))
    }
}

//! Writing nodes.

use metagraph::Outcome;
use serde_json::Value;

use super::super::answer::{Answer, Refusal, Row};
use super::super::step::{NodeVerb, Via};
use super::Model;

impl Model {
    pub(super) fn take_nodes(&mut self, via: Via, kind: &'static str, verb: &NodeVerb) -> Answer {
        let answer = match verb {
            NodeVerb::Insert(value) => self.insert(via, kind, std::slice::from_ref(value)).map(Answer::Created),
            NodeVerb::InsertMany(values) => self.insert(via, kind, values).map(Answer::Created),
            NodeVerb::Upsert(value) => self.upsert_node(via, kind, value, false),
            NodeVerb::FindOrInsert(value) => self.upsert_node(via, kind, value, true),
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
            NodeVerb::Filter(number) => Ok(self.filtered(kind, *number)),
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

    fn upsert_node(&mut self, via: Via, kind: &'static str, value: &Value, keep: bool) -> Result<Answer, Refusal> {
        let value = self.checked(via, kind, value)?;
        let Some(key) = self.key_of(kind, &value) else { return Err(Refusal::NoIdentity) };
        if self.archived {
            return Err(Refusal::Archived);
        }
        let found = self.of(kind).find(|(_, stored)| stored.key.as_ref() == Some(&key)).map(|(row, _)| row);
        let Some(row) = found else {
            if let Some(conflict) = self.taken(kind, &value, None, &[]) {
                return Err(conflict);
            }
            return Ok(Answer::Upserted(self.add(kind, None, value), Outcome::Created));
        };
        self.bring(row, value, keep)
    }

    /// What an upsert does with the row that it found.
    pub(super) fn bring(&mut self, row: Row, value: Value, keep: bool) -> Result<Answer, Refusal> {
        if keep {
            return Ok(Answer::Upserted(row, Outcome::Found));
        }
        if self.rows[&row].attributes == value {
            return Ok(Answer::Upserted(row, Outcome::Unchanged));
        }
        self.overwrite(row, value)?;
        Ok(Answer::Upserted(row, Outcome::Updated))
    }
}

//! Importing, batch by batch.

use serde_json::Value;

use super::super::answer::{Answer, Refusal, Row};
use super::super::step::{Load, Pick, Via};
use super::Model;

/// How many rows of a load are stored together.
pub(in super::super) const BATCH: usize = 2;

/// An end of an edge of a load.
pub(in super::super) enum End {
    /// A row there was before.
    Row(Row),
    /// The type and the place of a row that the load itself brought.
    Own(&'static str, usize),
}

/// What a load is refused for, and the place of the row in its batch.
type Refused = (Option<usize>, Refusal);

impl Model {
    /// The node that a pick means in a load.
    pub(in super::super) fn pick_loaded(&self, kinds: &[&'static str], pick: Pick, load: &Load) -> End {
        let kind = kinds[usize::from(pick) % kinds.len()];
        let own = if kind == "person" { load.people.len() } else { load.vaults.len() };
        match usize::from(pick) {
            place if place % 3 == 0 && own > 0 => End::Own(kind, place / 3 % own),
            _ => End::Row(self.pick(Via::Typed, kind, pick)),
        }
    }

    pub(super) fn load(&mut self, load: &Load) -> Answer {
        let before = self.clone();
        let mut loaded = Vec::new();
        let failure = match self.load_steps(load, &before, &mut loaded) {
            Ok(()) => return Answer::Loaded(loaded.clone(), loaded.len() as u64),
            Err(failure) => failure,
        };
        let (step, row, cause) = failure;
        let stored = if load.once { 0 } else { loaded.len() as u64 };
        let cause = match cause {
            // What is taken back is no row that stands in the way.
            Refusal::Conflict { rule, existing: Some(row), .. } if load.once && row >= before.next => {
                Refusal::Conflict { rule, existing: None, in_batch: true }
            }
            cause => cause,
        };
        if load.once {
            *self = before;
        }
        Answer::Refused(Refusal::Load { step, row, stored, cause: Box::new(cause) })
    }

    fn load_steps(
        &mut self,
        load: &Load,
        before: &Self,
        loaded: &mut Vec<Row>,
    ) -> Result<(), (usize, Option<u64>, Refusal)> {
        if self.archived {
            return Err((1, None, Refusal::Archived));
        }
        for (step, kind, values) in [(1, "person", &load.people), (2, "vault", &load.vaults)] {
            for (number, batch) in values.chunks(BATCH).enumerate() {
                let rows = self.load_nodes(kind, batch);
                loaded.extend(rows.map_err(|(place, refusal)| (step, at(number, place), refusal))?);
            }
        }
        let edges: Vec<_> =
            load.edges.iter().map(|draft| (self.loaded_ends(load, before, loaded, draft), &draft.2)).collect();
        let rules = self.rules.edge(load.kind);
        for (number, batch) in edges.chunks(BATCH).enumerate() {
            let rows = self.load_edges(load, batch);
            loaded.extend(rows.map_err(|(place, refusal)| (3, at(number, place), refusal))?);
        }
        if load.once && !load.edges.is_empty() {
            self.refuse_cycles(rules).map_err(|cycle| (3, None, cycle))?;
        }
        Ok(())
    }

    fn load_nodes(&mut self, kind: &'static str, values: &[Value]) -> Result<Vec<Row>, Refused> {
        let values = self.all_checked(kind, values.iter())?;
        let mut after = self.clone();
        let mut added = Vec::new();
        for (place, value) in values.into_iter().enumerate() {
            if let Some(conflict) = after.taken(kind, &value, None, &added) {
                return Err((Some(place), conflict));
            }
            added.push(after.add(kind, None, value));
        }
        *self = after;
        Ok(added)
    }

    fn load_edges(&mut self, load: &Load, batch: &[((Row, Row), &Value)]) -> Result<Vec<Row>, Refused> {
        let rules = self.rules.edge(load.kind);
        let values = self.all_checked(load.kind, batch.iter().map(|(_, value)| *value))?;
        let edges: Vec<((Row, Row), Value)> = batch.iter().map(|(ends, _)| *ends).zip(values).collect();
        for (place, (ends, _)) in edges.iter().enumerate() {
            if let Some(refusal) = self.looped(rules, *ends) {
                return Err((Some(place), refusal));
            }
        }
        let mut given = self.clone();
        let mut added = Vec::new();
        for (place, (ends, value)) in edges.iter().enumerate() {
            let ends = given.fitting(rules, *ends, value, &added).map_err(|refusal| (Some(place), refusal))?;
            added.push(given.add(load.kind, Some(ends), value.clone()));
        }
        if !load.once {
            given.refuse_cycles(rules).map_err(|cycle| (None, cycle))?;
        }
        // Edges get their ids in the order of their ends.
        let mut sorted: Vec<_> = added.iter().map(|row| given.rows[row].clone()).collect();
        let undirected = self.rules.is_undirected(rules);
        sorted.sort_by_key(|edge| match edge.ends.unwrap() {
            (source, target) if undirected => (source.min(target), source.max(target)),
            ends => ends,
        });
        Ok(sorted.into_iter().map(|edge| self.add(load.kind, edge.ends, edge.attributes)).collect())
    }

    fn loaded_ends(&self, load: &Load, before: &Self, nodes: &[Row], draft: &(Pick, Pick, Value)) -> (Row, Row) {
        let rules = self.rules.edge(load.kind);
        let row = |end| match end {
            End::Row(row) => row,
            End::Own("person", place) => nodes[place],
            End::Own(_, place) => nodes[load.people.len() + place],
        };
        (row(before.pick_loaded(rules.from, draft.0, load)), row(before.pick_loaded(rules.to, draft.1, load)))
    }

    fn all_checked<'v>(&self, kind: &str, values: impl Iterator<Item = &'v Value>) -> Result<Vec<Value>, Refused> {
        let values = values.enumerate();
        values
            .map(|(place, value)| self.checked(Via::Typed, kind, value).map_err(|invalid| (Some(place), invalid)))
            .collect()
    }
}

fn at(batch: usize, place: Option<usize>) -> Option<u64> {
    place.map(|place| (batch * BATCH + place) as u64)
}

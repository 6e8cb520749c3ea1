//! Counts rows by the change that concerns them.

use std::collections::{BTreeMap, BTreeSet};

use metagraph_core::evolution::{Aspect, Change, Class, How, Subject};
use metagraph_core::validate::Violation;
use metagraph_core::value::{Edit, Loss};
use serde_json::{Value, json};

use super::plan::{Lost, Plan, PlannedChange};
use crate::graph::handle::Stored;
use crate::integrity::Sample;
use crate::write::Table;

/// A plan while rows are looked at.
#[derive(Debug)]
pub(super) struct Tally {
    plan: Plan,
    losses: BTreeMap<(Subject, String), Lost>,
    /// What keys and unique values get into each other's way.
    pub(super) moves: Moves,
    most_samples: usize,
}

/// Keys and unique values that rows leave while others may take them: row by row, there is no order for that.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// Rows whose key another row gets, by graph.
    pub(super) keys: Vec<(i64, Table, Vec<i64>)>,
    /// Unique rules whose values change, by the type that has them.
    pub(super) unique: BTreeSet<(String, Vec<String>)>,
}

/// The row that is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'r> {
    pub(super) subject: &'r Subject,
    pub(super) graph: i64,
    pub(super) row: &'r Stored,
}

impl Counted<'_> {
    fn sample(&self, message: String) -> Sample {
        Sample { graph: Some(self.graph), id: Some(self.row.id), key: self.row.key.clone(), message }
    }
}

/// What no two rows of a graph may have.
#[derive(Debug)]
pub(super) enum Repeated<'r> {
    Key,
    /// The values of these attributes.
    Unique(&'r [String]),
}

impl PlannedChange {
    fn refuse(&mut self, row: Counted<'_>, message: String, most: usize) {
        self.refused += 1;
        if self.samples.len() < most {
            self.samples.push(row.sample(message));
        }
    }
}

impl Tally {
    pub(super) fn new(graph_type: &str, revision: i64, changes: &[Change], most_samples: usize) -> Self {
        let planned =
            |change: &Change| PlannedChange { change: change.clone(), rows: 0, refused: 0, samples: Vec::new() };
        let plan = Plan {
            graph_type: graph_type.to_owned(),
            revision,
            changes: changes.iter().map(planned).collect(),
            checked: 0,
            rewritten: 0,
            deleted: 0,
            refused: 0,
            losses: Vec::new(),
        };
        Self { plan, losses: BTreeMap::new(), moves: Moves::default(), most_samples }
    }

    /// Notes that rows were looked at, and returns how many there are by now.
    pub(super) fn checked(&mut self, rows: usize) -> u64 {
        self.plan.checked += rows as u64;
        self.plan.checked
    }

    pub(super) fn finish(self) -> (Plan, Moves) {
        (Plan { losses: self.losses.into_values().collect(), ..self.plan }, self.moves)
    }

    /// A row that is written over, with what changes in it.
    pub(super) fn rewritten(&mut self, row: Counted<'_>, edits: &[Edit], losses: &[Loss]) {
        self.plan.rewritten += 1;
        let mut concerned = false;
        for planned in self.plan.changes.iter_mut().filter(|planned| is_row_change(&planned.change, row.subject)) {
            if edits.iter().any(|edit| covers(&planned.change.path, edit.path())) {
                planned.rows += 1;
                concerned = true;
            }
        }
        if !concerned && let Some(planned) = self.first_of(row.subject) {
            planned.rows += 1;
        }
        for loss in losses {
            self.lost(row, loss);
        }
    }

    fn lost(&mut self, row: Counted<'_>, loss: &Loss) {
        let (subject, path) = (row.subject.clone(), loss.path.clone());
        let entry = self.losses.entry((subject.clone(), path.clone()));
        let known = entry.or_insert(Lost { subject, path, rows: 0, samples: Vec::new() });
        known.rows += 1;
        if known.samples.len() < self.most_samples {
            known.samples.push(row.sample(loss.to_string()));
        }
    }

    /// A row that does not fit, with what was tried to make it fit.
    pub(super) fn refused(&mut self, row: Counted<'_>, stored: &Value, violations: &[Violation]) {
        let most = self.most_samples;
        let words = |violation: &Violation| match (violation.path.as_str(), violation.rule.as_str()) {
            ("", "") => violation.message.clone(),
            _ => violation.to_string(),
        };
        let told = violations.iter().map(words).collect::<Vec<_>>().join("; ");
        let blamed: Vec<_> = self
            .plan
            .changes
            .iter()
            .enumerate()
            .filter(|(_, planned)| is_row_change(&planned.change, row.subject))
            .filter(|(_, planned)| violations.iter().any(|violation| blames(violation, &planned.change, stored)))
            .map(|(place, _)| place)
            .collect();
        self.plan.refused += 1;
        for place in &blamed {
            if let Some(planned) = self.plan.changes.get_mut(*place) {
                planned.refuse(row, told.clone(), most);
            }
        }
        if blamed.is_empty()
            && let Some(planned) = self.first_of(row.subject)
        {
            planned.refuse(row, told, most);
        }
    }

    /// A row that has what another one has.
    pub(super) fn repeated(&mut self, row: Counted<'_>, repeated: &Repeated<'_>, message: String) {
        let most = self.most_samples;
        let is_meant = |change: &Change| match repeated {
            Repeated::Key => change.aspect == Aspect::Key,
            Repeated::Unique(rule) => change.aspect == Aspect::Unique && change.after == Some(json!(rule)),
        };
        let of_rule = self.plan.changes.iter().position(|planned| {
            planned.change.subject == *row.subject
                && planned.change.class != Class::Compatible
                && is_meant(&planned.change)
        });
        let planned = match of_rule.and_then(|place| self.plan.changes.get_mut(place)) {
            Some(planned) => Some(planned),
            None => self.first_of(row.subject),
        };
        if let Some(planned) = planned {
            planned.refuse(row, message, most);
            self.plan.refused += 1;
        }
    }

    /// Rows that break a rule, because of a change.
    pub(super) fn broken(&mut self, change: &Change, count: u64, samples: &[Sample]) {
        let most = self.most_samples;
        if let Some(planned) = self.plan.changes.iter_mut().find(|planned| planned.change == *change) {
            planned.refused += count;
            self.plan.refused += count;
            let room = most.saturating_sub(planned.samples.len());
            planned.samples.extend(samples.iter().take(room).cloned());
        }
    }

    /// Rows that are deleted with their type, or keep it from being removed.
    pub(super) fn deleted(&mut self, subject: &Subject, rows: u64, is_allowed: bool) {
        let removal = |change: &Change| {
            change.subject == *subject && change.aspect == Aspect::Element && change.how == How::Removed
        };
        if let Some(planned) = self.plan.changes.iter_mut().find(|planned| removal(&planned.change)) {
            if is_allowed {
                planned.rows += rows;
            } else {
                planned.refused += rows;
                self.plan.refused += rows;
            }
        }
        if is_allowed {
            self.plan.deleted += rows;
        }
    }

    /// The change that is blamed where nothing says which one: a function may refuse rows whatever became of the schema,
    /// and none may go uncounted.
    fn first_of(&mut self, subject: &Subject) -> Option<&mut PlannedChange> {
        let changes = &self.plan.changes;
        let find = |is_meant: &dyn Fn(&Change) -> bool| changes.iter().position(|planned| is_meant(&planned.change));
        let place = find(&|change| is_row_change(change, subject))
            .or_else(|| find(&|change| change.subject == *subject && change.is_of_attributes()))
            .or_else(|| find(&|change| change.subject == *subject));
        self.plan.changes.get_mut(place.unwrap_or_default())
    }
}

/// Whether rows of the subject may have to be written over because of the change.
fn is_row_change(change: &Change, subject: &Subject) -> bool {
    change.subject == *subject && change.class != Class::Compatible && change.is_of_attributes()
}

/// Whether a place in a value is at or below the one of a change, or the other way round.
fn covers(change: &str, path: &str) -> bool {
    change.split('/').zip(path.split('/')).all(|(change, path)| change == path || change == "*")
}

/// Whether a violation comes from a change. What is missing, or must not be there, is told of the object around it.
fn blames(violation: &Violation, change: &Change, value: &Value) -> bool {
    if change.path.is_empty() || covers(&change.path, &violation.path) && !violation.path.is_empty() {
        return true;
    }
    let parent = change.path.rsplit_once('/').map(|(parent, _)| parent);
    if parent != Some(violation.path.as_str()) {
        return false;
    }
    match (change.aspect, change.how) {
        (Aspect::Member, How::Added | How::Removed) => value.pointer(&change.path).is_some(),
        _ => value.pointer(&change.path).is_none(),
    }
}

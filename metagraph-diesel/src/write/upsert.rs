//! Many finds-or-creates at once: the same answers and rows as one after another, in a few statements.
//!
//! Rows that exist are read and held first, in the order of their identities; then what is missing is inserted, in that
//! order too; then what differs is written over. So writers of the same rows wait for each other and never in a circle.
//! What cannot be written as a whole is written one by one, which says why, or finds that it can.

pub(crate) mod edges;
pub(crate) mod find;
pub(crate) mod nodes;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use serde_json::Value;

use super::unique::claims;
use super::{ATTEMPTS, Table, update};
use crate::backend::{GraphConnection, Seam};
use crate::batch::{RowBatch, RowDraft};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::outcome::{Outcome, Upserted};
use crate::run;

/// How often a batch tries again: each of its rows can be what somebody else was faster with.
const MOST_ATTEMPTS: usize = 32 * ATTEMPTS;

/// How many identities one statement looks for.
const WANTED: usize = 1000;

/// Why a batch was not written as a whole.
pub(crate) enum Stop {
    /// Somebody else was faster: the same again may do.
    Lost(Error),
    /// It depends on the order of the rows.
    Singly,
    /// One of the rows is refused.
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// Writes a batch as a whole, again while somebody else is faster, or one by one where that is not the same.
pub(crate) fn whole_or_singly<C: GraphConnection, T>(
    conn: &mut C,
    whole: impl Fn(&mut C) -> Result<T, Stop>,
    singly: impl FnOnce(&mut C) -> Result<T>,
) -> Result<T> {
    let mut attempt = 1;
    loop {
        match run::transaction(conn, &whole) {
            Ok(answers) => return Ok(answers),
            Err(Stop::Lost(_)) if attempt < MOST_ATTEMPTS => attempt += 1,
            Err(Stop::Lost(error) | Stop::Refused(error)) => return Err(error),
            Err(Stop::Singly) => return run::transaction(conn, singly),
        }
    }
}

/// Writes the rows of a batch one after another.
fn one_by_one<C: GraphConnection, T>(
    conn: &mut C,
    batch: &[T],
    one: impl Fn(&mut C, &[T]) -> Result<Vec<Upserted<i64>>>,
) -> Result<Vec<Upserted<i64>>> {
    let mut answers: Vec<Upserted<i64>> = Vec::with_capacity(batch.len());
    for row in batch.chunks(1) {
        match one(conn, row) {
            Ok(answer) => answers.extend(answer),
            Err(error) => return Err(in_batch(error, &answers)),
        }
    }
    Ok(answers)
}

/// The refusal of a batch that has come so far: what is in the way goes with it, where the batch created it.
fn in_batch<'a>(error: Error, answers: impl IntoIterator<Item = &'a Upserted<i64>>) -> Error {
    let Error::Conflict(mut conflict) = error else { return error };
    let mut created = answers.into_iter().filter(|answer| answer.outcome == Outcome::Created);
    if created.any(|answer| conflict.existing == Some(answer.id)) {
        (conflict.existing, conflict.in_batch) = (None, true);
    }
    Error::Conflict(conflict)
}

/// Divides a batch into what is written together: in no round an identity is twice.
///
/// Where rows of different identities can stand in each other's way, rounds are stretches of the batch; else the first
/// round has each identity once, so that all rows are held before any is written. In a round rows have the order of their
/// identities.
fn rounds<T, K: Hash + Ord + Clone>(batch: Vec<T>, identity: impl Fn(&T) -> K, in_order: bool) -> Vec<Vec<T>> {
    let mut rounds: Vec<Vec<T>> = Vec::new();
    let mut often: HashMap<K, usize> = HashMap::new();
    for item in batch {
        let occurrence = often.entry(identity(&item)).or_default();
        let place = *occurrence;
        *occurrence += 1;
        if in_order && place > 0 {
            often = HashMap::from([(identity(&item), 1)]);
            rounds.push(vec![item]);
            continue;
        }
        let place = if in_order { rounds.len().saturating_sub(1) } else { place };
        match rounds.get_mut(place) {
            Some(round) => round.push(item),
            None => rounds.push(vec![item]),
        }
    }
    for round in &mut rounds {
        round.sort_by_cached_key(&identity);
    }
    rounds
}

/// Writes rows over that this transaction holds, a few statements for all.
pub(crate) fn write_over<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    table: Table,
    (element, kind): (&str, i64),
    keys: bool,
    rows: &[RowDraft<'_>],
) -> Result<()> {
    let mut rest = rows;
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(C::Db::chunk(rest.len()));
        let batch = RowBatch { target: graph.target(), table, kind, keys, rows: chunk.to_vec() };
        let written: Vec<i64> = run::all(conn, "updating rows", C::Db::update_rows(batch))?;
        if written.len() < chunk.len() {
            let written: HashSet<i64> = written.into_iter().collect();
            let left = chunk.iter().find(|row| !written.contains(&row.id));
            let (id, version) = left.map(|row| (row.id, row.version)).unwrap_or_default();
            return Err(update::stale(conn, graph, table, (element, kind), id, version)?);
        }
        rest = later;
    }
    Ok(())
}

/// Who was overtaken tries again; every other refusal stands.
pub(crate) fn lost_if_stale(error: Error) -> Stop {
    match error {
        Error::Stale { .. } | Error::NotFound { .. } => Stop::Lost(error),
        error => Stop::Refused(error),
    }
}

/// Answers in the order in which the batch was given.
fn in_place(mut answers: Vec<(usize, Upserted<i64>)>) -> Vec<Upserted<i64>> {
    answers.sort_unstable_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// What the rows of a batch give up and claim of their unique attributes, where they change any.
#[derive(Default)]
pub(crate) struct Changes {
    freed: HashSet<(usize, String)>,
    claimed: Vec<(usize, String)>,
}

impl Changes {
    pub(crate) fn add(&mut self, rules: &[Vec<String>], stored: &Value, written: &Value) {
        let (before, after) = (claims(rules, stored), claims(rules, written));
        self.claimed.extend(after.iter().filter(|claim| !before.contains(claim)).cloned());
        self.freed.extend(before.into_iter().filter(|claim| !after.contains(claim)));
    }

    pub(crate) fn rename(&mut self, rules: &[Vec<String>], stored: &str, written: &str) {
        self.freed.insert((rules.len(), stored.to_owned()));
        self.claimed.push((rules.len(), written.to_owned()));
    }

    /// Whether one row claims what another gives up, so that it matters which comes first.
    pub(crate) fn depend_on_order(&self) -> bool {
        self.claimed.iter().any(|claim| self.freed.contains(claim))
    }
}

pub(crate) fn parsed(attributes: &str, element: &str) -> Result<Value> {
    serde_json::from_str(attributes).map_err(|source| Error::Decode { element: element.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::rounds;

    #[test]
    fn a_round_has_no_identity_twice() {
        let batch = ["b", "a", "b", "c", "b", "a"];
        let of = |in_order| rounds(batch.to_vec(), |name| *name, in_order);
        assert_eq!(of(false), [vec!["a", "b", "c"], vec!["a", "b"], vec!["b"]]);
        assert_eq!(of(true), [vec!["a", "b"], vec!["b", "c"], vec!["a", "b"]]);
        assert!(rounds(Vec::new(), |name: &&str| *name, true).is_empty());
    }
}

//! What a step comes to, in the words of the model: rows are numbered in the order in which they were created.

use std::collections::{BTreeMap, BTreeSet};

use metagraph::{Error, Outcome, Rule, Side};
use serde_json::Value;

/// The number of a row in its history; a row keeps it in copies of the graph.
pub(super) type Row = usize;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    Done,
    Created(Vec<Row>),
    Upserted(Vec<(Row, Outcome)>),
    /// The rows of a load, and how many it tells of.
    Loaded(Vec<Row>, u64),
    Version(i64),
    Flag(bool),
    Count(i64),
    Seen(Vec<Option<Seen>>),
    Reached(BTreeMap<Row, u32>),
    Found(BTreeSet<Row>),
    Json(Value),
    Refused(Refusal),
}

/// A row as it is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) row: Row,
    /// Keys that were generated are not compared.
    pub(super) key: Option<String>,
    pub(super) ends: Option<(Row, Row)>,
    pub(super) attributes: Value,
    pub(super) version: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    Archived,
    Invalid,
    NoIdentity,
    AbsentIdentity,
    NotFound,
    NoEndpoint(Side),
    EndpointType(Side),
    SelfLoop,
    Conflict { rule: Rule, existing: Option<Row>, in_batch: bool },
    Cycle,
    Restricted(Row, Vec<(String, i64)>),
    EndpointsMoved,
    Stale { expected: i64, found: i64 },
    Load { step: usize, row: Option<u64>, stored: u64, cause: Box<Refusal> },
    Other(String),
}

impl Refusal {
    /// What an error of the library says; `node` and `edge` number the rows that have an id.
    pub(super) fn of(error: &Error, node: &dyn Fn(i64) -> Row, edge: &dyn Fn(i64) -> Row) -> Self {
        match error {
            Error::GraphArchived { .. } => Self::Archived,
            Error::Invalid { .. } => Self::Invalid,
            Error::NoIdentity { .. } => Self::NoIdentity,
            Error::AbsentIdentity { .. } => Self::AbsentIdentity,
            Error::NotFound { .. } => Self::NotFound,
            Error::EndpointNotFound { side, .. } => Self::NoEndpoint(*side),
            Error::EndpointType { side, .. } => Self::EndpointType(*side),
            Error::SelfLoop { .. } => Self::SelfLoop,
            Error::Conflict(conflict) => {
                let is_node = matches!(conflict.element.as_str(), "person" | "vault");
                let existing = conflict.existing.map(|id| if is_node { node(id) } else { edge(id) });
                Self::Conflict { rule: conflict.rule, existing, in_batch: conflict.in_batch }
            }
            Error::Cycle { path, .. } if path.len() > 1 && path.first() == path.last() => Self::Cycle,
            Error::Restricted { node: restricting, edges } => Self::Restricted(node(restricting.id), edges.clone()),
            Error::EndpointsMoved { .. } => Self::EndpointsMoved,
            Error::Stale { expected, found, .. } => Self::Stale { expected: *expected, found: *found },
            Error::Load(failure) => Self::Load {
                step: failure.step,
                row: failure.row,
                stored: failure.stored,
                cause: Box::new(Self::of(&failure.cause, node, edge)),
            },
            other => Self::Other(format!("{other:?}")),
        }
    }
}

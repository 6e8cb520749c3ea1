//! What holds of every store, by subject.

pub(crate) mod actors;
pub(crate) mod aggregates;
pub(crate) mod composites;
pub(crate) mod corners;
pub(crate) mod dynamic;
pub(crate) mod edges;
pub(crate) mod ends;
pub(crate) mod graphs;
pub(crate) mod histories;
pub(crate) mod hostile;
pub(crate) mod migrations;
pub(crate) mod nodes;
pub(crate) mod order;
pub(crate) mod predicates;
pub(crate) mod races;
pub(crate) mod refusals;
pub(crate) mod rules;
pub(crate) mod statements;
pub(crate) mod sync;
pub(crate) mod texts;
pub(crate) mod transactions;
pub(crate) mod traversal;
pub(crate) mod types;
pub(crate) mod unions;
pub(crate) mod updates;

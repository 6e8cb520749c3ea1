//! What holds of every store, by subject.

pub(crate) mod corners;
pub(crate) mod edges;
pub(crate) mod nodes;
pub(crate) mod order;
pub(crate) mod refusals;
pub(crate) mod rules;
pub(crate) mod traversal;
pub(crate) mod unions;
pub(crate) mod updates;

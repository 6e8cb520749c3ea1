//! Writes, untyped: the typed and the dynamic layer both end here, with checked attributes.

pub(crate) mod acyclic;
pub(crate) mod cycle;
pub(crate) mod delete;
pub(crate) mod edges;
pub(crate) mod ends;
pub(crate) mod label;
pub(crate) mod metadata;
pub(crate) mod nodes;
pub(crate) mod unique;
pub(crate) mod update;
pub(crate) mod upsert;

/// How often a write without a condition of its own tries again when somebody else was faster.
pub(crate) const ATTEMPTS: usize = 16;

/// Which table a row is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Nodes.
    Nodes,
    /// Edges.
    Edges,
}

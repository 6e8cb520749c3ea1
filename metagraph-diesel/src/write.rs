//! Writes, untyped: the typed and the dynamic layer both end here, with checked attributes.

pub(crate) mod cycle;
pub(crate) mod delete;
pub(crate) mod edges;
pub(crate) mod label;
pub(crate) mod metadata;
pub(crate) mod nodes;
pub(crate) mod update;

use crate::batch::Target;
use crate::statement::Microseconds;
use crate::vocabulary::Vocabulary;

/// The graph that is written to, and its types.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'g> {
    pub(crate) graph: i64,
    pub(crate) vocabulary: &'g Vocabulary,
}

impl Scope<'_> {
    pub(crate) fn target(&self) -> Target {
        Target { graph: self.graph, revision: self.vocabulary.revision, now: Microseconds::now() }
    }
}

/// Which table a row is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Nodes.
    Nodes,
    /// Edges.
    Edges,
}

//! Writes, untyped: the typed and the dynamic layer both end here, with checked attributes.

pub(crate) mod cycle;
pub(crate) mod delete;
pub(crate) mod edges;
pub(crate) mod label;
pub(crate) mod metadata;
pub(crate) mod nodes;
pub(crate) mod update;

use uuid::Uuid;

use crate::batch::Target;
use crate::statement::Microseconds;
use crate::vocabulary::Vocabulary;

/// How often a write without a condition of its own tries again when somebody else was faster.
pub(crate) const ATTEMPTS: usize = 16;

/// The graph that is written to, and its types.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'g> {
    pub(crate) graph: i64,
    pub(crate) uid: Uuid,
    pub(crate) vocabulary: &'g Vocabulary,
}

impl Scope<'_> {
    pub(crate) fn target(&self) -> Target {
        Target { graph: self.graph, uid: self.uid, revision: self.vocabulary.revision, now: Microseconds::now() }
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

//! What a handle lends to reads and writes.

use uuid::Uuid;

use crate::batch::Target;
use crate::statement::Microseconds;
use crate::vocabulary::Vocabulary;

/// A graph that was opened, and its types.
#[derive(Debug, Clone, Copy)]
pub struct OpenGraph<'g> {
    pub(crate) id: i64,
    pub(crate) uid: Uuid,
    pub(crate) vocabulary: &'g Vocabulary,
}

impl OpenGraph<'_> {
    pub(crate) fn target(&self) -> Target {
        Target { graph: self.id, uid: self.uid, revision: self.vocabulary.revision, now: Microseconds::now() }
    }
}

//! What a find-or-create did.

/// What an upsert did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was not there and was inserted.
    Created,
    /// It was there, and was left as it is.
    Found,
    /// It was there and was changed.
    Updated,
    /// It was there with the same attributes; nothing was written.
    Unchanged,
}

/// The row that an upsert leaves, and what was done to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted<Id> {
    /// The row.
    pub id: Id,
    /// What was done.
    pub outcome: Outcome,
}

impl<Id> Upserted<Id> {
    pub(crate) fn map<T>(self, id: impl FnOnce(Id) -> T) -> Upserted<T> {
        Upserted { id: id(self.id), outcome: self.outcome }
    }
}

//! What a find-or-create did.

/// What an upsert did.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::Outcome;
///
/// let upserted = graph.upsert(&mut conn, &package("serde"))?;
/// assert_eq!(upserted.outcome, Outcome::Created);
/// assert_eq!(graph.upsert(&mut conn, &package("serde"))?.outcome, Outcome::Unchanged);
/// # Ok(())
/// # }
/// ```
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
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::Upserted;
///
/// let Upserted { id: serde, .. } = graph.upsert(&mut conn, &package("serde"))?;
/// assert!(graph.exists(&mut conn, serde)?);
/// # Ok(())
/// # }
/// ```
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

/// What a find-or-create does with what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenFound {
    /// Leaves it as it is.
    Keep,
    /// Brings it to the attributes given.
    Update,
}

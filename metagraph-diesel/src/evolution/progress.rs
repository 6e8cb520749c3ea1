//! What an evolution tells on its way.

use std::fmt;

/// How far an evolution has come; told after every batch.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = example()?;
/// use metagraph::evolution::Phase;
///
/// let mut changed = 0;
/// let evolution = metagraph::Evolution::<second::Tasks>::new().on_progress(|progress| {
///     if progress.phase == Phase::Changing {
///         changed = progress.rows;
///     }
/// });
/// evolution.apply(&mut conn)?;
/// assert_eq!(changed, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What is done at the moment.
    pub phase: Phase,
    /// How many rows were looked at in this phase.
    pub rows: u64,
    /// How many there are to look at, where that is known.
    pub of: Option<u64>,
}

/// What an evolution does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Rows are looked at, and stay as they are.
    Checking,
    /// Rows are written over and deleted.
    Changing,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = match self.phase {
            Phase::Checking => "checked",
            Phase::Changing => "changed",
        };
        let s = if self.of.unwrap_or(self.rows) == 1 { "" } else { "s" };
        match self.of {
            Some(of) => write!(f, "{phase} {} of {of} row{s}", self.rows),
            None => write!(f, "{phase} {} row{s}", self.rows),
        }
    }
}

/// Who is told.
pub(super) struct Reporter<'p>(pub(super) Option<Box<dyn FnMut(Progress) + 'p>>);

impl Reporter<'_> {
    pub(super) fn checked(&mut self, rows: u64) {
        self.report(Progress { phase: Phase::Checking, rows, of: None });
    }

    pub(super) fn changed(&mut self, rows: u64, of: u64) {
        self.report(Progress { phase: Phase::Changing, rows, of: Some(of) });
    }

    fn report(&mut self, progress: Progress) {
        if let Self(Some(report)) = self {
            report(progress);
        }
    }
}

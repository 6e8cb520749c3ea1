//! What a load tells: on the way, at its end, and when it fails.

use std::fmt;
use std::time::Duration;

use crate::error::Error;

/// When a load commits.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::load::Commit;
///
/// let mut loader = graph.loader(&mut conn).commit(Commit::Once);
/// loader.nodes::<Package>([package("app")])?;
/// drop(loader); // without `finish`
/// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Commit {
    /// After every batch: what was stored stays when the load fails later.
    #[default]
    EachBatch,
    /// After every batch, together with how far the load of this name has come, so that the same program goes on there.
    ///
    /// The program has to give the same rows in the same order. [`finish`](super::Loader::finish) forgets the name.
    Resumable(String),
    /// At the end, everything or nothing.
    ///
    /// On SQLite a load that brings most of the edges drops their indexes and creates them again at its end, which is
    /// several times as fast; other connections read what there was before, and other writers wait. Edges that a unique
    /// rule refuses are then found at the end.
    Once,
}

/// How far a load has come; told after every batch.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let mut seen = Vec::new();
/// let mut loader = graph.loader(&mut conn).batch(2).on_progress(|progress| seen.push(progress.rows));
/// loader.nodes::<Package>(["app", "serde", "log"].map(package))?;
/// loader.finish()?;
/// assert_eq!(seen, [2, 3]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Which call of `nodes` or `edges` it is, counted from 1.
    pub step: usize,
    /// Name of the type that is loaded.
    pub element: &'static str,
    /// Rows of this step so far, with those that were skipped.
    pub rows: u64,
    /// Rows of all steps so far, with those that were skipped.
    pub total: u64,
    /// Rows that an earlier run had stored, and this one skipped.
    pub skipped: u64,
    /// Time since the load began.
    pub elapsed: Duration,
}

/// What a load did.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let mut loader = graph.loader(&mut conn);
/// loader.nodes::<Package>(["app", "serde"].map(package))?;
/// let report = loader.finish()?;
/// assert_eq!((report.steps.as_slice(), report.total()), ([("package", 2)].as_slice(), 2));
/// println!("{:.0} rows a second", report.rows_per_second());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// For each step the name of the type, and how many rows it has now.
    pub steps: Vec<(&'static str, u64)>,
    /// Rows that an earlier run had stored, and this one skipped.
    pub skipped: u64,
    /// Time from the first step to the last commit.
    pub elapsed: Duration,
}

impl Report {
    /// Rows of all steps, with those that were skipped.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// assert_eq!(graph.loader(&mut conn).finish()?.total(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn total(&self) -> u64 {
        self.steps.iter().map(|(_, rows)| rows).sum()
    }

    /// Rows that this run stored, for each second it took.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// assert!(graph.loader(&mut conn).finish()?.rows_per_second() >= 0.0);
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    pub fn rows_per_second(&self) -> f64 {
        (self.total() - self.skipped) as f64 / self.elapsed.as_secs_f64().max(1e-6)
    }
}

/// Where a load failed, and why.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::Error;
///
/// let mut loader = graph.loader(&mut conn).batch(2);
/// let refused = loader.nodes::<Package>(["app", "serde", "log", "app"].map(package)).unwrap_err();
/// let Error::Load(failure) = &refused else { panic!("{refused}") };
/// assert_eq!((failure.step, failure.row, failure.stored), (1, Some(3), 2));
/// assert!(failure.cause.is_conflict() && refused.is_conflict());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// Which call of `nodes` or `edges` it was, counted from 1.
    pub step: usize,
    /// Name of the type that was loaded.
    pub element: &'static str,
    /// The row's place in the iterator of the step, counted from 0; `None` where it is no single row's fault, or where
    /// the end of the load found it.
    pub row: Option<u64>,
    /// How many rows of all steps stay stored, with those that were skipped.
    pub stored: u64,
    /// What happened.
    pub cause: Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, element, row, stored, cause } = self;
        match row {
            Some(row) => write!(f, "row {row} of {element} (step {step}): {cause}; ")?,
            None => write!(f, "{element} (step {step}): {cause}; ")?,
        }
        match stored {
            0 => f.write_str("nothing of the load is stored"),
            1 => f.write_str("1 row of the load is stored"),
            stored => write!(f, "{stored} rows of the load are stored"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.cause)
    }
}

//! What an evolution would do, counted on the rows that are stored.

use std::fmt;

use metagraph_core::evolution::{Change, Class, Subject};

use crate::integrity::Sample;

/// What an evolution would do to the rows that are stored, change by change.
///
/// Printed, it is a list for a person to decide by.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// use metagraph::Evolution;
///
/// let plan = Evolution::<Packages>::new().plan(&mut conn)?;
/// assert!(plan.changes.is_empty() && plan.is_possible());
/// assert_eq!(plan.to_string(), "packages: revision 1 is what the program has");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Name of the graph type.
    pub graph_type: String,
    /// The revision that is stored.
    pub revision: i64,
    /// Every change, with the rows that it concerns.
    pub changes: Vec<PlannedChange>,
    /// How many rows were looked at.
    pub checked: u64,
    /// How many rows would be written over.
    pub rewritten: u64,
    /// How many rows would be deleted, with their types.
    pub deleted: u64,
    /// How many rows would not fit the next revision; one that several changes refuse is counted once.
    pub refused: u64,
    /// What would be lost, by where in which type.
    pub losses: Vec<Lost>,
}

/// A change, with the rows that it concerns.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = example()?;
/// let plan = metagraph::Evolution::<second::Tasks>::new().plan(&mut conn)?;
/// let renamed = plan.changes.iter().find(|planned| planned.change.path == "/title").unwrap();
/// assert_eq!((renamed.rows, renamed.refused), (1, 0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlannedChange {
    /// The change.
    pub change: Change,
    /// How many rows have to be written over, or deleted, because of it.
    pub rows: u64,
    /// How many rows do not fit the next revision because of it, so that nothing is applied.
    pub refused: u64,
    /// Some of the rows that do not fit.
    pub samples: Vec<Sample>,
}

/// What rows of a type would lose at one place.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/evolution.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let mut conn = example()?;
/// let plan = metagraph::Evolution::<second::Tasks>::new().drop_unknown().make_up().plan(&mut conn)?;
/// for lost in &plan.losses {
///     println!("{} rows of {} lose {}", lost.rows, lost.subject, lost.path);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Lost {
    /// The type.
    pub subject: Subject,
    /// Where in the attributes, as a JSON pointer.
    pub path: String,
    /// How many rows lose something there.
    pub rows: u64,
    /// Some of them, each with what it loses.
    pub samples: Vec<Sample>,
}

impl Plan {
    /// Whether every row fits the next revision, after what would be done to it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, _) = example()?;
    /// assert!(metagraph::Evolution::<Packages>::new().plan(&mut conn)?.is_possible());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_possible(&self) -> bool {
        self.changes.iter().all(|planned| planned.refused == 0)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { graph_type, revision, changes, .. } = self;
        if changes.is_empty() {
            return write!(f, "{graph_type}: revision {revision} is what the program has");
        }
        write!(f, "{graph_type}: from revision {revision} to {}", revision + 1)?;
        for planned in changes {
            write!(f, "\n  {planned}")?;
        }
        for lost in &self.losses {
            write!(f, "\n  {} {} loses values in {}", lost.subject, lost.path, rows(lost.rows))?;
            samples(f, &lost.samples, lost.rows)?;
        }
        write!(f, "\n{} checked, {} to write over, {} to delete", rows(self.checked), self.rewritten, self.deleted)?;
        match self.refused {
            0 => Ok(()),
            refused => write!(f, "; not possible: {} would not fit", rows(refused)),
        }
    }
}

impl fmt::Display for PlannedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.change)?;
        if self.rows > 0 {
            write!(f, ": {} to change", rows(self.rows))?;
        }
        if self.refused > 0 {
            write!(f, ": {} would not fit", rows(self.refused))?;
            samples(f, &self.samples, self.refused)?;
        } else if self.rows == 0 && self.change.class != Class::Compatible {
            f.write_str(": no row is concerned")?;
        }
        Ok(())
    }
}

fn samples(f: &mut fmt::Formatter<'_>, samples: &[Sample], all: u64) -> fmt::Result {
    for sample in samples {
        write!(f, "\n      {sample}")?;
    }
    match all.saturating_sub(u64::try_from(samples.len()).unwrap_or(u64::MAX)) {
        0 => Ok(()),
        more => write!(f, "\n      and {more} more"),
    }
}

fn rows(count: u64) -> String {
    format!("{count} row{}", if count == 1 { "" } else { "s" })
}

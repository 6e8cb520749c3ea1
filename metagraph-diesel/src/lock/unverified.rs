//! Why a lock file and a program do not agree.

use std::fmt;
use std::io;
use std::path::PathBuf;

use metagraph_core::document::CompiledType;
use metagraph_core::evolution::Class;
use metagraph_core::evolution::lock::{Comparison, Lock, LockError};

/// A lock file that does not say what is compiled.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::lock::{Drift, Unverified};
///
/// let drifts = vec![Drift::Gone { graph_type: "parcels".into() }];
/// let behind = Unverified::Behind { path: "metagraph.lock".into(), drifts };
/// assert_eq!(
///     behind.to_string(),
///     "`metagraph.lock` is not what is compiled; review what changed, and write it with METAGRAPH_LOCK=write\n  \
///      `parcels` is in the file, and not in the program",
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// There is no file.
    #[error("there is no `{}`; write it with METAGRAPH_LOCK=write, and add it to the repository", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds no lock.
    #[error("`{}`: {source} (METAGRAPH_LOCK=write does)", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: LockError,
    },
    /// The graph types are not those that were reviewed.
    #[error(
        "`{}` is not what is compiled; review what changed, and write it with METAGRAPH_LOCK=write{}",
        path.display(),
        lines(drifts)
    )]
    Behind {
        /// The file.
        path: PathBuf,
        /// What is not as it was reviewed; never empty.
        drifts: Vec<Drift>,
    },
}

impl Unverified {
    /// Whether only the file has to be written: all that changed is compatible with what is stored.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::lock::{Drift, Unverified};
    ///
    /// let behind = |drift| Unverified::Behind { path: "metagraph.lock".into(), drifts: vec![drift] };
    /// assert!(behind(Drift::New { graph_type: "parcels".into() }).is_compatible());
    /// assert!(!behind(Drift::Gone { graph_type: "parcels".into() }).is_compatible());
    /// ```
    pub fn is_compatible(&self) -> bool {
        match self {
            Self::Behind { drifts, .. } => drifts.iter().all(Drift::is_compatible),
            Self::Missing { .. } | Self::Unreadable { .. } | Self::Unwritable { .. } | Self::Lock { .. } => false,
        }
    }
}

/// One graph type that is not as it was reviewed.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::lock::Drift;
///
/// let drift = Drift::New { graph_type: "parcels".into() };
/// assert_eq!(drift.to_string(), "`parcels` is new");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Drift {
    /// The file does not have it.
    New {
        /// Name of the graph type.
        graph_type: String,
    },
    /// The program does not have it, or it was not named.
    Gone {
        /// Name of the graph type.
        graph_type: String,
    },
    /// It is another.
    Changed {
        /// Name of the graph type.
        graph_type: String,
        /// The most harmful class among the changes.
        class: Class,
        /// Each change, in words.
        changes: Vec<String>,
    },
}

impl Drift {
    pub(super) fn of(lock: &Lock, compiled: &CompiledType) -> Option<Self> {
        let graph_type = compiled.document().name.clone();
        match lock.compare(compiled) {
            Comparison::New => Some(Self::New { graph_type }),
            Comparison::Changed { class, changes } => Some(Self::Changed { graph_type, class, changes }),
            _ => None,
        }
    }

    fn is_compatible(&self) -> bool {
        match self {
            Self::New { .. } => true,
            Self::Gone { .. } => false,
            Self::Changed { class, .. } => *class == Class::Compatible,
        }
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New { graph_type } => write!(f, "`{graph_type}` is new"),
            Self::Gone { graph_type } => write!(f, "`{graph_type}` is in the file, and not in the program"),
            Self::Changed { graph_type, class, changes } => {
                write!(f, "`{graph_type}` changed ({class})")?;
                changes.iter().try_for_each(|change| write!(f, "\n    {change}"))
            }
        }
    }
}

fn lines(drifts: &[Drift]) -> String {
    drifts.iter().map(|drift| format!("\n  {drift}")).collect::<Vec<_>>().concat()
}

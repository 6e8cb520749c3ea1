//! Why something about tasks was refused.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::problem::{Chain, Problem};

/// Why something about tasks was refused or failed.
///
/// ```
/// use metagraph::graphs::task::{Task, TaskGraph};
///
/// let mut graph = TaskGraph::new();
/// graph.add(Task::new("api", "Wire up the API"))?;
/// let refused = graph.depend("api", "schema").unwrap_err();
/// assert_eq!(refused.to_string(), "there is no task `schema`: add it first");
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// What was given does not hold.
    #[error("{}", Lines(problems))]
    Invalid {
        /// Everything that is wrong with it.
        problems: Vec<Problem>,
    },

    /// Tasks wait for each other, so there is no order to do them in.
    #[error("there is no order to do the tasks in, as some wait for each other:{}", Cycles(cycles))]
    Cycles {
        /// A cycle for each dependency that closes one, as [`TaskGraph::find_cycles`](super::TaskGraph::find_cycles)
        /// gives them.
        cycles: Vec<Vec<String>>,
    },

    /// There is no such task.
    #[error("there is no task `{task}`: add it first")]
    NotFound {
        /// Its id.
        task: String,
    },

    /// A text is no task file.
    #[error("this is no task file: {reason}")]
    NoTaskFile {
        /// What is missing, and what to write.
        reason: String,
    },

    /// A file or folder cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// Where it should be.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },

    /// A worker's claim of a task is over: its lease ran out and another has the task, or somebody took it back.
    #[error("worker `{worker}` has task `{task}` no longer: leave its result, and claim another")]
    ClaimLost {
        /// Id of the task.
        task: String,
        /// Who had it.
        worker: String,
    },

    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] metagraph::Error),
}

impl From<diesel::result::Error> for TaskError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl metagraph::Transient for TaskError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

impl From<Problem> for TaskError {
    fn from(problem: Problem) -> Self {
        Self::Invalid { problems: vec![problem] }
    }
}

struct Lines<'a>(&'a [Problem]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.0 {
            return only.fmt(f);
        }
        write!(f, "{} things do not hold:", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

struct Cycles<'a>(&'a [Vec<String>]);

impl fmt::Display for Cycles<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|cycle| write!(f, "\n- {}", Chain(cycle)))
    }
}

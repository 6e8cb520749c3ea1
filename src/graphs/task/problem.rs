//! What does not hold of tasks, each with its place; and values that may be read in spite of it.

use std::fmt;

use serde_json::Value;

use super::TaskError;

/// Something that does not hold of a task, a dependency, or the graph of them.
///
/// ```
/// use metagraph::graphs::task::{Problem, TaskInput};
/// use serde_json::json;
///
/// let read = TaskInput::from_json(&json!({"id": "api", "name": "API", "dependsOn": [], "status": "done"}))?;
/// assert!(matches!(&read.problems[0], Problem::Field { field, .. } if field == "status"));
/// assert_eq!(
///     read.problems[0].to_string(),
///     "task `api`, status: `done` is no status: write pending, in-progress, completed, failed or blocked",
/// );
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// A field is missing, or holds what it cannot.
    Field {
        /// Id of the task, or of a dependency, `from->to`; empty where it is about neither.
        task: String,
        /// Name of the field.
        field: String,
        /// What is wrong, and what to write instead.
        message: String,
        /// What was written, if anything was.
        value: Option<Value>,
    },
    /// Two tasks have one id.
    DuplicateTask {
        /// The id.
        task: String,
    },
    /// A dependency is there twice.
    DuplicateDependency {
        /// What is depended on.
        from: String,
        /// What depends on it.
        to: String,
    },
    /// A dependency has an end that is no task.
    UnknownTask {
        /// The id that no task has.
        task: String,
        /// What is depended on.
        from: String,
        /// What depends on it.
        to: String,
    },
    /// A task depends on itself.
    DependsOnItself {
        /// Its id.
        task: String,
    },
    /// Tasks depend on one that nobody described.
    DanglingReference {
        /// Its id.
        task: String,
        /// What depends on it.
        needed_by: Vec<String>,
    },
    /// Tasks wait for each other.
    Cycle {
        /// Their ids, each before the one that depends on it, the last before the first.
        tasks: Vec<String>,
    },
}

/// What a [`Problem`] is about.
///
/// ```
/// use metagraph::graphs::task::{Problem, ProblemCategory};
///
/// let cycle = Problem::Cycle { tasks: vec!["a".into(), "b".into()] };
/// assert_eq!(cycle.category(), ProblemCategory::Graph);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemCategory {
    /// One task or dependency.
    Schema,
    /// How they belong together.
    Graph,
}

impl Problem {
    /// Whether it is about one value or about the graph.
    pub fn category(&self) -> ProblemCategory {
        match self {
            Self::Field { .. } => ProblemCategory::Schema,
            _ => ProblemCategory::Graph,
        }
    }

    pub(super) fn field(task: &str, field: &str, message: impl Into<String>, value: Option<&Value>) -> Self {
        Self::Field { task: task.to_owned(), field: field.to_owned(), message: message.into(), value: value.cloned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { task, field, message, .. } if task.is_empty() => write!(f, "{field}: {message}"),
            Self::Field { task, field, message, .. } => write!(f, "task `{task}`, {field}: {message}"),
            Self::DuplicateTask { task } => write!(f, "task `{task}` is there twice: give one of them another id"),
            Self::DuplicateDependency { from, to } => {
                write!(f, "task `{to}` depends on `{from}` twice: leave one out")
            }
            Self::UnknownTask { task, from, to } => {
                write!(f, "the dependency of `{to}` on `{from}` has an end that is no task: add `{task}` first")
            }
            Self::DependsOnItself { task } => write!(f, "task `{task}` depends on itself: leave that out"),
            Self::DanglingReference { task, needed_by } => {
                write!(f, "`{}` depend on `{task}`, which nobody described: add it", needed_by.join("`, `"))
            }
            Self::Cycle { tasks } => write!(f, "tasks wait for each other: {}", Chain(tasks)),
        }
    }
}

/// A cycle as it is told: the first again at the end.
pub(super) struct Chain<'a>(pub(super) &'a [String]);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for task in self.0 {
            write!(f, "`{task}` → ")?;
        }
        self.0.first().map_or(Ok(()), |first| write!(f, "`{first}`"))
    }
}

/// Something that was read, with everything that did not hold of it.
///
/// [`strict`](Checked::strict) takes it only if nothing is wrong, [`lenient`](Checked::lenient) in any case, without
/// the parts that are.
///
/// ```
/// use metagraph::graphs::task::TaskFile;
///
/// let text = "---\nid: api\nname: Wire up the API\nstatus: done\ndepends_on: []\n---\n";
/// assert!(TaskFile::parse(text)?.strict().is_err());
///
/// let read = TaskFile::parse(text)?;
/// assert_eq!(read.problems.len(), 1);
/// assert_eq!(read.lenient().task.status.value(), None, "the word that is no status is left out");
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "what was read may have problems: take it with `strict` or `lenient`"]
pub struct Checked<T> {
    /// What could be read.
    pub value: T,
    /// What was left out of it, and why.
    pub problems: Vec<Problem>,
}

impl<T> Checked<T> {
    /// The value, if nothing is wrong with it.
    ///
    /// # Errors
    /// [`TaskError::Invalid`] with every problem.
    pub fn strict(self) -> Result<T, TaskError> {
        if self.problems.is_empty() { Ok(self.value) } else { Err(TaskError::Invalid { problems: self.problems }) }
    }

    /// The value, without what is wrong.
    pub fn lenient(self) -> T {
        self.value
    }
}

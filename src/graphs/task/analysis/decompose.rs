//! What is too much for one task.

use std::fmt;

use super::super::graph::TaskGraph;
use super::super::kinds::{Risk, Scope};
use super::super::stored::Task;

/// Why a task should be several.
///
/// ```
/// use metagraph::graphs::task::{Reason, Scope};
///
/// assert_eq!(Reason::Scope(Scope::Broad).to_string(), "scope: broad — cost estimate 4.0");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is likely to fail.
    Risk(Risk),
    /// It touches too much.
    Scope(Scope),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Risk(risk) => write!(f, "risk: {risk} — failure probability {:.2}", risk.weight()),
            Self::Scope(scope) => write!(f, "scope: {scope} — cost estimate {:.1}", scope.cost()),
        }
    }
}

/// A task that should be several; given by [`TaskGraph::to_decompose`].
///
/// ```
/// use metagraph::graphs::task::{Reason, Scope, Task, TaskGraph};
///
/// let mut graph = TaskGraph::new();
/// graph.add(Task { scope: Some(Scope::System), ..Task::new("port", "Port everything") })?;
/// graph.add(Task::new("docs", "Write it down"))?;
/// let advice = graph.to_decompose();
/// assert_eq!((advice.len(), advice[0].task.id.as_str()), (1, "port"));
/// assert_eq!(advice[0].reasons, [Reason::Scope(Scope::System)]);
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Advice<'g> {
    /// The task.
    pub task: &'g Task,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Task {
    /// Why it should be several tasks: its risk is high or more, or its scope broad or more. Nothing follows from what
    /// nobody assessed.
    ///
    /// ```
    /// use metagraph::graphs::task::{Reason, Risk, Task};
    ///
    /// let task = Task { risk: Some(Risk::High), ..Task::new("port", "Port everything") };
    /// assert_eq!(task.reasons_to_decompose(), [Reason::Risk(Risk::High)]);
    /// assert!(Task::new("port", "Port everything").reasons_to_decompose().is_empty());
    /// ```
    pub fn reasons_to_decompose(&self) -> Vec<Reason> {
        let risk = self.risk.filter(|risk| *risk >= Risk::High).map(Reason::Risk);
        let scope = self.scope.filter(|scope| *scope >= Scope::Broad).map(Reason::Scope);
        risk.into_iter().chain(scope).collect()
    }
}

impl TaskGraph {
    /// The tasks that should be several.
    pub fn to_decompose(&self) -> Vec<Advice<'_>> {
        let advice = self.tasks().map(|task| Advice { task, reasons: task.reasons_to_decompose() });
        advice.filter(|advice| !advice.reasons.is_empty()).collect()
    }
}

//! The chain of tasks that everything waits for.

use serde::Serialize;

use super::super::TaskError;
use super::super::graph::TaskGraph;
use super::super::stored::Task;

/// A heaviest chain of tasks that depend on each other; given by [`TaskGraph::weighted_critical_path`].
///
/// ```
/// use metagraph::graphs::task::{CriticalPath, TaskGraph};
///
/// let empty = TaskGraph::new().weighted_critical_path(|task| task.weights().cost)?;
/// assert_eq!(empty, CriticalPath { path: Vec::new(), weight: 0.0 });
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalPath {
    /// Ids of its tasks, the first first.
    pub path: Vec<String>,
    /// What they weigh together.
    pub weight: f64,
}

impl TaskGraph {
    /// Ids of a longest chain of tasks that depend on each other: with any number of workers it takes this many steps.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let tasks = [
    ///     TaskInput::new("schema", "Schema", [""; 0]),
    ///     TaskInput::new("docs", "Docs", [""; 0]),
    ///     TaskInput::new("api", "API", ["schema", "docs"]),
    /// ];
    /// assert_eq!(TaskGraph::from_tasks(&tasks).strict()?.critical_path()?, ["schema", "api"]);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Cycles`] when some wait for each other.
    pub fn critical_path(&self) -> Result<Vec<String>, TaskError> {
        Ok(self.weighted_critical_path(|_| 1.0)?.path)
    }

    /// A heaviest chain of tasks that depend on each other; of equal ones the first that is found.
    ///
    /// ```
    /// use metagraph::graphs::task::{Scope, Task, TaskGraph};
    ///
    /// let mut graph = TaskGraph::new();
    /// graph.add(Task::new("schema", "Schema"))?;
    /// graph.add(Task { scope: Some(Scope::System), ..Task::new("port", "Port it") })?;
    /// graph.add(Task::new("api", "API"))?;
    /// graph.depend("api", "schema")?;
    /// let slowest = graph.weighted_critical_path(|task| task.weights().cost)?;
    /// assert_eq!((slowest.path, slowest.weight), (vec!["port".to_owned()], 5.0));
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Cycles`] when some wait for each other.
    pub fn weighted_critical_path(&self, weight: impl Fn(&Task) -> f64) -> Result<CriticalPath, TaskError> {
        let mut best: Vec<(f64, Option<usize>)> = vec![(0.0, None); self.len()];
        let mut end: Option<(usize, f64)> = None;
        for place in self.order()? {
            let own = self.task(place).map_or(0.0, &weight);
            let mut heaviest: Option<(usize, f64)> = None;
            for &from in self.before(place) {
                let so_far = best.get(from).map_or(0.0, |(weight, _)| *weight);
                if heaviest.is_none_or(|(_, known)| so_far > known) {
                    heaviest = Some((from, so_far));
                }
            }
            let total = own + heaviest.map_or(0.0, |(_, weight)| weight);
            if let Some(known) = best.get_mut(place) {
                *known = (total, heaviest.map(|(from, _)| from));
            }
            if end.is_none_or(|(_, known)| total > known) {
                end = Some((place, total));
            }
        }
        let Some((last, weight)) = end else { return Ok(CriticalPath { path: Vec::new(), weight: 0.0 }) };
        let back = std::iter::successors(Some(last), |&place| best.get(place).and_then(|(_, from)| *from));
        let mut path: Vec<String> = back.map(|place| self.id(place).to_owned()).collect();
        path.reverse();
        Ok(CriticalPath { path, weight })
    }
}

//! Tasks and their dependencies in memory.

use std::collections::HashMap;

use super::TaskError;
use super::input::DependencyEdge;
use super::problem::Problem;
use super::stored::Task;

/// Tasks and their dependencies in memory, to be built, asked and stored.
///
/// It keeps the order in which tasks were added, and where an answer leaves the order open, it is that. Cycles may be built,
/// as they are built out of parts that do not know of each other; [`validate`](TaskGraph::validate) tells of them, and
/// whatever needs an order fails with them.
///
/// ```
/// use metagraph::graphs::task::{Task, TaskGraph};
///
/// let mut graph = TaskGraph::new();
/// graph.add(Task::pending("schema", "Write the schema"))?;
/// graph.add(Task::pending("api", "Wire up the API"))?;
/// graph.depend("api", "schema")?;
///
/// assert_eq!(graph.dependencies("api")?, ["schema"]);
/// assert_eq!(graph.dependents("schema")?, ["api"]);
/// assert_eq!(graph.topological_order()?, ["schema", "api"]);
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct TaskGraph {
    tasks: Vec<Task>,
    places: HashMap<String, usize>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    retained: HashMap<(usize, usize), Option<f64>>,
}

/// Two are the same with the same tasks and the same dependencies, in any order.
impl PartialEq for TaskGraph {
    fn eq(&self, other: &Self) -> bool {
        let retained = |edge: &DependencyEdge| {
            let ends = (other.places.get(&edge.from)?, other.places.get(&edge.to)?);
            other.retained.get(&(*ends.0, *ends.1)).copied()
        };
        self.len() == other.len()
            && self.retained.len() == other.retained.len()
            && self.tasks().all(|task| other.get(&task.id) == Some(task))
            && self.edges().all(|edge| retained(&edge) == Some(edge.quality_retention))
    }
}

impl TaskGraph {
    /// A graph without tasks.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many tasks it has.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// All tasks.
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = &Task> {
        self.tasks.iter()
    }

    /// The task with this id.
    pub fn get(&self, id: &str) -> Option<&Task> {
        self.tasks.get(*self.places.get(id)?)
    }

    /// All dependencies, those of one task together.
    pub fn edges(&self) -> impl Iterator<Item = DependencyEdge> {
        self.tasks.iter().enumerate().flat_map(move |(to, task)| {
            self.before(to).iter().map(move |&from| DependencyEdge {
                from: self.id(from).to_owned(),
                to: task.id.clone(),
                quality_retention: self.retention(from, to),
            })
        })
    }

    /// Ids of the tasks that `id` depends on itself.
    ///
    /// # Errors
    /// [`TaskError::NotFound`] when there is no such task.
    pub fn dependencies(&self, id: &str) -> Result<Vec<&str>, TaskError> {
        let place = self.place(id)?;
        Ok(self.before(place).iter().map(|&from| self.id(from)).collect())
    }

    /// Ids of the tasks that depend on `id` themselves.
    ///
    /// # Errors
    /// [`TaskError::NotFound`] when there is no such task.
    pub fn dependents(&self, id: &str) -> Result<Vec<&str>, TaskError> {
        let place = self.place(id)?;
        Ok(self.after(place).iter().map(|&to| self.id(to)).collect())
    }

    /// Adds a task.
    ///
    /// # Errors
    /// [`Problem::DuplicateTask`] when its id is taken.
    pub fn add(&mut self, task: Task) -> Result<(), TaskError> {
        if self.places.contains_key(&task.id) {
            return Err(Problem::DuplicateTask { task: task.id }.into());
        }
        self.push(task);
        Ok(())
    }

    /// Says that a task depends on another.
    ///
    /// # Errors
    /// As [`TaskGraph::add_dependency`].
    pub fn depend(&mut self, task: &str, on: &str) -> Result<(), TaskError> {
        self.add_dependency(&DependencyEdge::new(on, task))
    }

    /// Adds a dependency.
    ///
    /// # Errors
    /// [`TaskError::NotFound`] when an end is no task, [`Problem::DuplicateDependency`] when it is there already,
    /// [`Problem::DependsOnItself`].
    pub fn add_dependency(&mut self, edge: &DependencyEdge) -> Result<(), TaskError> {
        let (from, to) = (self.place(&edge.from)?, self.place(&edge.to)?);
        if from == to {
            return Err(Problem::DependsOnItself { task: edge.to.clone() }.into());
        }
        if !self.connect(from, to, edge.quality_retention) {
            return Err(Problem::DuplicateDependency { from: edge.from.clone(), to: edge.to.clone() }.into());
        }
        Ok(())
    }

    /// Changes a task.
    ///
    /// ```
    /// use metagraph::graphs::task::{Status, Task, TaskGraph};
    ///
    /// let mut graph = TaskGraph::new();
    /// graph.add(Task::pending("api", "Wire up the API"))?;
    /// graph.update("api", |task| task.status = Some(Status::Completed))?;
    /// assert!(graph.update("schema", |task| task.status = None).is_err());
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::NotFound`] when there is no such task; [`TaskError::Invalid`] when its id was changed, and then nothing
    /// is.
    pub fn update(&mut self, id: &str, change: impl FnOnce(&mut Task)) -> Result<(), TaskError> {
        let place = self.place(id)?;
        let Some(task) = self.tasks.get_mut(place) else { return Ok(()) };
        let mut changed = task.clone();
        change(&mut changed);
        if changed.id != task.id {
            let message = "it cannot be changed here: remove the task, and add it under the other id";
            return Err(Problem::field(id, "id", message, Some(&changed.id.into())).into());
        }
        *task = changed;
        Ok(())
    }

    /// Says how much quality survives along a dependency; `None` for the default.
    ///
    /// # Errors
    /// [`TaskError::NotFound`] when an end is no task; [`Problem::UnknownTask`] when the one does not depend on the other.
    pub fn retain(&mut self, from: &str, to: &str, quality: Option<f64>) -> Result<(), TaskError> {
        let ends = (self.place(from)?, self.place(to)?);
        let Some(retained) = self.retained.get_mut(&ends) else {
            let message = format!("`{to}` does not depend on `{from}`: add the dependency first");
            return Err(Problem::field(&format!("{from}->{to}"), "qualityRetention", message, None).into());
        };
        *retained = quality;
        Ok(())
    }

    /// Removes a task with its dependencies, and tells whether it was there.
    pub fn remove(&mut self, id: &str) -> bool {
        let found = self.places.contains_key(id);
        if found {
            *self = self.subgraph(|task| task.id != id);
        }
        found
    }

    /// Removes a dependency, and tells whether it was there.
    pub fn remove_dependency(&mut self, from: &str, to: &str) -> bool {
        let (Ok(from), Ok(to)) = (self.place(from), self.place(to)) else { return false };
        let found = self.retained.remove(&(from, to)).is_some();
        if let (true, Some(before), Some(after)) = (found, self.before.get_mut(to), self.after.get_mut(from)) {
            before.retain(|&place| place != from);
            after.retain(|&place| place != to);
        }
        found
    }

    /// The tasks of which `keep` holds, and the dependencies between them.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let chain = [TaskInput::new("a", "A", [""; 0]), TaskInput::new("b", "B", ["a"]), TaskInput::new("c", "C", ["b"])];
    /// let graph = TaskGraph::from_tasks(&chain).strict()?;
    /// let part = graph.subgraph(|task| task.id != "b");
    /// assert_eq!((part.len(), part.edges().count()), (2, 0));
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    #[must_use]
    pub fn subgraph(&self, keep: impl Fn(&Task) -> bool) -> Self {
        let mut part = Self::new();
        for task in self.tasks.iter().filter(|task| keep(task)) {
            part.push(task.clone());
        }
        for edge in self.edges() {
            if let (Some(&from), Some(&to)) = (part.places.get(&edge.from), part.places.get(&edge.to)) {
                part.connect(from, to, edge.quality_retention);
            }
        }
        part
    }
}

/// What the other files build and ask with: tasks by their places.
impl TaskGraph {
    pub(super) fn place(&self, id: &str) -> Result<usize, TaskError> {
        self.places.get(id).copied().ok_or_else(|| TaskError::NotFound { task: id.to_owned() })
    }

    pub(super) fn push(&mut self, task: Task) -> usize {
        let place = self.tasks.len();
        self.places.insert(task.id.clone(), place);
        self.tasks.push(task);
        self.before.push(Vec::new());
        self.after.push(Vec::new());
        place
    }

    /// The place of a task, which is made up where there is none.
    pub(super) fn find_or_push(&mut self, id: &str) -> usize {
        self.places.get(id).copied().unwrap_or_else(|| self.push(Task::new(id, id)))
    }

    /// Whether the dependency was not there before.
    pub(super) fn connect(&mut self, from: usize, to: usize, quality: Option<f64>) -> bool {
        if self.retained.contains_key(&(from, to)) {
            return false;
        }
        self.retained.insert((from, to), quality);
        if let (Some(before), Some(after)) = (self.before.get_mut(to), self.after.get_mut(from)) {
            before.push(from);
            after.push(to);
        }
        true
    }

    pub(super) fn task(&self, place: usize) -> Option<&Task> {
        self.tasks.get(place)
    }

    pub(super) fn id(&self, place: usize) -> &str {
        self.tasks.get(place).map_or("", |task| &task.id)
    }

    pub(super) fn ids(&self, places: impl IntoIterator<Item = usize>) -> Vec<&str> {
        places.into_iter().map(|place| self.id(place)).collect()
    }

    pub(super) fn before(&self, place: usize) -> &[usize] {
        self.before.get(place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn after(&self, place: usize) -> &[usize] {
        self.after.get(place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn retention(&self, from: usize, to: usize) -> Option<f64> {
        self.retained.get(&(from, to)).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> TaskGraph {
        let mut graph = TaskGraph::new();
        for id in ["a", "b", "c"] {
            graph.add(Task::new(id, id.to_uppercase())).unwrap();
        }
        graph.depend("b", "a").unwrap();
        graph.depend("c", "a").unwrap();
        graph
    }

    #[test]
    fn refusals_change_nothing() {
        let mut graph = graph();
        for refusal in [
            graph.add(Task::new("a", "again")),
            graph.depend("b", "a"),
            graph.depend("a", "a"),
            graph.depend("d", "a"),
            graph.update("d", |_| ()),
            graph.update("a", |task| (task.id, task.name) = ("z".into(), "Z".into())),
            graph.retain("a", "d", None),
            graph.retain("b", "c", Some(0.5)),
            graph.dependencies("d").map(drop),
            graph.dependents("d").map(drop),
        ] {
            assert!(refusal.is_err());
        }
        assert_eq!(graph, self::graph());
    }

    #[test]
    fn removing_a_task_removes_its_dependencies() {
        let mut graph = graph();
        assert!(graph.remove("b") && !graph.remove("b"));
        assert_eq!(graph.dependents("a").unwrap(), ["c"]);
        assert!(graph.remove_dependency("a", "c") && !graph.remove_dependency("a", "c"));
        assert!(!graph.remove_dependency("a", "nobody"));
        assert_eq!((graph.dependents("a").unwrap().len(), graph.edges().count()), (0, 0));
        graph.depend("c", "a").unwrap();
        assert_eq!(graph.dependencies("c").unwrap(), ["a"]);
    }

    #[test]
    fn graphs_are_equal_in_any_order() {
        let mut other = TaskGraph::new();
        for id in ["c", "b", "a"] {
            other.add(Task::new(id, id.to_uppercase())).unwrap();
        }
        other.depend("c", "a").unwrap();
        assert_ne!(other, graph());
        other.depend("b", "a").unwrap();
        assert_eq!(other, graph());
        other.retain("a", "b", Some(0.9)).unwrap();
        assert_ne!(other, graph(), "what is said is not what is left to the default");
    }
}

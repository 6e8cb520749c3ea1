//! Graphs from tasks and from records.

use std::collections::HashSet;

use super::graph::TaskGraph;
use super::input::{DependencyEdge, TaskInput};
use super::problem::{Checked, Problem};
use super::stored::Task;

impl TaskGraph {
    /// A graph of tasks that name what they depend on.
    ///
    /// What is depended on and not among them becomes a task whose name is its id, so that nothing depends on nothing;
    /// [`validate`](TaskGraph::validate) tells of it. A dependency that is named twice is one. Of two tasks with one id the
    /// first is kept, and a task that depends on itself does not.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let api = TaskInput::new("api", "Wire up the API", ["schema", "schema"]);
    /// let graph = TaskGraph::from_tasks([&api]).strict()?;
    /// assert_eq!((graph.len(), graph.edges().count()), (2, 1));
    /// assert!(!graph.get("schema").unwrap().is_described());
    ///
    /// let twice = TaskGraph::from_tasks([&api, &api]).strict().unwrap_err();
    /// assert_eq!(twice.to_string(), "task `api` is there twice: give one of them another id");
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn from_tasks<'a>(tasks: impl IntoIterator<Item = &'a TaskInput>) -> Checked<Self> {
        let mut graph = Self::new();
        let mut problems = Vec::new();
        let mut kept = Vec::new();
        for input in tasks {
            match graph.add(Task::from(input)) {
                Ok(()) => kept.push(input),
                Err(_) => problems.push(Problem::DuplicateTask { task: input.id.clone() }),
            }
        }
        for input in kept {
            let to = graph.find_or_push(&input.id);
            for dependency in &input.depends_on {
                let from = graph.find_or_push(dependency);
                if from == to {
                    problems.push(Problem::DependsOnItself { task: input.id.clone() });
                } else {
                    graph.connect(from, to, None);
                }
            }
        }
        Checked { value: graph, problems }
    }

    /// A graph of tasks, and of dependencies that may say how much quality they retain.
    ///
    /// Unlike in [`from_tasks`](TaskGraph::from_tasks), an end that is no task is a problem, and so is a dependency that is
    /// there twice; taken leniently, the end becomes a task whose name is its id, and the first of the two is kept.
    ///
    /// ```
    /// use metagraph::graphs::task::{DependencyEdge, Task, TaskGraph};
    ///
    /// let edges = [DependencyEdge::new("schema", "api"), DependencyEdge::new("api", "api")];
    /// let read = TaskGraph::from_records([Task::new("api", "Wire up the API")], edges);
    /// let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    /// assert_eq!(told, [
    ///     "the dependency of `api` on `schema` has an end that is no task: add `schema` first",
    ///     "task `api` depends on itself: leave that out",
    /// ]);
    /// assert_eq!(read.lenient().len(), 2);
    /// ```
    pub fn from_records(
        tasks: impl IntoIterator<Item = Task>,
        edges: impl IntoIterator<Item = DependencyEdge>,
    ) -> Checked<Self> {
        let mut graph = Self::new();
        let mut problems = Vec::new();
        for task in tasks {
            let id = task.id.clone();
            if graph.add(task).is_err() {
                problems.push(Problem::DuplicateTask { task: id });
            }
        }
        graph.add_records(edges, &mut problems);
        Checked { value: graph, problems }
    }

    /// Adds dependencies, and says what is wrong with them.
    pub(super) fn add_records(&mut self, edges: impl IntoIterator<Item = DependencyEdge>, problems: &mut Vec<Problem>) {
        let mut missing = HashSet::new();
        for edge in edges {
            for end in [&edge.from, &edge.to] {
                if self.get(end).is_none() || missing.contains(end) {
                    missing.insert(end.clone());
                    let (from, to) = (edge.from.clone(), edge.to.clone());
                    problems.push(Problem::UnknownTask { task: end.clone(), from, to });
                }
            }
            let (from, to) = (self.find_or_push(&edge.from), self.find_or_push(&edge.to));
            if from == to {
                problems.push(Problem::DependsOnItself { task: edge.to });
            } else if !self.connect(from, to, edge.quality_retention) {
                problems.push(Problem::DuplicateDependency { from: edge.from, to: edge.to });
            }
        }
    }
}

//! Everything that is wrong with a graph.

use metagraph::Key;

use super::graph::TaskGraph;
use super::problem::Problem;

impl TaskGraph {
    /// Everything that does not hold: ids that cannot be stored, qualities that are none, tasks that are depended on and
    /// that nobody described, and cycles. It never fails, and changes nothing.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let tasks = [TaskInput::new("a", "A", ["b", "c"]), TaskInput::new("b", "B", ["a"])];
    /// let told = TaskGraph::from_tasks(&tasks).strict()?.validate();
    /// let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    /// assert_eq!(told, [
    ///     "`a` depend on `c`, which nobody described: add it",
    ///     "tasks wait for each other: `a` → `b` → `a`",
    /// ]);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for task in self.tasks() {
            if let Err(error) = Key::new(task.id.as_str()) {
                problems.push(Problem::field(&task.id, "id", error.to_string(), Some(&task.id.as_str().into())));
            }
        }
        for edge in self.edges() {
            let quality = edge.quality_retention.filter(|quality| !(0.0..=1.0).contains(quality));
            if let Some(quality) = quality {
                let message = format!("{quality} is no number from 0 to 1");
                problems.push(Problem::field(&edge.to_string(), "qualityRetention", message, Some(&quality.into())));
            }
        }
        for (place, task) in self.tasks().enumerate() {
            if !task.is_described() && !self.after(place).is_empty() {
                let needed_by = self.ids(self.after(place).iter().copied()).into_iter().map(str::to_owned).collect();
                problems.push(Problem::DanglingReference { task: task.id.clone(), needed_by });
            }
        }
        problems.extend(self.find_cycles().into_iter().map(|tasks| Problem::Cycle { tasks }));
        problems
    }
}

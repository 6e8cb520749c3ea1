//! The tasks that most ways between others lead through.

use std::collections::VecDeque;

use serde::Serialize;

use super::super::graph::TaskGraph;

/// How much of what is between other tasks leads through one; given by [`TaskGraph::bottlenecks`].
///
/// ```
/// use metagraph::graphs::task::{Bottleneck, Task, TaskGraph};
///
/// let mut graph = TaskGraph::new();
/// graph.add(Task::new("api", "Wire up the API"))?;
/// assert_eq!(graph.bottlenecks(), [Bottleneck { task_id: "api".into(), score: 0.0 }]);
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bottleneck {
    /// The task.
    pub task_id: String,
    /// From 0 for none to 1 for all.
    pub score: f64,
}

impl TaskGraph {
    /// All tasks by how many shortest ways between others lead through them: their betweenness, divided by the number of
    /// ordered pairs of others. The greatest come first, and equal ones as they were added.
    ///
    /// It takes time in the number of tasks times that of dependencies: for a few thousand tasks, a second.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let chain = [TaskInput::new("a", "A", [""; 0]), TaskInput::new("b", "B", ["a"]), TaskInput::new("c", "C", ["b"])];
    /// let narrow = TaskGraph::from_tasks(&chain).strict()?.bottlenecks();
    /// assert_eq!((narrow[0].task_id.as_str(), narrow[0].score), ("b", 0.5));
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn bottlenecks(&self) -> Vec<Bottleneck> {
        let mut scores = vec![0.0; self.len()];
        for source in 0..self.len() {
            self.add_ways_from(source, &mut scores);
        }
        let others = number(self.len().saturating_sub(1)) * number(self.len().saturating_sub(2));
        let named = scores.iter().enumerate().map(|(place, &score)| Bottleneck {
            task_id: self.id(place).to_owned(),
            score: if others > 0.0 { score / others } else { 0.0 },
        });
        let mut named: Vec<_> = named.collect();
        named.sort_by(|one, other| other.score.total_cmp(&one.score));
        named
    }

    /// Adds what each task has of the shortest ways from `source`, by the method of Brandes: forward in breadth, counting
    /// ways, then back, sharing them out.
    fn add_ways_from(&self, source: usize, scores: &mut [f64]) {
        let mut found: Vec<Found> = vec![Found::default(); self.len()];
        if let Some(start) = found.get_mut(source) {
            *start = Found { distance: Some(0), ways: 1.0, share: 0.0 };
        }
        let mut order = Vec::new();
        let mut queue = VecDeque::from([source]);
        while let Some(place) = queue.pop_front() {
            order.push(place);
            let here = found.get(place).copied().unwrap_or_default();
            let distance = here.distance.unwrap_or_default() + 1;
            for &next in self.after(place) {
                let Some(there) = found.get_mut(next) else { continue };
                if there.distance.is_none() {
                    there.distance = Some(distance);
                    queue.push_back(next);
                }
                if there.distance == Some(distance) {
                    there.ways += here.ways;
                }
            }
        }
        while let Some(place) = order.pop() {
            let here = found.get(place).copied().unwrap_or_default();
            if place != source
                && let Some(score) = scores.get_mut(place)
            {
                *score += here.share;
            }
            for &from in self.before(place) {
                let Some(there) = found.get_mut(from) else { continue };
                if there.distance.is_some_and(|distance| here.distance == Some(distance + 1)) {
                    there.share += there.ways / here.ways * (1.0 + here.share);
                }
            }
        }
    }
}

/// What is known of a task, seen from another.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    distance: Option<usize>,
    ways: f64,
    share: f64,
}

#[allow(clippy::cast_precision_loss, reason = "nobody has so many tasks")]
const fn number(count: usize) -> f64 {
    count as f64
}

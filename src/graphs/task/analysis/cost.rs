//! What tasks cost, when what they build on may be bad.

use serde::Serialize;

use super::super::TaskError;
use super::super::graph::TaskGraph;
use super::super::input::DependencyEdge;
use super::super::kinds::Status;

/// What a failed attempt costs; nothing unless said.
///
/// ```
/// use metagraph::graphs::task::EvConfig;
///
/// assert_eq!(EvConfig::default().time_lost, 0.0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EvConfig {
    /// At most so many attempts are repeated; 0 for any number.
    pub retries: f64,
    /// What it costs to do without.
    pub fallback_cost: f64,
    /// What each repeated attempt costs.
    pub time_lost: f64,
    /// What a unit of cost is worth; 0 to count in costs.
    pub value_rate: f64,
}

/// What a task is expected to cost; given by [`expected_value`].
///
/// ```
/// use metagraph::graphs::task::{Ev, EvConfig, expected_value};
///
/// let certain = expected_value(1.0, 2.0, 1.5, &EvConfig::default());
/// assert_eq!(certain, Ev { ev: 3.0, p_success: 1.0, expected_retries: 0.0 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ev {
    /// The expected value.
    pub ev: f64,
    /// How likely it succeeds, as it was given.
    pub p_success: f64,
    /// How many attempts are expected to be repeated.
    pub expected_retries: f64,
}

/// What a task is expected to cost that succeeds with probability `p`.
///
/// Attempts are repeated until one succeeds, `(1 - p) / p` of them. A success costs `cost × impact`, a failure the
/// fallback and the lost time on top; both are weighed by how likely they are.
///
/// ```
/// use metagraph::graphs::task::{EvConfig, expected_value};
///
/// let config = EvConfig { fallback_cost: 10.0, time_lost: 2.0, ..EvConfig::default() };
/// let ev = expected_value(0.5, 3.0, 2.0, &config);
/// assert_eq!((ev.ev, ev.expected_retries), (0.5 * 6.0 + 0.5 * (6.0 + 10.0 + 2.0), 1.0));
/// ```
pub fn expected_value(p: f64, cost: f64, impact: f64, config: &EvConfig) -> Ev {
    let unbounded = if p > 0.0 { (1.0 - p) / p } else { 0.0 };
    let expected_retries = if config.retries > 0.0 { unbounded.min(config.retries) } else { unbounded };
    let success = cost * impact;
    let failure = success + config.fallback_cost + config.time_lost * expected_retries;
    let ev = p * success + (1.0 - p) * failure;
    let ev = if config.value_rate == 0.0 { ev } else { ev * config.value_rate };
    Ev { ev, p_success: p, expected_retries }
}

/// Whether tasks suffer from what they depend on.
///
/// ```
/// use metagraph::graphs::task::Propagation;
///
/// assert_eq!(Propagation::default(), Propagation::DagPropagate);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Propagation {
    /// A task succeeds as likely as it would alone, times what each of its dependencies lets through.
    #[default]
    DagPropagate,
    /// Each task stands alone.
    Independent,
}

/// How the cost of a workflow is counted.
///
/// ```
/// use metagraph::graphs::task::WorkflowCostOptions;
///
/// let all = WorkflowCostOptions { include_completed: true, ..WorkflowCostOptions::default() };
/// assert_eq!(all.default_quality_retention, 0.9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkflowCostOptions {
    /// Whether completed tasks count as if they were to be done; otherwise they cost nothing and let everything through.
    pub include_completed: bool,
    /// Counts the first so many tasks only, in topological order.
    pub limit: Option<usize>,
    /// Whether tasks suffer from what they depend on.
    pub propagation: Propagation,
    /// What dependencies let through that say nothing themselves.
    pub default_quality_retention: f64,
}

impl Default for WorkflowCostOptions {
    fn default() -> Self {
        Self {
            include_completed: false,
            limit: None,
            propagation: Propagation::DagPropagate,
            default_quality_retention: DependencyEdge::DEFAULT_QUALITY_RETENTION,
        }
    }
}

/// What a workflow costs; given by [`TaskGraph::workflow_cost`].
///
/// ```
/// use metagraph::graphs::task::{TaskGraph, WorkflowCostOptions};
///
/// let nothing = TaskGraph::new().workflow_cost(&WorkflowCostOptions::default())?;
/// assert_eq!((nothing.total_ev, nothing.average_ev), (0.0, 0.0));
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowCost {
    /// What each task costs, in topological order.
    pub tasks: Vec<WorkflowTask>,
    /// What they cost together.
    pub total_ev: f64,
    /// What one costs on average; 0 of none.
    pub average_ev: f64,
    /// How it was counted.
    pub propagation_mode: Propagation,
}

/// What a task of a workflow costs.
///
/// ```
/// use metagraph::graphs::task::{Task, TaskGraph, WorkflowCostOptions, WorkflowTask};
///
/// let mut graph = TaskGraph::new();
/// graph.add(Task::pending("api", "Wire up the API"))?;
/// let cost = graph.workflow_cost(&WorkflowCostOptions::default())?;
/// let [WorkflowTask { task_id, ev, .. }] = cost.tasks.as_slice() else { unreachable!() };
/// assert_eq!((task_id.as_str(), *ev), ("api", 2.0));
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowTask {
    /// The task.
    pub task_id: String,
    /// Its name.
    pub name: String,
    /// What it is expected to cost.
    pub ev: f64,
    /// How likely it would succeed alone.
    pub p_intrinsic: f64,
    /// How likely it succeeds on top of what it depends on.
    pub p_effective: f64,
    /// The same once more, as the TypeScript package writes it.
    pub probability: f64,
    /// What its scope costs.
    pub scope_cost: f64,
    /// How much its impact counts.
    pub impact_weight: f64,
}

impl TaskGraph {
    /// What all tasks cost together, in topological order.
    ///
    /// A task succeeds with `p × ∏(pp + (1 - pp) × q)`: its own probability, times what is left through each dependency,
    /// where `pp` is how likely that one succeeds, and `q` the quality retained.
    ///
    /// ```
    /// use metagraph::graphs::task::{Dependency, DependencyEdge, Task, TaskGraph, WorkflowCostOptions};
    ///
    /// let mut graph = TaskGraph::new();
    /// graph.add(Task::pending("schema", "Write the schema"))?;
    /// graph.add(Task::pending("api", "Wire up the API"))?;
    /// graph.add_dependency(&DependencyEdge { quality_retention: Some(0.5), ..DependencyEdge::new("schema", "api") })?;
    /// let cost = graph.workflow_cost(&WorkflowCostOptions::default())?;
    /// assert_eq!(cost.total_ev, 4.0);
    /// assert_eq!(cost.tasks[1].p_effective, 0.8 * (0.8 + (1.0 - 0.8) * 0.5));
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Cycles`] when some wait for each other.
    pub fn workflow_cost(&self, options: &WorkflowCostOptions) -> Result<WorkflowCost, TaskError> {
        let mut lets_through = vec![1.0; self.len()];
        let mut tasks = Vec::new();
        for place in self.order()? {
            let Some(task) = self.task(place) else { continue };
            let weights = task.weights();
            let factors = self.before(place).iter().map(|&from| {
                let p = lets_through.get(from).copied().unwrap_or(1.0);
                let retention = self.retention(from, place).unwrap_or(options.default_quality_retention);
                p + (1.0 - p) * retention
            });
            let inherited = match options.propagation {
                Propagation::DagPropagate => factors.product(),
                Propagation::Independent => 1.0,
            };
            let p_effective = weights.success_probability * inherited;
            if task.status == Some(Status::Completed) && !options.include_completed {
                continue;
            }
            if let Some(known) = lets_through.get_mut(place) {
                *known = p_effective;
            }
            tasks.push(WorkflowTask {
                task_id: task.id.clone(),
                name: task.name.clone(),
                ev: expected_value(p_effective, weights.cost, weights.impact, &EvConfig::default()).ev,
                p_intrinsic: weights.success_probability,
                p_effective,
                probability: p_effective,
                scope_cost: weights.cost,
                impact_weight: weights.impact,
            });
        }
        tasks.truncate(options.limit.unwrap_or(usize::MAX));
        // A sum begins with -0, which would be written so.
        let total_ev = tasks.iter().fold(0.0, |sum, task| sum + task.ev);
        let average_ev = tasks.iter().zip(1_u32..).last().map_or(0.0, |(_, count)| total_ev / f64::from(count));
        Ok(WorkflowCost { tasks, total_ev, average_ev, propagation_mode: options.propagation })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{DependencyEdge, Risk, Task};
    use super::*;

    #[test]
    fn retries_are_bounded_and_values_have_a_rate() {
        let config = EvConfig { retries: 2.0, time_lost: 1.0, value_rate: 3.0, ..EvConfig::default() };
        let unlikely = expected_value(0.1, 1.0, 1.0, &config);
        let expected = (2.0, 3.0 * (0.1 + 0.9 * 3.0));
        assert_eq!((unlikely.expected_retries, unlikely.ev), expected);
        let impossible = expected_value(0.0, 2.0, 1.0, &EvConfig { fallback_cost: 5.0, ..config });
        assert_eq!((impossible.expected_retries, impossible.ev), (0.0, 21.0));
    }

    fn chain() -> TaskGraph {
        let task = |id: &str| Task { risk: Some(Risk::Critical), ..Task::pending(id, id) };
        let free = DependencyEdge { quality_retention: Some(0.0), ..DependencyEdge::new("a", "b") };
        TaskGraph::from_records([task("a"), task("b"), task("c")], [free, DependencyEdge::new("b", "c")])
            .strict()
            .unwrap()
    }

    fn effective(graph: &TaskGraph, options: &WorkflowCostOptions) -> Vec<f64> {
        graph.workflow_cost(options).unwrap().tasks.iter().map(|task| task.p_effective).collect()
    }

    #[test]
    fn failures_go_on_as_far_as_edges_let_them() {
        let mut graph = chain();
        let options = WorkflowCostOptions::default();
        assert_eq!(effective(&graph, &options), [0.5, 0.25, 0.5 * (0.25 + 0.75 * 0.9)]);
        let none = WorkflowCostOptions { default_quality_retention: 1.0, ..options };
        assert_eq!(effective(&graph, &none), [0.5, 0.25, 0.5]);
        let independent = WorkflowCostOptions { propagation: Propagation::Independent, ..options };
        assert_eq!(effective(&graph, &independent), [0.5, 0.5, 0.5]);
        // What is completed is not counted, and lets everything through.
        graph.update("a", |task| task.status = Some(Status::Completed)).unwrap();
        assert_eq!(effective(&graph, &options), [0.5, 0.5 * (0.5 + 0.5 * 0.9)]);
        let all = WorkflowCostOptions { include_completed: true, ..options };
        assert_eq!(effective(&graph, &all)[..2], [0.5, 0.25]);
    }

    #[test]
    fn a_limit_counts_before_the_totals() {
        let limited = WorkflowCostOptions { limit: Some(2), ..WorkflowCostOptions::default() };
        let cost = chain().workflow_cost(&limited).unwrap();
        assert_eq!((cost.tasks.len(), cost.total_ev, cost.average_ev), (2, 4.0, 2.0));
        let json = serde_json::to_value(&cost).unwrap();
        assert_eq!(
            (&json["propagationMode"], &json["tasks"][1]["pEffective"]),
            (&"dag-propagate".into(), &0.25.into())
        );
        let none = WorkflowCostOptions { limit: Some(0), ..limited };
        let none = chain().workflow_cost(&none).unwrap();
        assert_eq!((none.tasks.len(), none.average_ev), (0, 0.0));
    }
}

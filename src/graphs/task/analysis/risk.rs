//! Where the risk is.

use serde::Serialize;

use super::super::TaskError;
use super::super::graph::TaskGraph;
use super::super::kinds::Risk;

/// The chain of tasks with the most risk on it; given by [`TaskGraph::risk_path`].
///
/// ```
/// use metagraph::graphs::task::{RiskPath, TaskGraph};
///
/// assert_eq!(TaskGraph::new().risk_path()?, RiskPath { path: Vec::new(), total_risk: 0.0 });
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RiskPath {
    /// Ids of its tasks, the first first.
    pub path: Vec<String>,
    /// The sum of risk times impact.
    pub total_risk: f64,
}

/// Ids of all tasks by their risk; given by [`TaskGraph::risk_distribution`].
///
/// ```
/// use metagraph::graphs::task::{Task, TaskGraph};
///
/// let mut graph = TaskGraph::new();
/// graph.add(Task::new("api", "Wire up the API"))?;
/// assert_eq!(graph.risk_distribution().unspecified, ["api"]);
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RiskDistribution {
    /// Those of trivial risk.
    pub trivial: Vec<String>,
    /// Those of low risk.
    pub low: Vec<String>,
    /// Those of medium risk.
    pub medium: Vec<String>,
    /// Those of high risk.
    pub high: Vec<String>,
    /// Those of critical risk.
    pub critical: Vec<String>,
    /// Those whose risk nobody assessed.
    pub unspecified: Vec<String>,
}

impl TaskGraph {
    /// The chain of tasks with the most risk on it: each counts its risk times its impact.
    ///
    /// ```
    /// use metagraph::graphs::task::{Impact, Risk, Task, TaskGraph};
    ///
    /// let mut graph = TaskGraph::new();
    /// graph.add(Task { risk: Some(Risk::Critical), impact: Some(Impact::Phase), ..Task::new("port", "Port it") })?;
    /// graph.add(Task { risk: Some(Risk::Trivial), ..Task::new("docs", "Write it down") })?;
    /// let risky = graph.risk_path()?;
    /// assert_eq!((risky.path, risky.total_risk), (vec!["port".to_owned()], 1.0));
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Cycles`] when some wait for each other.
    pub fn risk_path(&self) -> Result<RiskPath, TaskError> {
        let heaviest = self.weighted_critical_path(|task| {
            let weights = task.weights();
            weights.risk * weights.impact
        })?;
        Ok(RiskPath { path: heaviest.path, total_risk: heaviest.weight })
    }

    /// Ids of all tasks by their risk.
    pub fn risk_distribution(&self) -> RiskDistribution {
        let mut distribution = RiskDistribution::default();
        for task in self.tasks() {
            let bucket = match task.risk {
                Some(Risk::Trivial) => &mut distribution.trivial,
                Some(Risk::Low) => &mut distribution.low,
                Some(Risk::Medium) => &mut distribution.medium,
                Some(Risk::High) => &mut distribution.high,
                Some(Risk::Critical) => &mut distribution.critical,
                None => &mut distribution.unspecified,
            };
            bucket.push(task.id.clone());
        }
        distribution
    }
}

//! What is stored: tasks, what they depend on, and the graph type of both.

use metagraph::prelude::*;

use super::claim::Claim;
use super::kinds::{Impact, Level, Priority, Risk, Scope, Status};

/// A task; what is `None` was not assessed.
///
/// In JSON it is what the TypeScript package calls `TaskGraphNodeAttributes`, and its key beside it.
///
/// ```
/// use metagraph::graphs::task::{Risk, Status, Task};
///
/// let task = Task { status: Some(Status::Pending), risk: Some(Risk::High), ..Task::new("api", "Wire up the API") };
/// let json = serde_json::json!({"id": "api", "name": "Wire up the API", "status": "pending", "risk": "high"});
/// assert_eq!(serde_json::to_value(&task)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "task")]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// Its identity, as others depend on it.
    #[graph(key)]
    pub id: String,
    /// What is to be done, in a line.
    pub name: String,
    /// Where it is in its life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[graph(index, index = "queue")]
    pub status: Option<Status>,
    /// What is to be done first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[graph(index = "queue")]
    pub priority: Option<Priority>,
    /// How much it touches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// How likely it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Risk>,
    /// How far a failure reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    /// What kind of work it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Whose it is for now; written by a [`TaskQueue`](super::TaskQueue).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// The name of [`Task`] in the TypeScript package.
pub type TaskGraphNodeAttributes = Task;

impl Task {
    /// A task of which nothing is assessed.
    ///
    /// ```
    /// use metagraph::graphs::task::Task;
    ///
    /// assert_eq!(Task::new("api", "Wire up the API").status, None);
    /// ```
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            status: None,
            priority: None,
            scope: None,
            risk: None,
            impact: None,
            level: None,
            claim: None,
        }
    }

    /// A task that waits to be done.
    ///
    /// ```
    /// use metagraph::graphs::task::{Status, Task};
    ///
    /// assert_eq!(Task::pending("api", "Wire up the API").status, Some(Status::Pending));
    /// ```
    pub fn pending(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { status: Some(Status::Pending), ..Self::new(id, name) }
    }

    /// Whether more is known of it than its id; what others depend on and nobody described is not.
    ///
    /// ```
    /// use metagraph::graphs::task::Task;
    ///
    /// assert!(Task::new("api", "Wire up the API").is_described());
    /// assert!(!Task::new("api", "api").is_described());
    /// ```
    pub fn is_described(&self) -> bool {
        self.name != self.id || *self != Self::new(self.id.as_str(), self.id.as_str())
    }

    /// What the analysis counts with: what is not assessed has its default.
    ///
    /// ```
    /// use metagraph::graphs::task::{Scope, Task};
    ///
    /// let weights = Task { scope: Some(Scope::Broad), ..Task::new("api", "Wire up the API") }.weights();
    /// assert_eq!((weights.cost, weights.success_probability, weights.impact), (4.0, 0.8, 1.0));
    /// ```
    pub fn weights(&self) -> Weights {
        let scope = self.scope.unwrap_or(Scope::Narrow);
        let risk = self.risk.unwrap_or(Risk::Medium);
        let impact = self.impact.unwrap_or(Impact::Isolated);
        Weights {
            cost: scope.cost(),
            tokens: scope.tokens(),
            success_probability: risk.success_probability(),
            risk: risk.weight(),
            impact: impact.weight(),
        }
    }
}

/// A task as numbers; made by [`Task::weights`].
///
/// ```
/// use metagraph::graphs::task::Task;
///
/// assert_eq!(Task::new("api", "Wire up the API").weights().tokens, 1500);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Weights {
    /// What it costs: of its scope.
    pub cost: f64,
    /// How many tokens it may need: of its scope.
    pub tokens: u32,
    /// How likely it succeeds: of its risk.
    pub success_probability: f64,
    /// How likely it fails.
    pub risk: f64,
    /// How much a failure counts: of its impact.
    pub impact: f64,
}

/// From a task to one that depends on it.
///
/// ```
/// use metagraph::graphs::task::Dependency;
///
/// let free = Dependency { quality_retention: Some(1.0) };
/// assert_eq!(serde_json::to_value(free)?, serde_json::json!({"qualityRetention": 1.0}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Task, to = Task), name = "dependency")]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    /// How much of the dependent's quality survives a failure of what it depends on: 0 for none, 1 for all; 0.9 where
    /// nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub quality_retention: Option<f64>,
}

/// The graph type: tasks, and what they depend on.
///
/// Cycles are stored and not refused, as task files have them while they are written:
/// [`TaskGraph::validate`](super::TaskGraph::validate) tells of them. A task that depends on itself is refused.
///
/// ```
/// use metagraph::graphs::task::{Dependency, Task, Tasks};
/// use metagraph::prelude::*;
///
/// # fn main() -> metagraph::Result<()> {
/// let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(conn)?;
/// metagraph::sync::<Tasks, _>(conn)?;
/// let graph = Graph::<Tasks>::open_or_create(conn, "release")?;
/// let schema = graph.insert(conn, &Task::pending("schema", "Write the schema"))?;
/// let api = graph.insert(conn, &Task::pending("api", "Wire up the API"))?;
/// graph.connect(conn, schema, api, &Dependency::default())?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, GraphType)]
#[graph(name = "task-graph", version = 1, directed)]
pub enum Tasks {
    /// What is to be done.
    Task(Task),
    /// In which order.
    Dependency(Dependency),
}

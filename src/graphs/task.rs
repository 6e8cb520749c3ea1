//! Tasks that depend on each other: read, checked, analysed, stored, and shared by workers.
//!
//! A folder of Markdown files with a task in front of each is a graph. This module reads it, says what is wrong with it,
//! answers in which order, how long, how risky and how expensive, keeps it in the database that you already run, and lets
//! any number of workers take tasks from there: none twice, none lost.
//!
//! ```
//! use metagraph::graphs::task::{Risk, Scope, Task, TaskGraph, TaskQueue, Tasks};
//! use metagraph::prelude::*;
//!
//! # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
//! let mut plan = TaskGraph::new();
//! plan.add(Task { scope: Some(Scope::Narrow), ..Task::pending("schema", "Write the schema") })?;
//! plan.add(Task { risk: Some(Risk::High), ..Task::pending("api", "Wire up the API") })?;
//! plan.add(Task::pending("docs", "Write it down"))?;
//! plan.depend("api", "schema")?;                             // first the schema, then the API
//! plan.depend("docs", "schema")?;
//!
//! assert!(plan.validate().is_empty());
//! assert_eq!(plan.generations()?, [vec!["schema"], vec!["api", "docs"]]);
//! assert_eq!(plan.risk_path()?.path, ["schema", "api"]);
//! assert_eq!(plan.to_decompose()[0].reasons[0].to_string(), "risk: high — failure probability 0.35");
//!
//! let mut conn = metagraph::sqlite::connect(":memory:")?;
//! metagraph::migrate(&mut conn)?;
//! metagraph::sync::<Tasks, _>(&mut conn)?;
//! let stored = Graph::<Tasks>::open_or_create(&mut conn, "release")?;
//! plan.save(&mut conn, &stored)?;                            // in bulk, beside your own tables
//!
//! let queue = TaskQueue::new(&stored, "worker 1");           // as many as you like, on as many machines
//! let task = queue.claim(&mut conn, 1)?.remove(0);
//! assert_eq!(task.key, "schema");                            // all others wait for it
//! queue.complete(&mut conn, &task)?;
//! # Ok(())
//! # }
//! ```
//!
//! | what | how |
//! |---|---|
//! | from a folder of task files | [`TaskFolder::read`], [`TaskFile::parse`] |
//! | from tasks, records, JSON | [`TaskGraph::from_tasks`], [`from_records`](TaskGraph::from_records), [`from_json`](TaskGraph::from_json) |
//! | only if all of it holds, or what of it holds | [`Checked::strict`], [`Checked::lenient`] |
//! | what is wrong | [`TaskGraph::validate`]: every [`Problem`] |
//! | in which order, and what at once | [`topological_order`](TaskGraph::topological_order), [`generations`](TaskGraph::generations), [`find_cycles`](TaskGraph::find_cycles) |
//! | how long it takes at least | [`critical_path`](TaskGraph::critical_path), [`weighted_critical_path`](TaskGraph::weighted_critical_path) |
//! | where everything goes through | [`bottlenecks`](TaskGraph::bottlenecks) |
//! | where the risk is | [`risk_path`](TaskGraph::risk_path), [`risk_distribution`](TaskGraph::risk_distribution) |
//! | what is too much for one task | [`to_decompose`](TaskGraph::to_decompose) |
//! | what it is expected to cost | [`expected_value`], [`workflow_cost`](TaskGraph::workflow_cost) |
//! | into the store and back | [`save`](TaskGraph::save), [`mirror`](TaskGraph::mirror), [`load`](TaskGraph::load) |
//! | what can be begun, what waits for what | [`ready`], [`blocked_by`], [`Task::unblocked`] in queries of your own |
//! | sharing it among workers | [`TaskQueue`] |
//! | as JSON, as a picture | [`to_json`](TaskGraph::to_json), [`to_mermaid`](TaskGraph::to_mermaid) |
//!
//! # From files to workers
//! ```
//! use metagraph::graphs::task::{Task, TaskFolder, TaskGraph, TaskQueue, Tasks};
//! use metagraph::prelude::*;
//!
//! # fn work_on(_: &Task) -> metagraph::Result<()> { Ok(()) }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let tasks = tempfile::tempdir()?;
//! # std::fs::write(tasks.path().join("api.md"), "---\nid: api\nname: API\nstatus: pending\ndepends_on: []\n---\n")?;
//! # let folder = tasks.path();
//! # let mut conn = metagraph::sqlite::connect(":memory:")?;
//! # metagraph::migrate(&mut conn)?;
//! # metagraph::sync::<Tasks, _>(&mut conn)?;
//! let graph = Graph::<Tasks>::open_or_create(&mut conn, "release")?;
//! let plan = TaskGraph::from_tasks(&TaskFolder::read(folder)?.strict()).strict()?;
//! assert!(plan.validate().is_empty());
//! plan.mirror(&mut conn, &graph)?;                           // again after every change of the files
//!
//! let queue = TaskQueue::new(&graph, "worker 1");
//! for task in queue.claim(&mut conn, 10)? {
//!     work_on(&task.value)?;
//!     queue.complete(&mut conn, &task)?;
//! }
//! # assert!(queue.claim(&mut conn, 10)?.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # What is stored
//! [`Tasks`] is an ordinary graph type: [`Task`] nodes, and [`Dependency`] edges from a task to those that depend on it. So
//! every query of the store works on them, and a graph type of your own may have both as members beside others; all verbs
//! here take such a graph as well.
//!
//! JSON, field by field, is that of the TypeScript package `taskgraph`, whose numbers and rules these are. Where this module
//! does otherwise, it says so: what is wrong is told all at once ([`Checked`]) and not by the first exception, files that
//! do not hold are listed ([`TaskFolder::complaints`]) and not passed over, and words that no field knows are
//! left out by a lenient reader, since a store with a schema cannot keep them.

mod analysis;
mod build;
mod claim;
mod draw;
mod error;
mod fields;
mod finish;
mod folder;
mod front_matter;
mod graph;
mod input;
mod json;
mod kinds;
mod problem;
mod queue;
mod ready;
mod store;
mod stored;
mod validate;

pub use self::analysis::{
    Advice, Bottleneck, CriticalPath, Ev, EvConfig, Propagation, Reason, RiskDistribution, RiskPath, WorkflowCost,
    WorkflowCostOptions, WorkflowTask, expected_value,
};
pub use self::claim::Claim;
pub use self::error::TaskError;
pub use self::folder::TaskFolder;
pub use self::front_matter::TaskFile;
pub use self::graph::TaskGraph;
pub use self::input::{DependencyEdge, Nullable, TaskInput};
pub use self::kinds::{Impact, Level, Priority, Risk, Scope, Status, UnknownWord};
pub use self::problem::{Checked, Problem, ProblemCategory};
pub use self::queue::TaskQueue;
pub use self::ready::{blocked_by, ready};
pub use self::store::{Changes, SavedTasks};
pub use self::stored::{Dependency, Task, TaskGraphNodeAttributes, Tasks, Weights};

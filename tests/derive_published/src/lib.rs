//! Graph types as another crate publishes them: rustc judges implementations for types of other crates more strictly.

use metagraph_derive::GraphType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something to do.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, crate = "metagraph_core")]
pub struct Task {
    /// What is to be done.
    pub title: String,
}

/// One task waits for another.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(crate = "metagraph_core", edge(from = Task, to = Task))]
pub struct Blocks;

/// A plan of work.
#[derive(Debug, GraphType)]
#[graph(crate = "metagraph_core", name = "tasks")]
pub enum TaskGraph {
    /// What is to be done.
    Task(Task),
    /// And in which order.
    Blocks(Blocks),
}

/// A step of a pipeline, which uses the plan without saying so in its name.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, crate = "metagraph_core")]
pub struct Step {}

/// A plan that imports another.
#[derive(Debug, GraphType)]
#[graph(crate = "metagraph_core", name = "pipeline")]
pub enum Pipeline {
    /// The steps.
    Step(Step),
    /// The plan.
    #[graph(import)]
    Tasks(TaskGraph),
}

//! Questions to a graph in memory: one file each, and no database.

mod bottlenecks;
mod cost;
mod critical_path;
mod decompose;
#[cfg(test)]
mod laws;
mod order;
mod risk;

pub use self::bottlenecks::Bottleneck;
pub use self::cost::{Ev, EvConfig, Propagation, WorkflowCost, WorkflowCostOptions, WorkflowTask, expected_value};
pub use self::critical_path::CriticalPath;
pub use self::decompose::{Advice, Reason};
pub use self::risk::{RiskDistribution, RiskPath};

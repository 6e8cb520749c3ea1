//! The rows of graphs, whatever their type; and, with the feature `graphs`, ready-made graph types.
//!
//! The ready-made ones are built with nothing but what this crate gives to everybody.

#[cfg(feature = "graphs")]
pub mod acl;
#[cfg(feature = "graphs")]
pub mod call;
#[cfg(feature = "graphs")]
mod mermaid;
#[cfg(all(feature = "graphs", feature = "encryption"))]
pub mod secrets;
#[cfg(feature = "graphs")]
pub mod task;

pub use metagraph_diesel::graphs::*;

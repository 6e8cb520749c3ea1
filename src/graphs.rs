//! The rows of graphs, whatever their type; and, with the feature `graphs`, ready-made graph types.
//!
//! The ready-made ones are built with nothing but what this crate gives to everybody.

pub use metagraph_diesel::graphs::*;

#[cfg(feature = "graphs")]
pub mod task;

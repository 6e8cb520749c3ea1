//! The workload that metagraph is held to, and who takes part in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that fails has to stop")]

pub mod calls;
pub mod floor;
pub mod generate;
pub mod measure;
pub mod model;
pub mod ours;
pub mod peer;
pub mod workload;

//! Sealed attributes in a database: what the core's encryption needs of files and of stored rows.
//!
//! Sealing and opening are in `metagraph_core::encryption`; [`Query::rotation`](crate::query::Query::rotation) brings
//! stored values to a new key, and [`read_key_file`] reads keys.

mod key_file;

pub use key_file::{KeyFileError, read_key_file};

pub use crate::query::{Rotated, Rotation, RotationProgress, Unopened, UnopenedReason};

//! Attributes that the database never sees: [`Encrypted`], key rings, rotation.

pub use metagraph_core::encryption::*;
pub use metagraph_diesel::encryption::*;

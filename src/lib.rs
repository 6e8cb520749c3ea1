//! Typed property graphs in the SQL database you already run.

#[doc(hidden)]
pub use metagraph_core::private as __private;
pub use metagraph_core::*;
#[cfg(feature = "derive")]
pub use metagraph_derive::GraphType;

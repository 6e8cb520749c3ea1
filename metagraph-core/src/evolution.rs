//! What changed between two versions of a graph type, and what that means for the rows that are stored.
//!
//! A change is *compatible* only where every value that was valid is proven to stay valid; where nothing could be proven
//! and nothing was found that contradicts it, it is *undecidable*, and the rows themselves have to be asked.

mod change;
pub mod lock;

pub use change::{Aspect, Change, Class, How, Subject};

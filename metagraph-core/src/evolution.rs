//! What changed between two versions of a graph type, and what that means for the rows that are stored.
//!
//! A change is *compatible* only where every value that was valid is proven to stay valid; where nothing could be proven
//! and nothing was found that contradicts it, it is *undecidable*, and the rows themselves have to be asked.

mod change;
mod contain;
mod counterexample;
mod document;
mod kind;
#[cfg(test)]
mod laws;
pub mod lock;
mod passage;
mod reading;
mod row;
mod schema;
mod words;

pub use change::{Aspect, Change, Class, How, Subject};
pub use document::{Renames, TypeDiff};
pub use passage::{Passage, Passing};
pub use row::{RowUpgrade, UpgradedRow};
pub use schema::SchemaDiff;

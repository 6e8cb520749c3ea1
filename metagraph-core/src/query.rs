//! What is asked of a graph: predicates, orders, aggregates and selections over typed fields.
//!
//! Everything here is data that says nothing of a database. It is written through [`Field`](crate::Field) and
//! [`Predicate`], and read by the store that turns it into a statement.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() {
//! use metagraph_core::Element;
//! use metagraph_core::query::Predicate;
//!
//! let popular: Predicate<Package> = Package::F.downloads.ge(1000) & !Package::F.id.starts_with("left-");
//! # drop(popular);
//! # }
//! ```

#[doc(hidden)]
pub mod assignment;
mod column;
#[doc(hidden)]
pub mod condition;
mod incident;
#[doc(hidden)]
pub mod literal;
#[doc(hidden)]
pub mod operand;
#[doc(hidden)]
pub mod order;
#[doc(hidden)]
pub mod pattern;
mod predicate;
pub(crate) mod scalar;
mod selection;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod unique;

pub use assignment::Assignment;
pub use column::{created_at, id, key, updated_at, version};
pub use incident::{Neighbours, both, in_, out};
pub use operand::Operand;
pub use order::Order;
pub use predicate::Predicate;
pub use scalar::{Holds, List, Numeric, Scalar, Textual};
pub use selection::{Grouped, Keys, Projection, SelectedRow, Selection, count};
pub use source::Kind;
pub use unique::Identifies;

//! Definitions, schema documents and validation of metagraph.
//!
//! This crate performs no I/O and knows no database: it says what a graph type is, what its document looks like, and
//! whether a value fits. Users depend on the facade crate `metagraph`, which re-exports what they need, and let the
//! derive implement the traits.
//!
//! | part | what it is for |
//! |---|---|
//! | [`NodeType`], [`EdgeType`], [`NodeSet`], [`GraphType`] | what a Rust type is in a graph |
//! | [`Connects`], [`Contains`], [`MemberOf`], [`PartOf`] | what rustc checks about it |
//! | [`NodeId`], [`NodeKey`], [`EdgeId`], [`GraphId`], [`Key`], [`Field`] | what programs hold |
//! | [`definition`] | the constant data of the derive |
//! | [`document`], [`schema`] | the stored form, and when two are the same |
//! | [`validate`] | whether a value fits |
//! | `encryption` | attributes that are stored sealed; with the feature `encryption` |
//! | `evolution` | what changed between two versions of a type; with the feature `validate` |
//! | `value` | what else can be done with a value by its schema; with the feature `validate` |

pub mod definition;
pub mod document;
mod element;
#[cfg(feature = "encryption")]
pub mod encryption;
mod endpoint;
#[cfg(feature = "validate")]
pub mod evolution;
mod field;
mod id;
mod key;
#[doc(hidden)]
pub mod private;
pub mod query;
pub mod schema;
mod sealed_field;
mod text;
pub mod validate;
#[cfg(feature = "validate")]
pub mod value;

pub use element::{
    AnyNode, Connects, Contains, EdgeSet, EdgeType, Element, EndsAt, GraphType, Joins, Keyed, MemberOf, NodeSet,
    NodeType, PartOf, StartsAt, Stored,
};
pub use endpoint::{Endpoint, NodeKey};
pub use field::Field;
pub use id::{EdgeId, GraphId, NodeId};
pub use key::{InvalidKey, Key};
#[doc(hidden)]
pub use private as __private;
pub use sealed_field::{FindableValue, SealedField, SealedValue};
pub use text::holds_nul;

//! Relation models: who has which relation to what, by tuples and by what relations are made of.
//!
//! A model says which relations objects of a type have: directly by tuples, by another relation of the same object, by a
//! relation of an object that this one points at, or by any of several. [`Relations`] keeps the tuples in the graph of
//! access as memberships, grants and containment, so its check is that of the graph: one statement, exact, whatever the
//! depth. What reachability cannot answer, intersection and exclusion, is refused when the model is made.

mod ask;
mod error;
mod model;
mod store;
mod translate;
mod tuple;

pub use self::error::RelationError;
pub use self::model::{RelationModel, Rewrite};
pub use self::store::Relations;
pub use self::tuple::{Object, Subject, Tuple};

//! From syntax to the model; options that are unknown, misplaced, malformed or repeated stop here.

mod edge;
mod field;
mod item;
mod members;
mod option;
mod past;
mod projection;
mod serde;

pub(crate) use item::item;

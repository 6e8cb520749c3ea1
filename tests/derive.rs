//! What the derive gives, checked against the types it is given for.
#![cfg(feature = "derive")]

#[path = "derive/shapes.rs"]
mod shapes;

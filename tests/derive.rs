//! What the derive gives, checked against the types it is given for.
#![cfg(feature = "derive")]

#[path = "derive/enums.rs"]
mod enums;
#[path = "derive/flatten.rs"]
mod flatten;
#[path = "derive/imports.rs"]
mod imports;
#[path = "derive/names.rs"]
mod names;
#[path = "derive/options.rs"]
mod options;
#[path = "derive/quiet.rs"]
mod quiet;
#[path = "derive/shapes.rs"]
mod shapes;

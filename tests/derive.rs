//! What the derive gives, checked against the types it is given for.
#![cfg(feature = "derive")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails here has found its mistake"
)]
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes its answers that way")]

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
#[path = "derive/past.rs"]
mod past;
#[path = "derive/projections.rs"]
mod projections;
#[path = "derive/quiet.rs"]
mod quiet;
#[path = "derive/shapes.rs"]
mod shapes;
#[path = "derive/verification.rs"]
mod verification;

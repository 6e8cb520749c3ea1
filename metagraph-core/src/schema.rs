//! JSON schemas as documents: walking them, bringing them to one form, verifying them.
//!
//! Whether a value fits a schema is asked in [`validate`](crate::validate).

pub(crate) mod canonical;
mod lookup;
#[cfg(feature = "validate")]
pub(crate) mod number;
mod sealed;
#[cfg(feature = "validate")]
pub(crate) mod sizes;
mod times;
pub(crate) mod verify;
pub(crate) mod walk;

pub use canonical::{canonical_text, without_annotations};
#[doc(hidden)]
pub use lookup::{is_time, missing_member, scalar_kind};
#[doc(hidden)]
pub use sealed::{FIND, SEALED, holds_sealed, indexed_steps, sealed, sealed_content};
#[cfg(feature = "validate")]
pub use sizes::with_ranges;
pub use times::{has_times, has_whole_floats, write_alike};
pub use verify::{InvalidSchema, Problem, attribute_names};

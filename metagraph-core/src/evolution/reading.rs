//! The two ways in which a schema is read.
//!
//! schemars writes the size of a number as its `format`. The validator ignores that, Rust does not: what is said of all
//! values has to hold either way.

use serde_json::Value;

use super::contain::{contained, contained_without_unnamed};
use crate::schema::sizes::{with_ranges, without_sizes};
use crate::value::ValueSchema;

/// A schema as the validator reads it, and as the Rust type does.
#[derive(Debug)]
pub(super) struct Reading {
    /// Formats of numbers say nothing.
    pub(super) json: ValueSchema,
    /// Formats of numbers are ranges.
    pub(super) rust: ValueSchema,
}

impl Reading {
    pub(super) fn new(schema: &Value) -> Result<Self, String> {
        Ok(Self { json: ValueSchema::new(&without_sizes(schema))?, rust: ValueSchema::new(&with_ranges(schema))? })
    }

    /// Whether every value of this schema is proven to fit the other.
    pub(super) fn is_contained_in(&self, other: &Self) -> bool {
        contained(&self.json, &other.json) && contained(&self.rust, &other.rust)
    }

    /// The same, where values have no members that only the other schema names.
    pub(super) fn is_contained_without_unnamed_in(&self, other: &Self) -> bool {
        contained_without_unnamed(&self.json, &other.json) && contained_without_unnamed(&self.rust, &other.rust)
    }
}

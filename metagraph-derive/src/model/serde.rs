//! What serde was told about a type: only the facts that decide the JSON.

use proc_macro2::Ident;

use super::Flag;
use super::rename::Rule;

/// A name or rule that serde can be given apart for writing and for reading.
pub(crate) struct Both<T> {
    pub(crate) written: Option<T>,
    pub(crate) read: Option<T>,
}

impl<T> Default for Both<T> {
    fn default() -> Self {
        Self { written: None, read: None }
    }
}

#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename_all: Both<Rule>,
    pub(crate) tag: Option<(Ident, String)>,
    pub(crate) untagged: Flag,
    pub(crate) transparent: Flag,
    /// `into`, `from` or `try_from`.
    pub(crate) conversion: Flag,
    pub(crate) default: bool,
    pub(crate) deny_unknown_fields: Flag,
}

#[derive(Default)]
pub(crate) struct Field {
    pub(crate) rename: Both<String>,
    pub(crate) skip: Flag,
    pub(crate) skip_serializing: Flag,
    pub(crate) skip_deserializing: Flag,
    pub(crate) skip_serializing_if: Flag,
    /// `skip_serializing_if` by another function than `Option::is_none`.
    pub(crate) skips_otherwise: bool,
    pub(crate) flatten: Flag,
    pub(crate) default: bool,
    /// `with` or `serialize_with`.
    pub(crate) writes_otherwise: Flag,
    /// `with` or `deserialize_with`.
    pub(crate) reads_otherwise: Flag,
}

#[derive(Default)]
pub(crate) struct Variant {
    pub(crate) skip: Flag,
    pub(crate) untagged: Flag,
}

impl Field {
    pub(crate) fn is_skipped(&self) -> bool {
        self.skip.is_some() || (self.skip_serializing.is_some() && self.skip_deserializing.is_some())
    }
}

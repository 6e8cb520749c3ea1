//! Where a sealed value belongs.

use std::borrow::Cow;

/// Where a sealed value belongs: graph type, element type, attribute, and the owner in between.
///
/// In the native scheme a value opens only in the context that it was sealed in. The owner is what tells one row from
/// another and never changes: usually the node's key. It is not secret.
///
/// Where the owner does change, as when a node gets another key, its values have to be sealed anew in the same write, or
/// they open no more. The graph is not part of the context: two graphs of one type have the same ones, unless their name
/// is part of the owner.
///
/// A field's handle makes one without spelling names: `Account::F.token.context::<Accounts>("mara")`.
///
/// ```
/// use metagraph_core::encryption::Context;
///
/// let context = Context::new("accounts", "account", "token", "mara");
/// assert_eq!(context.owner(), "mara");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    graph_type: Cow<'static, str>,
    element: Cow<'static, str>,
    attribute: Cow<'static, str>,
    owner: String,
}

impl Context {
    /// The attribute `attribute` of what `owner` names, which is of the type `element` in graphs of the type `graph_type`.
    pub fn new(
        graph_type: impl Into<Cow<'static, str>>,
        element: impl Into<Cow<'static, str>>,
        attribute: impl Into<Cow<'static, str>>,
        owner: impl Into<String>,
    ) -> Self {
        Self {
            graph_type: graph_type.into(),
            element: element.into(),
            attribute: attribute.into(),
            owner: owner.into(),
        }
    }

    /// Whose value it is.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The same attribute of another owner.
    #[must_use]
    pub fn owned_by(&self, owner: impl Into<String>) -> Self {
        Self { owner: owner.into(), ..self.clone() }
    }

    /// What the cipher is told beside the text: the version, and behind their lengths the scheme, each name and the tag
    /// that the value is found by, so that no two contexts are told alike.
    pub(super) fn associated_data(&self, scheme: &str, version: u32, find: Option<&[u8; 32]>) -> AssociatedData {
        let [graph_type, element, attribute] = self.place().map(str::as_bytes);
        let find = find.map_or(&[] as &[u8], <[u8; 32]>::as_slice);
        let parts = [scheme.as_bytes(), graph_type, element, attribute, self.owner.as_bytes(), find];
        let mut data = AssociatedData::default();
        data.push(&version.to_be_bytes());
        for part in parts {
            data.push(&(part.len() as u64).to_be_bytes());
            data.push(part);
        }
        data
    }

    /// The names of the attribute, which equal values of different owners share.
    pub(super) fn place(&self) -> [&str; 3] {
        [&self.graph_type, &self.element, &self.attribute]
    }
}

const USUAL: usize = 256;

/// What the cipher is told beside the text; without memory of its own where it is of usual length.
#[derive(Debug)]
pub(super) struct AssociatedData {
    usual: [u8; USUAL],
    length: usize,
    longer: Vec<u8>,
}

impl Default for AssociatedData {
    fn default() -> Self {
        Self { usual: [0; USUAL], length: 0, longer: Vec::new() }
    }
}

impl AssociatedData {
    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        match self.usual.get_mut(self.length..end) {
            Some(room) if self.longer.is_empty() => {
                room.copy_from_slice(bytes);
                self.length = end;
            }
            _ => {
                if self.longer.is_empty() {
                    self.longer.extend_from_slice(self.usual.get(..self.length).unwrap_or_default());
                }
                self.longer.extend_from_slice(bytes);
            }
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        if self.longer.is_empty() { self.usual.get(..self.length).unwrap_or_default() } else { &self.longer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_stands_behind_its_length_however_long_it_is() {
        for length in [0, 1, 100, 180, 181, 182, 190, 255, 256, 300, 5000] {
            let owner = "o".repeat(length);
            let told = Context::new("g", "e", "a", owner.clone()).associated_data("s", 7, Some(&[9; 32]));
            let mut expected = vec![0, 0, 0, 7];
            for part in ["s", "g", "e", "a", owner.as_str()] {
                expected.extend_from_slice(&(part.len() as u64).to_be_bytes());
                expected.extend_from_slice(part.as_bytes());
            }
            expected.extend_from_slice(&32_u64.to_be_bytes());
            expected.extend_from_slice(&[9; 32]);
            assert_eq!(told.as_slice(), expected, "{length}");
        }
    }
}

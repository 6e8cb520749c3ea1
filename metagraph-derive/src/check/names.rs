//! Names that are stored.

use quote::ToTokens;

use crate::diagnostics::Diagnostics;
use crate::model::Name;

/// PostgreSQL cuts identifiers after so many bytes, and names of types and indexes become part of some.
const MAX_BYTES: usize = 63;

pub(super) fn is_storable(cx: &mut Diagnostics, name: &Name) {
    fits(cx, &name.text, &name.said_by, "set another with `#[graph(.., name = \"..\")]`");
}

/// Names appear in documents, statements and messages, where they must need no escaping.
pub(super) fn fits(cx: &mut Diagnostics, name: &str, blamed: &impl ToTokens, remedy: &str) {
    if name.len() > MAX_BYTES {
        let message =
            format_args!("the name `{name}` has {} bytes, and at most {MAX_BYTES} can be stored; {remedy}", name.len());
        cx.error(blamed, message);
    } else if !is_plain(name) {
        let message = format_args!(
            "`{name}` cannot be a name: it starts with a letter of A to Z or `_`, \
             and goes on with such letters, digits, `_`, `-` and `.`; {remedy}"
        );
        cx.error(blamed, message);
    }
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
}

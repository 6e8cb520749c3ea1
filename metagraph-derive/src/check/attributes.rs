//! The attributes one by one, and what a key needs.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

use crate::diagnostics::Diagnostics;
use crate::model::serde::Container;
use crate::model::{Attribute, Element, ungrouped};

/// Under two names a stored value would be lost when it is read.
pub(super) fn has_one_name(cx: &mut Diagnostics, attribute: &Attribute) {
    let Attribute { ident, written, read, .. } = attribute;
    if attribute.is_stored() && written != read {
        let message =
            format_args!("serde writes this attribute as `{written}` and reads it as `{read}`; use one name for both");
        cx.error(ident, message);
    }
}

/// Attribute names are printed in JSON paths inside statements, where quoting them is all that is needed.
pub(super) fn name_fits_a_path(cx: &mut Diagnostics, attribute: &Attribute) {
    if attribute.is_stored() {
        fits_a_path(cx, &attribute.written, &attribute.ident, "set another with `#[serde(rename = \"..\")]`");
    }
}

pub(super) fn fits_a_path(cx: &mut Diagnostics, name: &str, blamed: &impl ToTokens, remedy: &str) {
    let unfit = |letter: char| letter == '"' || letter == '\'' || letter == '\\' || letter.is_control();
    if name.is_empty() {
        cx.error(blamed, format_args!("an attribute cannot have an empty name; {remedy}"));
    } else if name.contains(unfit) {
        let message = format_args!(
            "the attribute name {name:?} has a quote, a backslash or a control character, which a JSON path cannot hold; \
             {remedy}"
        );
        cx.error(blamed, message);
    }
}

/// What is left out when writing must be filled in when reading, or the row could never be read again.
pub(super) fn reads_what_it_writes(cx: &mut Diagnostics, attribute: &Attribute, container: &Container) {
    let serde = &attribute.serde;
    if serde.is_skipped() {
        return;
    }
    if let Some(word) = serde.skip_serializing.as_ref().or(serde.skip_deserializing.as_ref()) {
        cx.error(
            word,
            format_args!("`{word}` alone would lose the value between writing and reading; use `skip` for both"),
        );
    }
    if let Some(word) = &serde.skip_serializing_if {
        let filled = serde.default || container.default || serde.flatten.is_some();
        // serde reads an absent `Option` as `None`, unless a function of the user's own does the reading.
        let optional = is_option(&attribute.ty) && serde.reads_otherwise.is_none();
        if !filled && !optional {
            let message =
                format_args!("`{word}` leaves the attribute out and reading would then fail; add `default` beside it");
            cx.error(word, message);
        }
    }
}

/// A skipped field is not stored, and a flattened one is stored as several attributes.
pub(super) fn options_have_an_attribute(cx: &mut Diagnostics, attribute: &Attribute) {
    if attribute.is_stored() {
        return;
    }
    let indexed = attribute.indexed.iter().map(|indexed| &indexed.word);
    let flags = attribute.key.iter().chain(&attribute.encrypted_index);
    for word in flags.chain(indexed).chain(attribute.past.words()) {
        if attribute.serde.is_skipped() {
            cx.error(word, format_args!("`{word}` needs a stored attribute, and this field is skipped by serde"));
        } else {
            let message = format_args!(
                "`{word}` needs one attribute, and a flattened field is several; give it a field of its own"
            );
            cx.error(word, message);
        }
    }
}

/// A node without its key could not be found again.
pub(super) fn key_is_always_there(cx: &mut Diagnostics, attribute: &Attribute) {
    let Some(key) = &attribute.key else { return };
    if is_option(&attribute.ty) {
        cx.error(&attribute.ty, "a `key` is always there, so its type cannot be `Option`");
    }
    if let Some(word) = &attribute.serde.skip_serializing_if {
        cx.error(word, format_args!("`{word}` contradicts `{key}`: a key is always stored"));
    }
}

/// The key is taken from the value, and found again in the stored attribute: both must be the same text.
pub(super) fn key_is_what_is_stored(cx: &mut Diagnostics, attribute: &Attribute) {
    if let (Some(key), Some(word)) = (&attribute.key, &attribute.serde.writes_otherwise) {
        let message = format_args!(
            "`{word}` contradicts `{key}`: the stored text would not be the key; implement `Serialize` on the field's type"
        );
        cx.error(word, message);
    }
}

pub(super) fn names_differ(cx: &mut Diagnostics, element: &Element) {
    let stored: Vec<_> = element.stored().collect();
    for (place, attribute) in stored.iter().enumerate() {
        let name = &attribute.written;
        if let Some(earlier) = stored.iter().take(place).find(|earlier| earlier.written == *name) {
            let earlier = &earlier.ident;
            cx.error(
                &attribute.ident,
                format_args!("this field and `{earlier}` are both stored as `{name}`; rename one of them"),
            );
        }
        if let Some((tag, text)) = &element.serde.tag
            && text == name
        {
            cx.error(
                &attribute.ident,
                format_args!("this field and serde's `{tag}` are both stored as `{name}`; rename one of them"),
            );
        }
    }
}

/// The key is the identity, and there is one.
pub(super) fn one_key(cx: &mut Diagnostics, element: &Element) {
    let mut keys = element.stored().filter_map(|attribute| attribute.key.as_ref().map(|key| (key, &attribute.ident)));
    let Some((_, first)) = keys.next() else { return };
    for (key, _) in keys {
        let message = format_args!(
            "`{first}` is the `key` already, and a type has one; for a rule over several fields write `#[graph(unique = \"group\")]` on each"
        );
        cx.error(key, message);
    }
}

fn is_option(ty: &Type) -> bool {
    let Type::Path(path) = ungrouped(ty) else { return false };
    path.path.segments.last().is_some_and(|segment| {
        let generic = matches!(&segment.arguments, PathArguments::AngleBracketed(arguments)
            if matches!(arguments.args.first(), Some(GenericArgument::Type(_))) && arguments.args.len() == 1);
        segment.ident == "Option" && generic
    })
}

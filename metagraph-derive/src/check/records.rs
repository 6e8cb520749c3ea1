//! What serde makes of the whole type: it must be an object that is read back as it was written.

use crate::diagnostics::Diagnostics;
use crate::model::{Element, Record};

/// Attributes are the members of a JSON object; a unit struct has none and is stored as an empty one.
pub(super) fn is_an_object(cx: &mut Diagnostics, element: &Element) {
    if let Some(transparent) = &element.serde.transparent {
        cx.error(
            transparent,
            "a `transparent` type is stored as its inner value, not as an object with attributes; remove it",
        );
    }
    match &element.record {
        Record::Struct | Record::Unit => {}
        Record::Tuple(fields) => {
            let message =
                "a tuple struct is not stored as an object, so it has no attributes; name its fields: `{ name: .. }`";
            cx.error(fields, message);
        }
        Record::Enum { variants } => {
            enum_is_tagged(cx, element);
            for untagged in variants.iter().filter_map(|variant| variant.serde.untagged.as_ref()) {
                cx.error(untagged, "an `untagged` variant can be stored as any JSON; remove it");
            }
            for option in variants.iter().flat_map(|variant| &variant.options) {
                let message = format_args!(
                    "`{option}` is not possible in an enum: its attributes depend on the variant; use a struct"
                );
                cx.error(option, message);
            }
        }
    }
}

fn enum_is_tagged(cx: &mut Diagnostics, element: &Element) {
    if let Some(untagged) = &element.serde.untagged {
        let message =
            "an `untagged` enum can be stored as any JSON; write `#[serde(tag = \"..\")]`, which makes an object";
        cx.error(untagged, message);
    } else if element.serde.tag.is_none() {
        let message =
            "an enum without a tag can be stored as a text; write `#[serde(tag = \"..\")]`, which makes an object";
        cx.error(&element.head.ident, message);
    }
}

/// What was stored must be readable with the same attributes, or an update would lose them.
pub(super) fn reads_what_it_writes(cx: &mut Diagnostics, element: &Element) {
    let serde = &element.serde;
    if let Some(conversion) = &serde.conversion {
        let message = format_args!(
            "`{conversion}` lets serde read or write another type in place of this one, so its fields are not the attributes; \
             remove it, or derive `GraphType` on the other type"
        );
        cx.error(conversion, message);
    }
    if let Some(deny) = &serde.deny_unknown_fields {
        if element.attributes.iter().any(|attribute| attribute.serde.flatten.is_some()) {
            cx.error(
                deny,
                "`deny_unknown_fields` contradicts `flatten`: serde would refuse the flattened attributes when reading",
            );
        }
        if let (Record::Struct, Some((tag, _))) = (&element.record, &serde.tag) {
            let message = format_args!(
                "`{deny}` contradicts `{tag}`: serde writes the tag of a struct and would refuse it when reading"
            );
            cx.error(deny, message);
        }
    }
    if let Record::Enum { variants } = &element.record {
        for skip in variants.iter().filter_map(|variant| variant.serde.skip.as_ref()) {
            cx.error(
                skip,
                format_args!("a variant under `{skip}` could not be stored and read back; remove it or the variant"),
            );
        }
    }
}

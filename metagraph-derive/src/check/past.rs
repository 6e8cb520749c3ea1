//! What was before: it had other names than what is there now, and one thing became one other.

use syn::LitStr;

use super::{attributes, names, shown};
use crate::diagnostics::Diagnostics;
use crate::model::past::Former;
use crate::model::{Attribute, Element};

pub(super) fn names_are_others(cx: &mut Diagnostics, element: &Element) {
    let own = &element.name.text;
    for (place, Former { word, text }) in element.past.names.iter().enumerate() {
        let name = text.value();
        names::fits(cx, &name, text, "write the name that was stored");
        if name == *own {
            let message =
                format_args!("`{own}` is the name that the type has; write one that it had, or leave `{word}` out");
            cx.error(text, message);
        }
        if element.past.names.iter().take(place).any(|earlier| earlier.text.value() == name) {
            cx.error(text, format_args!("`{name}` is said twice; leave one of the two"));
        }
    }
}

/// What is stored under a former name belongs to one attribute.
pub(super) fn attribute_names_are_free(cx: &mut Diagnostics, element: &Element) {
    let mut claimed: Vec<(String, &Attribute)> = Vec::new();
    for attribute in element.stored() {
        for Former { word, text } in &attribute.past.names {
            let name = text.value();
            attributes::fits_a_path(cx, &name, text, "write the name that was stored");
            if name == attribute.written {
                let message = format_args!(
                    "`{name}` is the name that the attribute has; write one that it had, or leave `{word}` out"
                );
                cx.error(text, message);
            } else if let Some(other) = element.stored().find(|other| other.written == name) {
                let ident = &other.ident;
                let message = format_args!(
                    "the field `{ident}` is stored as `{name}`, so what is stored there is its own; write another name, \
                     or `#[graph(upgrade = ..)]` on the type, whose function moves values"
                );
                cx.error(text, message);
            } else if let Some((tag, _)) = element.serde.tag.as_ref().filter(|(_, tag)| *tag == name) {
                cx.error(text, format_args!("serde's `{tag}` is stored as `{name}`; write another name"));
            } else if let Some((_, other)) = claimed.iter().find(|(earlier, _)| *earlier == name) {
                let ident = &other.ident;
                cx.error(text, format_args!("`{ident}` was `{name}` already; leave one of the two out"));
            }
            claimed.push((name, attribute));
        }
    }
}

/// A value had its former name until it got the present one, which is the last.
pub(super) fn values_differ(cx: &mut Diagnostics, attribute: &Attribute) {
    let values = &attribute.past.values;
    for (place, value) in values.iter().enumerate() {
        let [from, to] = [&value.from, &value.to].map(LitStr::value);
        if from == to {
            cx.error(
                &value.to,
                format_args!("`{from}` is not renamed when it is called `{to}`; write the name it has now"),
            );
        } else if values.iter().take(place).any(|earlier| earlier.from.value() == from) {
            cx.error(&value.from, format_args!("`{from}` is renamed twice; leave one of the two out"));
        } else if let Some(next) = values.iter().find(|next| next.from.value() == to) {
            let now = next.to.value();
            let message = format_args!("`{to}` is renamed to `{now}` itself; write the name that the value has now");
            cx.error(&value.to, message);
        }
    }
}

pub(super) fn upgrades_differ(cx: &mut Diagnostics, element: &Element) {
    let upgrades = &element.past.upgrades;
    for (place, function) in upgrades.iter().enumerate() {
        let name = shown(function);
        if upgrades.iter().take(place).any(|earlier| shown(earlier) == name) {
            cx.error(function, format_args!("`{name}` is said twice; leave one of the two"));
        }
    }
}

//! Declared indexes: their names are theirs alone, and none repeats what the store has anyway.

use syn::LitStr;

use super::names;
use crate::diagnostics::Diagnostics;
use crate::model::{Attribute, Element, Indexed};

/// The key is unique and found through an index of the store's own.
pub(super) fn key_needs_none(cx: &mut Diagnostics, element: &Element) {
    let Some(key) = element.key() else { return };
    for indexed in &key.indexed {
        if members(element, indexed) == 1 {
            let word = &indexed.word;
            cx.error(word, format_args!("a `key` is unique and indexed already; leave `{word}` out"));
        }
    }
}

/// A unique rule is kept by an index.
pub(super) fn unique_needs_none(cx: &mut Diagnostics, element: &Element) {
    for attribute in element.stored() {
        let alone = |unique| attribute.indexed.iter().find(|entry| entry.unique == unique && entry.group.is_none());
        if let (Some(index), Some(_)) = (alone(false), alone(true)) {
            cx.error(&index.word, "a `unique` attribute is indexed already; leave `index` out");
        }
    }
}

/// An index without a group is named after its attribute.
pub(super) fn names_differ(cx: &mut Diagnostics, element: &Element) {
    let alone: Vec<&str> = element
        .stored()
        .filter(|attribute| {
            attribute.encrypted_index.is_some() || attribute.indexed.iter().any(|entry| entry.group.is_none())
        })
        .map(|attribute| attribute.written.as_str())
        .collect();
    for (_, group) in groups(element) {
        let name = group.value();
        names::fits(cx, &name, group, "give the group another");
        if alone.contains(&name.as_str()) {
            cx.error(group, format_args!("the index of the attribute `{name}` has this name; give the group another"));
        }
    }
}

/// A group is one index, which is unique or not.
pub(super) fn groups_are_of_one_kind(cx: &mut Diagnostics, element: &Element) {
    let groups: Vec<_> = groups(element).collect();
    for (place, (entry, group)) in groups.iter().enumerate() {
        let first = groups.iter().take(place).find(|(_, earlier)| earlier.value() == group.value());
        if let Some((first, _)) = first
            && first.unique != entry.unique
        {
            let message = format_args!(
                "the group {group:?} is `{}` already; use one word for all its fields",
                first.word,
                group = group.value()
            );
            cx.error(&entry.word, message);
        }
    }
}

fn groups(element: &Element) -> impl Iterator<Item = (&Indexed, &LitStr)> {
    let entries = element.stored().flat_map(|attribute| &attribute.indexed);
    entries.filter_map(|entry| entry.group.as_ref().map(|group| (entry, group)))
}

/// How many attributes the index of `entry` has.
fn members(element: &Element, entry: &Indexed) -> usize {
    let Some(group) = &entry.group else { return 1 };
    let shares = |attribute: &&Attribute| {
        attribute.indexed.iter().any(|other| other.group.as_ref().is_some_and(|other| other.value() == group.value()))
    };
    element.stored().filter(shares).count()
}

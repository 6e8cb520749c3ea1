//! Reads the fields of a node or edge type.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Fields, FieldsNamed, LitStr};

use super::option::{self, Value, Written};
use super::{past, serde};
use crate::diagnostics::Diagnostics;
use crate::model::past::OfAttribute;
use crate::model::rename::Rule;
use crate::model::serde::Container;
use crate::model::{Attribute, Flag, Indexed, Variant};
use crate::vocabulary::Place;

const OPTIONS: &str = "`#[graph(key)]`, `#[graph(index)]`, `#[graph(unique)]` or `#[graph(renamed_from = \"..\")]`";

pub(crate) fn attributes(cx: &mut Diagnostics, fields: &FieldsNamed, container: &Container) -> Vec<Attribute> {
    fields.named.iter().filter_map(|field| attribute(cx, field, container)).collect()
}

fn attribute(cx: &mut Diagnostics, field: &syn::Field, container: &Container) -> Option<Attribute> {
    let ident = field.ident.clone()?;
    let serde = serde::field(&field.attrs);
    let plain = ident.unraw().to_string();
    let named = |own: &Option<String>, rule: Option<Rule>| {
        own.clone().unwrap_or_else(|| rule.map_or_else(|| plain.clone(), |rule| rule.field(&plain)))
    };
    let written = named(&serde.rename.written, container.rename_all.written);
    let read = named(&serde.rename.read, container.rename_all.read);
    let Options { key, indexed, encrypted_index, past } = options(cx, field);
    Some(Attribute {
        ident,
        vis: field.vis.clone(),
        ty: field.ty.clone(),
        serde,
        written,
        read,
        key,
        indexed,
        encrypted_index,
        past,
    })
}

#[derive(Default)]
struct Options {
    key: Flag,
    indexed: Vec<Indexed>,
    encrypted_index: Flag,
    past: OfAttribute,
}

fn options(cx: &mut Diagnostics, field: &syn::Field) -> Options {
    let Options { mut key, mut indexed, mut encrypted_index, mut past } = Options::default();
    let options = option::of(cx, &field.attrs, OPTIONS);
    for option in option::known_at(cx, Place::Field, options) {
        if option.word == "key" {
            once(cx, &mut key, option);
        } else if option.word == "encrypted_index" {
            once(cx, &mut encrypted_index, option);
        } else if option.word == "renamed_from" {
            past.names.extend(past::name(cx, Place::Field, option));
        } else if option.word == "renamed_value" {
            past.values.extend(past::value(cx, option));
        } else if let Some(entry) = index(cx, option) {
            if indexed.iter().any(|earlier| same_index(earlier, &entry)) {
                let word = &entry.word;
                cx.error(word, format_args!("`{word}` is said twice; leave one of the two, or give another group"));
            } else {
                indexed.push(entry);
            }
        }
    }
    Options { key, indexed, encrypted_index, past }
}

fn once(cx: &mut Diagnostics, flag: &mut Flag, option: Written) {
    match (&flag, option.flag(cx, Place::Field)) {
        (None, said) => *flag = said,
        (Some(_), Some(word)) => cx.error(&word, format_args!("`{word}` is said twice; leave one of the two")),
        (Some(_), None) => {}
    }
}

fn same_index(one: &Indexed, other: &Indexed) -> bool {
    let group = |entry: &Indexed| entry.group.as_ref().map(LitStr::value);
    one.unique == other.unique && group(one) == group(other)
}

fn index(cx: &mut Diagnostics, option: Written) -> Option<Indexed> {
    let group = match &option.value {
        Value::Absent => None,
        Value::Equals(_) | Value::List(_) => {
            Some(option.value(cx, Place::Field, "stands alone or takes the name of a group in quotes")?)
        }
    };
    Some(Indexed { unique: option.word == "unique", word: option.word, group })
}

/// A variant of an enum that is itself a node or edge type.
pub(crate) fn variant(cx: &mut Diagnostics, variant: &syn::Variant) -> Variant {
    let mut options: Vec<Ident> =
        option::of(cx, &variant.attrs, OPTIONS).into_iter().map(|option| option.word).collect();
    if let Fields::Named(_) | Fields::Unnamed(_) = &variant.fields {
        for field in &variant.fields {
            options.extend(option::of(cx, &field.attrs, OPTIONS).into_iter().map(|option| option.word));
        }
    }
    Variant { serde: serde::variant(&variant.attrs), options }
}

//! Reads `#[serde(..)]`: the stored JSON is serde's, so its names and shapes are taken from there alone.

use syn::{Attribute, LitStr};

use super::option::{self, Value, Written};
use crate::model::rename::Rule;
use crate::model::serde::{Both, Container, Field, Variant};

pub(crate) fn container(attrs: &[Attribute]) -> Container {
    let mut found = Container::default();
    for option in option::of_serde(attrs) {
        match option.word.to_string().as_str() {
            "rename_all" => {
                let names = both(&option);
                found.rename_all = Both {
                    written: names.written.as_deref().and_then(Rule::from_serde),
                    read: names.read.as_deref().and_then(Rule::from_serde),
                };
            }
            "tag" => found.tag = text(&option).map(|tag| (option.word, tag)),
            "untagged" => found.untagged = Some(option.word),
            "transparent" => found.transparent = Some(option.word),
            "into" | "from" | "try_from" => found.conversion = Some(option.word),
            "default" => found.default = true,
            "deny_unknown_fields" => found.deny_unknown_fields = Some(option.word),
            _ => {}
        }
    }
    found
}

pub(crate) fn field(attrs: &[Attribute]) -> Field {
    let mut found = Field::default();
    for option in option::of_serde(attrs) {
        match option.word.to_string().as_str() {
            "rename" => found.rename = both(&option),
            "skip" => found.skip = Some(option.word),
            "skip_serializing" => found.skip_serializing = Some(option.word),
            "skip_deserializing" => found.skip_deserializing = Some(option.word),
            "skip_serializing_if" => {
                found.skips_otherwise = text(&option).is_none_or(|function| function != "Option::is_none");
                found.skip_serializing_if = Some(option.word);
            }
            "flatten" => found.flatten = Some(option.word),
            "default" => found.default = true,
            "with" => {
                found.reads_otherwise = Some(option.word.clone());
                found.writes_otherwise = Some(option.word);
            }
            "serialize_with" => found.writes_otherwise = Some(option.word),
            "deserialize_with" => found.reads_otherwise = Some(option.word),
            _ => {}
        }
    }
    found
}

pub(crate) fn variant(attrs: &[Attribute]) -> Variant {
    let mut found = Variant::default();
    for option in option::of_serde(attrs) {
        match option.word.to_string().as_str() {
            "skip" | "skip_serializing" | "skip_deserializing" => found.skip = Some(option.word),
            "untagged" => found.untagged = Some(option.word),
            _ => {}
        }
    }
    found
}

/// `word = "both"`, or `word(serialize = "written", deserialize = "read")`.
fn both(option: &Written) -> Both<String> {
    match &option.value {
        Value::Absent => Both::default(),
        Value::Equals(_) => Both { written: text(option), read: text(option) },
        Value::List(tokens) => {
            let mut names = Both::default();
            for side in option::list_of(tokens.clone(), drop) {
                if side.word == "serialize" {
                    names.written = text(&side);
                } else if side.word == "deserialize" {
                    names.read = text(&side);
                }
            }
            names
        }
    }
}

fn text(option: &Written) -> Option<String> {
    match &option.value {
        Value::Equals(tokens) => syn::parse2(tokens.clone()).ok().as_ref().map(LitStr::value),
        Value::Absent | Value::List(_) => None,
    }
}

//! Values of attributes that are called otherwise now.

use serde_json::{Value, json};

use super::rename::{members, rename_attribute};
use crate::definition::RenamedValue;
use crate::schema::walk::resolve;

/// How far references are followed.
const DEEPEST: usize = 8;

/// Whether the schema speaks of a member of the whole value.
pub(super) fn has_attribute(schema: &Value, name: &str) -> bool {
    !of_attribute(schema, name).is_empty()
}

/// What is said of an attribute.
fn of_attribute<'s>(schema: &'s Value, name: &str) -> Vec<&'s Value> {
    let own = members(schema).and_then(|members| members.get(name));
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
    own.into_iter().chain(parts.flat_map(|part| of_attribute(part, name))).collect()
}

/// Renames a value of an attribute, and of the elements of a list; whether it was there, and only under its old name.
pub(super) fn rename(schema: &mut Value, now: &Value, renamed: &RenamedValue) -> bool {
    let has = |schema: &Value, value: &str| {
        of_attribute(schema, renamed.attribute).iter().any(|part| has_value(schema, part, value, DEEPEST))
    };
    let is_renamed = has(schema, renamed.before) && !has(schema, renamed.name) && !has(now, renamed.before);
    if is_renamed {
        let root = schema.clone();
        in_attribute(&root, schema, renamed);
    }
    is_renamed
}

fn has_value(root: &Value, part: &Value, value: &str, depth: usize) -> bool {
    let listed = part.get("enum").and_then(Value::as_array).into_iter().flatten();
    let below = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| part.get(keyword)?.as_array()).flatten();
    let referred = part.get("$ref").and_then(Value::as_str).and_then(|reference| resolve(root, reference));
    let mut further = below.chain(referred).chain(part.get("items"));
    is_named(part, value)
        || listed.chain(part.get("const")).any(|listed| listed == value)
        || depth > 0 && further.any(|part| has_value(root, part, value, depth - 1))
}

/// Whether the values of a part are objects with this one member: a variant with its content.
fn is_named(part: &Value, variant: &str) -> bool {
    let is_only = |names: &Vec<Value>| matches!(names.as_slice(), [only] if only == variant);
    part.get("required").and_then(Value::as_array).is_some_and(is_only)
        && members(part).is_some_and(|members| members.len() == 1 && members.contains_key(variant))
}

fn in_attribute(root: &Value, schema: &mut Value, renamed: &RenamedValue) {
    if let Some(part) = schema.get_mut("properties").and_then(|members| members.get_mut(renamed.attribute)) {
        in_part(root, part, renamed, DEEPEST);
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in schema.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            in_attribute(root, part, renamed);
        }
    }
}

fn in_part(root: &Value, part: &mut Value, renamed: &RenamedValue, depth: usize) {
    if depth == 0 {
        return;
    }
    if is_named(part, renamed.before) {
        rename_attribute(part, renamed.before, renamed.name);
    }
    let Value::Object(keywords) = part else { return };
    let listed = keywords.get_mut("enum").and_then(Value::as_array_mut).into_iter().flatten();
    for value in listed.filter(|value| *value == renamed.before) {
        *value = renamed.name.into();
    }
    for keyword in ["const", "default"] {
        if let Some(value) = keywords.get_mut(keyword).filter(|value| *value == renamed.before) {
            *value = renamed.name.into();
        }
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in keywords.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            in_part(root, part, renamed, depth - 1);
        }
    }
    if let Some(items) = keywords.get_mut("items") {
        in_part(root, items, renamed, depth - 1);
    }
    // Other attributes may refer to the same definition, so this one gets its own.
    let referred = keywords.get("$ref").and_then(Value::as_str).and_then(|reference| resolve(root, reference));
    if let Some(referred) = referred.filter(|referred| has_value(root, referred, renamed.before, depth)) {
        let mut own = referred.clone();
        in_part(root, &mut own, renamed, depth - 1);
        keywords.remove("$ref");
        if let Value::Array(parts) = keywords.entry("allOf").or_insert_with(|| json!([])) {
            parts.push(own);
        }
    }
}

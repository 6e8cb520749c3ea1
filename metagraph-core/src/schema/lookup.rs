//! What a schema says of a value deep inside of what it describes.

use serde_json::{Map, Value};

use super::verify::attribute_names;
use super::walk::resolve;
use crate::query::source::{Kind, Step};

/// The schemas that may describe a value: references followed, alternatives side by side.
fn alternatives<'s>(root: &'s Value, schema: &'s Value, depth: usize) -> Vec<&'s Value> {
    // A reference that leads round in a circle describes nothing.
    if depth > 16 {
        return Vec::new();
    }
    let mut found = vec![schema];
    if let Some(referred) = schema.get("$ref").and_then(Value::as_str).and_then(|to| resolve(root, to)) {
        found.extend(alternatives(root, referred, depth + 1));
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        for part in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            found.extend(alternatives(root, part, depth + 1));
        }
    }
    found
}

/// The schemas that describe a member: its own, or those for all others.
pub(super) fn of_member<'s>(schema: &'s Value, name: &str) -> Vec<&'s Value> {
    if let Some(own) = schema.get("properties").and_then(|properties| properties.get(name)) {
        return vec![own];
    }
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    patterns.into_iter().flat_map(Map::values).chain(schema.get("additionalProperties")).collect()
}

/// The schema that describes an element of a list.
pub(super) fn of_element(schema: &Value, place: usize) -> Option<&Value> {
    let own = schema.get("prefixItems").and_then(|items| items.get(place));
    own.or_else(|| schema.get("items"))
}

fn descend<'s>(root: &'s Value, from: Vec<&'s Value>, step: &Step) -> Vec<&'s Value> {
    from.into_iter()
        .flat_map(|schema| match step {
            Step::Member(name) => of_member(schema, name),
            Step::Element(place) => of_element(schema, *place).into_iter().collect(),
        })
        .flat_map(|schema| alternatives(root, schema, 0))
        .collect()
}

/// The schemas that describe the value at the end of these steps.
pub(super) fn at<'s>(schema: &'s Value, steps: &[Step]) -> Vec<&'s Value> {
    steps.iter().fold(alternatives(schema, schema, 0), |from, step| descend(schema, from, step))
}

/// Whether the schema calls the value at the end of these steps a `date-time`.
pub fn is_time(schema: &Value, steps: &[Step]) -> bool {
    at(schema, steps).iter().any(|schema| schema.get("format").and_then(Value::as_str) == Some("date-time"))
}

/// The one kind of scalar that the value at the end of these steps can be, beside null; `None` where it can be another.
pub fn scalar_kind(schema: &Value, steps: &[Step]) -> Option<Kind> {
    let found = at(schema, steps);
    let mut kinds = found.iter().flat_map(|schema| kinds(schema)).filter(|kind| kind != "null");
    let first = kind_of(&kinds.next()?)?;
    kinds.all(|kind| kind_of(&kind) == Some(first)).then_some(first)
}

/// The names of JSON's types that a schema allows by itself.
fn kinds(schema: &Value) -> Vec<String> {
    let name = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match (schema.get("type"), schema.get("enum"), schema.get("const")) {
        (Some(Value::String(one)), ..) => vec![one.clone()],
        (Some(Value::Array(several)), ..) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        (None, Some(Value::Array(values)), _) => values.iter().map(|value| name(value).to_owned()).collect(),
        (None, None, Some(value)) => vec![name(value).to_owned()],
        _ => Vec::new(),
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "string" => Some(Kind::Text),
        "integer" | "number" => Some(Kind::Number),
        "boolean" => Some(Kind::Flag),
        _ => None,
    }
}

/// The first member on the way that the schema has no room for, and the ones it has.
pub fn missing_member(schema: &Value, steps: &[Step]) -> Option<(String, Vec<String>)> {
    if let Some(Step::Member(name)) = steps.first()
        && let Some(known) = attribute_names(schema)
        && !known.contains(name.as_ref())
    {
        return Some((name.to_string(), known.into_iter().map(str::to_owned).collect()));
    }
    let mut here = alternatives(schema, schema, 0);
    for (place, step) in steps.iter().enumerate() {
        let below = descend(schema, here.clone(), step);
        if let Step::Member(name) = step
            && place > 0
            && below.is_empty()
            && let known = closed_names(&here)
            && !known.is_empty()
        {
            return Some((name.to_string(), known));
        }
        here = below;
    }
    None
}

/// The members of objects that say all they have.
fn closed_names(schemas: &[&Value]) -> Vec<String> {
    let open = ["additionalProperties", "patternProperties", "unevaluatedProperties"];
    let leaves_room = |schema: &&Value| {
        open.iter().any(|keyword| schema.get(keyword).is_some_and(|more| *more != Value::Bool(false)))
    };
    if schemas.iter().any(leaves_room) {
        return Vec::new();
    }
    let properties = schemas.iter().filter_map(|schema| schema.get("properties")?.as_object());
    properties.flat_map(|members| members.keys().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn steps(names: &[&'static str]) -> Vec<Step> {
        names.iter().map(|name| Step::Member((*name).into())).collect()
    }

    #[test]
    fn times_and_misspellings_are_found_behind_references() {
        let schema = json!({
            "type": "object",
            "properties": {
                "seen": {"anyOf": [{"$ref": "#/$defs/Seen"}, {"type": "null"}]},
                "tags": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "$defs": {"Seen": {"type": "object", "properties": {
                "at": {"type": ["string", "null"], "format": "date-time"},
                "by": {"type": "string"},
            }}},
        });
        assert!(is_time(&schema, &steps(&["seen", "at"])));
        assert!(!is_time(&schema, &steps(&["seen", "by"])));
        let known = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(missing_member(&schema, &steps(&["sen"])), Some(("sen".to_owned(), known(&["seen", "tags"]))));
        assert_eq!(missing_member(&schema, &steps(&["seen", "a"])), Some(("a".to_owned(), known(&["at", "by"]))));
        assert_eq!(missing_member(&schema, &steps(&["seen", "at"])), None);
        assert_eq!(missing_member(&schema, &steps(&["tags", "any"])), None);
    }
}

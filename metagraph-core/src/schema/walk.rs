//! Which keywords of a JSON schema hold further schemas (draft 2020-12, sections 10 and 11 of the core specification).

use std::ops::ControlFlow;

use serde_json::{Map, Value};

/// What the value of a keyword is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One schema.
    Schema,
    /// A list of schemas.
    List,
    /// Schemas by name.
    Map,
    /// Plain data.
    Data,
}

pub(crate) fn holds(keyword: &str) -> Holds {
    match keyword {
        "items"
        | "additionalProperties"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "contains"
        | "not"
        | "if"
        | "then"
        | "else"
        | "propertyNames"
        | "contentSchema" => Holds::Schema,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Holds::Map,
        _ => Holds::Data,
    }
}

/// Visits a schema and everything below it, parents first, with the JSON pointer of each.
pub(crate) fn visit<'s, B>(
    schema: &'s Value,
    pointer: &mut String,
    see: &mut impl FnMut(&str, &'s Value) -> ControlFlow<B>,
) -> ControlFlow<B> {
    see(pointer, schema)?;
    let Value::Object(keywords) = schema else { return ControlFlow::Continue(()) };
    for (keyword, value) in keywords {
        let length = pointer.len();
        push(pointer, keyword);
        match (holds(keyword), value) {
            (Holds::Schema, schema) => visit(schema, pointer, see)?,
            (Holds::List, Value::Array(list)) => {
                for (place, schema) in list.iter().enumerate() {
                    let length = pointer.len();
                    push(pointer, &place.to_string());
                    visit(schema, pointer, see)?;
                    pointer.truncate(length);
                }
            }
            (Holds::Map, Value::Object(map)) => {
                for (name, schema) in map {
                    let length = pointer.len();
                    push(pointer, name);
                    visit(schema, pointer, see)?;
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
        pointer.truncate(length);
    }
    ControlFlow::Continue(())
}

/// Rebuilds a schema: `keep` decides on every keyword of every schema in it.
pub(crate) fn retain(schema: &Value, keep: &impl Fn(&str) -> bool) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let kept = keywords.iter().filter(|(keyword, _)| keep(keyword)).map(|(keyword, value)| {
        let value = match (holds(keyword), value) {
            (Holds::Schema, schema) => retain(schema, keep),
            (Holds::List, Value::Array(list)) => list.iter().map(|schema| retain(schema, keep)).collect(),
            (Holds::Map, Value::Object(map)) => {
                map.iter().map(|(name, schema)| (name.clone(), retain(schema, keep))).collect::<Map<_, _>>().into()
            }
            (_, data) => data.clone(),
        };
        (keyword.clone(), value)
    });
    Value::Object(kept.collect())
}

/// Changes the keywords of a schema and of everything below it.
pub(crate) fn edit(schema: &mut Value, change: &impl Fn(&mut Map<String, Value>)) {
    let Value::Object(keywords) = schema else { return };
    change(keywords);
    for (keyword, value) in keywords {
        match (holds(keyword), value) {
            (Holds::Schema, schema) => edit(schema, change),
            (Holds::List, Value::Array(list)) => list.iter_mut().for_each(|schema| edit(schema, change)),
            (Holds::Map, Value::Object(map)) => map.values_mut().for_each(|schema| edit(schema, change)),
            _ => {}
        }
    }
}

/// The schema that a local reference names: `#`, or a JSON pointer behind `#` (RFC 6901).
pub(crate) fn resolve<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    root.pointer(reference.strip_prefix('#')?)
}

pub(crate) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
}

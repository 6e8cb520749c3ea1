//! The one form of a schema that is worked with.
//!
//! References name definitions of the root, tuples have `prefixItems`, several types or values are alternatives. The
//! same values fit as before.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use crate::schema::walk::{edit, resolve, visit};

/// The schema in its normal form, with the definitions that it refers to by their `$id`.
pub(super) fn normal(schema: &Value, definitions: &[Value]) -> Result<Value, String> {
    let mut root = schema.clone();
    edit(&mut root, &lists_as_places);
    if let Value::Object(keywords) = &mut root {
        let known = keywords.entry("$defs").or_insert_with(|| json!({}));
        for definition in definitions {
            let mut definition = definition.clone();
            edit(&mut definition, &lists_as_places);
            let name = definition.get("$id").and_then(Value::as_str).unwrap_or_default().to_owned();
            if let Value::Object(known) = known {
                known.entry(name).or_insert(definition);
            }
        }
    }
    let names = named(&mut root)?;
    edit(&mut root, &|keywords| {
        if let Some(Value::String(reference)) = keywords.get_mut("$ref")
            && let Some(name) = names.get(reference)
        {
            *reference = name.clone();
        }
        if keywords.get("$id").and_then(Value::as_str).is_some_and(is_bare) {
            keywords.remove("$id");
        }
        alternatives(keywords);
    });
    refuse_circles(&root)?;
    Ok(root)
}

/// Refuses a definition that is only said by itself: whoever follows it comes to no end.
fn refuse_circles(root: &Value) -> Result<(), String> {
    let definitions = root.get("$defs").and_then(Value::as_object);
    let mut sound: BTreeSet<&str> = BTreeSet::new();
    for name in definitions.into_iter().flat_map(Map::keys) {
        let mut way = vec![format!("#/$defs/{}", name.replace('~', "~0").replace('/', "~1"))];
        follow(root, &mut way, &mut sound)?;
    }
    Ok(())
}

fn follow<'s>(root: &'s Value, way: &mut Vec<String>, sound: &mut BTreeSet<&'s str>) -> Result<(), String> {
    let Some(schema) = way.last().and_then(|reference| resolve(root, reference)) else { return Ok(()) };
    let mut next = Vec::new();
    same_place(schema, &mut next);
    for reference in next {
        if sound.contains(reference) {
            continue;
        }
        if way.iter().any(|passed| passed == reference) {
            let name = reference.trim_start_matches("#/$defs/");
            return Err(format!("the definition `{name}` is made of itself, so that nothing is said by it"));
        }
        way.push(reference.to_owned());
        follow(root, way, sound)?;
        way.pop();
        sound.insert(reference);
    }
    Ok(())
}

/// The references that are about the same value as the schema.
fn same_place<'s>(schema: &'s Value, references: &mut Vec<&'s str>) {
    references.extend(schema.get("$ref").and_then(Value::as_str));
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
            same_place(part, references);
        }
    }
}

/// Tuples as the drafts before 2020-12 wrote them, and TypeBox does.
fn lists_as_places(keywords: &mut Map<String, Value>) {
    if !keywords.get("items").is_some_and(Value::is_array) {
        return;
    }
    if let Some(places) = keywords.remove("items") {
        keywords.insert("prefixItems".to_owned(), places);
    }
    if let Some(others) = keywords.remove("additionalItems") {
        keywords.insert("items".to_owned(), others);
    }
}

/// A list of types, or of values, as alternatives: each is handled by itself then.
fn alternatives(keywords: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = keywords.get("type").cloned() {
        if let [only] = types.as_slice() {
            keywords.insert("type".to_owned(), only.clone());
        } else {
            let mut whole = split(keywords);
            let rules = std::mem::take(keywords);
            let one = |kind: &Value| {
                let mut one = rules.clone();
                one.insert("type".to_owned(), kind.clone());
                alternatives(&mut one);
                Value::Object(one)
            };
            whole.insert("anyOf".to_owned(), types.iter().map(one).collect());
            *keywords = whole;
            return;
        }
    }
    if let Some(Value::Array(values)) = keywords.remove("enum") {
        let kind = keywords.remove("type");
        if values.is_empty() {
            // A list of alternatives has at least one.
            also(keywords, json!(false));
            return;
        }
        let one = |value: &Value| match &kind {
            Some(kind) => json!({"const": value, "type": kind}),
            None => json!({"const": value}),
        };
        let values: Value = values.iter().map(one).collect();
        if keywords.contains_key("anyOf") {
            also(keywords, json!({"anyOf": values}));
        } else {
            keywords.insert("anyOf".to_owned(), values);
        }
    }
}

/// Adds a schema that has to fit as well.
fn also(keywords: &mut Map<String, Value>, schema: Value) {
    if let Value::Array(parts) = keywords.entry("allOf").or_insert_with(|| json!([])) {
        parts.push(schema);
    }
}

/// Takes out what is said of the whole, whatever its type.
fn split(keywords: &mut Map<String, Value>) -> Map<String, Value> {
    let whole = ["default", "title", "description", "$defs", "$comment", "$schema"];
    whole.into_iter().filter_map(|keyword| keywords.remove_entry(keyword)).collect()
}

fn is_bare(id: &str) -> bool {
    !id.contains("://") && !id.starts_with('#')
}

/// A reference for each one that the schema has; what is no definition of the root yet becomes one.
fn named(root: &mut Value) -> Result<BTreeMap<String, String>, String> {
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let mut references: Vec<String> = Vec::new();
    let _ = visit::<()>(root, &mut String::new(), &mut |pointer, schema| {
        if let Some(id) = schema.get("$id").and_then(Value::as_str).filter(|id| is_bare(id)) {
            ids.entry(id.to_owned()).or_insert_with(|| pointer.to_owned());
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            references.push(reference.to_owned());
        }
        ControlFlow::Continue(())
    });
    let mut names = BTreeMap::new();
    let mut more = Vec::new();
    for reference in references {
        let pointer = match reference.strip_prefix('#') {
            Some(pointer) => Some(pointer.to_owned()),
            None => ids.get(&reference).cloned(),
        };
        let target = pointer.as_deref().and_then(|pointer| resolve(root, &format!("#{pointer}")));
        let (Some(pointer), Some(target)) = (&pointer, target) else {
            return Err(format!("the schema refers to `{reference}`, and there is no such definition"));
        };
        let is_definition = pointer.strip_prefix("/$defs/").is_some_and(|name| !name.contains('/'));
        if is_definition {
            names.insert(reference, format!("#{pointer}"));
        } else if let Entry::Vacant(unnamed) = names.entry(reference) {
            let name = format!("part-{}", more.len());
            unnamed.insert(format!("#/$defs/{name}"));
            let mut target = target.clone();
            if let Value::Object(keywords) = &mut target {
                // The definitions of the root are there already.
                keywords.remove("$defs");
            }
            more.push((name, target));
        }
    }
    if let Some(Value::Object(definitions)) = root.get_mut("$defs") {
        definitions.extend(more);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_of_nothing_but_itself_is_refused() {
        let circle = json!({"$defs": {"A": {"anyOf": [{"type": "null"}, {"$ref": "B"}], "$id": "A"},
            "B": {"allOf": [{"$ref": "A"}], "$id": "B"}}, "$ref": "A"});
        assert!(normal(&circle, &[]).unwrap_err().contains("is made of itself"));
        let list =
            json!({"$id": "T", "type": "object", "properties": {"next": {"anyOf": [{"$ref": "T"}, {"type": "null"}]}}});
        assert!(normal(&list, &[]).is_ok());
        let twice = json!({"$defs": {"A": {"anyOf": [{"$ref": "#/$defs/C"}, {"$ref": "#/$defs/B"}]},
            "B": {"$ref": "#/$defs/C"}, "C": {"type": "string"}}, "$ref": "#/$defs/A"});
        assert!(normal(&twice, &[]).is_ok());
    }

    #[test]
    fn references_are_to_definitions_wherever_they_led() {
        let schema = json!({"properties": {"a": {"type": "string"}, "b": {"$ref": "#/properties/a"}}});
        let normal = normal(&schema, &[]).unwrap();
        assert_eq!(normal["properties"]["b"], json!({"$ref": "#/$defs/part-0"}));
        assert_eq!(normal["$defs"]["part-0"], json!({"type": "string"}));
        let missing = super::normal(&json!({"$ref": "Nowhere"}), &[]).unwrap_err();
        assert_eq!(missing, "the schema refers to `Nowhere`, and there is no such definition");
    }

    #[test]
    fn types_and_values_become_alternatives() {
        let schema = json!({"type": ["string", "null"], "minLength": 1, "default": null});
        assert_eq!(
            normal(&schema, &[]).unwrap(),
            json!({"$defs": {}, "default": null, "anyOf": [{"type": "string", "minLength": 1}, {"type": "null", "minLength": 1}]})
        );
        let schema = json!({"type": "string", "enum": ["a", "b"]});
        let values = json!([{"const": "a", "type": "string"}, {"const": "b", "type": "string"}]);
        assert_eq!(normal(&schema, &[]).unwrap()["anyOf"], values);
        assert_eq!(normal(&json!({"enum": []}), &[]).unwrap()["allOf"], json!([false]));
    }

    #[test]
    fn values_stand_beside_other_alternatives_and_rules() {
        let schema = json!({"enum": [1, 2], "anyOf": [{"minimum": 2}], "allOf": [{"maximum": 2}]});
        let normal = normal(&schema, &[]).unwrap();
        assert_eq!(normal["allOf"], json!([{"maximum": 2}, {"anyOf": [{"const": 1}, {"const": 2}]}]));
        assert_eq!(normal["anyOf"], json!([{"minimum": 2}]));
    }
}

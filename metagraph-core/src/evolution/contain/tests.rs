//! Pairs of schemas that contain one another, and pairs that do not: for these a value says so.

#![allow(clippy::needless_pass_by_value, reason = "a case is read more easily")]

use serde_json::{Value, json};

use super::super::reading::Reading;

fn proven(left: &Value, right: &Value) -> bool {
    Reading::new(left).unwrap().is_contained_in(&Reading::new(right).unwrap())
}

#[track_caller]
fn holds(left: Value, right: Value) {
    assert!(proven(&left, &right), "{left} is within {right}");
}

/// Nothing is claimed, and the value shows why.
#[track_caller]
fn fails(left: Value, right: Value, value: Value) {
    let (before, after) = (Reading::new(&left).unwrap(), Reading::new(&right).unwrap());
    let refuted = |left: &crate::value::ValueSchema, right: &crate::value::ValueSchema| {
        left.check(&value) && !right.check(&value)
    };
    assert!(refuted(&before.json, &after.json) || refuted(&before.rust, &after.rust), "{value} refutes nothing");
    assert!(!proven(&left, &right), "{left} is not within {right}: {value}");
}

#[test]
fn numbers() {
    holds(json!({"type": "integer"}), json!({"type": "number"}));
    fails(json!({"type": "number"}), json!({"type": "integer"}), json!(0.5));
    holds(json!({"type": "integer", "exclusiveMinimum": 0}), json!({"minimum": 1}));
    fails(json!({"type": "number", "exclusiveMinimum": 0}), json!({"minimum": 1}), json!(0.5));
    holds(json!({"type": "number", "maximum": 1.5}), json!({"exclusiveMaximum": 1.6}));
    fails(json!({"type": "number", "maximum": 2}), json!({"exclusiveMaximum": 2}), json!(2));
    holds(json!({"type": "number", "multipleOf": 10.0}), json!({"type": "integer", "multipleOf": 5}));
    fails(json!({"multipleOf": 5}), json!({"multipleOf": 10}), json!(5));
    holds(json!({"minimum": 9_007_199_254_740_993_u64}), json!({"minimum": 9_007_199_254_740_992.0}));
}

#[test]
fn sizes_of_numbers() {
    let size = |format: &str| json!({"type": "integer", "format": format});
    holds(size("uint32"), size("int64"));
    fails(size("uint64"), size("int64"), json!(u64::MAX));
    fails(size("int32"), size("uint32"), json!(-1));
    holds(size("uint64"), size("int128"));
    fails(size("int64"), json!({"type": "integer", "maximum": i64::MAX}), json!(u64::MAX));
    fails(json!({"type": "integer"}), size("uint8"), json!(256));
    let real = |format: &str| json!({"type": "number", "format": format});
    holds(real("float"), real("double"));
    assert!(!proven(&real("double"), &real("float")));
    holds(size("uint16"), real("float"));
    assert!(!proven(&size("uint32"), &real("float")));
}

#[test]
fn texts() {
    let (short, long) = (json!({"type": "string", "maxLength": 3}), json!({"type": "string", "maxLength": 4}));
    holds(short.clone(), long.clone());
    fails(long, short, json!("four"));
    let (one, other) = (json!({"type": "string", "pattern": "^a"}), json!({"type": "string", "pattern": "^b"}));
    holds(one.clone(), json!({"type": "string"}));
    fails(one, other, json!("a"));
    let (date, time) = (json!({"type": "string", "format": "date"}), json!({"type": "string", "format": "date-time"}));
    holds(date.clone(), date.clone());
    fails(date, time, json!("2024-01-01"));
}

#[test]
fn listed_values() {
    holds(json!({"enum": ["a", "b"]}), json!({"enum": ["b", "c", "a"]}));
    fails(json!({"enum": ["a", "b"]}), json!({"enum": ["a"]}), json!("b"));
    holds(json!({"const": 5}), json!({"type": "integer", "minimum": 3}));
    holds(json!({"type": ["boolean", "null"]}), json!({"enum": [true, false, null]}));
    fails(json!({"type": "boolean"}), json!({"const": true}), json!(false));
    holds(json!({"enum": []}), json!({"type": "string"}));
    let documented =
        json!({"oneOf": [{"const": "a", "description": "first"}, {"const": "b", "description": "second"}]});
    holds(json!({"type": "string", "enum": ["a", "b"]}), documented.clone());
    holds(documented, json!({"type": "string"}));
}

#[test]
fn objects() {
    let object =
        |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    holds(object(json!({"a": {"const": 1}}), json!(["a"])), object(json!({"a": {"type": "integer"}}), json!([])));
    fails(object(json!({"a": {}}), json!([])), object(json!({}), json!(["a"])), json!({}));
    fails(object(json!({}), json!([])), object(json!({"a": {"type": "string"}}), json!([])), json!({"a": 1}));
    let closed = json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false});
    holds(closed.clone(), object(json!({"a": {"type": "string"}, "b": {"type": "string"}}), json!([])));
    fails(object(json!({"a": {"type": "string"}}), json!([])), closed.clone(), json!({"c": 1}));
    holds(closed.clone(), json!({"maxProperties": 1, "propertyNames": {"maxLength": 1}}));
    fails(closed, json!({"minProperties": 1}), json!({}));
    holds(object(json!({"a": {}}), json!(["a"])), json!({"dependentRequired": {"b": ["a"]}, "minProperties": 1}));
    holds(
        json!({"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": false}),
        json!({"patternProperties": {"^x": {"type": "number"}}, "additionalProperties": false}),
    );
    fails(
        json!({"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}}),
        json!({"additionalProperties": {"type": "string"}}),
        json!({"x": 1}),
    );
    fails(
        json!({"type": "object", "additionalProperties": {"type": "string"}}),
        json!({"patternProperties": {"^x": {"type": "integer"}}}),
        json!({"x": "text"}),
    );
    holds(object(json!({"a": false}), json!(["a"])), json!({"type": "string"}));
}

#[test]
fn lists() {
    let items = |items: Value| json!({"type": "array", "items": items});
    holds(items(json!({"type": "integer"})), items(json!({"type": "number"})));
    fails(items(json!({"type": "number"})), items(json!({"type": "integer"})), json!([0.5]));
    let tuple = json!({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}});
    holds(tuple.clone(), items(json!({"type": ["string", "integer"]})));
    fails(tuple.clone(), items(json!({"type": "integer"})), json!(["a"]));
    fails(items(json!({"type": "integer"})), tuple, json!([1]));
    holds(json!({"type": "array", "maxItems": 1}), json!({"uniqueItems": true, "maxItems": 2}));
    fails(json!({"type": "array"}), json!({"uniqueItems": true}), json!([1, 1]));
    holds(json!({"type": "array", "contains": {"const": 3}}), json!({"contains": {"minimum": 2}}));
    fails(json!({"type": "array", "contains": {"minimum": 2}}), json!({"contains": {"const": 3}}), json!([2]));
    holds(json!({"type": "array", "minItems": 2, "maxItems": 1}), json!({"type": "null"}));
}

#[test]
fn alternatives_and_their_exclusion() {
    let tagged = |tags: &[&str]| {
        let one = |tag: &&str| json!({"type": "object", "properties": {"kind": {"type": "string", "const": tag}}, "required": ["kind"]});
        json!({"oneOf": tags.iter().map(one).collect::<Vec<_>>()})
    };
    holds(tagged(&["a", "b"]), tagged(&["a", "b", "c"]));
    fails(tagged(&["a", "b"]), tagged(&["a"]), json!({"kind": "b"}));
    let wrapped = |names: &[&str]| {
        let one = |name: &&str| json!({"type": "object", "properties": {*name: {"type": "integer"}}, "required": [name], "additionalProperties": false});
        json!({"oneOf": names.iter().map(one).collect::<Vec<_>>()})
    };
    holds(wrapped(&["A"]), wrapped(&["B", "A"]));
    fails(json!({"type": "integer"}), json!({"oneOf": [{"type": "integer"}, {"minimum": 3}]}), json!(3));
    holds(
        json!({"type": "integer", "maximum": 2}),
        json!({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 3}]}),
    );
    holds(json!({"not": {"maxLength": 10, "type": "string"}}), json!({"not": {"maxLength": 5, "type": "string"}}));
    fails(
        json!({"not": {"maxLength": 5, "type": "string"}}),
        json!({"not": {"maxLength": 10, "type": "string"}}),
        json!("sixsix"),
    );
    holds(json!({"type": "integer"}), json!({"not": {"type": "string"}}));
    let condition = |other: Value| json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": other});
    holds(condition(json!({"required": ["c"]})), condition(json!({"minProperties": 1})));
    fails(condition(json!({})), condition(json!({"required": ["c"]})), json!({}));
}

#[test]
fn recursive_schemas() {
    let tree = |value: Value, more: Value| {
        json!({"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "required": ["value"], "properties": {
            "value": value, "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}, "more": more}}}})
    };
    holds(tree(json!({"type": "integer"}), json!({})), tree(json!({"type": "number"}), json!({})));
    fails(
        tree(json!({"type": "integer"}), json!({})),
        tree(json!({"type": "integer"}), json!({"type": "string"})),
        json!({"value": 1, "children": [{"value": 1, "more": 1}]}),
    );
    // What was proven while something else was taken for granted is forgotten where that turns out wrong: `D` follows
    // from `A`, and `A` fails at `z`.
    let definitions = |a: Value| {
        json!({"A": a, "B": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}},
            "D": {"properties": {"b": {"$ref": "#/$defs/B"}}}})
    };
    let left = json!({"type": "object", "properties": {"b": {"$ref": "#/$defs/B"}, "z": {"type": "integer"}}});
    let right = json!({"allOf": [{"$ref": "#/$defs/D"}, {"properties": {"z": {"type": "string"}}}]});
    fails(
        json!({"$ref": "#/$defs/B", "$defs": definitions(left)}),
        json!({"anyOf": [{"$ref": "#/$defs/B"}, {"properties": {"a": {"$ref": "#/$defs/D"}}}], "$defs": definitions(right)}),
        json!({"a": {"z": 1, "b": {"a": {"z": 1}}}}),
    );
}

#[test]
fn rules_that_are_not_understood_are_never_claimed() {
    let closed = |name: &str| json!({"type": "object", "properties": {name: {}}, "unevaluatedProperties": false});
    fails(closed("a"), closed("b"), json!({"a": 1}));
    holds(closed("a"), closed("a"));
    let dynamic =
        |kind: &str| json!({"$dynamicRef": "#node", "$defs": {"n": {"$dynamicAnchor": "node", "type": kind}}});
    fails(dynamic("string"), dynamic("integer"), json!("a"));
    let depends = |kind: &str| json!({"dependencies": {"a": {"$ref": "#/$defs/X"}}, "$defs": {"X": {"properties": {"a": {"type": kind}}}}});
    fails(depends("string"), depends("integer"), json!({"a": "a"}));
}

#[test]
fn deep_and_wide_schemas_are_answered() {
    let mut deep = (json!({"type": "integer"}), json!({"type": "number"}));
    for _ in 0..200 {
        let wrap = |inner: &Value| json!({"type": "array", "items": inner});
        deep = (wrap(&deep.0), wrap(&deep.1));
    }
    // Too deep to be followed, which is no proof.
    assert!(!proven(&deep.0, &deep.1));
    let values = |end: u64| json!({"enum": (0..end).collect::<Vec<_>>()});
    assert!(proven(&values(400), &values(401)) && !proven(&values(401), &values(400)));
    let variants = |end: u64| {
        let one = |tag: u64| json!({"type": "object", "properties": {"tag": {"const": tag}}, "required": ["tag"]});
        json!({"oneOf": (0..end).map(one).collect::<Vec<_>>()})
    };
    assert!(proven(&variants(40), &variants(41)));
}

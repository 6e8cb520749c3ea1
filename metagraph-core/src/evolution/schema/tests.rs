//! Changes by their class, each with the value that decides.

#![allow(clippy::needless_pass_by_value, reason = "a case is read more easily")]

use serde_json::{Value, json};

use super::*;

/// The changes in words; whatever is refuted is refuted by its value, and nothing else is.
#[track_caller]
fn lines(before: Value, after: Value) -> Vec<String> {
    let diff = SchemaDiff::between(&before, &after).unwrap();
    for change in &diff.changes {
        assert!(change.class != Class::Compatible || change.counterexample.is_none());
        assert!(change.class != Class::Breaking || change.counterexample.is_some());
    }
    let refuted = |value: &Value| {
        let schema = |schema: &Value| ValueSchema::new(schema).unwrap();
        schema(&before).check(value) && !schema(&after).check(value)
    };
    let at_root = diff.changes.iter().filter(|change| change.path.is_empty());
    for value in at_root.filter_map(|change| change.counterexample.as_ref()) {
        assert!(refuted(value), "{value}");
    }
    diff.to_string().lines().map(str::to_owned).collect()
}

#[track_caller]
fn pinned(before: Value, after: Value, expected: &[&str]) {
    assert_eq!(lines(before, after), expected);
}

/// An object with one member, and nothing else said.
fn object(member: Value) -> Value {
    json!({"type": "object", "properties": {"a": member}})
}

#[test]
fn what_only_explains_is_no_change() {
    let before = json!({"title": "T", "properties": {"a": {"description": "old", "type": "integer"}}});
    let after = json!({"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "integer"}}});
    pinned(before, after, &[]);
    pinned(json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), json!({"type": ["null", "string"]}), &[]);
}

#[test]
fn kinds_come_and_go() {
    pinned(
        object(json!({"type": "integer"})),
        object(json!({"type": ["number", "null"]})),
        &["/a: it was a whole number, and is null or a number now (compatible)"],
    );
    pinned(
        object(json!({"type": "string"})),
        object(json!({"type": "integer"})),
        &[r#"/a: it was text, and is a whole number now (breaking: "" was valid)"#],
    );
    pinned(
        json!({"type": ["boolean", "string"]}),
        json!({"type": "boolean"}),
        &[r#"/: it may not be text any more (breaking: "" was valid)"#],
    );
}

#[test]
fn kinds_turn_into_others_without_loss() {
    pinned(
        object(json!({"type": "integer"})),
        object(json!({"type": "string"})),
        &["/a: it was a whole number, and is text now (migratable: 0 was valid)"],
    );
    pinned(
        object(json!({"type": "string"})),
        object(json!({"type": "array", "items": {"type": "string"}})),
        &[r#"/a: it was text, and is a list now (migratable: "" was valid)"#],
    );
    pinned(
        object(json!({"type": ["string", "null"]})),
        object(json!({"type": "string"})),
        &["/a: it may not be null any more (migratable: null was valid)"],
    );
    let required = |kinds: Value| json!({"type": "object", "required": ["a"], "properties": {"a": kinds}});
    pinned(
        required(json!({"type": ["string", "null"]})),
        required(json!({"type": "string"})),
        &["/a: it may not be null any more (breaking: null was valid)"],
    );
    let with_default = json!({"type": "string", "default": "none"});
    let before = required(json!({"type": ["string", "null"]}));
    let class = |after: &Value| SchemaDiff::between(&before, after).unwrap().class();
    assert_eq!(class(&required(with_default)), Class::Migratable);
    // Text of which more is asked is no place for every number.
    pinned(
        object(json!({"type": "integer"})),
        object(json!({"type": "string", "maxLength": 2})),
        &["/a: it was a whole number, and is text now (breaking: 0 was valid)"],
    );
}

#[test]
fn listed_values_come_and_go() {
    let status = |values: Value| object(json!({"type": "string", "enum": values}));
    pinned(status(json!(["open"])), status(json!(["open", "done"])), &[r#"/a: the value "done" is new (compatible)"#]);
    pinned(
        status(json!(["open", "done"])),
        status(json!(["open"])),
        &[r#"/a: the value "done" is gone (breaking: "done" was valid)"#],
    );
    pinned(
        object(json!({"type": "string"})),
        status(json!(["x"])),
        &[r#"/a: only listed values are allowed now: ["x"] (breaking: "" was valid)"#],
    );
    pinned(
        status(json!(["x"])),
        object(json!({"type": "string"})),
        &[r#"/a: it need not be a listed value any more: ["x"] (compatible)"#],
    );
    // Values that are described one by one are values nevertheless.
    let described = json!({"oneOf": [{"const": "open", "description": "to do"}, {"const": "done", "type": "string"}]});
    pinned(status(json!(["open"])), object(described), &[r#"/a: the value "done" is new (compatible)"#]);
}

#[test]
fn rules_of_numbers_and_texts_tighten_and_loosen() {
    pinned(
        json!({"type": "integer", "minimum": 1}),
        json!({"type": "integer", "exclusiveMinimum": 5}),
        &["/: more than 5 now, and before: at least 1 (breaking: 1 was valid)"],
    );
    pinned(
        json!({"type": "integer", "minimum": 1}),
        json!({"type": "integer", "exclusiveMinimum": 0}),
        &["/: more than 0 now, and before: at least 1 (compatible)"],
    );
    pinned(
        json!({"type": "number", "multipleOf": 2}),
        json!({"type": "number"}),
        &["/: no longer: a multiple of 2 (compatible)"],
    );
    pinned(
        json!({"type": "string", "maxLength": 3}),
        json!({"type": "string", "minLength": 1, "maxLength": 4}),
        &[
            r#"/: at least 1 letters now (breaking: "" was valid)"#,
            "/: at most 4 letters now, and before: at most 3 letters (compatible)",
        ],
    );
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    pinned(
        text("^ab+$"),
        text("^a[b]+$"),
        &["/: of the pattern `^a[b]+$` now, and before: of the pattern `^ab+$` (undecidable: the rows decide)"],
    );
    let size = |format: &str| object(json!({"type": "integer", "format": format}));
    pinned(
        size("uint32"),
        size("int64"),
        &["/a: of the format `int64` now, and before: of the format `uint32` (compatible)"],
    );
    pinned(
        size("uint64"),
        size("int64"),
        &[
            "/a: of the format `int64` now, and before: of the format `uint64` (breaking: 9223372036854775808 was valid)",
        ],
    );
}

#[test]
fn members_come_and_go() {
    let before = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let mut after = before.clone();
    after["properties"]["b"] = json!({"type": "integer"});
    pinned(before.clone(), after.clone(), &["/b: it is new (undecidable: a row may have one of that name already)"]);
    pinned(after.clone(), before.clone(), &["/b: it is no longer named (compatible)"]);
    let mut closed = before.clone();
    closed["additionalProperties"] = json!(false);
    pinned(
        closed.clone(),
        after.clone(),
        &["/: other members are allowed now (compatible)", "/b: it is new (compatible)"],
    );
    pinned(
        after.clone(),
        closed.clone(),
        &[
            r#"/: no other members are allowed any more (breaking: {"b":0} was valid)"#,
            r#"/b: it is no longer named (breaking: {"b":0} was valid)"#,
        ],
    );
    let mut required = after.clone();
    required["required"] = json!(["b"]);
    pinned(after.clone(), required.clone(), &["/b: it has to be there now (breaking: {} was valid)"]);
    pinned(required.clone(), after.clone(), &["/b: it need not be there any more (compatible)"]);
    required["properties"]["b"]["default"] = json!(0);
    pinned(
        before,
        required.clone(),
        &["/b: it is new (migratable)", "/b: it has to be there now (migratable: {} was valid)"],
    );
    pinned(
        after,
        required,
        &["/b: it has to be there now (migratable: {} was valid)", "/b: it is 0 where it is missing now (compatible)"],
    );
}

#[test]
fn a_new_member_is_a_clash_only_where_nothing_else_is_wrong() {
    let before =
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "unevaluatedProperties": {"type": "string"}});
    let after = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "maxProperties": 3});
    let diff = SchemaDiff::between(&before, &after).unwrap();
    assert!(diff.changes.iter().any(|change| change.class > Class::Compatible && !change.only_clashes()), "{diff}");
}

#[test]
fn elements_and_places_change() {
    let list = |items: Value| json!({"type": "array", "items": items});
    pinned(
        list(json!({"type": "integer"})),
        list(json!({"type": "integer", "minimum": 0})),
        &["/*: at least 0 now (breaking: -1 was valid)"],
    );
    let places = |places: Value, items: Value| json!({"type": "array", "prefixItems": places, "items": items});
    pinned(
        places(json!([{"type": "string"}]), json!(false)),
        places(json!([{"type": "string"}, {"type": "integer"}]), json!(false)),
        &["/1: this place has a schema of its own now (compatible)"],
    );
    pinned(
        places(json!([{}, {}]), json!(true)),
        places(json!([{}, {"type": "null"}]), json!(false)),
        &[
            "/: no longer: elements beyond those that have a place (breaking: [0,0,0] was valid)",
            "/1: it was anything, and is null now (breaking: 0 was valid)",
        ],
    );
}

#[test]
fn alternatives_are_told_apart_by_their_constant() {
    let circle = json!({"type": "object", "required": ["kind", "radius"], "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}});
    let square = json!({"type": "object", "required": ["kind", "side"], "properties": {"kind": {"const": "square"}, "side": {"type": "number"}}});
    let mut small = circle.clone();
    small["properties"]["radius"]["maximum"] = json!(1);
    let shapes = |shapes: &[&Value]| json!({"oneOf": shapes});
    pinned(
        shapes(&[&circle]),
        shapes(&[&square, &circle]),
        &[r#"/: there is a new alternative, {"kind":"square"} (compatible)"#],
    );
    pinned(
        shapes(&[&circle, &square]),
        shapes(&[&square, &small]),
        &["/radius: at most 1 now (breaking: 2 was valid)"],
    );
}

#[test]
fn what_has_no_name_of_its_own_is_told_of_the_whole() {
    let before = json!({"type": "integer", "allOf": [{"not": {"const": 1}}]});
    let diff = SchemaDiff::between(&before, &json!({"type": "integer", "not": {"const": 2}})).unwrap();
    assert_eq!((diff.class(), diff.changes[0].aspect), (Class::Breaking, Aspect::Rule));
    // Both are the same in other words: no proof is found, and no value.
    let (before, after) = (json!({"type": "integer"}), json!({"not": {"not": {"type": "integer"}}}));
    assert_eq!(SchemaDiff::between(&before, &after).unwrap().class(), Class::Compatible);
}

#[test]
fn schemas_within_themselves_come_to_an_end() {
    let tree = |value: Value| {
        json!({"$ref": "#/$defs/T", "$defs": {"T": {"type": "object", "properties": {
        "value": value, "next": {"anyOf": [{"$ref": "#/$defs/T"}, {"type": "null"}]}}}}})
    };
    pinned(
        tree(json!({"type": "integer"})),
        tree(json!({"type": "string"})),
        &["/value: it was a whole number, and is text now (migratable: 0 was valid)"],
    );
}

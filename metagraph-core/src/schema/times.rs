//! Times and whole numbers in one form: stored text is compared as text, and a point in time has many spellings; Rust
//! reads no integer from `1.0`, which is one in JSON schema.

use std::ops::ControlFlow;

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use super::lookup::{of_element, of_member};
use super::walk::{self, resolve};
use crate::validate::{Invalid, Violation};

/// A reference that leads round in a circle describes nothing.
const DEEPEST: usize = 16;

/// More ways to read one value than this, and none of them is believed.
const MOST: usize = 64;

/// Schemas that all describe one value.
type Together<'s> = Vec<&'s Value>;

/// Whether any part of the schema is a `date-time`.
///
/// ```
/// use metagraph_core::schema::has_times;
/// use serde_json::json;
///
/// assert!(has_times(&json!({"properties": {"at": {"type": "string", "format": "date-time"}}})));
/// assert!(!has_times(&json!({"properties": {"at": {"type": "string", "format": "date"}}})));
/// ```
pub fn has_times(schema: &Value) -> bool {
    let found = walk::visit(schema, &mut String::new(), &mut |_, part| {
        if is_date_time(part) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found.is_break()
}

/// Whether any number is a float without a fraction.
///
/// ```
/// use metagraph_core::schema::has_whole_floats;
/// use serde_json::json;
///
/// assert!(has_whole_floats(&json!({"sizes": [0.5, 1.0]})));
/// assert!(!has_whole_floats(&json!({"sizes": [0.5, 1]})));
/// ```
pub fn has_whole_floats(value: &Value) -> bool {
    match value {
        Value::Number(number) => whole(number).is_some(),
        Value::Array(items) => items.iter().any(has_whole_floats),
        Value::Object(members) => members.values().any(has_whole_floats),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// A float without a fraction as the integer that it is.
fn whole(number: &Number) -> Option<Number> {
    let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0)?;
    let text = format!("{float:.0}");
    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok()
}

/// Writes every `date-time` in a value that fits the schema as [`jiff::Timestamp`] writes it: in UTC, with `Z` and the
/// shortest fraction. Writes every integer without a fraction.
///
/// What may be something else than a time or an integer, as in an untagged enum of a time and a text, stays as it is.
///
/// ```
/// use metagraph_core::schema::write_alike;
/// use serde_json::json;
///
/// let schema = json!({"properties": {"at": {"type": "string", "format": "date-time"}, "count": {"type": "integer"}}});
/// let mut value = json!({"at": "2024-01-31t11:30:00.500+02:00", "count": 1.0});
/// write_alike(&schema, &mut value).unwrap();
/// assert_eq!(value, json!({"at": "2024-01-31T09:30:00.5Z", "count": 1}));
/// ```
///
/// # Errors
/// [`Invalid`] with every time that no timestamp can hold.
pub fn write_alike(schema: &Value, value: &mut Value) -> Result<(), Invalid> {
    let mut violations = Vec::new();
    let described = alternatives(schema, schema, value, 0);
    rewrite(schema, &described, value, &mut String::new(), &mut violations);
    if violations.is_empty() { Ok(()) } else { Err(Invalid { violations }) }
}

fn rewrite(root: &Value, described: &[Together<'_>], value: &mut Value, path: &mut String, found: &mut Vec<Violation>) {
    match value {
        Value::String(text) => {
            let time = |together: &Together<'_>| together.iter().any(|schema| is_date_time(schema));
            if described.is_empty() || !described.iter().all(time) {
                return;
            }
            match text.parse::<Timestamp>() {
                Ok(time) => *text = time.to_string(),
                Err(_) => found.push(Violation {
                    path: path.clone(),
                    rule: described.iter().flatten().find_map(|schema| format_of(root, schema)).unwrap_or_default(),
                    message: format!(
                        "\"{text}\" is no time that can be stored; write one up to {}, with at most nine digits after \
                         the second, such as 2024-01-31T09:30:00.25Z",
                        Timestamp::MAX
                    ),
                }),
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter_mut().enumerate() {
                let below = below(root, described, item, |schema| of_element(schema, place).into_iter().collect());
                descend(root, &below, item, &place.to_string(), path, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let below = below(root, described, member, |schema| of_member(schema, name));
                descend(root, &below, member, name, path, found);
            }
        }
        Value::Number(number) => {
            let integer = |together: &Together<'_>| together.iter().any(|schema| is_integer(schema));
            if let Some(whole) = whole(number).filter(|_| !described.is_empty() && described.iter().all(integer)) {
                *number = whole;
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

fn descend(
    root: &Value,
    described: &[Together<'_>],
    value: &mut Value,
    token: &str,
    path: &mut String,
    found: &mut Vec<Violation>,
) {
    if described.iter().flatten().next().is_none() {
        return;
    }
    let length = path.len();
    walk::push(path, token);
    rewrite(root, described, value, path, found);
    path.truncate(length);
}

/// What describes a part of a value, by every reading of the whole.
fn below<'s>(
    root: &'s Value,
    described: &[Together<'s>],
    part: &Value,
    step: impl Fn(&'s Value) -> Together<'s>,
) -> Vec<Together<'s>> {
    let mut found = Vec::new();
    for together in described {
        let mut readings = vec![Vec::new()];
        for schema in together.iter().flat_map(|schema| step(schema)) {
            // `false` beside patterns says that there is nothing else.
            if *schema != Value::Bool(false) {
                readings = product(&readings, &alternatives(root, schema, part, 0));
            }
        }
        found.extend(readings);
    }
    if found.len() > MOST { Vec::new() } else { found }
}

/// Every reading of a schema that a value may have: the schemas that then hold together.
fn alternatives<'s>(root: &'s Value, schema: &'s Value, value: &Value, depth: usize) -> Vec<Together<'s>> {
    if depth > DEEPEST || !fits(schema, value) {
        return Vec::new();
    }
    let mut found = vec![vec![schema]];
    if let Some(referred) = schema.get("$ref").and_then(Value::as_str).and_then(|to| resolve(root, to)) {
        found = product(&found, &alternatives(root, referred, value, depth + 1));
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        found = product(&found, &alternatives(root, part, value, depth + 1));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
            let each = branches.iter().flat_map(|branch| alternatives(root, branch, value, depth + 1));
            found = product(&found, &each.collect::<Vec<_>>());
        }
    }
    found
}

fn product<'s>(left: &[Together<'s>], right: &[Together<'s>]) -> Vec<Together<'s>> {
    let pairs = left.iter().flat_map(|one| right.iter().map(|other| [one.as_slice(), other.as_slice()].concat()));
    pairs.take(MOST + 1).collect()
}

/// Whether a value that fits the whole schema may have been meant by this part, as far as its surface tells.
fn fits(schema: &Value, value: &Value) -> bool {
    let Value::Object(keywords) = schema else { return *schema == Value::Bool(true) };
    let of_type = match keywords.get("type") {
        Some(Value::String(one)) => is_a(value, one),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).any(|one| is_a(value, one)),
        _ => true,
    };
    let constant = keywords.get("const").is_none_or(|constant| constant == value);
    let listed = keywords.get("enum").and_then(Value::as_array).is_none_or(|values| values.contains(value));
    of_type && constant && listed && value.as_object().is_none_or(|members| has_room(keywords, members))
}

/// Whether an object has what it must have, and nothing that says it is another one.
fn has_room(keywords: &Map<String, Value>, members: &Map<String, Value>) -> bool {
    let properties = keywords.get("properties").and_then(Value::as_object);
    let required = keywords.get("required").and_then(Value::as_array);
    let open = keywords.contains_key("patternProperties")
        || keywords.get("additionalProperties").is_none_or(|more| *more != Value::Bool(false));
    let missing = required.into_iter().flatten().filter_map(Value::as_str).any(|name| !members.contains_key(name));
    let fitting = members.iter().all(|(name, member)| match properties.and_then(|all| all.get(name)) {
        Some(schema) => fits(schema, member),
        None => open,
    });
    !missing && fitting
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" | "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn is_date_time(schema: &Value) -> bool {
    schema.get("format").and_then(Value::as_str) == Some("date-time")
}

/// Whether no number with a fraction fits.
fn is_integer(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == "integer",
        Some(Value::Array(several)) => {
            several.iter().any(|one| one == "integer") && several.iter().all(|one| one != "number")
        }
        _ => false,
    }
}

/// Where the schema says that this part is a time.
fn format_of(root: &Value, wanted: &Value) -> Option<String> {
    let found = walk::visit(root, &mut String::new(), &mut |pointer, part| {
        if std::ptr::eq(part, wanted) && is_date_time(part) {
            ControlFlow::Break(format!("{pointer}/format"))
        } else {
            ControlFlow::Continue(())
        }
    });
    found.break_value()
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde_json::json;

    use super::*;

    fn schema_of<T: JsonSchema>() -> Value {
        schemars::schema_for!(T).to_value()
    }

    const GIVEN: &str = "2024-01-31t11:30:00.500+02:00";
    const WRITTEN: &str = "2024-01-31T09:30:00.5Z";

    /// A point in time, as other crates describe theirs.
    #[derive(JsonSchema)]
    #[schemars(transparent)]
    struct Time(
        #[schemars(extend("format" = "date-time"))]
        #[allow(dead_code, reason = "only its schema is read")]
        String,
    );

    fn written<T: JsonSchema>(mut value: Value) -> Value {
        write_alike(&schema_of::<T>(), &mut value).unwrap();
        value
    }

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct Everywhere {
        at: Time,
        maybe: Option<Time>,
        list: Vec<Time>,
        pair: (String, Time),
        named: std::collections::BTreeMap<String, Time>,
        numbered: std::collections::BTreeMap<u32, Option<Time>>,
        text: String,
        next: Option<Box<Everywhere>>,
    }

    #[test]
    fn times_are_found_wherever_they_are() {
        let inner = |time: &str, next: Value| {
            json!({"at": time, "maybe": time, "list": [time, time], "pair": [GIVEN, time], "named": {"a/b": time},
                   "numbered": {"1": time, "2": null}, "text": GIVEN, "next": next})
        };
        let given = inner(GIVEN, inner(GIVEN, Value::Null));
        assert_eq!(written::<Everywhere>(given), inner(WRITTEN, inner(WRITTEN, Value::Null)));
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind")]
    #[allow(dead_code, reason = "only its schema is read")]
    enum Tagged {
        Dated { at: Time },
        Noted { at: String },
    }

    #[derive(JsonSchema)]
    #[serde(untagged)]
    #[allow(dead_code, reason = "only its schema is read")]
    enum Either {
        Time(Time),
        Text(String),
    }

    #[test]
    fn text_that_may_be_something_else_stays() {
        assert_eq!(written::<Tagged>(json!({"kind": "Dated", "at": GIVEN})), json!({"kind": "Dated", "at": WRITTEN}));
        assert_eq!(written::<Tagged>(json!({"kind": "Noted", "at": GIVEN})), json!({"kind": "Noted", "at": GIVEN}));
        assert_eq!(written::<Either>(json!(GIVEN)), json!(GIVEN));
    }

    #[test]
    fn integers_have_no_fraction() {
        let schema = schema_of::<(i64, Option<u8>, f64, Vec<u64>)>();
        let mut value = json!([-2.0, 3.0, 1.0, [4.0, 1e18, 5]]);
        write_alike(&schema, &mut value).unwrap();
        assert_eq!(value, json!([-2, 3, 1.0, [4, 1_000_000_000_000_000_000_u64, 5]]));
        let mut either = json!([1.0, 0.5]);
        write_alike(&json!({"items": {"anyOf": [{"type": "integer"}, {"type": "number"}]}}), &mut either).unwrap();
        assert_eq!(either, json!([1.0, 0.5]));
    }

    #[test]
    fn what_no_timestamp_holds_is_refused_with_its_place() {
        let schema = schema_of::<Everywhere>();
        let mut value = json!({"at": "2016-12-31T23:59:61Z", "maybe": null, "list": [WRITTEN, "9999-12-31T23:59:59-10:00"],
                               "pair": ["", WRITTEN], "named": {}, "numbered": {}, "text": ""});
        let invalid = write_alike(&schema, &mut value).unwrap_err();
        let places: Vec<_> = invalid.violations.iter().map(|told| (told.path.as_str(), told.rule.as_str())).collect();
        assert_eq!(places, [("/at", "/$defs/Time/format"), ("/list/1", "/$defs/Time/format")]);
    }
}

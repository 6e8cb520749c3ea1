//! When a typed value fits its schema by construction, so that the write need not ask.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::ControlFlow;

use serde_json::{Map, Number, Value, json};

use crate::schema::walk;

/// The first rule of a schema that the Rust type behind it does not already guarantee.
///
/// ```
/// use metagraph_core::validate::{UnprovenRule, unproven_rule};
///
/// let rule = unproven_rule(&serde_json::json!({"type": "string", "maxLength": 3}));
/// assert_eq!(rule, Some(UnprovenRule::Keyword { pointer: "/maxLength".into() }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnprovenRule {
    /// A keyword such as `maxLength`, at a JSON pointer into the schema.
    Keyword {
        /// Where it stands.
        pointer: String,
    },
    /// A float: serde writes infinities and NaN as `null`.
    Float {
        /// Where its schema stands.
        pointer: String,
    },
    /// Values nest without a bound, and what is nested too deep could not be read again.
    Unbounded {
        /// Where the recursion or the free-form value stands.
        pointer: String,
    },
}

impl UnprovenRule {
    /// Whether decoding what was encoded is proof enough where no validator is built in.
    ///
    /// ```
    /// use metagraph_core::validate::unproven_rule;
    /// use serde_json::json;
    ///
    /// let float = unproven_rule(&json!({"type": "number"})).unwrap();
    /// assert!(float.holds_without_schema(), "a NaN is written as null, which does not read as a float");
    /// let bounded = unproven_rule(&json!({"type": "string", "maxLength": 3})).unwrap();
    /// assert!(!bounded.holds_without_schema());
    /// ```
    pub const fn holds_without_schema(&self) -> bool {
        matches!(self, Self::Float { .. } | Self::Unbounded { .. })
    }
}

impl fmt::Display for UnprovenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyword { pointer } => write!(f, "the keyword at {pointer}"),
            Self::Float { pointer } => write!(f, "the number at {pointer}"),
            Self::Unbounded { pointer } => write!(f, "the unbounded value at {pointer}"),
        }
    }
}

/// The first rule of `schema` that serialising its own Rust type does not prove; `None` when every value fits.
///
/// Keywords that schemars derives from the type itself (types, properties, required, references, integer ranges) are
/// proven by serde. Everything a user adds (`length`, `range`, `regex`, asserted formats) is not.
///
/// ```
/// use metagraph_core::validate::unproven_rule;
/// use serde_json::json;
///
/// let byte = json!({"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255});
/// let plain = json!({"type": "object", "properties": {"n": byte}});
/// assert_eq!(unproven_rule(&plain), None);
/// let bounded = json!({"type": "object", "properties": {"n": {"type": "string", "maxLength": 3}}});
/// assert_eq!(unproven_rule(&bounded).unwrap().to_string(), "the keyword at /properties/n/maxLength");
/// ```
pub fn unproven_rule(schema: &Value) -> Option<UnprovenRule> {
    let outcome = walk::visit(schema, &mut String::new(), &mut |pointer, part| {
        let found = match part {
            Value::Object(keywords) => in_keywords(schema, pointer, keywords),
            Value::Bool(true) => Some(UnprovenRule::Unbounded { pointer: pointer.to_owned() }),
            _ => None,
        };
        found.map_or(ControlFlow::Continue(()), ControlFlow::Break)
    });
    match outcome {
        ControlFlow::Break(rule) => Some(rule),
        ControlFlow::Continue(()) => None,
    }
}

/// The attributes of an object whose values fit, whatever the rest of the object is: a finite number or what serde writes
/// of another Rust type. None, where a rule is about several attributes together.
///
/// ```
/// use metagraph_core::validate::attributes_without_rules;
/// use serde_json::json;
///
/// let name = json!({"type": "string", "maxLength": 3});
/// let schema = json!({"type": "object", "properties": {"name": name, "size": {"type": "number", "format": "double"}}});
/// assert_eq!(attributes_without_rules(&schema).into_iter().collect::<Vec<_>>(), ["size"]);
/// ```
pub fn attributes_without_rules(schema: &Value) -> BTreeSet<String> {
    let Value::Object(keywords) = schema else { return BTreeSet::new() };
    let about_all = |keyword: &str| matches!(keyword, "oneOf" | "anyOf" | "allOf" | "$ref" | "enum" | "const");
    let has_rules = keywords.iter().any(|(keyword, value)| about_all(keyword) || !is_proven(keywords, keyword, value));
    let Some(Value::Object(properties)) = keywords.get("properties").filter(|_| !has_rules) else {
        return BTreeSet::new();
    };
    let definitions = keywords.get("$defs").cloned().unwrap_or_else(|| json!({}));
    let fits = |name: &str, part: &Value| {
        is_plain_float(part)
            || unproven_rule(&json!({"type": "object", "properties": {name: part}, "$defs": definitions})).is_none()
    };
    properties.iter().filter(|(name, part)| fits(name, part)).map(|(name, _)| name.clone()).collect()
}

/// Whether it says no more of a number than that it is one.
fn is_plain_float(schema: &Value) -> bool {
    let Value::Object(keywords) = schema else { return false };
    let says_nothing = |keyword: &str| {
        matches!(keyword, "type" | "title" | "description" | "default" | "examples" | "deprecated" | "$comment")
    };
    let is_float = |format: &Value| matches!(format.as_str(), Some("float" | "double"));
    is_type(keywords, "number")
        && keywords.iter().all(|(keyword, value)| says_nothing(keyword) || (keyword == "format" && is_float(value)))
}

fn in_keywords(root: &Value, pointer: &str, keywords: &Map<String, Value>) -> Option<UnprovenRule> {
    if is_type(keywords, "number") {
        return Some(UnprovenRule::Float { pointer: pointer.to_owned() });
    }
    if let Some(reference) = keywords.get("$ref").and_then(Value::as_str)
        && reaches_itself(root, reference)
    {
        return Some(UnprovenRule::Unbounded { pointer: format!("{pointer}/$ref") });
    }
    let says_nothing = !keywords.keys().any(|keyword| {
        matches!(
            keyword.as_str(),
            "type" | "uniqueItems" | "$ref" | "enum" | "const" | "oneOf" | "anyOf" | "allOf" | "properties"
        )
    });
    if says_nothing {
        return Some(UnprovenRule::Unbounded { pointer: pointer.to_owned() });
    }
    let unproven = keywords.iter().find(|(keyword, value)| !is_proven(keywords, keyword, value));
    unproven.map(|(keyword, _)| UnprovenRule::Keyword { pointer: format!("{pointer}/{keyword}") })
}

fn is_type(keywords: &Map<String, Value>, name: &str) -> bool {
    match keywords.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

fn is_proven(keywords: &Map<String, Value>, keyword: &str, value: &Value) -> bool {
    match keyword {
        "type" | "uniqueItems" | "properties" | "required" | "items" | "prefixItems" | "enum" | "const" | "oneOf"
        | "anyOf" | "allOf" | "$ref" | "$defs" | "default" | "title" | "description" | "examples" | "deprecated"
        | "$schema" | "$id" | "$comment" | "readOnly" | "writeOnly" => true,
        // Beside named attributes, a flattened map may hold one of their names once more.
        "additionalProperties" => *value == Value::Bool(false) || !keywords.contains_key("properties"),
        // schemars writes these for tuples and arrays of fixed length
        "minItems" | "maxItems" => {
            keywords.get("minItems") == keywords.get("maxItems")
                && (keywords.contains_key("prefixItems") || keywords.get("items").is_some_and(Value::is_object))
        }
        "format" => value.as_str().is_some_and(is_integer_format),
        "minimum" | "maximum" => {
            let format = keywords.get("format").and_then(Value::as_str).and_then(integer_range);
            match (format, value) {
                (Some((low, _)), Value::Number(number)) if keyword == "minimum" => is(number, low),
                (Some((_, high)), Value::Number(number)) => is(number, high),
                _ => false,
            }
        }
        _ => false,
    }
}

fn is(number: &Number, bound: i128) -> bool {
    number.as_i128() == Some(bound)
}

fn is_integer_format(format: &str) -> bool {
    integer_range(format).is_some()
}

fn integer_range(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// Whether following a reference leads back to it.
fn reaches_itself(root: &Value, reference: &str) -> bool {
    let mut followed: Vec<&str> = Vec::new();
    let mut waiting = vec![reference];
    while let Some(next) = waiting.pop() {
        let Some(target) = walk::resolve(root, next) else { continue };
        // A reference to the whole document is below the document itself.
        if next == "#" {
            return true;
        }
        let _: ControlFlow<()> = walk::visit(target, &mut String::new(), &mut |_, part| {
            if let Some(further) = part.get("$ref").and_then(Value::as_str)
                && !followed.contains(&further)
            {
                followed.push(further);
                waiting.push(further);
            }
            ControlFlow::Continue(())
        });
    }
    followed.contains(&reference)
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::private::schema_of;

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct Plain {
        text: String,
        count: u64,
        small: Option<i16>,
        list: Vec<Inner>,
        pair: (u8, bool),
        kind: Kind,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct Inner {
        flag: bool,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "type")]
    #[allow(dead_code, reason = "only its schema is read")]
    enum Kind {
        A { x: i32 },
        B,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct List {
        next: Option<Box<List>>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct Bounded {
        #[schemars(length(max = 3))]
        text: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct Free {
        any: Value,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is read")]
    struct Weighted {
        weight: f64,
    }

    #[test]
    fn what_serde_guarantees_needs_no_validation() {
        assert_eq!(unproven_rule(&schema_of::<Plain>()), None);
    }

    #[test]
    fn what_a_user_adds_does() {
        assert!(matches!(unproven_rule(&schema_of::<Bounded>()), Some(UnprovenRule::Keyword { .. })));
    }

    #[test]
    fn so_do_floats_recursion_and_free_form_values() {
        assert!(matches!(unproven_rule(&schema_of::<Weighted>()), Some(UnprovenRule::Float { .. })));
        assert!(matches!(unproven_rule(&schema_of::<List>()), Some(UnprovenRule::Unbounded { .. })));
        assert!(matches!(unproven_rule(&schema_of::<Free>()), Some(UnprovenRule::Unbounded { .. })));
    }
}

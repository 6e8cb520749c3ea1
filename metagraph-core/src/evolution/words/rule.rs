//! A rule of a schema in words.

use serde_json::Value;

use super::short;

/// What a rule asks for: one keyword with its value.
pub(super) fn rule(rule: &Value) -> String {
    let Some((keyword, value)) = only(rule) else { return short(rule) };
    let text = value.as_str().unwrap_or_default();
    match keyword {
        "minimum" => format!("at least {value}"),
        "exclusiveMinimum" => format!("more than {value}"),
        "maximum" => format!("at most {value}"),
        "exclusiveMaximum" => format!("less than {value}"),
        "multipleOf" => format!("a multiple of {value}"),
        "minLength" => format!("at least {value} letters"),
        "maxLength" => format!("at most {value} letters"),
        "pattern" => format!("of the pattern `{text}`"),
        "format" => format!("of the format `{text}`"),
        "minItems" => format!("at least {value} elements"),
        "maxItems" => format!("at most {value} elements"),
        "uniqueItems" => "no two equal elements".to_owned(),
        "minProperties" => format!("at least {value} members"),
        "maxProperties" => format!("at most {value} members"),
        "items" => "elements beyond those that have a place".to_owned(),
        _ => short(rule),
    }
}

fn only(rule: &Value) -> Option<(&str, &Value)> {
    let mut keywords = rule.as_object()?.iter();
    let (keyword, value) = keywords.next()?;
    keywords.next().is_none().then_some((keyword.as_str(), value))
}

/// The names of kinds, as one says them.
pub(super) fn kinds(names: &Value) -> String {
    let one = |name: &Value| match name.as_str() {
        Some("null") => "null".to_owned(),
        Some("boolean") => "a truth value".to_owned(),
        Some("integer") => "a whole number".to_owned(),
        Some("number") => "a number".to_owned(),
        Some("string") => "text".to_owned(),
        Some("array") => "a list".to_owned(),
        Some("object") => "an object".to_owned(),
        _ => short(name),
    };
    match names {
        Value::Array(names) if names.len() == 6 => "anything".to_owned(),
        Value::Array(names) => names.iter().map(one).collect::<Vec<_>>().join(" or "),
        name => one(name),
    }
}

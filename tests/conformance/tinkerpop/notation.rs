//! The notation of recorded values: `d[29].i`, `v[marko]`, `m[{"a":"v[josh]"}]`.

use serde_json::{Map, Value, json};

use super::world::World;

/// A recorded value in one form, so that equal values are equal.
pub(super) fn read(value: &Value, world: &World) -> Value {
    match value {
        Value::String(text) => read_text(text, world),
        Value::Array(values) => list(&values.iter().map(|value| read(value, world)).collect::<Vec<_>>()),
        other => plain(other),
    }
}

/// A list, as it is shown.
pub(super) fn list(values: &[Value]) -> Value {
    json!({"l": values})
}

/// A map, as it is shown: its entries in an order that equal maps share.
pub(super) fn map(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
    let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| json!([key, value])).collect();
    entries.sort_by_key(Value::to_string);
    json!({"m": entries})
}

/// Floating point numbers lose their last digits, which the order of a sum decides.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => json!({"d": format!("{:.9}", number.as_f64().unwrap_or_default())}),
        other => other.clone(),
    }
}

fn read_text(text: &str, world: &World) -> Value {
    let Some((kind, rest)) = text.split_once('[') else { return text.into() };
    let Some((inner, suffix)) = rest.rsplit_once(']') else { return text.into() };
    match (kind, suffix) {
        ("d", _) => plain(&serde_json::from_str(inner).unwrap_or_default()),
        ("v" | "e", "") => json!({kind: inner}),
        ("v" | "e", ".id") => world.number(&json!({kind: inner})),
        ("v" | "e", ".sid") => world.number(&json!({kind: inner})).to_string().into(),
        ("t", "") => json!({"t": inner}),
        ("l", "") => list(&parts(inner).into_iter().map(|part| read_text(part, world)).collect::<Vec<_>>()),
        ("p", "") => json!({"p": parts(inner).into_iter().map(|part| read_text(part, world)).collect::<Vec<_>>()}),
        ("s", "") => json!({"s": parts(inner)}),
        ("m", "") => {
            let entries: Map<String, Value> = serde_json::from_str(inner).unwrap_or_default();
            map(entries.iter().map(|(key, value)| (read_text(key, world), read(value, world))))
        }
        _ => text.into(),
    }
}

/// What commas separate, outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut begin) = (0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    if !text.is_empty() {
        parts.push(text[begin..].trim());
    }
    if parts == ["null"] { Vec::new() } else { parts }
}

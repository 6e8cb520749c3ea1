//! Values as OTLP writes them, as plain JSON.

use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::super::span::Tags;

/// A name with a value.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct KeyValue {
    key: String,
    #[serde(default)]
    value: Value,
}

/// Names with values; the last of equal names counts.
pub(super) fn tags(list: &[KeyValue]) -> Tags {
    list.iter().map(|pair| (pair.key.clone(), plain(&pair.value))).collect()
}

/// An `AnyValue`: an object with one member, which says what it is. Bytes stay as Base64, and integers that JSON writes as
/// text become numbers.
fn plain(value: &Value) -> Value {
    let Some((kind, held)) = value.as_object().and_then(|object| object.iter().next()) else { return Value::Null };
    match (kind.as_str(), held) {
        ("intValue", Value::String(text)) => text.parse::<i64>().map_or_else(|_| held.clone(), Value::from),
        ("doubleValue", Value::String(text)) => {
            let number = text.parse::<f64>().ok().and_then(Number::from_f64);
            number.map_or_else(|| held.clone(), Value::Number)
        }
        ("arrayValue", list) => {
            let values = list.get("values").and_then(Value::as_array);
            values.into_iter().flatten().map(plain).collect()
        }
        ("kvlistValue", list) => {
            let pairs = list.get("values").and_then(Value::as_array).into_iter().flatten();
            let pairs =
                pairs.filter_map(|pair| Some((pair.get("key")?.as_str()?.to_owned(), plain(pair.get("value")?))));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        _ => held.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_value_is_plain_json() {
        let cases = [
            (json!({"stringValue": "a"}), json!("a")),
            (json!({"boolValue": true}), json!(true)),
            (json!({"intValue": "9223372036854775807"}), json!(i64::MAX)),
            (json!({"intValue": 7}), json!(7)),
            (json!({"doubleValue": 72.5}), json!(72.5)),
            (json!({"doubleValue": "NaN"}), json!("NaN")),
            (json!({"bytesValue": "AAAwOQ=="}), json!("AAAwOQ==")),
            (json!({"arrayValue": {"values": [{"intValue": "1"}, {"stringValue": "b"}]}}), json!([1, "b"])),
            (json!({"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": false}}]}}), json!({"k": false})),
            (json!({"arrayValue": {}}), json!([])),
            (json!({}), json!(null)),
        ];
        for (given, expected) in cases {
            assert_eq!(plain(&given), expected, "{given}");
        }
    }
}

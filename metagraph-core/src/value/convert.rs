//! Converting scalars to the kind that is asked for, where nothing but their form changes.

use serde_json::{Number, Value};

use super::ValueSchema;
use super::kind::Kind;

impl ValueSchema {
    /// Converts scalars that say the same in another form: `"7"` and 7, `"true"`, 1 and true, `"null"` and null; a value
    /// where a list is asked for becomes its only element. What cannot be converted stays as it is.
    ///
    /// To an integer, a number loses its fraction.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let schema = ValueSchema::new(&json!({"type": "array", "items": {"type": "number"}}))?;
    /// assert_eq!(schema.convert(json!(["3.5", true, "many"])), json!([3.5, 1, "many"]));
    /// assert_eq!(schema.convert(json!("7")), json!([7]));
    /// # Ok::<(), String>(())
    /// ```
    pub fn convert(&self, value: Value) -> Value {
        self.converted(&self.root, value)
    }

    fn converted(&self, schema: &Value, value: Value) -> Value {
        match (Kind::of(schema), value) {
            (Kind::Reference(reference), value) => match self.referred(reference) {
                Some(referred) => self.converted(referred, value),
                None => value,
            },
            (Kind::All(parts), value) => parts.iter().fold(value, |value, part| self.converted(part, value)),
            (Kind::Any(parts), value) => {
                if parts.iter().any(|part| self.fits(part, Some(&value))) {
                    return value;
                }
                let converted = parts.iter().find_map(|part| {
                    let converted = self.converted(part, value.clone());
                    self.fits(part, Some(&converted)).then_some(converted)
                });
                converted.unwrap_or(value)
            }
            (Kind::List(items), Value::Array(elements)) => {
                let convert = |element| match items {
                    Some(items) => self.converted(items, element),
                    None => element,
                };
                elements.into_iter().map(convert).collect()
            }
            (Kind::List(items), value) => Value::Array(vec![match items {
                Some(items) => self.converted(items, value),
                None => value,
            }]),
            (Kind::Tuple(places), Value::Array(elements)) => {
                let convert = |(place, element)| match places.get(place) {
                    Some(schema) => self.converted(schema, element),
                    None => element,
                };
                elements.into_iter().enumerate().map(convert).collect()
            }
            (Kind::Object(object), Value::Object(members)) => {
                let convert = |(name, member): (String, Value)| match object.member(&name) {
                    Some(schema) => (name, self.converted(schema, member)),
                    None => (name, member),
                };
                Value::Object(members.into_iter().map(convert).collect())
            }
            (Kind::Record(object), Value::Object(members)) => {
                let convert = |(name, member): (String, Value)| match object.matched(self, &name) {
                    Some(schema) => (name, self.converted(schema, member)),
                    None => (name, member),
                };
                Value::Object(members.into_iter().map(convert).collect())
            }
            (Kind::Literal(literal), value) => match of_kind(literal, &value) {
                Some(converted) if same(&converted, literal) => literal.clone(),
                _ => value,
            },
            (Kind::Text, value) => text(&value).map_or(value, Value::String),
            (Kind::Number, value) => number(&value).map_or(value, Value::Number),
            (Kind::Integer, value) => integer(&value).map_or(value, Value::Number),
            (Kind::Flag, value) => flag(&value).map_or(value, Value::Bool),
            (Kind::Null, Value::String(text)) if text.eq_ignore_ascii_case("null") => Value::Null,
            (_, value) => value,
        }
    }
}

/// The value in the kind of the literal.
fn of_kind(literal: &Value, value: &Value) -> Option<Value> {
    match literal {
        Value::String(_) => text(value).map(Value::String),
        Value::Number(_) => number(value).map(Value::Number),
        Value::Bool(_) => flag(value).map(Value::Bool),
        _ => None,
    }
}

fn same(one: &Value, other: &Value) -> bool {
    one == other || matches!((one.as_f64(), other.as_f64()), (Some(one), Some(other)) if one.total_cmp(&other).is_eq())
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.to_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" | "-0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => parsed(text).or_else(|| flag(value).map(|flag| u8::from(flag).into())),
        value => flag(value).map(|flag| u8::from(flag).into()),
    }
}

fn integer(value: &Value) -> Option<Number> {
    let number = number(value)?;
    if number.is_i64() || number.is_u64() {
        return Some(number);
    }
    let whole = number.as_f64()?.trunc();
    // In the range in which every whole number is a float of its own.
    #[allow(clippy::cast_possible_truncation, reason = "it has no fraction, and is in range")]
    let exact = (whole.abs() <= 9_007_199_254_740_992.0).then_some(whole as i64);
    exact.map(Number::from).or_else(|| Number::from_f64(whole))
}

/// A decimal number; whole ones stay exact.
fn parsed(text: &str) -> Option<Number> {
    let text = text.trim();
    let plain = text.strip_prefix('+').unwrap_or(text);
    if let Ok(integer) = plain.parse::<i64>() {
        return Some(integer.into());
    }
    if let Ok(integer) = plain.parse::<u64>() {
        return Some(integer.into());
    }
    // What Rust reads beside, `inf` and `nan`, has letters.
    let decimal = plain.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = plain.parse::<f64>().ok().filter(|number| decimal && number.is_finite())?;
    whole(number).or_else(|| Number::from_f64(number))
}

/// A float without a fraction, as the integer that it is.
fn whole(number: f64) -> Option<Number> {
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation, reason = "it has no fraction, and is in range")]
    exact.then_some(Number::from(number as i64))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number_text(number)),
        _ => None,
    }
}

/// A number as ECMAScript writes it (ECMA-262, `Number::toString`): without a fraction where there is none, and with an
/// exponent where it is very large or very small.
fn number_text(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    if float != 0.0 && !(1e-6..1e21).contains(&float.abs()) {
        let text = format!("{float:e}");
        return match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
            _ => text,
        };
    }
    // Minus zero is written without its sign.
    if float == 0.0 { "0".to_owned() } else { format!("{float}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_in_ecmascript() {
        let cases = [
            (json!(3.5), "3.5"),
            (json!(3.0), "3"),
            (json!(-0.0), "0"),
            (json!(1e21), "1e+21"),
            (json!(1.5e300), "1.5e+300"),
            (json!(1e-7), "1e-7"),
            (json!(0.000_001), "0.000001"),
            (json!(123_456_789_012_345_680_000.0), "123456789012345680000"),
            (json!(u64::MAX), "18446744073709551615"),
        ];
        for (value, written) in cases {
            assert_eq!(text(&value).unwrap(), written);
        }
    }

    #[test]
    fn texts_are_read_as_numbers_without_losing_digits() {
        let read = |text: &str| parsed(text).map(|number| number.to_string());
        assert_eq!(read("9007199254740993").as_deref(), Some("9007199254740993"));
        assert_eq!(read("18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(read(" -2.50 ").as_deref(), Some("-2.5"));
        assert_eq!(read("1e3").as_deref(), Some("1000"));
        assert_eq!(read("+7").as_deref(), Some("7"));
        for text in ["", " ", "inf", "NaN", "1e999", "0x10", "7 apples", "1_000", "--1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

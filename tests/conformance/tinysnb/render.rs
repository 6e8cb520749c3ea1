//! Values as kuzu prints them.

use serde_json::Value;

use super::syntax::{Expression, Literal};

/// The members of a description in the order in which kuzu declares them, which JSON does not keep.
const DESCRIPTION: [&str; 14] = [
    "rating",
    "stars",
    "views",
    "release",
    "release_ns",
    "release_ms",
    "release_sec",
    "release_tz",
    "film",
    "u8",
    "u16",
    "u32",
    "u64",
    "hugedata",
];

/// A column, made of values that were read.
pub(super) fn column(expression: &Expression, value_of: &dyn Fn(&Expression) -> Value) -> String {
    match expression {
        Expression::Literal(Literal::Integer(integer)) => integer.to_string(),
        Expression::Struct(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, member)| format!("{name}: {}", column(member, value_of))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Expression::List(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| column(element, value_of)).collect();
            format!("[{}]", elements.join(","))
        }
        read => value(&value_of(read)),
    }
}

/// The parts of a column that have to be read.
pub(super) fn parts(expression: &Expression) -> Vec<Expression> {
    match expression {
        Expression::Literal(_) => Vec::new(),
        Expression::Struct(members) => members.iter().flat_map(|(_, member)| parts(member)).collect(),
        Expression::List(elements) => elements.iter().flat_map(parts).collect(),
        read => vec![read.clone()],
    }
}

pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) if number.is_f64() => format!("{:.6}", number.as_f64().unwrap()),
        Value::Number(number) => number.to_string(),
        Value::String(text) => time(text).unwrap_or_else(|| text.clone()),
        Value::Array(elements) => format!("[{}]", elements.iter().map(self::value).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            if let Some(decimal) = members.get("$decimal") {
                return self::value(decimal);
            }
            if let Some(microseconds) = members.get("$interval_us") {
                return interval(microseconds.as_i64().unwrap());
            }
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| DESCRIPTION.iter().position(|known| known == name));
            let members: Vec<_> =
                members.into_iter().map(|(name, member)| format!("{name}: {}", self::value(member))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// A time is printed without its `T`, and without zeros at its end.
fn time(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    date.parse::<jiff::civil::Date>().ok()?;
    let (time, offset) = time.split_once('+').map_or((time, ""), |(time, _)| (time, "+00"));
    let time = if time.contains('.') { time.trim_end_matches('0').trim_end_matches('.') } else { time };
    Some(format!("{date} {time}{offset}"))
}

/// A time span in years of 360 days, days and hours: the data does not keep what kuzu counted in which of them, and the
/// one that is printed was counted like this.
fn interval(microseconds: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (microseconds / DAY, microseconds % DAY);
    let (years, days) = (days / 360, days % 360);
    let seconds = rest / 1_000_000;
    format!("{years} years {days} days {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

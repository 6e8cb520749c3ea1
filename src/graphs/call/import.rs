//! Traces, as several programs write them, read as calls.

mod any_value;
mod otlp;
mod rows;
mod zipkin;

pub use self::otlp::read_otlp;
pub use self::rows::{SpanRow, read_span_rows};
pub use self::zipkin::read_zipkin;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::CallError;
use super::span::Tags;

/// JSON documents, one after another, or where one cannot be read.
fn parsed<T: DeserializeOwned>(what: &str, text: &str) -> Result<Vec<T>, CallError> {
    let documents = serde_json::Deserializer::from_str(text).into_iter::<T>();
    let documents: Result<Vec<T>, _> = documents.collect();
    documents.map_err(|error| {
        let place = format!("{what}, line {} column {}", error.line(), error.column());
        CallError::Unreadable { place, reason: without_place(&error) }
    })
}

/// What serde says, without the place that it says, too.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or_else(|| text.clone(), |(reason, _)| reason.to_owned())
}

/// A time in so many units since 1970, as a number or as text; nothing where there is none, or zero.
fn time(place: &str, name: &str, value: Option<&Value>, nanos_each: i128) -> Result<Option<Timestamp>, CallError> {
    let units = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => return Ok(None),
        Some(Value::String(text)) => text.parse::<i128>().ok(),
        Some(Value::Number(number)) => number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)),
        Some(_) => None,
    };
    let refused = || {
        let unit = if nanos_each == 1 { "nanoseconds" } else { "microseconds" };
        let value = value.map(Value::to_string).unwrap_or_default();
        CallError::Unreadable {
            place: place.to_owned(),
            reason: format!("`{name}` is {value}, and is to be {unit} since 1970, as a number or a text of digits"),
        }
    };
    match units.ok_or_else(refused)? {
        0 => Ok(None),
        units => units
            .checked_mul(nanos_each)
            .and_then(|nanos| Timestamp::from_nanosecond(nanos).ok())
            .map(Some)
            .ok_or_else(refused),
    }
}

/// A text that has to be there.
fn required<'v>(place: &str, name: &str, value: Option<&'v str>) -> Result<&'v str, CallError> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| CallError::Unreadable { place: place.to_owned(), reason: format!("it has no `{name}`") })
}

/// How long a name may be for the index on operations.
const NAME_BYTES: usize = 1000;

/// A name as an operation: some write whole statements as names, which are cut off, and kept whole among the attributes.
fn operation(name: &str, attributes: &mut Tags) -> String {
    if name.len() <= NAME_BYTES {
        return name.to_owned();
    }
    attributes.entry("name".to_owned()).or_insert_with(|| name.into());
    let cut = name.char_indices().map(|(at, _)| at).take_while(|at| *at <= NAME_BYTES).last();
    name.get(..cut.unwrap_or_default()).unwrap_or_default().to_owned()
}

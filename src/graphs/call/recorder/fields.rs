//! What spans and events carry, as JSON.

use std::error::Error;
use std::fmt::{self, Debug, Write};

use serde_json::{Map, Number, Value};
use tracing::field::{Field, Visit};

use super::super::stored::CallErrorInfo;

/// The fields of a span or an event.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) values: Map<String, Value>,
    text_bytes: usize,
}

impl Fields {
    pub(super) fn new(text_bytes: usize) -> Self {
        Self { values: Map::new(), text_bytes }
    }

    fn text(&mut self, field: &Field, value: impl fmt::Display) {
        let mut text = Cut { text: String::new(), most: self.text_bytes };
        // It says that it is full, which is no failure.
        let _ = write!(text, "{value}");
        self.values.insert(field.name().to_owned(), text.text.into());
    }

    /// What they say of a failure.
    pub(super) fn error(&self) -> Option<CallErrorInfo> {
        let told = self.values.get("error")?;
        let message = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
        Some(CallErrorInfo::new("EXECUTION_ERROR", message))
    }

    /// What an event says of a failure.
    pub(super) fn into_error(mut self) -> CallErrorInfo {
        let message = self.values.remove("message").or_else(|| self.values.remove("error"));
        let message = message.map(|message| message.as_str().map_or_else(|| message.to_string(), str::to_owned));
        let details = (!self.values.is_empty()).then_some(Value::Object(self.values));
        CallErrorInfo { details, ..CallErrorInfo::new("EXECUTION_ERROR", message.unwrap_or_default()) }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, format_args!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.text(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.values.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.values.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.values.insert(field.name().to_owned(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        match Number::from_f64(value) {
            Some(number) => drop(self.values.insert(field.name().to_owned(), Value::Number(number))),
            None => self.text(field, value),
        }
    }
}

/// A text that takes in so many bytes, without U+0000, which no database takes.
struct Cut {
    text: String,
    most: usize,
}

impl Write for Cut {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        for letter in more.chars() {
            let letter = if letter == '\0' { char::REPLACEMENT_CHARACTER } else { letter };
            if self.text.len() + letter.len_utf8() > self.most {
                return Err(fmt::Error);
            }
            self.text.push(letter);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_letters() {
        let mut text = Cut { text: String::new(), most: 4 };
        assert!(text.write_str("aü\0more").is_err());
        assert_eq!(text.text, "aü", "U+FFFD has three bytes");
    }
}

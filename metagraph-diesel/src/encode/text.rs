//! JSON text that every database gives back as it was given.

use std::io;

use serde::ser::{self, Serialize};
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// Encodes a value so that every database gives back what it was given.
pub(crate) fn text(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, PlainFloats))?;
    String::from_utf8(text).map_err(ser::Error::custom)
}

/// Writes large floats without an exponent: PostgreSQL would drop it, and an integer would come back.
struct PlainFloats;

impl Formatter for PlainFloats {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // From 2^53 on no float has a fraction, and from a little further on serde writes an exponent.
        if value.abs() >= 9_007_199_254_740_992.0 {
            write!(writer, "{value}.0")
        } else {
            CompactFormatter.write_f64(writer, value)
        }
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        if value.abs() >= 16_777_216.0 {
            write!(writer, "{value}.0")
        } else {
            CompactFormatter.write_f32(writer, value)
        }
    }
}

//! Texts that are their own JSON but for the quotes around them, as most secrets are: they need no writer letter by letter.

use std::fmt;
use std::io::Write as _;

use serde::ser::{Error as _, Impossible, Serialize, Serializer};

use super::buffer::Wiped;

/// The JSON of a value that is a text without anything to escape, with `room` behind it.
pub(super) fn quoted(value: &(impl Serialize + ?Sized), room: usize) -> Option<Wiped> {
    value.serialize(Quoted { room }).ok()
}

/// The text of JSON that is one, if nothing in it is escaped.
pub(super) fn unquoted(json: &[u8]) -> Option<&str> {
    let inner = json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if needs_escape(inner) { None } else { std::str::from_utf8(inner).ok() }
}

fn needs_escape(text: &[u8]) -> bool {
    // In numbers and without leaving early, so that many letters are looked at in one step.
    let escaped = |byte: u8| u8::from(byte < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\');
    text.iter().fold(0, |found, byte| found | escaped(*byte)) != 0
}

struct Quoted {
    room: usize,
}

/// It is another value, which has a writer of its own.
#[derive(Debug)]
struct Other;

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a plain text")
    }
}

impl std::error::Error for Other {}

impl serde::ser::Error for Other {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! others {
    ($($method:ident($($argument:ty),*) -> $answer:ty;)+) => {
        $(fn $method(self $(, _: $argument)*) -> Result<$answer, Other> {
            Err(Other)
        })+
    };
}

impl Serializer for Quoted {
    type Ok = Wiped;
    type Error = Other;
    type SerializeSeq = Impossible<Wiped, Other>;
    type SerializeTuple = Impossible<Wiped, Other>;
    type SerializeTupleStruct = Impossible<Wiped, Other>;
    type SerializeTupleVariant = Impossible<Wiped, Other>;
    type SerializeMap = Impossible<Wiped, Other>;
    type SerializeStruct = Impossible<Wiped, Other>;
    type SerializeStructVariant = Impossible<Wiped, Other>;

    fn serialize_str(self, text: &str) -> Result<Wiped, Other> {
        if needs_escape(text.as_bytes()) {
            return Err(Other);
        }
        let mut json = Wiped::with_capacity(text.len() + 2 + self.room);
        let parts: [&[u8]; 3] = [b"\"", text.as_bytes(), b"\""];
        parts.iter().try_for_each(|part| json.write_all(part)).map_err(Other::custom)?;
        Ok(json)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Wiped, Other> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Wiped, Other> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Wiped, Other> {
        Err(Other)
    }

    others! {
        serialize_bool(bool) -> Wiped;
        serialize_i8(i8) -> Wiped;
        serialize_i16(i16) -> Wiped;
        serialize_i32(i32) -> Wiped;
        serialize_i64(i64) -> Wiped;
        serialize_u8(u8) -> Wiped;
        serialize_u16(u16) -> Wiped;
        serialize_u32(u32) -> Wiped;
        serialize_u64(u64) -> Wiped;
        serialize_f32(f32) -> Wiped;
        serialize_f64(f64) -> Wiped;
        serialize_char(char) -> Wiped;
        serialize_bytes(&[u8]) -> Wiped;
        serialize_none() -> Wiped;
        serialize_unit() -> Wiped;
        serialize_unit_struct(&'static str) -> Wiped;
        serialize_unit_variant(&'static str, u32, &'static str) -> Wiped;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_short_way_writes_and_reads_what_serde_json_does() {
        for text in ["", "s3cr3t", "Ünïcode 🔑", "a\u{7f}b", "\u{2028}"] {
            let short = quoted(text, 16).unwrap();
            assert_eq!(short.as_slice(), serde_json::to_vec(text).unwrap());
            assert_eq!(unquoted(short.as_slice()), Some(text));
        }
        for text in ["a\"b", "a\\b", "a\nb", "\0", "\u{1f}"] {
            assert!(quoted(text, 16).is_none(), "{text:?}");
            assert_eq!(unquoted(&serde_json::to_vec(text).unwrap()), None, "{text:?}");
        }
        for other in [json!(7), json!(null), json!(["a"]), json!({"a": "b"}), json!(true)] {
            assert!(quoted(&other, 16).is_none());
            assert_eq!(unquoted(&serde_json::to_vec(&other).unwrap()), None);
        }
        assert!(unquoted(b"\"").is_none() && unquoted(b"\"\xff\"").is_none());
        assert_eq!(super::super::buffer::read::<Option<String>>(b"\"a\""), Some(Some("a".to_owned())));
        assert_eq!(super::super::buffer::read::<Value>(b"\"a\""), Some(json!("a")));
    }
}

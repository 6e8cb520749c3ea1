//! A Rust value as what it is compared with: its serde form, where that is a scalar.

use std::fmt;

use serde::ser::{self, Serialize, Serializer};
use serde_json::{Number, Value};

use super::source::Kind;

/// A scalar that a statement binds.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Text.
    Text(String),
    /// An integer of 64 bits.
    Integer(i64),
    /// An integer beyond them, which only PostgreSQL has: where it is in an order, but never compared with.
    Unsigned(u64),
    /// A finite floating point number.
    Float(f64),
    /// A truth value.
    Flag(bool),
}

impl Literal {
    /// What kind of JSON it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Integer(_) | Self::Unsigned(_) | Self::Float(_) => Kind::Number,
            Self::Flag(_) => Kind::Flag,
        }
    }
}

/// What a value is in its serde form.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Nothing, which equals a missing attribute and a null.
    Null,
    /// A scalar.
    Scalar(Literal),
    /// An array or an object.
    Composite(Value),
}

/// Why a value cannot be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Incomparable(pub String);

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Incomparable {}

impl ser::Error for Incomparable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl Given {
    /// The serde form of a value.
    ///
    /// # Errors
    /// [`Incomparable`] for NaN, infinities, integers beyond 64 bits, text with U+0000, and what serde cannot write.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, Incomparable> {
        if let Some(given) = value.serialize(Scalars)? {
            Ok(given)
        } else {
            // Only its text has the shortest form of an `f32`, as it is stored.
            let text = serde_json::to_string(value).map_err(|error| Incomparable(error.to_string()))?;
            Self::from_json(serde_json::from_str(&text).map_err(|error| Incomparable(error.to_string()))?)
        }
    }

    /// The same of a value that is JSON already.
    ///
    /// # Errors
    /// As [`Given::of`].
    pub fn from_json(value: Value) -> Result<Self, Incomparable> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Bool(flag) => Ok(Self::Scalar(Literal::Flag(flag))),
            Value::Number(number) => from_number(&number),
            Value::String(text) => from_text(&text),
            composite => Ok(Self::Composite(composite)),
        }
    }
}

fn from_number(number: &Number) -> Result<Given, Incomparable> {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(integer), ..) => Ok(Given::Scalar(Literal::Integer(integer))),
        (None, Some(integer), _) => Err(too_large(integer)),
        (None, None, Some(float)) => from_float(float),
        (None, None, None) => Err(too_large(number)),
    }
}

fn from_float(float: f64) -> Result<Given, Incomparable> {
    if float.is_finite() {
        return Ok(Given::Scalar(Literal::Float(float)));
    }
    Err(Incomparable(format!("{float} is not a JSON number, and equals none")))
}

fn from_text(text: &str) -> Result<Given, Incomparable> {
    if text.contains('\0') {
        return Err(Incomparable("no stored text holds U+0000".to_owned()));
    }
    Ok(Given::Scalar(Literal::Text(text.to_owned())))
}

fn too_large(number: impl fmt::Display) -> Incomparable {
    Incomparable(format!("{number} is beyond the integers of 64 bits, which both databases compare alike"))
}

/// Writes scalars as [`Given`], and nothing else.
struct Scalars;

type Written = Result<Option<Given>, Incomparable>;

/// What [`Scalars`] makes of composites: `None`, whatever they hold.
struct Skip;

macro_rules! composites {
    ($($trait:ident: $method:ident($($argument:ty),*)),+ $(,)?) => {
        $(impl ser::$trait for Skip {
            type Ok = Option<Given>;
            type Error = Incomparable;

            fn $method<T: Serialize + ?Sized>(&mut self, $(_: $argument,)* _: &T) -> Result<(), Incomparable> {
                Ok(())
            }

            fn end(self) -> Written {
                Ok(None)
            }
        })+
    };
}

composites! {
    SerializeSeq: serialize_element(),
    SerializeTuple: serialize_element(),
    SerializeTupleStruct: serialize_field(),
    SerializeTupleVariant: serialize_field(),
    SerializeStruct: serialize_field(&'static str),
    SerializeStructVariant: serialize_field(&'static str),
}

impl ser::SerializeMap for Skip {
    type Ok = Option<Given>;
    type Error = Incomparable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Incomparable> {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Incomparable> {
        Ok(())
    }

    fn end(self) -> Written {
        Ok(None)
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty),+) => {
        $(fn $method(self, value: $type) -> Written {
            i64::try_from(value).map(|integer| Some(Given::Scalar(Literal::Integer(integer)))).map_err(|_: std::num::TryFromIntError| too_large(value))
        })+
    };
}

impl Serializer for Scalars {
    type Ok = Option<Given>;
    type Error = Incomparable;
    type SerializeSeq = Skip;
    type SerializeTuple = Skip;
    type SerializeTupleStruct = Skip;
    type SerializeTupleVariant = Skip;
    type SerializeMap = Skip;
    type SerializeStruct = Skip;
    type SerializeStructVariant = Skip;

    integers!(serialize_i128: i128, serialize_u64: u64, serialize_u128: u128);

    fn serialize_bool(self, value: bool) -> Written {
        Ok(Some(Given::Scalar(Literal::Flag(value))))
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Written {
        Ok(Some(Given::Scalar(Literal::Integer(value))))
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_f32(self, value: f32) -> Written {
        // The shortest text of the f32 is what serde_json stores; as f64 it must be that number, not a longer one.
        match value.to_string().parse() {
            Ok(float) => from_float(float).map(Some),
            Err(_) => from_float(value.into()).map(Some),
        }
    }

    fn serialize_f64(self, value: f64) -> Written {
        from_float(value).map(Some)
    }

    fn serialize_char(self, value: char) -> Written {
        from_text(value.encode_utf8(&mut [0; 4])).map(Some)
    }

    fn serialize_str(self, value: &str) -> Written {
        from_text(value).map(Some)
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        Ok(None)
    }

    fn serialize_none(self) -> Written {
        Ok(Some(Given::Null))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Ok(Some(Given::Null))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(Some(Given::Null))
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Ok(None)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }

    fn serialize_tuple(self, _: usize) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Skip, Incomparable> {
        Ok(Skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scalar<T: Serialize>(value: T) -> Literal {
        match Given::of(&value).unwrap() {
            Given::Scalar(literal) => literal,
            given => panic!("{given:?}"),
        }
    }

    #[test]
    fn scalars_are_what_serde_writes() {
        #[derive(serde::Serialize)]
        #[serde(rename_all = "kebab-case")]
        enum Colour {
            LightBlue,
        }
        assert_eq!(scalar("a"), Literal::Text("a".to_owned()));
        assert_eq!(scalar(Some(7_u8)), Literal::Integer(7));
        assert_eq!(scalar(0.1_f32), Literal::Float(0.1));
        assert_eq!(scalar(Colour::LightBlue), Literal::Text("light-blue".to_owned()));
        assert_eq!(Given::of(&None::<u8>).unwrap(), Given::Null);
        assert_eq!(Given::of(&[1, 2]).unwrap(), Given::Composite(serde_json::json!([1, 2])));
    }

    #[test]
    fn what_equals_nothing_is_refused() {
        assert_eq!(Given::of(&f64::NAN).unwrap_err().0, "NaN is not a JSON number, and equals none");
        assert_eq!(Given::of(&Some(f32::INFINITY)).unwrap_err().0, "inf is not a JSON number, and equals none");
        let error = Given::of(&u64::MAX).unwrap_err().0;
        assert_eq!(error, "18446744073709551615 is beyond the integers of 64 bits, which both databases compare alike");
        assert_eq!(Given::of("a\0").unwrap_err().0, "no stored text holds U+0000");
    }
}

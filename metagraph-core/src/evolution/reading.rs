//! The two ways in which a schema is read.
//!
//! schemars writes the size of a number as its `format`. The validator ignores that, Rust does not: what is said of all
//! values has to hold either way.

use serde_json::{Map, Number, Value};

use super::contain::{contained, contained_without_unnamed};
use super::number::compare;
use crate::schema::walk::edit;
use crate::value::ValueSchema;

/// A schema as the validator reads it, and as the Rust type does.
#[derive(Debug)]
pub(super) struct Reading {
    /// Formats of numbers say nothing.
    pub(super) json: ValueSchema,
    /// Formats of numbers are ranges.
    pub(super) rust: ValueSchema,
}

impl Reading {
    pub(super) fn new(schema: &Value) -> Result<Self, String> {
        let mut json = schema.clone();
        edit(&mut json, &without_sizes);
        Ok(Self { json: ValueSchema::new(&json)?, rust: as_rust_reads(schema)? })
    }

    /// Whether every value of this schema is proven to fit the other.
    pub(super) fn is_contained_in(&self, other: &Self) -> bool {
        contained(&self.json, &other.json) && contained(&self.rust, &other.rust)
    }

    /// The same, where values have no members that only the other schema names.
    pub(super) fn is_contained_without_unnamed_in(&self, other: &Self) -> bool {
        contained_without_unnamed(&self.json, &other.json) && contained_without_unnamed(&self.rust, &other.rust)
    }
}

/// A schema that takes no number which the Rust type behind it cannot hold.
pub(super) fn as_rust_reads(schema: &Value) -> Result<ValueSchema, String> {
    let mut sized = schema.clone();
    edit(&mut sized, &sizes_as_ranges);
    ValueSchema::new(&sized)
}

/// The least and the greatest number of a format; `None` for other formats.
fn range(format: &str) -> Option<(Number, Number)> {
    let whole = |least: i64, greatest: u64| Some((least.into(), greatest.into()));
    // Numbers beyond 64 bits have no exact form in JSON here, and these need none.
    let real = |least: f64, greatest: f64| Some((Number::from_f64(least)?, Number::from_f64(greatest)?));
    match format {
        "uint8" => whole(0, u8::MAX.into()),
        "uint16" => whole(0, u16::MAX.into()),
        "uint32" => whole(0, u32::MAX.into()),
        "uint64" | "uint" => whole(0, u64::MAX),
        "int8" => whole(i8::MIN.into(), 0x7f),
        "int16" => whole(i16::MIN.into(), 0x7fff),
        "int32" => whole(i32::MIN.into(), 0x7fff_ffff),
        "int64" | "int" => whole(i64::MIN, 0x7fff_ffff_ffff_ffff),
        "uint128" => real(0.0, 2.0_f64.powi(128)),
        "int128" => real(-2.0_f64.powi(127), 2.0_f64.powi(127)),
        _ => None,
    }
}

/// Whether a format is about the size of a number.
pub(super) fn is_size(format: &str) -> bool {
    matches!(format, "float" | "double") || range(format).is_some()
}

fn size(keywords: &Map<String, Value>) -> Option<&str> {
    keywords.get("format").and_then(Value::as_str).filter(|format| is_size(format))
}

fn without_sizes(keywords: &mut Map<String, Value>) {
    if size(keywords).is_some() {
        keywords.remove("format");
    }
}

fn sizes_as_ranges(keywords: &mut Map<String, Value>) {
    let Some((least, greatest)) = size(keywords).and_then(range) else { return };
    keywords.remove("format");
    let tighter = |keyword: &str, bound: &Number, order| {
        let said = keywords.get(keyword).and_then(Value::as_number);
        said.is_none_or(|said| compare(bound, said) == order)
    };
    let (tighter_least, tighter_greatest) = (
        tighter("minimum", &least, std::cmp::Ordering::Greater),
        tighter("maximum", &greatest, std::cmp::Ordering::Less),
    );
    if tighter_least {
        keywords.insert("minimum".to_owned(), least.into());
    }
    if tighter_greatest {
        keywords.insert("maximum".to_owned(), greatest.into());
    }
}

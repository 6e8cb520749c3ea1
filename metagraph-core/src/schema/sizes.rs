//! Sizes of numbers: schemars writes them as formats, which JSON schema gives no meaning.

use serde_json::{Map, Number, Value};

use super::number::compare;
use super::walk::edit;

/// The schema with the range of each number's Rust type said, so that it takes none that the type cannot hold.
///
/// ```
/// use metagraph_core::schema::with_ranges;
/// use serde_json::json;
///
/// let schema = json!({"type": "integer", "format": "uint16", "minimum": 1});
/// assert_eq!(with_ranges(&schema), json!({"type": "integer", "minimum": 1, "maximum": 65535}));
/// ```
pub fn with_ranges(schema: &Value) -> Value {
    let mut sized = schema.clone();
    edit(&mut sized, &sizes_as_ranges);
    sized
}

/// The schema without a word about the sizes of numbers.
pub(crate) fn without_sizes(schema: &Value) -> Value {
    let mut plain = schema.clone();
    edit(&mut plain, &|keywords| {
        if size(keywords).is_some() {
            keywords.remove("format");
        }
    });
    plain
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

fn size(keywords: &Map<String, Value>) -> Option<&str> {
    keywords
        .get("format")
        .and_then(Value::as_str)
        .filter(|format| matches!(*format, "float" | "double") || range(format).is_some())
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

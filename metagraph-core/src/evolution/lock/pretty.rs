//! JSON as it is compared line by line: sorted keys, and one member or element to a line.

use std::fmt;

use serde_json::Value;

pub(super) fn write(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    nested(f, value, 0)
}

fn nested(f: &mut fmt::Formatter<'_>, value: &Value, depth: usize) -> fmt::Result {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            f.write_str("{")?;
            for (place, (name, value)) in members.into_iter().enumerate() {
                line(f, place, depth + 1)?;
                write!(f, "{}: ", Value::String(name.clone()))?;
                nested(f, value, depth + 1)?;
            }
            end(f, depth, "}")
        }
        Value::Array(list) if !list.is_empty() => {
            f.write_str("[")?;
            for (place, value) in list.iter().enumerate() {
                line(f, place, depth + 1)?;
                nested(f, value, depth + 1)?;
            }
            end(f, depth, "]")
        }
        scalar => write!(f, "{scalar}"),
    }
}

fn line(f: &mut fmt::Formatter<'_>, place: usize, depth: usize) -> fmt::Result {
    f.write_str(if place == 0 { "\n" } else { ",\n" })?;
    indent(f, depth)
}

fn end(f: &mut fmt::Formatter<'_>, depth: usize, bracket: &str) -> fmt::Result {
    f.write_str("\n")?;
    indent(f, depth)?;
    f.write_str(bracket)
}

fn indent(f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
    (0..depth).try_for_each(|_| f.write_str("  "))
}

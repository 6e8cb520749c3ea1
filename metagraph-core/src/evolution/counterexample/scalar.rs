//! Numbers and texts at the ends of what is allowed, and whatever is named.

use serde_json::{Number, Value, json};

use super::{Found, Rules};
use crate::schema::number::{count, whole};
use crate::value::pattern;

/// Texts that have a format; one for each that schemars and others write.
const OF_FORMATS: [(&str, &str); 14] = [
    ("date-time", "2024-01-01T00:00:00Z"),
    ("date", "2024-01-01"),
    ("time", "00:00:00Z"),
    ("duration", "P1D"),
    ("email", "a@b.c"),
    ("hostname", "a.b"),
    ("ipv4", "1.2.3.4"),
    ("ipv6", "::1"),
    ("uri", "a:b"),
    ("uri-reference", "a"),
    ("uuid", "00000000-0000-0000-0000-000000000000"),
    ("json-pointer", "/a"),
    ("regex", "a"),
    ("idn-email", "a@b.c"),
];

/// One value of each kind.
pub(super) fn plain(found: &mut Found) {
    for value in [json!(0), json!(""), json!(false), json!(null), json!({}), json!([])] {
        found.add(value);
    }
}

/// What the rules name, and what is next to it.
pub(super) fn of(rules: &[Rules<'_>], found: &mut Found) {
    let said = |keyword: &str| rules.iter().filter_map(move |(_, keywords)| keywords.get(keyword)).collect::<Vec<_>>();
    for value in said("const").into_iter().chain(said("default")) {
        found.add(value.clone());
    }
    for value in said("examples").into_iter().filter_map(Value::as_array).flatten().take(8) {
        found.add(value.clone());
    }
    let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    let bounds: Vec<_> = bounds.into_iter().flat_map(said).filter_map(Value::as_number).collect();
    let multiples: Vec<_> = said("multipleOf").into_iter().filter_map(Value::as_number).collect();
    plain(found);
    numbers(&bounds, &multiples, found);
    for length in said("minLength").into_iter().chain(said("maxLength")).filter_map(count) {
        for length in [length.saturating_sub(1), length, length.saturating_add(1)] {
            found.add("a".repeat(length.min(4096).try_into().unwrap_or(0)).into());
        }
    }
    for text in said("pattern").into_iter().filter_map(Value::as_str) {
        found.add_all(pattern::first(text).into_iter().chain(beginning(text)));
    }
    let formats = said("format");
    for (_, text) in OF_FORMATS.iter().filter(|(format, _)| formats.iter().any(|said| *said == format)) {
        found.add((*text).into());
    }
    for value in [json!("a"), json!(true), json!(1), json!(-1), json!(0.5), json!("A"), json!("0"), json!("é b")] {
        found.add(value);
    }
}

fn numbers(bounds: &[&Number], multiples: &[&Number], found: &mut Found) {
    for bound in bounds {
        found.add(Value::Number((*bound).clone()));
        if let Some(whole) = whole(bound) {
            for near in [whole - 1, whole + 1] {
                found.add_all(Number::from_i128(near));
            }
            let steps = multiples.iter().filter_map(|multiple| self::whole(multiple)).filter(|step| *step > 0);
            for step in steps {
                for near in [whole.div_euclid(step) * step, (whole.div_euclid(step) + 1) * step] {
                    found.add_all(Number::from_i128(near));
                }
            }
        }
        for near in bound.as_f64().into_iter().flat_map(|real| [real - 0.5, real + 0.5]) {
            found.add_all(Number::from_f64(near));
        }
    }
    for real in multiples.iter().filter_map(|multiple| multiple.as_f64()) {
        for near in [real, real * 2.0, real * 3.0, real / 2.0] {
            found.add_all(Number::from_f64(near));
        }
    }
}

/// The letters that an anchored pattern begins with.
fn beginning(pattern: &str) -> Option<String> {
    let letters: String =
        pattern.strip_prefix('^')?.chars().take_while(|letter| !".*+?[](){}|^$\\".contains(*letter)).collect();
    (!letters.is_empty()).then_some(letters)
}

/// A name that a pattern describes, as far as that is easily told.
pub(super) fn named(pattern: &str) -> String {
    beginning(pattern).or_else(|| pattern::first(pattern)).unwrap_or_else(|| pattern.to_owned())
}

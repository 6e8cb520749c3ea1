//! Tests of single values: attributes, keys and labels.

use metagraph::Field;
use metagraph::query::{self, Predicate};
use serde_json::Value;

use super::{Test, when};

/// An attribute is there and passes, compared as text or as a number.
pub(super) fn value<O>(name: &'static str, test: &Test) -> Predicate<O> {
    Field::<O, Value>::new(name).is_not_null() & passing(name, test)
}

fn passing<O>(name: &'static str, test: &Test) -> Predicate<O> {
    let (any, letters) = (Field::<O, Value>::new(name), Field::<O, String>::new(name));
    let number = Field::<O, f64>::new(name);
    match test {
        Test::Equal(Value::Null) => when(false),
        Test::Equal(same) => any.eq(same.clone()),
        Test::Less(Value::String(than)) => letters.lt(than.as_str()),
        Test::Greater(Value::String(than)) => letters.gt(than.as_str()),
        Test::Less(than) => number.lt(than.as_f64().unwrap_or_default()),
        Test::Greater(than) => number.gt(than.as_f64().unwrap_or_default()),
        Test::Within(values) => any.is_in(values.iter().filter(|value| !value.is_null()).cloned()),
        Test::Starts(part) => letters.starts_with(part),
        Test::Ends(part) => letters.ends_with(part),
        Test::Contains(part) => letters.contains(part.as_str()),
        Test::Not(not) => !passing(name, not),
        Test::All(all) => Predicate::all(all.iter().map(|test| passing(name, test))),
        Test::Any(any) => Predicate::any(any.iter().map(|test| passing(name, test))),
    }
}

/// The key passes, which is the id in the data as text.
pub(super) fn key<O>(test: &Test) -> Predicate<O> {
    let written = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    match test {
        Test::Equal(id) => query::key().eq(written(id)),
        Test::Within(ids) => query::key().is_in(ids.iter().map(written)),
        Test::Not(not) => !key(not),
        _ => when(false),
    }
}

/// Whether a label passes, which types decide and no row.
pub(super) fn passes(test: &Test, label: &str) -> bool {
    match test {
        Test::Equal(value) => value == label,
        Test::Within(values) => values.iter().any(|value| value == label),
        Test::Not(not) => !passes(not, label),
        Test::All(all) => all.iter().all(|test| passes(test, label)),
        Test::Any(any) => any.iter().any(|test| passes(test, label)),
        _ => false,
    }
}

//! Numbers of JSON, compared by what they are and not by how they are written.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The whole number that this is, where it is one that can be told exactly.
pub(crate) fn whole(number: &Number) -> Option<i128> {
    number.as_i128().or_else(|| {
        let real = number.as_f64()?;
        #[allow(clippy::cast_possible_truncation, reason = "a whole number of that size is exact")]
        (real.fract() == 0.0 && real.abs() < 1e38).then_some(real as i128)
    })
}

/// Compares exactly, also a whole number with a floating one.
pub(crate) fn compare(one: &Number, other: &Number) -> Ordering {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(one), None) => with_real(one, real(other)),
        (None, Some(other)) => with_real(other, real(one)).reverse(),
        (None, None) => real(one).total_cmp(&real(other)),
    }
}

fn real(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

fn with_real(whole: i128, real: f64) -> Ordering {
    if real.abs() >= 1e38 {
        return 0.0_f64.total_cmp(&real);
    }
    let floor = real.floor();
    #[allow(clippy::cast_possible_truncation, reason = "it is smaller than the greatest")]
    let order = whole.cmp(&(floor as i128));
    if order == Ordering::Equal && real > floor { Ordering::Less } else { order }
}

/// A keyword's value as a count: 2.0 is one, too.
pub(crate) fn count(value: &Value) -> Option<u64> {
    whole(value.as_number()?)?.try_into().ok()
}

/// Whether two values are one in JSON schema, for which 1 and 1.0 are the same.
pub(crate) fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => compare(one, other) == Ordering::Equal,
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| equal(one, other)))
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_compared_exactly() {
        let number = |value: Value| value.as_number().cloned().unwrap();
        let order = |one: Value, other: Value| compare(&number(one), &number(other));
        assert_eq!(order(json!(1), json!(1.0)), Ordering::Equal);
        assert_eq!(order(json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992.0)), Ordering::Greater);
        assert_eq!(order(json!(u64::MAX), json!(1.8e19)), Ordering::Greater);
        assert_eq!(order(json!(-1), json!(-0.5)), Ordering::Less);
        assert_eq!(order(json!(0), json!(1e300)), Ordering::Less);
        assert_eq!(order(json!(-1e300), json!(i64::MIN)), Ordering::Less);
        assert!(equal(&json!({"a": [1]}), &json!({"a": [1.0]})) && !equal(&json!(true), &json!(1)));
        assert_eq!((count(&json!(2.0)), count(&json!(2.5)), count(&json!(-1))), (Some(2), None, None));
    }
}

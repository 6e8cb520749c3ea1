//! What is known of numbers: their range, whether they are whole, what they are multiples of.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::Piece;
use crate::schema::number::{compare, whole};

/// An end of a range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bound {
    pub(crate) number: Number,
    /// The number itself does not belong to the range.
    pub(crate) open: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers<'s> {
    pub(crate) least: Option<Bound>,
    pub(crate) greatest: Option<Bound>,
    pub(crate) whole: bool,
    pub(crate) multiples: Vec<&'s Number>,
    pub(crate) formats: Vec<&'s Value>,
}

/// Whole numbers up to here have a floating number of single, and of double precision each.
const EXACT_IN_SINGLE: i128 = 1 << 24;
const EXACT_IN_DOUBLE: i128 = 1 << 53;

impl<'s> Numbers<'s> {
    pub(crate) fn of(piece: &Piece<'s>) -> Self {
        let bounds = |closed, open| {
            let bound = |keyword, open| {
                piece
                    .all(keyword)
                    .filter_map(Value::as_number)
                    .map(move |number| Bound { number: number.clone(), open })
            };
            bound(closed, false).chain(bound(open, true)).collect::<Vec<_>>()
        };
        let multiples: Vec<_> = piece.all("multipleOf").filter_map(Value::as_number).collect();
        let is_whole = piece.all("type").any(|name| name == "integer")
            || multiples.iter().any(|multiple| divisor(multiple).is_some());
        let least = bounds("minimum", "exclusiveMinimum")
            .into_iter()
            .max_by(|one, other| compare(&one.number, &other.number).then(one.open.cmp(&other.open)));
        let greatest = bounds("maximum", "exclusiveMaximum")
            .into_iter()
            .min_by(|one, other| compare(&one.number, &other.number).then(other.open.cmp(&one.open)));
        let formats = piece.all("format").collect();
        Self { least, greatest, whole: is_whole, multiples, formats }
    }

    /// The range without the ends that no whole number reaches.
    fn tightened(&self) -> (Option<Bound>, Option<Bound>) {
        let tighten = |bound: &Option<Bound>, step: i128| {
            let bound = bound.clone()?;
            let inside = self.whole.then(|| inside(&bound, step)).flatten();
            Some(inside.map_or(bound, |number| Bound { number, open: false }))
        };
        (tighten(&self.least, 1), tighten(&self.greatest, -1))
    }

    pub(crate) fn is_empty(&self) -> bool {
        let (Some(least), Some(greatest)) = self.tightened() else { return false };
        match compare(&least.number, &greatest.number) {
            Ordering::Less => false,
            Ordering::Equal => least.open || greatest.open,
            Ordering::Greater => true,
        }
    }

    /// Whether all these numbers obey a rule.
    pub(crate) fn obey(&self, keyword: &str, value: &Value) -> bool {
        let Some(number) = value.as_number() else { return false };
        let (least, greatest) = self.tightened();
        let reaches = |bound: Option<Bound>, beyond: Ordering, open: bool| {
            bound.is_some_and(|bound| match compare(&bound.number, number) {
                Ordering::Equal => bound.open || !open,
                order => order == beyond,
            })
        };
        match keyword {
            "minimum" => reaches(least, Ordering::Greater, false),
            "exclusiveMinimum" => reaches(least, Ordering::Greater, true),
            "maximum" => reaches(greatest, Ordering::Less, false),
            "exclusiveMaximum" => reaches(greatest, Ordering::Less, true),
            "multipleOf" => self.are_multiples(number),
            _ => false,
        }
    }

    fn are_multiples(&self, number: &Number) -> bool {
        let asked = divisor(number);
        let divides = |multiple: &&Number| match (divisor(multiple), asked) {
            (Some(multiple), Some(asked)) => multiple % asked == 0,
            _ => *multiple == number,
        };
        self.whole && asked == Some(1) || self.multiples.iter().any(divides)
    }

    /// Whether a format is said, or all numbers have a floating one of its size.
    pub(crate) fn has_format(&self, format: &Value) -> bool {
        let exact = |bound: Option<Bound>| {
            bound.and_then(|bound| whole(&bound.number)).is_some_and(|number| number.abs() <= EXACT_IN_SINGLE)
        };
        let (least, greatest) = self.tightened();
        self.formats.contains(&format) || format == "float" && self.whole && exact(least) && exact(greatest)
    }

    /// Whether no number is in both ranges.
    pub(crate) fn is_apart_from(&self, other: &Numbers<'_>) -> bool {
        let later = |one: &Bound, other: &Bound| match compare(&one.number, &other.number) {
            Ordering::Less => true,
            Ordering::Equal => one.open || other.open,
            Ordering::Greater => false,
        };
        let before = |greatest: Option<Bound>, least: Option<Bound>| {
            greatest.zip(least).is_some_and(|(greatest, least)| later(&greatest, &least))
        };
        let (ours, theirs) = (self.tightened(), other.tightened());
        before(ours.1, theirs.0) || before(theirs.1, ours.0)
    }
}

/// The whole number that others are multiples of, where that is decided exactly.
fn divisor(number: &Number) -> Option<i128> {
    whole(number).filter(|divisor| (1..=EXACT_IN_DOUBLE).contains(divisor))
}

/// The whole number at an end of a range, or next to it.
fn inside(bound: &Bound, step: i128) -> Option<Number> {
    let number = match whole(&bound.number) {
        Some(whole) if bound.open => whole.checked_add(step)?,
        Some(whole) => whole,
        None => {
            let real = bound.number.as_f64()?;
            let next = if step > 0 { real.ceil() } else { real.floor() };
            whole(&Number::from_f64(next)?)?
        }
    };
    Number::from_i128(number)
}

//! Reads what a type and its attributes were before.

use syn::{ExprPath, LitStr};

use super::option::{self, Value, Written};
use crate::diagnostics::Diagnostics;
use crate::model::past::{Former, RenamedValue};
use crate::vocabulary::Place;

pub(super) fn name(cx: &mut Diagnostics, place: Place, option: Written) -> Option<Former> {
    let text = option.text(cx, place)?;
    Some(Former { word: option.word, text })
}

pub(super) fn upgrade(cx: &mut Diagnostics, place: Place, option: &Written) -> Option<ExprPath> {
    option.value(cx, place, "names a function from the earlier type")
}

/// The `from` and `to` inside `renamed_value(..)`.
pub(super) fn value(cx: &mut Diagnostics, option: Written) -> Option<RenamedValue> {
    const WANTS: &str = "takes the name that the value had and the one that it has";
    let Value::List(tokens) = &option.value else {
        option.malformed(cx, Place::Field, WANTS);
        return None;
    };
    let reported = cx.len();
    let (mut from, mut to): (Option<LitStr>, Option<LitStr>) = (None, None);
    let sides = option::list_of(tokens.clone(), |error| cx.add(error));
    for side in option::known_at(cx, Place::RenamedValue, sides) {
        let said = side.text(cx, Place::RenamedValue);
        if side.word == "from" {
            from = said;
        } else {
            to = said;
        }
    }
    let (Some(from), Some(to)) = (from, to) else {
        if cx.len() == reported {
            option.malformed(cx, Place::Field, WANTS);
        }
        return None;
    };
    Some(RenamedValue { word: option.word, from, to })
}

//! The kinds of values, and which of them turn into others without loss.

use serde_json::{Value, json};

use super::super::contain::Piece;
use super::super::kind::Kind;
use super::super::{Aspect, Class};
use super::Comparison;
use super::place::{self, Change, Place, Verdict, together};

type Names = Vec<&'static str>;

/// The names of the kinds that the pieces are of, in the order of [`Kind`]; numbers that are listed are what the others
/// are.
fn names(pieces: &[Piece<'_>], others: &[Piece<'_>]) -> Names {
    let of = |kind: &Kind| {
        pieces.iter().find(|piece| piece.kind == *kind)?;
        let is_whole = *kind == Kind::Number && are_whole(pieces).or_else(|| are_whole(others)).unwrap_or(true);
        Some(if is_whole { "integer" } else { kind.name() })
    };
    Kind::ALL.iter().filter_map(of).collect()
}

/// Whether all numbers are whole, as far as they are not listed.
fn are_whole(pieces: &[Piece<'_>]) -> Option<bool> {
    let mut numbers = pieces.iter().filter(|piece| piece.kind == Kind::Number && piece.constant().is_none()).peekable();
    numbers.peek()?;
    Some(numbers.all(|piece| piece.says("type", &"integer".into())))
}

fn shown(names: &[&str]) -> Option<Value> {
    match names {
        [] => None,
        [only] => Some(json!(only)),
        several => Some(json!(several)),
    }
}

/// So many kinds that are gone are too many to be listed.
const MANY: usize = 3;

impl<'s> Comparison<'s> {
    pub(super) fn compare_kinds(&mut self, place: &Place<'s>, before: &[Piece<'s>], after: &[Piece<'s>]) {
        let (old, new) = (names(before, after), names(after, before));
        let without = |names: &Names, others: &Names| -> Names {
            names.iter().filter(|name| !others.contains(name)).copied().collect()
        };
        let (removed, added) = (without(&old, &new), without(&new, &old));
        if old == new {
            return;
        }
        let rule = json!({"anyOf": new.iter().map(|name| json!({"type": name})).collect::<Vec<_>>()});
        let rule = if new.is_empty() { json!(false) } else { rule };
        let mut verdict = self.verdict(place, &place.before, Some(rule));
        if verdict.class > Class::Migratable && removed.iter().all(|kind| self.turns(place, kind, &new)) {
            verdict = Verdict { class: Class::Migratable, counterexample: verdict.counterexample };
        }
        let change = if removed.is_empty() {
            Change::new(Aspect::Kind, None, shown(&added))
        } else if added.is_empty() && removed.len() < MANY {
            Change::new(Aspect::Kind, shown(&removed), None)
        } else {
            Change::changed(Aspect::Kind, shown(&old), shown(&new))
        };
        self.push(place, change, verdict.class, verdict.counterexample);
    }

    /// Whether values of a kind that is gone become others, and nothing is lost.
    fn turns(&self, place: &Place<'s>, kind: &str, new: &Names) -> bool {
        let after = || together(&place.after);
        if kind == "null" {
            let has_default = place::default(self.after, &place.after).is_some();
            return place.required.is_some_and(|required| !required) || has_default;
        }
        let is_scalar = matches!(kind, "boolean" | "integer" | "number" | "string");
        if is_scalar
            && kind != "string"
            && new.contains(&"string")
            && self.is_proven(json!({"type": "string"}), after())
        {
            return true;
        }
        let one = json!({"allOf": [together(&place.before), {"type": kind}]});
        let list = json!({"type": "array", "items": one, "minItems": 1, "maxItems": 1});
        is_scalar && new.contains(&"array") && self.is_proven(list, after())
    }
}

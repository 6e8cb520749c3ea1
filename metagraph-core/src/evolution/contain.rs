//! Whether every value that fits one schema is proven to fit another.
//!
//! The older schema is on the left, the newer on the right, both in the normal form of [`value`](crate::value). What
//! the left says may be forgotten, for it then allows more; whatever the right says has to be proven. Nothing is
//! claimed that is not, so "no" only means that no proof was found.

mod alternative;
mod disjoint;
mod list;
mod number;
mod object;
mod same;
mod several;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;

use serde_json::Value;

pub(super) use alternative::{Alternative, Keywords, Piece, alternatives, pieces};
pub(super) use list::Lists;
pub(super) use number::{Bound, Numbers};
pub(super) use object::{at, property, required};
pub(super) use same::{same_keyword, same_with_defaults};
pub(super) use text::Texts;

use super::kind::{Kind, explains_only};
use crate::schema::walk::{self, visit};
use crate::value::{ValueSchema, place};

/// How often a question may be asked below one another, and all in all, before the answer is "not proven".
const DEEPEST: usize = 100;
const MOST: usize = 100_000;

/// A proof in the making.
pub(super) struct Containment<'s> {
    pub(super) left: &'s ValueSchema,
    pub(super) right: &'s ValueSchema,
    /// Members that only the right names are taken not to be there.
    unnamed_are_absent: bool,
    /// What is known, by the addresses of the parts; what is being asked is taken to be so, as values are finite.
    known: HashMap<Question, bool>,
    /// What was found true, in order: whatever came after a question that turned out false may have relied on it.
    found: Vec<Question>,
    same: HashMap<(usize, usize), bool>,
    asked: usize,
    depth: usize,
}

type Question = (Vec<usize>, usize);

/// Whether every value that fits the left schema fits the right.
pub(super) fn contained(left: &ValueSchema, right: &ValueSchema) -> bool {
    proven(left, right, false)
}

/// The same, where values have no members that only the right schema names.
pub(super) fn contained_without_unnamed(left: &ValueSchema, right: &ValueSchema) -> bool {
    proven(left, right, true)
}

fn proven(left: &ValueSchema, right: &ValueSchema, unnamed_are_absent: bool) -> bool {
    *left.root == *right.root
        || is_plain(&left.root)
            && is_plain(&right.root)
            && Containment::new(left, right, unnamed_are_absent).contained(&[&left.root], &right.root)
}

/// Whether all references are to definitions of the root.
fn is_plain(root: &Value) -> bool {
    visit(root, &mut String::new(), &mut |pointer, schema| {
        let keywords = schema.as_object();
        let is_other = |keyword: &String| match keyword.as_str() {
            "$id" => !pointer.is_empty(),
            // Its schemas are none that the normal form knows.
            "dependencies" => schema.to_string().contains("$ref"),
            "$dynamicRef" | "$dynamicAnchor" | "$recursiveRef" | "$recursiveAnchor" => true,
            _ => false,
        };
        if keywords.is_some_and(|keywords| keywords.keys().any(is_other)) {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })
    .is_continue()
}

impl<'s> Containment<'s> {
    pub(super) fn new(left: &'s ValueSchema, right: &'s ValueSchema, unnamed_are_absent: bool) -> Self {
        Self {
            left,
            right,
            unnamed_are_absent,
            known: HashMap::new(),
            found: Vec::new(),
            same: HashMap::new(),
            asked: 0,
            depth: 0,
        }
    }

    /// Whether every value that fits all of the left fits the right.
    fn contained(&mut self, left: &[&'s Value], right: &'s Value) -> bool {
        if says_nothing(right) {
            return true;
        }
        let mut places: Vec<usize> = left.iter().map(|part| place(part)).collect();
        places.sort_unstable();
        places.dedup();
        let question = (places, place(right));
        if let Some(known) = self.known.get(&question) {
            return *known;
        }
        let before = self.found.len();
        self.known.insert(question.clone(), true);
        let proven = self.deeper(|proof| proof.judged(left, right));
        if proven {
            self.found.push(question);
        } else {
            for doubtful in self.found.drain(before..) {
                self.known.remove(&doubtful);
            }
            self.known.insert(question, false);
        }
        proven
    }

    /// As [`Self::contained`], about the value that is being asked of: nothing is taken for granted.
    fn judged(&mut self, left: &[&'s Value], right: &'s Value) -> bool {
        if left.iter().any(|part| self.same(part, right)) {
            return true;
        }
        let Some(alternatives) = alternatives(self.left, left) else { return false };
        pieces(alternatives).iter().all(|piece| self.within(piece, right) || self.is_empty(piece))
    }

    /// Asks something further down, unless that leads too far.
    fn deeper(&mut self, ask: impl FnOnce(&mut Self) -> bool) -> bool {
        if self.depth >= DEEPEST || self.asked >= MOST {
            return false;
        }
        self.asked += 1;
        self.depth += 1;
        let answer = ask(self);
        self.depth -= 1;
        answer
    }

    /// Whether a piece of the left fits the right.
    fn within(&mut self, piece: &Piece<'s>, right: &'s Value) -> bool {
        let keywords = match right {
            Value::Bool(everything) => return *everything,
            Value::Object(keywords) => keywords,
            _ => return false,
        };
        if piece.parts.iter().any(|part| self.same(part, right)) {
            return true;
        }
        if let Some(value) = piece.constant() {
            return self.right.fits(right, Some(value)) || !self.is_possible(piece, value);
        }
        self.deeper(|proof| {
            keywords.iter().all(|(keyword, value)| {
                Kind::ruled_by(keyword).is_some_and(|kind| kind != piece.kind)
                    || proof.obeys(piece, keywords, keyword, value)
            })
        })
    }

    /// Whether a piece obeys one rule of the right that is about its kind.
    fn obeys(&mut self, piece: &Piece<'s>, right: &'s Keywords, keyword: &str, value: &'s Value) -> bool {
        match keyword {
            "$ref" => self.referred(value).is_some_and(|referred| self.within(piece, referred)),
            "allOf" => list_of(value).iter().all(|part| self.within(piece, part)),
            "anyOf" => self.within_any(piece, list_of(value)),
            "oneOf" => self.within_one(piece, list_of(value)),
            "not" => self.is_disjoint(piece, value) || self.is_excluded(piece, value),
            "if" => self.obeys_condition(piece, right, value),
            "then" | "else" => true,
            "type" => value.as_str().is_some_and(|name| piece.is_a(name)),
            "const" => false,
            "format" => match piece.kind {
                Kind::Text => Texts::of(piece).has("format", value),
                Kind::Number => value == "double" || Numbers::of(piece).has_format(value),
                _ => true,
            },
            keyword if explains_only(keyword) => true,
            keyword => match Kind::ruled_by(keyword) {
                Some(Kind::Number) => Numbers::of(piece).obey(keyword, value),
                Some(Kind::Text) => Texts::of(piece).obey(keyword, value),
                Some(Kind::List) => self.list_obeys(piece, right, keyword, value),
                Some(Kind::Object) => self.object_obeys(piece, right, keyword, value),
                _ => walk::holds(keyword) == walk::Holds::Data && piece.says(keyword, value),
            },
        }
    }

    fn referred(&self, reference: &Value) -> Option<&'s Value> {
        self.right.referred(reference.as_str()?)
    }

    /// Whether a value fits everything that is known of a piece.
    fn is_possible(&self, piece: &Piece<'s>, value: &Value) -> bool {
        piece.parts.iter().all(|part| self.left.fits(part, Some(value)))
    }
}

/// A schema that every value fits, as one can see.
pub(super) fn says_nothing(schema: &Value) -> bool {
    match schema {
        Value::Bool(everything) => *everything,
        Value::Object(keywords) => keywords.keys().all(|keyword| explains_only(keyword)),
        _ => false,
    }
}

fn list_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

//! Values that are listed, and schemas of which one has to fit.

use serde_json::{Map, Value, json};

use super::super::contain::{Keywords, Piece, property, required, same_keyword};
use super::super::kind::{Kind, explains_only};
use super::super::{Aspect, Class};
use super::Comparison;
use super::place::{Change, Place, together};
use crate::schema::number::equal;
use crate::value::ValueSchema;

/// Pieces of one kind: the values that are listed, and whatever else.
fn parted<'p, 's>(schema: &ValueSchema, pieces: &'p [Piece<'s>], kind: Kind) -> (Vec<&'s Value>, Vec<&'p Piece<'s>>) {
    let of_kind: Vec<_> = pieces.iter().filter(|piece| piece.kind == kind).collect();
    let mut values: Vec<&'s Value> = Vec::new();
    for value in of_kind.iter().filter_map(|piece| piece.constant()) {
        if !values.iter().any(|known| equal(known, value)) {
            values.push(value);
        }
    }
    let mut others: Vec<&Piece<'s>> = Vec::new();
    for piece in of_kind.into_iter().filter(|piece| piece.constant().is_none()) {
        if !others.iter().any(|known| say_the_same((schema, known), (schema, piece))) {
            others.push(piece);
        }
    }
    (values, others)
}

impl<'s> Comparison<'s> {
    pub(super) fn compare_variants(&mut self, place: &Place<'s>, before: &[Piece<'s>], after: &[Piece<'s>]) {
        for kind in Kind::ALL {
            let ((old_values, old), (new_values, new)) =
                (parted(self.before, before, kind), parted(self.after, after, kind));
            let is_in_both = (old_values.len() + old.len()).min(new_values.len() + new.len()) > 0;
            if !is_in_both || kind == Kind::Null {
                continue;
            }
            match (old.is_empty(), new.is_empty()) {
                (true, true) => self.compare_values(place, &old_values, &new_values),
                (true, false) => {
                    let change = Change::changed(Aspect::Values, json!(old_values), None);
                    self.judge(place, &place.before, None, change);
                }
                (false, true) => {
                    let rule = any_of_kind(kind, &new_values);
                    let change = Change::changed(Aspect::Values, None, json!(new_values));
                    self.judge(place, &place.before, Some(rule), change);
                }
                (false, false) => {
                    self.compare_values(place, &old_values, &new_values);
                    self.pair(place, old, new);
                }
            }
        }
    }

    fn compare_values(&mut self, place: &Place<'s>, old: &[&'s Value], new: &[&'s Value]) {
        let lacks = |values: &[&Value], value: &Value| !values.iter().any(|known| equal(known, value));
        for value in old.iter().filter(|value| lacks(new, value)) {
            let change = Change::new(Aspect::Values, Some((*value).clone()), None);
            if place.after.iter().all(|part| self.after.fits(part, Some(value))) {
                self.push(place, change, Class::Compatible, None);
            } else {
                self.judge(place, &place.before, Some(json!({"not": {"const": value}})), change);
            }
        }
        for value in new.iter().filter(|value| lacks(old, value)) {
            let change = Change::new(Aspect::Values, None, Some((*value).clone()));
            self.push(place, change, Class::Compatible, None);
        }
    }

    /// Compares alternatives that are one another's successor, and names the others.
    fn pair<'p>(&mut self, place: &Place<'s>, mut old: Vec<&'p Piece<'s>>, mut new: Vec<&'p Piece<'s>>) {
        let mut pairs = Vec::new();
        self.match_up(&mut old, &mut new, &mut pairs, Self::say_the_same);
        self.match_up(&mut old, &mut new, &mut pairs, |_, old, new| {
            label(old).is_some_and(|label_of_old| label(new) == Some(label_of_old))
        });
        let is_known = |piece: &&Piece<'s>| label(piece).is_some();
        if old.len() == new.len() && (old.len() == 1 || !old.iter().chain(&new).any(is_known)) {
            pairs.extend(old.drain(..).zip(new.drain(..)));
        }
        for (old, new) in pairs {
            self.compare_rules(place, old, new);
        }
        for piece in old {
            let change = Change::new(Aspect::Alternative, Some(shown(piece)), None);
            self.judge(place, &piece.parts, None, change);
        }
        for piece in new {
            self.push(place, Change::new(Aspect::Alternative, None, Some(shown(piece))), Class::Compatible, None);
        }
    }

    fn match_up<'p>(
        &self,
        old: &mut Vec<&'p Piece<'s>>,
        new: &mut Vec<&'p Piece<'s>>,
        pairs: &mut Vec<(&'p Piece<'s>, &'p Piece<'s>)>,
        belong: impl Fn(&Self, &Piece<'s>, &Piece<'s>) -> bool,
    ) {
        old.retain(|piece| {
            let Some(place) = new.iter().position(|other| belong(self, piece, other)) else { return true };
            pairs.push((piece, new.remove(place)));
            false
        });
    }

    /// Whether two alternatives have the same rules, word for word.
    fn say_the_same(&self, old: &Piece<'s>, new: &Piece<'s>) -> bool {
        say_the_same((self.before, old), (self.after, new))
    }
}

fn say_the_same<'s>((schema, one): (&ValueSchema, &Piece<'s>), (against, other): (&ValueSchema, &Piece<'s>)) -> bool {
    let rules = |piece: &Piece<'s>| -> Vec<(&'s String, &'s Value)> {
        let all = piece.rules.iter().flat_map(|keywords| keywords.iter());
        let is_other = |keyword: &str| Kind::ruled_by(keyword).is_some_and(|kind| kind != piece.kind);
        let says_kind = |keyword: &str| keyword == "type" && piece.kind != Kind::Number;
        all.filter(|(keyword, _)| is_rule(keyword) && !is_other(keyword) && !says_kind(keyword)).collect()
    };
    let (one, mut other) = (rules(one), rules(other));
    one.len() == other.len()
        && one.into_iter().all(|(keyword, value)| {
            let found = other
                .iter()
                .position(|(name, said)| keyword == *name && same_keyword(keyword, (schema, value), (against, said)));
            found.map(|place| other.swap_remove(place)).is_some()
        })
}

/// Keywords that are followed when alternatives are found are no rules of these.
pub(super) fn is_rule(keyword: &str) -> bool {
    !explains_only(keyword) && !matches!(keyword, "$ref" | "allOf" | "anyOf" | "oneOf")
}

/// The listed values of a kind, and whatever is of another.
fn any_of_kind(kind: Kind, values: &[&Value]) -> Value {
    let others = Kind::ALL.into_iter().filter(|other| *other != kind).map(|other| json!({"type": other.name()}));
    let listed = values.iter().map(|value| json!({"const": value}));
    json!({"anyOf": others.chain(listed).collect::<Vec<_>>()})
}

/// By what an alternative is known: the constant that tells it apart, or its only member.
fn label(piece: &Piece<'_>) -> Option<Value> {
    let required = required(&piece.rules);
    let constant = |name: &&str| {
        let member = piece.rules.iter().find_map(|keywords| property(keywords, name))?;
        Some(json!({*name: member.get("const")?}))
    };
    if let Some(label) = required.iter().find_map(constant) {
        return Some(label);
    }
    let is_only = |keywords: &&Keywords| keywords.get("properties").and_then(Value::as_object).map(Map::len) == Some(1);
    let only = required.first().filter(|_| required.len() == 1 && piece.rules.iter().any(is_only));
    let title = || piece.parts.iter().rev().find_map(|part| part.get("title")).cloned();
    only.map(|name| json!(name)).or_else(title)
}

fn shown(piece: &Piece<'_>) -> Value {
    label(piece).unwrap_or_else(|| {
        let last =
            piece.parts.iter().rev().find(|part| part.as_object().is_some_and(|map| map.keys().any(|k| is_rule(k))));
        last.map_or_else(|| json!({}), |part| together(&[part]))
    })
}

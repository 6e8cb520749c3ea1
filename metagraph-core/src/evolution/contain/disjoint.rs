//! Whether no value can be in both: of a piece of the left and a schema of the right, or in a piece at all.

use serde_json::Value;

use super::super::kind::Kind;
use super::object::{all_names, at, required};
use super::{Containment, Keywords, Lists, Numbers, Piece, Texts, alternatives, list_of, pieces, says_nothing};

impl<'s> Containment<'s> {
    /// Whether no value of the piece fits the right.
    pub(super) fn is_disjoint(&mut self, piece: &Piece<'s>, right: &'s Value) -> bool {
        if let Some(value) = piece.constant() {
            return !self.right.fits(right, Some(value)) || !self.is_possible(piece, value);
        }
        match right {
            Value::Bool(everything) => !everything || self.is_empty(piece),
            Value::Object(keywords) => self.deeper(|proof| {
                keywords.iter().any(|(keyword, value)| proof.contradicts(piece, keyword, value))
                    || proof.is_apart_from(piece, keywords)
            }),
            _ => false,
        }
    }

    /// Whether no value of the piece obeys one rule of the right.
    fn contradicts(&mut self, piece: &Piece<'s>, keyword: &str, value: &'s Value) -> bool {
        match keyword {
            "$ref" => self.referred(value).is_some_and(|referred| self.is_disjoint(piece, referred)),
            "allOf" => list_of(value).iter().any(|part| self.is_disjoint(piece, part)),
            "anyOf" | "oneOf" => list_of(value).iter().all(|part| self.is_disjoint(piece, part)),
            "not" => self.within(piece, value),
            "type" => value.as_str().is_some_and(|name| Kind::named(name) != Some(piece.kind)),
            "const" => !self.is_possible(piece, value),
            _ => false,
        }
    }

    fn is_apart_from(&mut self, piece: &Piece<'s>, keywords: &'s Keywords) -> bool {
        let right = Piece { kind: piece.kind, parts: Vec::new(), rules: vec![keywords] };
        match piece.kind {
            Kind::Number => Numbers::of(piece).is_apart_from(&Numbers::of(&right)),
            Kind::Text => Texts::of(piece).is_apart_from(&Texts::of(&right)),
            Kind::List => self.lists_are_apart(&Lists::of(piece), &Lists::of(&right)),
            Kind::Object => self.objects_are_apart(piece, &right),
            Kind::Null | Kind::Flag => false,
        }
    }

    fn lists_are_apart(&mut self, left: &Lists<'s>, right: &Lists<'s>) -> bool {
        let shorter = |greatest: Option<u64>, least: u64| greatest.is_some_and(|greatest| greatest < least);
        let least = left.least.max(right.least);
        let places = left.places().max(right.places());
        shorter(left.greatest, right.least)
            || shorter(right.greatest, left.least)
            || (0..=places).filter(|place| (*place as u64) < least).any(|place| {
                let element = right.at(place);
                self.are_disjoint(&left.at(place), &element)
            })
    }

    fn objects_are_apart(&mut self, left: &Piece<'s>, right: &Piece<'s>) -> bool {
        let mut there = required(&left.rules);
        there.extend(required(&right.rules));
        there.into_iter().any(|name| {
            let members = at(self.right, &right.rules, name);
            self.are_disjoint(&at(self.left, &left.rules, name), &members)
        })
    }

    /// Whether no value fits all of the left and one of the right.
    fn are_disjoint(&mut self, left: &[&'s Value], right: &[&'s Value]) -> bool {
        self.deeper(|proof| {
            let Some(alternatives) = alternatives(proof.left, left) else { return false };
            pieces(alternatives)
                .iter()
                .all(|piece| right.iter().any(|right| proof.is_disjoint(piece, right)) || proof.is_empty(piece))
        })
    }

    /// Whether no value fits all of the left.
    pub(super) fn is_nothing(&mut self, left: &[&'s Value]) -> bool {
        self.are_disjoint(left, &[])
    }

    /// Whether there is no value in a piece.
    pub(super) fn is_empty(&mut self, piece: &Piece<'s>) -> bool {
        if let Some(value) = piece.constant() {
            return !self.is_possible(piece, value);
        }
        if piece.all("not").any(says_nothing) {
            return true;
        }
        match piece.kind {
            Kind::Number => Numbers::of(piece).is_empty(),
            Kind::Text => Texts::of(piece).is_empty(),
            Kind::List => {
                let lists = Lists::of(piece);
                lists.greatest.is_some_and(|greatest| greatest < lists.least)
                    || (0..=lists.places())
                        .filter(|place| (*place as u64) < lists.least)
                        .any(|place| self.is_nothing(&lists.at(place)))
            }
            Kind::Object => {
                let there = required(&piece.rules);
                let most = all_names(&piece.rules).map(|names| names.len() as u64);
                let most = piece.at_most("maxProperties").into_iter().chain(most).min();
                most.is_some_and(|most| most < piece.at_least("minProperties").max(there.len() as u64))
                    || there.into_iter().any(|name| self.is_nothing(&at(self.left, &piece.rules, name)))
            }
            Kind::Null | Kind::Flag => false,
        }
    }
}

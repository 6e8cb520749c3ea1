//! Alternatives, conditions and negations of the right.

use serde_json::Value;

use super::{Containment, Keywords, Piece, list_of};

impl<'s> Containment<'s> {
    pub(super) fn within_any(&mut self, piece: &Piece<'s>, choices: &'s [Value]) -> bool {
        choices.iter().any(|choice| self.within(piece, choice))
    }

    /// Whether a piece fits one of several schemas, and none of the others.
    pub(super) fn within_one(&mut self, piece: &Piece<'s>, choices: &'s [Value]) -> bool {
        piece.all("oneOf").any(|known| self.same_choices(list_of(known), choices))
            || choices.iter().enumerate().any(|(place, choice)| {
                self.within(piece, choice)
                    && choices
                        .iter()
                        .enumerate()
                        .all(|(other, choice)| other == place || self.is_disjoint(piece, choice))
            })
    }

    fn same_choices(&mut self, known: &'s [Value], choices: &'s [Value]) -> bool {
        let mut left: Vec<&'s Value> = known.iter().collect();
        known.len() == choices.len()
            && choices.iter().all(|choice| {
                let found = left.iter().position(|known| self.same(known, choice));
                found.map(|place| left.swap_remove(place)).is_some()
            })
    }

    /// Whether the left excludes at least what the right does.
    pub(super) fn is_excluded(&mut self, piece: &Piece<'s>, excluded: &'s Value) -> bool {
        let known: Vec<_> = piece.all("not").collect();
        known.into_iter().any(|known| {
            self.same(known, excluded)
                || self.deeper(|proof| {
                    let mut reversed = Self::new(proof.right, proof.left, false);
                    (reversed.depth, reversed.asked) = (proof.depth, proof.asked);
                    let proven = reversed.judged(&[excluded], known);
                    proof.asked = reversed.asked;
                    proven
                })
        })
    }

    /// Whether a piece fits `then` where it fits `if`, and else `else`.
    pub(super) fn obeys_condition(&mut self, piece: &Piece<'s>, right: &'s Keywords, condition: &'s Value) -> bool {
        let (then, other) = (right.get("then"), right.get("else"));
        let all = |proof: &mut Self, rule: Option<&'s Value>| rule.is_none_or(|rule| proof.within(piece, rule));
        if all(self, then) && all(self, other)
            || self.is_disjoint(piece, condition) && all(self, other)
            || self.within(piece, condition) && all(self, then)
        {
            return true;
        }
        let rules = piece.rules.clone();
        rules.into_iter().any(|keywords| {
            let Some(known) = keywords.get("if").filter(|known| self.same(known, condition)) else { return false };
            let mut branch = |known: Vec<Option<&'s Value>>, rule: Option<&'s Value>| {
                let parts: Vec<_> = piece.parts.iter().copied().chain(known.into_iter().flatten()).collect();
                rule.is_none_or(|rule| self.deeper(|proof| proof.judged(&parts, rule)))
            };
            branch(vec![Some(known), keywords.get("then")], then) && branch(vec![keywords.get("else")], other)
        })
    }
}

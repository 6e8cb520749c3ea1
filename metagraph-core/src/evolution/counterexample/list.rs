//! Lists of the lengths that matter, with elements that do.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;

use super::super::contain::{Lists, Piece};
use super::super::kind::Kind;
use super::{Found, MadeUp, Own, Part, Rules, Shape};
use crate::schema::number::count;

const LONGEST: usize = 40;

impl<'s> MadeUp<'s> {
    pub(super) fn lists(&self, shape: &Shape<'s>, rules: &[Rules<'s>], depth: usize, found: &mut Found) {
        let piece = |rules| Lists::of(&Piece { kind: Kind::List, parts: Vec::new(), rules });
        let own = piece(shape.alternative.rules.clone());
        let each: Vec<_> = rules.iter().map(|(side, keywords)| (*side, piece(vec![*keywords]))).collect();
        let places = each.iter().map(|(_, lists)| lists.places()).max().unwrap_or(0).max(own.places()).min(LONGEST);
        let contained: Vec<Part<'s>> =
            rules.iter().filter_map(|(side, keywords)| Some((*side, keywords.get("contains")?))).collect();
        let mut elements: Vec<(Own<'s>, Rc<[Value]>)> = Vec::new();
        for place in 0..=places {
            let element = Own { side: shape.side, parts: own.at(place) };
            let others = each.iter().flat_map(|(side, lists)| lists.at(place).into_iter().map(|part| (*side, part)));
            let others: Vec<_> = others.chain(contained.iter().copied()).collect();
            let values = self.values(&element, &others, depth + 1);
            elements.push((element, values));
        }
        let list = |length: usize| self.list(&elements, length, own.unique);
        for length in lengths(rules, places) {
            found.add(list(length).into());
        }
        let least = usize::try_from(own.least).unwrap_or(0).min(LONGEST);
        for (place, (_, values)) in elements.iter().enumerate() {
            for value in values.iter() {
                let mut with = list(least.max(place + 1));
                if let Some(element) = with.get_mut(place) {
                    *element = value.clone();
                    found.add(with.into());
                }
            }
        }
        // The same twice, beside lists whose elements differ.
        if let Some((element, values)) = elements.last()
            && let Some(value) = self.fitting(element, values)
        {
            found.add(vec![value.clone(); least.max(2)].into());
        }
    }

    /// A list whose elements fit, and differ where they should.
    fn list(&self, elements: &[(Own<'s>, Rc<[Value]>)], length: usize, unique: bool) -> Vec<Value> {
        let mut list: Vec<Value> = Vec::new();
        for place in 0..length {
            let Some((element, values)) = elements.get(place).or_else(|| elements.last()) else { continue };
            let mut fitting = values.iter().filter(|value| self.fits(element, value));
            let next = fitting.find(|value| !unique || !list.contains(value));
            // More different whole numbers than were made up.
            let counted = || Some(Value::from(place + 100)).filter(|value| self.fits(element, value));
            list.extend(next.cloned().or_else(counted));
        }
        list
    }
}

fn lengths(rules: &[Rules<'_>], places: usize) -> BTreeSet<usize> {
    let mut lengths: BTreeSet<usize> = (0..=places + 2).collect();
    for keyword in ["minItems", "maxItems", "minContains", "maxContains"] {
        for count in rules.iter().filter_map(|(_, keywords)| keywords.get(keyword)).filter_map(count) {
            let count = usize::try_from(count).unwrap_or(LONGEST);
            lengths.extend([count.saturating_sub(1), count, count.saturating_add(1)]);
        }
    }
    lengths.into_iter().filter(|length| *length <= LONGEST).collect()
}

//! Lists: what is known of their elements and their number.

use serde_json::Value;

use super::{Containment, Keywords, Piece, list_of};
use crate::schema::number::count;

/// What is known of lists.
#[derive(Debug, Clone)]
pub(crate) struct Lists<'s> {
    pub(crate) rules: Vec<&'s Keywords>,
    pub(crate) least: u64,
    pub(crate) greatest: Option<u64>,
    pub(crate) unique: bool,
}

impl<'s> Lists<'s> {
    pub(crate) fn of(piece: &Piece<'s>) -> Self {
        let closed = piece.rules.iter().filter_map(|keywords| {
            let ends = keywords.get("items") == Some(&Value::Bool(false));
            ends.then(|| keywords.get("prefixItems").map_or(0, |places| list_of(places).len() as u64))
        });
        Self {
            rules: piece.rules.clone(),
            least: piece.at_least("minItems"),
            greatest: closed.chain(piece.at_most("maxItems")).min(),
            unique: piece.says("uniqueItems", &Value::Bool(true)),
        }
    }

    /// The schemas of the element at a place.
    pub(crate) fn at(&self, place: usize) -> Vec<&'s Value> {
        let own = |keywords: &&'s Keywords| {
            let places = keywords.get("prefixItems").map_or(&[][..], |places| list_of(places));
            places.get(place).or_else(|| keywords.get("items"))
        };
        self.rules.iter().filter_map(own).collect()
    }

    /// How many places have schemas of their own.
    pub(crate) fn places(&self) -> usize {
        let lengths = self.rules.iter().filter_map(|keywords| keywords.get("prefixItems"));
        lengths.map(|places| list_of(places).len()).max().unwrap_or(0)
    }

    pub(crate) fn reach(&self, place: usize) -> bool {
        self.greatest.is_none_or(|greatest| (place as u64) < greatest)
    }
}

impl<'s> Containment<'s> {
    pub(super) fn list_obeys(
        &mut self,
        piece: &Piece<'s>,
        right: &'s Keywords,
        keyword: &str,
        value: &'s Value,
    ) -> bool {
        let lists = Lists::of(piece);
        match keyword {
            "minItems" => count(value).is_some_and(|least| least <= lists.least),
            "maxItems" => count(value).zip(lists.greatest).is_some_and(|(greatest, ours)| ours <= greatest),
            "uniqueItems" => {
                *value == Value::Bool(false) || lists.unique || lists.greatest.is_some_and(|most| most < 2)
            }
            "prefixItems" => {
                let places = list_of(value).iter().enumerate();
                places
                    .into_iter()
                    .all(|(place, element)| !lists.reach(place) || self.contained(&lists.at(place), element))
            }
            "items" => {
                let first = right.get("prefixItems").map_or(0, |places| list_of(places).len());
                let beyond = first.max(lists.places());
                (first..=beyond).all(|place| !lists.reach(place) || self.contained(&lists.at(place), value))
            }
            "contains" => self.contains_enough(piece, right, value),
            "minContains" | "maxContains" => true,
            _ => false,
        }
    }

    fn contains_enough(&mut self, piece: &Piece<'s>, right: &'s Keywords, value: &'s Value) -> bool {
        let least = |keywords: &Keywords| keywords.get("minContains").map_or(Some(1), count);
        let Some(needed) = least(right) else { return false };
        piece.rules.iter().any(|keywords| {
            let Some(contained) = keywords.get("contains") else { return false };
            if let Some(most) = right.get("maxContains") {
                return keywords.get("maxContains") == Some(most)
                    && least(keywords) >= Some(needed)
                    && self.same(contained, value);
            }
            least(keywords) >= Some(needed) && self.contained(&[contained], value)
        }) || needed == 0 && !right.contains_key("maxContains")
    }
}

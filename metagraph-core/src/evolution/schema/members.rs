//! The members of objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::contain::{Keywords, Piece, at, required, says_nothing};
use super::super::{Aspect, Class};
use super::Comparison;
use super::place::{self, Change, Place, Verdict, together};
use crate::schema::walk::push;

fn keys<'s>(piece: &Piece<'s>, keyword: &'static str) -> BTreeSet<&'s str> {
    piece.all(keyword).filter_map(Value::as_object).flat_map(Map::keys).map(String::as_str).collect()
}

impl<'s> Comparison<'s> {
    pub(super) fn compare_members(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let (before, after) = (keys(old, "properties"), keys(new, "properties"));
        let now_required = required(&new.rules);
        for name in before.union(&after).copied() {
            let (was, now) = (at(self.before, &old.rules, name), at(self.after, &new.rules, name));
            match (before.contains(name), after.contains(name)) {
                (true, true) => {
                    let mut path = place.path.clone();
                    push(&mut path, name);
                    let is_required = now_required.contains(name);
                    self.next.push_back(Place::new(path, was, now, Some(is_required)));
                }
                (true, false) => {
                    let rule = json!({"properties": {name: together(&now)}});
                    let change = Change::new(Aspect::Member, Some(together(&was)), None).of(name);
                    self.judge(place, &old.parts, Some(rule), change);
                }
                _ => self.added(place, old, name, &now, now_required.contains(name)),
            }
        }
        self.compare_required(place, old, new);
        self.compare_other_members(place, old, new);
        self.compare_patterns(place, old, new);
        let count =
            |piece: &Piece<'s>, keyword: &'static str| piece.at_most(keyword).map(|count| json!({keyword: count}));
        let least = |piece: &Piece<'s>| Some(piece.at_least("minProperties")).filter(|least| *least > 0);
        let least = |piece: &Piece<'s>| least(piece).map(|least| json!({"minProperties": least}));
        let names = |piece: &Piece<'s>| {
            let names: Vec<_> = piece.all("propertyNames").collect();
            (!names.is_empty()).then(|| json!({"propertyNames": together(&names)}))
        };
        self.compare_rule(place, old, Aspect::Members, least(old), least(new));
        self.compare_rule(place, old, Aspect::Members, count(old, "maxProperties"), count(new, "maxProperties"));
        self.compare_rule(place, old, Aspect::Members, names(old), names(new));
    }

    /// A member that is named now: where others were allowed, a value may have one of that name already.
    fn added(&mut self, place: &Place<'s>, old: &Piece<'s>, name: &str, now: &[&'s Value], is_required: bool) {
        let rule = json!({"properties": {name: together(now)}});
        let verdict = self.verdict(place, &old.parts, Some(rule));
        let class = match verdict.class {
            Class::Compatible => Class::Compatible,
            _ if is_required && self.default_fits(now) => Class::Migratable,
            _ => Class::Undecidable,
        };
        self.push(place, Change::new(Aspect::Member, None, Some(together(now))).of(name), class, None);
    }

    /// Whether a member that is missing gets a value that fits.
    fn default_fits(&self, member: &[&'s Value]) -> bool {
        place::default(self.after, member)
            .is_some_and(|default| member.iter().all(|part| self.after.fits(part, Some(default))))
    }

    fn compare_required(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let (before, after) = (required(&old.rules), required(&new.rules));
        for name in after.difference(&before) {
            let mut verdict = self.verdict(place, &old.parts, Some(json!({"required": [name]})));
            let member = at(self.after, &new.rules, name);
            if verdict.class > Class::Migratable && self.default_fits(&member) {
                verdict = Verdict { class: Class::Migratable, ..verdict };
            }
            let change = Change::new(Aspect::Required, None, Some(true.into())).of(name);
            self.push(place, change, verdict.class, verdict.counterexample);
        }
        let known = keys(new, "properties");
        for name in
            before.difference(&after).filter(|name| known.contains(*name) || !keys(old, "properties").contains(*name))
        {
            let change = Change::new(Aspect::Required, Some(true.into()), None).of(name);
            self.push(place, change, Class::Compatible, None);
        }
    }

    fn compare_other_members(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let (before, after) = (others(old), others(new));
        let closed = |others: &[&Value]| others.contains(&&Value::Bool(false));
        if closed(&before) == closed(&after) {
            if !closed(&before) {
                let mut path = place.path.clone();
                push(&mut path, "*");
                self.next.push_back(Place::new(path, before, after, None));
            }
            return;
        }
        let rules: Vec<Value> = new.rules.iter().filter_map(|keywords| only_others(keywords)).collect();
        let rule = if rules.is_empty() { json!({}) } else { json!({"allOf": rules}) };
        let said = |others: &[&Value]| (!closed(others)).then(|| together(others));
        let change = Change::new(Aspect::OtherMembers, said(&before), said(&after));
        self.judge(place, &old.parts, Some(rule), change);
    }

    fn compare_patterns(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let (before, after) = (keys(old, "patternProperties"), keys(new, "patternProperties"));
        let of = |piece: &Piece<'s>, pattern: &str| -> Vec<&'s Value> {
            piece.all("patternProperties").filter_map(|patterns| patterns.get(pattern)).collect()
        };
        for pattern in before.union(&after).copied() {
            let (was, now) = (of(old, pattern), of(new, pattern));
            if before.contains(pattern) && after.contains(pattern) {
                let mut path = place.path.clone();
                push(&mut path, "*");
                self.next.push_back(Place::new(path, was, now, None));
                continue;
            }
            let said = |parts: &[&Value]| {
                (!parts.is_empty()).then(|| json!({"patternProperties": {pattern: together(parts)}}))
            };
            let (was, now) = (said(&was), said(&now));
            let rule = now.clone().unwrap_or_else(|| json!({}));
            let change = Change::new(Aspect::OtherMembers, was, now);
            self.judge(place, &old.parts, Some(rule), change);
        }
    }
}

/// What is said of members that are not named.
fn others<'s>(piece: &Piece<'s>) -> Vec<&'s Value> {
    piece.all("additionalProperties").filter(|others| !says_nothing(others)).collect()
}

/// The rule for members that are not named, with nothing said of the others.
fn only_others(keywords: &Keywords) -> Option<Value> {
    let nothing_of = |keyword: &str| {
        let names = keywords.get(keyword).and_then(Value::as_object).into_iter().flat_map(Map::keys);
        Value::Object(names.map(|name| (name.clone(), json!({}))).collect())
    };
    Some(json!({
        "properties": nothing_of("properties"),
        "patternProperties": nothing_of("patternProperties"),
        "additionalProperties": keywords.get("additionalProperties")?,
    }))
}

//! Values that fit the older schema and not the newer: the evidence that a change breaks something.
//!
//! They are made up from what both schemas say: their constants, the ends of their ranges, members that are there or
//! not. What is found is a fact; that nothing is found proves nothing.

mod list;
mod object;
mod scalar;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::contain::{Alternative, Keywords, alternatives};
use super::kind::Kind;
use super::reading::Reading;
use crate::schema::canonical_text;
use crate::value::{ValueSchema, place};

/// How many values are made up at most for the whole, and for a part of it further down.
const MOST: [usize; 6] = [2000, 160, 40, 16, 8, 4];

/// How many parts are looked into before only plain values are made up.
const PARTS: usize = 2000;

/// Values that fit before and not after, the smallest first; those that only a Rust type refuses come last.
pub(super) fn counterexamples(before: &Reading, after: &Reading) -> Vec<Value> {
    let mut all = Vec::new();
    for (before, after) in [(&before.json, &after.json), (&before.rust, &after.rust)] {
        let made = MadeUp { schemas: [before, after], parts: Cell::new(PARTS), known: RefCell::default() };
        let own = Own { side: Side::Before, parts: vec![&before.root] };
        let found = made.values(&own, &[(Side::After, &after.root)], 0);
        let refuted = found.iter().filter(|value| before.check(value) && !after.check(value));
        let mut refuted: Vec<_> = refuted.map(|value| (canonical_text(value), value.clone())).collect();
        refuted.sort_by(|(one, _), (other, _)| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
        all.extend(refuted.into_iter().map(|(_, value)| value));
    }
    all
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Side {
    Before,
    After,
}

/// A part of one of the schemas.
type Part<'s> = (Side, &'s Value);

/// The rules of one of the schemas.
type Rules<'s> = (Side, &'s Keywords);

/// What values should fit.
struct Own<'s> {
    side: Side,
    parts: Vec<&'s Value>,
}

/// Alternatives of one side: values are made for them.
struct Shape<'s> {
    side: Side,
    alternative: Alternative<'s>,
}

struct MadeUp<'s> {
    schemas: [&'s ValueSchema; 2],
    parts: Cell<usize>,
    known: RefCell<HashMap<Places, Rc<[Value]>>>,
}

/// What values were made up for: where the parts are in memory, and how deep.
type Places = (Vec<usize>, Vec<usize>, usize);

impl<'s> MadeUp<'s> {
    fn schema(&self, side: Side) -> &'s ValueSchema {
        let [before, after] = self.schemas;
        if side == Side::Before { before } else { after }
    }

    fn fits(&self, own: &Own<'s>, value: &Value) -> bool {
        own.parts.iter().all(|part| self.schema(own.side).fits(part, Some(value)))
    }

    /// Values that are interesting where values should fit `own` and others are said to be fit, too.
    fn values(&self, own: &Own<'s>, others: &[Part<'s>], depth: usize) -> Rc<[Value]> {
        let own_places = own.parts.iter().map(|part| place(part)).collect();
        let places = (own_places, others.iter().map(|(_, part)| place(part)).collect(), depth);
        if let Some(known) = self.known.borrow().get(&places) {
            return known.clone();
        }
        let made: Rc<[Value]> = self.made_up(own, others, depth).into();
        self.known.borrow_mut().insert(places, made.clone());
        made
    }

    fn made_up(&self, own: &Own<'s>, others: &[Part<'s>], depth: usize) -> Vec<Value> {
        let mut found = Found { values: Vec::new(), seen: HashSet::new(), most: MOST.get(depth).copied().unwrap_or(0) };
        if found.most == 0 || self.parts.get() == 0 {
            scalar::plain(&mut found);
            return found.values;
        }
        self.parts.set(self.parts.get() - 1);
        let mut rules: Vec<Rules<'s>> = Vec::new();
        let mut seen = HashSet::new();
        for part in own.parts.iter().map(|part| (own.side, *part)).chain(others.iter().copied()) {
            self.rules_of(part, &mut seen, &mut rules);
        }
        scalar::of(&rules, &mut found);
        for shape in &self.shapes(own, others) {
            if shape.alternative.allows(Kind::Object) {
                self.objects(shape, &rules, depth, &mut found);
            }
            if shape.alternative.allows(Kind::List) {
                self.lists(shape, &rules, depth, &mut found);
            }
        }
        found.values
    }

    /// The first value that fits.
    fn fitting<'v>(&self, own: &Own<'s>, values: &'v [Value]) -> Option<&'v Value> {
        values.iter().find(|value| self.fits(own, value))
    }

    fn shapes(&self, own: &Own<'s>, others: &[Part<'s>]) -> Vec<Shape<'s>> {
        let of = |side, parts: &[&'s Value]| {
            let found = alternatives(self.schema(side), parts).unwrap_or_default();
            found.into_iter().take(64).map(move |alternative| Shape { side, alternative })
        };
        let mut shapes: Vec<_> = of(own.side, &own.parts).collect();
        for (side, part) in others {
            shapes.extend(of(*side, &[part]));
        }
        // Constants are made up anyway.
        shapes.retain(|shape| shape.alternative.rules.iter().all(|keywords| !keywords.contains_key("const")));
        shapes
    }

    /// All rules that are about the same value, whether they have to hold or not.
    fn rules_of(&self, (side, part): Part<'s>, seen: &mut HashSet<(Side, usize)>, rules: &mut Vec<Rules<'s>>) {
        let Value::Object(keywords) = part else { return };
        if rules.len() > 512 || !seen.insert((side, place(part))) {
            return;
        }
        rules.push((side, keywords));
        let referred = keywords.get("$ref").and_then(Value::as_str);
        if let Some(part) = referred.and_then(|reference| self.schema(side).referred(reference)) {
            self.rules_of((side, part), seen, rules);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for part in keywords.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                self.rules_of((side, part), seen, rules);
            }
        }
        for part in ["not", "if", "then", "else"].into_iter().filter_map(|keyword| keywords.get(keyword)) {
            self.rules_of((side, part), seen, rules);
        }
        for part in keywords.get("dependentSchemas").and_then(Value::as_object).into_iter().flat_map(|map| map.values())
        {
            self.rules_of((side, part), seen, rules);
        }
    }
}

/// Values without repetition, up to a number.
struct Found {
    values: Vec<Value>,
    seen: HashSet<String>,
    most: usize,
}

impl Found {
    fn add(&mut self, value: Value) {
        if self.values.len() < self.most && self.seen.insert(value.to_string()) {
            self.values.push(value);
        }
    }

    fn add_all<T: Into<Value>>(&mut self, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.add(value.into());
        }
    }
}

#[cfg(test)]
#[allow(clippy::needless_pass_by_value, reason = "a case is read more easily")]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn found(before: Value, after: Value) -> Value {
        let (before, after) = (Reading::new(&before).unwrap(), Reading::new(&after).unwrap());
        counterexamples(&before, &after).into_iter().next().unwrap_or("nothing".into())
    }

    #[test]
    fn the_smallest_value_is_told() {
        assert_eq!(found(json!({"enum": ["a", "done"]}), json!({"enum": ["a"]})), json!("done"));
        assert_eq!(found(json!({"type": "integer"}), json!({"type": "integer", "minimum": 8})), json!(0));
        assert_eq!(found(json!({"maximum": 7, "minimum": 7}), json!({"type": "integer", "maximum": 6})), json!(7));
        assert_eq!(found(json!({"type": "string", "maxLength": 3}), json!({"maxLength": 2})), json!("aaa"));
        let (wide, narrow) =
            (json!({"type": "integer", "format": "uint64"}), json!({"type": "integer", "format": "int64"}));
        assert_eq!(found(wide, narrow), json!(9_223_372_036_854_775_808_u64));
        assert_eq!(found(json!({"type": "string"}), json!({})), json!("nothing"));
    }

    #[test]
    fn members_and_elements_are_made_up() {
        let person = |age: Value| {
            json!({"type": "object", "required": ["name", "age"], "properties": {
                "name": {"type": "string", "minLength": 2}, "age": age, "tags": {"type": "array", "items": {"enum": ["x", "y"]}}}})
        };
        let before = person(json!({"type": "integer", "minimum": 0}));
        assert_eq!(
            found(before.clone(), person(json!({"type": "integer", "minimum": 18}))),
            json!({"name": "aa", "age": 0})
        );
        let mut after = before.clone();
        after["properties"]["tags"]["items"] = json!({"enum": ["x"]});
        assert_eq!(found(before.clone(), after), json!({"name": "aa", "age": 0, "tags": ["y"]}));
        let mut after = before.clone();
        after["additionalProperties"] = json!(false);
        assert_eq!(found(before, after)["name"], json!("aa"));
        let lists =
            |most: u64| json!({"type": "array", "uniqueItems": true, "items": {"type": "integer"}, "maxItems": most});
        assert_eq!(found(lists(3), lists(2)).as_array().map(Vec::len), Some(3));
    }
}

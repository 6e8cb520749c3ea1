//! What is claimed of two schemas, tried with thousands of small ones.

use serde_json::{Map, Value, json};

use super::counterexample::counterexamples;
use super::reading::Reading;
use super::{Class, SchemaDiff};

/// The same choices in every run (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()].clone()
    }

    fn value(&mut self, depth: u64) -> Value {
        let scalars = [
            json!(null),
            json!(true),
            json!(0),
            json!(1),
            json!(2.0),
            json!(3),
            json!(0.5),
            json!(-1),
            json!(""),
            json!("a"),
            json!("bb"),
            json!("xa"),
        ];
        if depth == 0 || self.one_in(2) {
            return self.of(&scalars);
        }
        if self.one_in(2) {
            return (0..self.below(3)).map(|_| self.value(depth - 1)).collect();
        }
        let names = ["a", "b", "x", "other"];
        let members = (0..self.below(4)).map(|_| (self.of(&names).to_owned(), self.value(depth - 1)));
        Value::Object(members.collect::<Vec<_>>().into_iter().collect())
    }

    fn schema(&mut self, depth: u64) -> Value {
        if self.one_in(12) {
            return json!(self.one_in(2));
        }
        let mut keywords = Map::new();
        if depth == 0 || self.one_in(2) {
            match self.below(6) {
                0 => self.numbers(&mut keywords),
                1 => self.texts(&mut keywords),
                2 => {
                    let values: Vec<Value> = (0..=self.below(3)).map(|_| self.value(1)).collect();
                    keywords.insert("enum".into(), values.into());
                }
                3 => {
                    let value = self.value(1);
                    keywords.insert("const".into(), value);
                }
                4 => {
                    let kinds = self.of(&[
                        json!(["string", "null"]),
                        json!(["integer", "boolean"]),
                        json!("boolean"),
                        json!("array"),
                    ]);
                    keywords.insert("type".into(), kinds);
                }
                _ => {
                    let reference = self.of(&["#/$defs/A", "#/$defs/B"]);
                    keywords.insert("$ref".into(), reference.into());
                }
            }
            return keywords.into();
        }
        match self.below(8) {
            0..3 => self.objects(&mut keywords, depth - 1),
            3 => self.lists(&mut keywords, depth - 1),
            4 => {
                let condition = self.of(&["if", "not"]);
                for keyword in if condition == "if" { &["if", "then", "else"][..] } else { &["not"] } {
                    keywords.insert((*keyword).into(), self.schema(depth - 1));
                }
                self.numbers(&mut keywords);
            }
            _ => {
                let keyword = self.of(&["anyOf", "oneOf", "allOf"]);
                let parts: Vec<Value> = (0..=self.below(3)).map(|_| self.schema(depth - 1)).collect();
                keywords.insert(keyword.into(), parts.into());
                if self.one_in(4) {
                    self.texts(&mut keywords);
                }
            }
        }
        keywords.into()
    }

    fn numbers(&mut self, keywords: &mut Map<String, Value>) {
        if self.one_in(2) {
            let kind = self.of(&["integer", "number"]);
            keywords.insert("type".into(), kind.into());
        }
        for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
            if self.one_in(3) {
                let bound = self.of(&[json!(0), json!(1), json!(1.0), json!(0.5), json!(3)]);
                keywords.insert(keyword.into(), bound);
            }
        }
        if self.one_in(5) {
            let step = self.of(&[json!(1), json!(2), json!(4.0), json!(0.5)]);
            keywords.insert("multipleOf".into(), step);
        }
        if self.one_in(5) {
            let format = self.of(&["uint8", "int32", "double"]);
            keywords.insert("format".into(), format.into());
        }
    }

    fn texts(&mut self, keywords: &mut Map<String, Value>) {
        if self.one_in(2) {
            keywords.insert("type".into(), "string".into());
        }
        for keyword in ["minLength", "maxLength"] {
            if self.one_in(3) {
                keywords.insert(keyword.into(), self.below(3).into());
            }
        }
        if self.one_in(4) {
            let pattern = self.of(&["^a", "^x", "a$"]);
            keywords.insert("pattern".into(), pattern.into());
        }
    }

    fn objects(&mut self, keywords: &mut Map<String, Value>, depth: u64) {
        if !self.one_in(4) {
            keywords.insert("type".into(), "object".into());
        }
        let mut members = Map::new();
        for name in ["a", "b", "x"] {
            if self.one_in(2) {
                members.insert(name.into(), self.schema(depth));
            }
        }
        keywords.insert("properties".into(), members.into());
        let required: Vec<&str> = ["a", "b", "x"].into_iter().filter(|_| self.one_in(3)).collect();
        keywords.insert("required".into(), json!(required));
        if self.one_in(3) {
            let others = if self.one_in(2) { json!(false) } else { self.schema(depth) };
            keywords.insert("additionalProperties".into(), others);
        }
        if self.one_in(5) {
            let pattern = self.of(&["^x", "^a", "r$"]);
            keywords.insert("patternProperties".into(), json!({pattern: self.schema(depth)}));
        }
        for keyword in ["minProperties", "maxProperties"] {
            if self.one_in(6) {
                keywords.insert(keyword.into(), self.below(3).into());
            }
        }
        match self.below(12) {
            0 => _ = keywords.insert("dependentRequired".into(), json!({"a": ["b"]})),
            1 => _ = keywords.insert("dependentSchemas".into(), json!({"a": self.schema(depth)})),
            2 => _ = keywords.insert("propertyNames".into(), json!({"maxLength": self.below(3)})),
            3 => _ = keywords.insert("unevaluatedProperties".into(), false.into()),
            _ => {}
        }
    }

    fn lists(&mut self, keywords: &mut Map<String, Value>, depth: u64) {
        keywords.insert("type".into(), "array".into());
        if self.one_in(3) {
            let places: Vec<Value> = (0..=self.below(2)).map(|_| self.schema(depth)).collect();
            keywords.insert("prefixItems".into(), places.into());
        }
        if self.one_in(2) {
            keywords.insert("items".into(), self.schema(depth));
        }
        if self.one_in(5) {
            keywords.insert("contains".into(), self.schema(depth));
            for keyword in ["minContains", "maxContains"] {
                if self.one_in(2) {
                    keywords.insert(keyword.into(), self.below(3).into());
                }
            }
        }
        for keyword in ["minItems", "maxItems"] {
            if self.one_in(3) {
                keywords.insert(keyword.into(), self.below(3).into());
            }
        }
        if self.one_in(4) {
            keywords.insert("uniqueItems".into(), true.into());
        }
    }

    /// A schema with two definitions, which refer to one another only below members.
    fn whole(&mut self) -> Value {
        let mut whole = json!({"allOf": [self.schema(2)]});
        let text = self.of(&[json!({"type": "integer"}), json!({"type": "number"}), json!({"enum": ["a", 1]})]);
        let least = self.below(2);
        whole["$defs"] = json!({
            "A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/B"}, "b": text}, "minProperties": least},
            "B": {"anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/A"}}, text]},
        });
        whole
    }

    /// The schema with one thing changed in it.
    fn changed(&mut self, schema: &Value) -> Value {
        let mut places = Vec::new();
        let _ = crate::schema::walk::visit::<()>(schema, &mut String::new(), &mut |pointer, _| {
            places.push(pointer.to_owned());
            std::ops::ControlFlow::Continue(())
        });
        let place = self.of(&places);
        let mut changed = schema.clone();
        let part = changed.pointer_mut(&place).unwrap();
        let other = self.schema(1);
        match (part, other) {
            (Value::Object(keywords), Value::Object(others)) if !self.one_in(3) => {
                let names: Vec<String> = keywords.keys().filter(|name| *name != "$defs").cloned().collect();
                if self.one_in(2) && !names.is_empty() {
                    keywords.remove(&self.of(&names));
                } else {
                    keywords.extend(others);
                }
            }
            (part, other) if !place.is_empty() => *part = other,
            _ => {}
        }
        changed
    }
}

#[test]
fn what_is_claimed_holds_for_every_value_that_is_made_up() {
    let mut chance = Chance(0x5eed_1234_5678_9abc);
    let values: Vec<Value> = (0..400).map(|_| chance.value(3)).collect();
    let (mut claimed, mut refuted, mut open) = (0, 0, 0);
    for round in 0..2400 {
        let left = chance.whole();
        let right = if chance.one_in(4) { chance.whole() } else { chance.changed(&left) };
        let (Ok(before), Ok(after)) = (Reading::new(&left), Reading::new(&right)) else { continue };
        let proven = before.is_contained_in(&after);
        let counter = values.iter().find(|value| before.json.check(value) && !after.json.check(value)).cloned();
        // Values made up for the pair are worth more, and take longer.
        let ask = !proven || round % 16 == 0;
        let counter = counter.or_else(|| ask.then(|| counterexamples(&before, &after).into_iter().next()).flatten());
        match (proven, counter) {
            (true, Some(value)) => panic!("{left}\nis not within\n{right}\nfor {value}"),
            (true, None) => claimed += 1,
            (false, Some(_)) => refuted += 1,
            (false, None) => open += 1,
        }
    }
    assert!(claimed > 500 && refuted > 500, "claimed={claimed} refuted={refuted}");
    assert!(open * 8 < claimed + refuted, "too much is not decided: {open} of {}", claimed + refuted + open);
}

#[test]
fn what_is_named_agrees_with_what_is_proven() {
    let mut chance = Chance(0x0dd5_eed5_1234_5678);
    let values: Vec<Value> = (0..200).map(|_| chance.value(3)).collect();
    for _ in 0..150 {
        let left = chance.whole();
        let right = chance.changed(&left);
        let (Ok(before), Ok(after)) = (Reading::new(&left), Reading::new(&right)) else { continue };
        let diff = SchemaDiff::between(&left, &right).unwrap();
        assert_eq!(diff, SchemaDiff::between(&left, &right).unwrap(), "the same twice");
        let differs = values.iter().find(|value| before.json.check(value) != after.json.check(value));
        assert!(!diff.changes.is_empty() || differs.is_none(), "{left}\n{right}\n{differs:?}");
        let is_proven = before.is_contained_in(&after);
        assert_eq!(diff.class() == Class::Compatible, is_proven, "{left}\n{right}\n{diff}");
        for value in
            diff.changes.iter().filter(|change| change.path.is_empty()).filter_map(|one| one.counterexample.as_ref())
        {
            let refutes = |before: &Reading, after: &Reading| {
                before.json.check(value) && !after.json.check(value)
                    || before.rust.check(value) && !after.rust.check(value)
            };
            assert!(refutes(&before, &after), "{left}\n{right}\n{value}");
        }
    }
}

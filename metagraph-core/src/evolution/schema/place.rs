//! A place in values, what both schemas say of it, and how a change there is judged.

use std::cell::OnceCell;

use serde_json::{Map, Value, json};

use super::super::counterexample::counterexamples;
use super::super::reading::Reading;
use super::super::{self as evolution, Aspect, Class, How, Subject};
use super::Comparison;
use crate::value::ValueSchema;

/// A place in values: parts of both schemas that say what may be there.
pub(super) struct Place<'s> {
    pub(super) path: String,
    pub(super) before: Vec<&'s Value>,
    pub(super) after: Vec<&'s Value>,
    /// For a member of an object: whether it has to be there now.
    pub(super) required: Option<bool>,
    readings: OnceCell<Option<(Reading, Reading)>>,
    contained: OnceCell<bool>,
    counterexamples: OnceCell<Vec<Value>>,
}

impl<'s> Place<'s> {
    pub(super) fn new(path: String, before: Vec<&'s Value>, after: Vec<&'s Value>, required: Option<bool>) -> Self {
        Self {
            path,
            before,
            after,
            required,
            readings: OnceCell::new(),
            contained: OnceCell::new(),
            counterexamples: OnceCell::new(),
        }
    }

    /// What both schemas say here, to be shown.
    pub(super) fn said(&self) -> (Value, Value) {
        (together(&self.before), together(&self.after))
    }

    fn readings(&self, comparison: &Comparison<'s>) -> Option<&(Reading, Reading)> {
        let read = || {
            let before = standing_alone(comparison.before, together(&self.before));
            let after = standing_alone(comparison.after, together(&self.after));
            Some((Reading::new(&before).ok()?, Reading::new(&after).ok()?))
        };
        self.readings.get_or_init(read).as_ref()
    }
}

/// A change that is not judged yet.
pub(super) struct Change {
    pub(super) below: Option<String>,
    aspect: Aspect,
    how: How,
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    pub(super) fn new(aspect: Aspect, before: Option<Value>, after: Option<Value>) -> Self {
        let how = match (&before, &after) {
            (None, _) => How::Added,
            (_, None) => How::Removed,
            _ => How::Changed,
        };
        Self { below: None, aspect, how, before, after }
    }

    pub(super) fn changed(aspect: Aspect, before: impl Into<Option<Value>>, after: impl Into<Option<Value>>) -> Self {
        Self { below: None, aspect, how: How::Changed, before: before.into(), after: after.into() }
    }

    /// The change of a member, or of an element.
    pub(super) fn of(mut self, name: &str) -> Self {
        self.below = Some(name.to_owned());
        self
    }
}

/// What a change turned out to mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) class: Class,
    pub(super) counterexample: Option<Value>,
}

impl<'s> Comparison<'s> {
    /// Judges a change by what it asks of values that fit the left: one rule of the newer schema, or all of it.
    pub(super) fn judge(&mut self, place: &Place<'s>, left: &[&'s Value], rule: Option<Value>, change: Change) {
        let verdict = self.verdict(place, left, rule);
        self.push(place, change, verdict.class, verdict.counterexample);
    }

    pub(super) fn verdict(&self, place: &Place<'s>, left: &[&'s Value], rule: Option<Value>) -> Verdict {
        let judged = |class, counterexample| Verdict { class, counterexample };
        let Some((before, after)) = place.readings(self) else { return judged(Class::Undecidable, None) };
        if *place.contained.get_or_init(|| before.is_contained_in(after)) {
            return judged(Class::Compatible, None);
        }
        let left = Reading::new(&standing_alone(self.before, together(left)));
        let rule = rule.map(|rule| Reading::new(&standing_alone(self.after, rule)));
        let (Ok(left), Ok(rule)) = (left, rule.transpose()) else { return judged(Class::Undecidable, None) };
        let asked = rule.as_ref().unwrap_or(after);
        if left.is_contained_in(asked) {
            return judged(Class::Compatible, None);
        }
        let is_meant = |value: &Value| left.json.check(value) && !(asked.json.check(value) && asked.rust.check(value));
        let refuted = place.counterexamples.get_or_init(|| counterexamples(before, after));
        match refuted.iter().find(|value| is_meant(value)) {
            Some(value) => judged(Class::Breaking, Some(value.clone())),
            None => judged(Class::Undecidable, None),
        }
    }

    /// Whether every value of a schema beside the older one is proven to fit another beside the newer one.
    pub(super) fn is_proven(&self, left: Value, right: Value) -> bool {
        let left = Reading::new(&standing_alone(self.before, left));
        let right = Reading::new(&standing_alone(self.after, right));
        left.is_ok_and(|left| right.is_ok_and(|right| left.is_contained_in(&right)))
    }

    pub(super) fn push(&mut self, place: &Place<'s>, change: Change, class: Class, counterexample: Option<Value>) {
        let mut path = place.path.clone();
        if let Some(name) = &change.below {
            crate::schema::walk::push(&mut path, name);
        }
        let Change { aspect, how, before, after, .. } = change;
        let subject = Subject::Graph;
        self.changes.push(evolution::Change { subject, path, aspect, how, before, after, class, counterexample });
    }
}

/// Schemas that hold together, as one.
pub(super) fn together(parts: &[&Value]) -> Value {
    let plain = |part: &Value| match part {
        Value::Object(keywords) => {
            let kept = keywords.iter().filter(|(keyword, _)| !matches!(keyword.as_str(), "$defs" | "$schema" | "$id"));
            Value::Object(kept.map(|(keyword, value)| (keyword.clone(), value.clone())).collect())
        }
        part => part.clone(),
    };
    match parts {
        [] => json!({}),
        [only] => plain(only),
        parts => json!({"allOf": parts.iter().map(|part| plain(part)).collect::<Vec<_>>()}),
    }
}

/// The schema with the definitions that it may refer to.
fn standing_alone(schema: &ValueSchema, part: Value) -> Value {
    let Value::Object(mut keywords) = part else { return part };
    if let Some(definitions) = schema.root.get("$defs").and_then(Value::as_object).filter(|map| !map.is_empty()) {
        let known: Map<String, Value> = definitions.clone();
        keywords.insert("$defs".to_owned(), known.into());
    }
    keywords.into()
}

/// The default of what is missing, where a schema or what it refers to has one.
pub(super) fn default<'s>(schema: &'s ValueSchema, parts: &[&'s Value]) -> Option<&'s Value> {
    parts.iter().find_map(|part| {
        part.get("default").or_else(|| {
            let referred = schema.referred(part.get("$ref")?.as_str()?)?;
            default(schema, &[referred])
        })
    })
}

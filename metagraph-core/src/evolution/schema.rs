//! What changed between two versions of a JSON schema.

mod elements;
mod kinds;
mod members;
#[cfg(test)]
mod of_types;
mod place;
mod rules;
#[cfg(test)]
mod tests;
mod variants;

use std::collections::{HashSet, VecDeque};

use serde_json::Value;

use super::contain::{alternatives, pieces, same_with_defaults};
use super::counterexample::counterexamples;
use super::reading::Reading;
use super::{Aspect, Change, Class, How, Subject};
use crate::schema::canonical_text;
use crate::value::{ValueSchema, place as address};
use place::{Change as Named, Place};

/// Every change between two schemas, with what it means for stored values.
///
/// ```
/// use metagraph_core::evolution::{Aspect, Class, SchemaDiff};
/// use serde_json::json;
///
/// let before = json!({"type": "object", "properties": {"status": {"enum": ["open", "done"]}}});
/// let after = json!({"type": "object", "properties": {"status": {"enum": ["open"]}}});
/// let diff = SchemaDiff::between(&before, &after)?;
/// assert_eq!((diff.class(), diff.changes[0].aspect), (Class::Breaking, Aspect::Values));
/// assert_eq!(diff.to_string(), r#"/status: the value "done" is gone (breaking: "done" was valid)"#);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaDiff {
    /// By their place, then by what they are about. None at all only where the same values fit and defaults are the
    /// same.
    pub changes: Vec<Change>,
}

impl SchemaDiff {
    /// Compares an older schema with a newer one.
    ///
    /// ```
    /// use metagraph_core::evolution::{Class, SchemaDiff};
    /// use serde_json::json;
    ///
    /// let (before, after) = (json!({"type": "integer"}), json!({"type": "number"}));
    /// assert_eq!(SchemaDiff::between(&before, &after)?.class(), Class::Compatible);
    /// assert_eq!(SchemaDiff::between(&after, &before)?.changes[0].counterexample, Some(json!(0.5)));
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with one of the schemas.
    pub fn between(before: &Value, after: &Value) -> Result<Self, String> {
        let schemas = (ValueSchema::new(before)?, ValueSchema::new(after)?);
        let readings = (Reading::new(before)?, Reading::new(after)?);
        let mut comparison = Comparison {
            before: &schemas.0,
            after: &schemas.1,
            changes: Vec::new(),
            seen: HashSet::new(),
            next: VecDeque::new(),
        };
        let root = Place::new(String::new(), vec![&schemas.0.root], vec![&schemas.1.root], None);
        comparison.next.push_back(root);
        // The nearest places first: what comes again further down was named already.
        while let Some(place) = comparison.next.pop_front() {
            comparison.compare(&place);
        }
        let mut changes = comparison.changes;
        if readings.0.is_contained_in(&readings.1) {
            for change in &mut changes {
                (change.class, change.counterexample) = (Class::Compatible, None);
            }
            if changes.is_empty() && !readings.1.is_contained_in(&readings.0) {
                changes.push(whole(before, after, Class::Compatible, None));
            }
        } else if let Some((class, counter)) = unnamed(&changes, &readings) {
            changes.push(whole(before, after, class, counter));
        }
        changes.sort_by_cached_key(|change| {
            let said = [&change.before, &change.after].map(|said| said.as_ref().map(canonical_text));
            (change.path.clone(), change.aspect, change.how, said)
        });
        changes.dedup();
        Ok(Self { changes })
    }

    /// The worst class of all changes.
    ///
    /// ```
    /// use metagraph_core::evolution::{Class, SchemaDiff};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "string"});
    /// assert_eq!(SchemaDiff::between(&schema, &schema)?.class(), Class::Compatible);
    /// # Ok::<(), String>(())
    /// ```
    pub fn class(&self) -> Class {
        self.changes.iter().map(|change| change.class).max().unwrap_or(Class::Compatible)
    }
}

impl std::fmt::Display for SchemaDiff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::words::lines(f, &self.changes)
    }
}

/// What goes beyond the changes that were named, where no proof was found.
fn unnamed(changes: &[Change], (before, after): &(Reading, Reading)) -> Option<(Class, Option<Value>)> {
    let found = |is_meant: &dyn Fn(&Value) -> bool| {
        let refuted = counterexamples(before, after).into_iter().find(|value| is_meant(value));
        refuted.map(|value| (Class::Breaking, Some(value)))
    };
    let harmful: Vec<_> = changes.iter().filter(|change| change.class > Class::Compatible).collect();
    if harmful.is_empty() {
        return found(&|_| true).or(Some((Class::Undecidable, None)));
    }
    if harmful.iter().all(|change| change.only_clashes()) {
        return (!before.is_contained_without_unnamed_in(after)).then_some((Class::Undecidable, None));
    }
    if harmful.iter().all(|change| change.class == Class::Migratable || change.only_clashes()) {
        // What converting and filling in does not help, apart from clashes with new members.
        let new = harmful.iter().filter(|change| (change.aspect, change.how) == (Aspect::Member, How::Added));
        let new: Vec<_> = new.map(|change| change.path.as_str()).collect();
        return found(&|value| {
            let helped = without_nulls(after, value.clone());
            let helped = after.json.default(Some(after.json.convert(helped)));
            !new.iter().any(|path| has(value, path)) && helped.is_none_or(|value| !after.json.check(&value))
        });
    }
    None
}

/// Whether there is anything at a path, in which `*` is any element or member.
fn has(value: &Value, path: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else { return true };
    let (step, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let step = step.replace("~1", "/").replace("~0", "~");
    match value {
        Value::Object(members) if step == "*" => members.values().any(|member| has(member, rest)),
        Value::Object(members) => members.get(&step).is_some_and(|member| has(member, rest)),
        Value::Array(elements) if step == "*" => elements.iter().any(|element| has(element, rest)),
        Value::Array(elements) => {
            step.parse().is_ok_and(|place: usize| elements.get(place).is_some_and(|element| has(element, rest)))
        }
        _ => false,
    }
}

/// Leaves out members that are null and may not be.
fn without_nulls(after: &Reading, mut value: Value) -> Value {
    for error in after.json.errors(&value) {
        let Some((parent, name)) = error.path.rsplit_once('/') else { continue };
        let name = name.replace("~1", "/").replace("~0", "~");
        if value.pointer(&error.path) == Some(&Value::Null)
            && let Some(Value::Object(members)) = value.pointer_mut(parent)
        {
            members.remove(&name);
        }
    }
    value
}

fn whole(before: &Value, after: &Value, class: Class, counterexample: Option<Value>) -> Change {
    let (before, after) = (Some(before.clone()), Some(after.clone()));
    let (subject, path) = (Subject::Graph, String::new());
    Change { subject, path, aspect: Aspect::Rule, how: How::Changed, before, after, class, counterexample }
}

/// A comparison in the making.
struct Comparison<'s> {
    before: &'s ValueSchema,
    after: &'s ValueSchema,
    changes: Vec<Change>,
    /// Places that were compared, by the addresses of their parts: schemas may be part of themselves.
    seen: HashSet<[Vec<usize>; 2]>,
    /// Places that are still to be compared.
    next: VecDeque<Place<'s>>,
}

impl<'s> Comparison<'s> {
    fn compare(&mut self, place: &Place<'s>) {
        let parts = [&place.before, &place.after].map(|parts| parts.iter().map(|part| address(part)).collect());
        if self.are_same(place) || !self.seen.insert(parts) {
            return;
        }
        self.compare_defaults(place);
        let before = alternatives(self.before, &place.before).map(pieces);
        let after = alternatives(self.after, &place.after).map(pieces);
        let (Some(before), Some(after)) = (before, after) else {
            let said = place.said();
            self.judge(place, &place.before, None, Named::changed(Aspect::Rule, said.0, said.1));
            return;
        };
        self.compare_kinds(place, &before, &after);
        self.compare_variants(place, &before, &after);
    }

    fn are_same(&self, place: &Place<'s>) -> bool {
        let mut pairs = place.before.iter().zip(&place.after);
        place.before.len() == place.after.len()
            && pairs.all(|(before, after)| same_with_defaults((self.before, before), (self.after, after)))
    }

    fn compare_defaults(&mut self, place: &Place<'s>) {
        let before = place::default(self.before, &place.before);
        let after = place::default(self.after, &place.after);
        if before != after {
            let change = Named::new(Aspect::Default, before.cloned(), after.cloned());
            self.push(place, change, Class::Compatible, None);
        }
    }
}

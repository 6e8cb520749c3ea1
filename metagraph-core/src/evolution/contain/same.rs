//! Whether two schemas are the same word for word, apart from what only explains them and where definitions stand.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::super::kind::explains_only;
use super::Containment;
use crate::schema::number::equal;
use crate::schema::walk::{Holds, holds};
use crate::value::{ValueSchema, place};

impl<'s> Containment<'s> {
    pub(super) fn same(&mut self, left: &'s Value, right: &'s Value) -> bool {
        let question = (place(left), place(right));
        if let Some(known) = self.same.get(&question) {
            return *known;
        }
        let same = same((self.left, left), (self.right, right));
        self.same.insert(question, same);
        same
    }
}

type Part<'s> = (&'s ValueSchema, &'s Value);

/// Whether two parts of schemas say the same of values.
fn same(left: Part<'_>, right: Part<'_>) -> bool {
    Comparison { assumed: HashSet::new(), defaults: false }.parts(left, right)
}

/// Whether they also have the same defaults.
pub(in super::super) fn same_with_defaults(left: Part<'_>, right: Part<'_>) -> bool {
    Comparison { assumed: HashSet::new(), defaults: true }.parts(left, right)
}

/// Whether a keyword's values say the same.
pub(in super::super) fn same_keyword(keyword: &str, left: Part<'_>, right: Part<'_>) -> bool {
    Comparison { assumed: HashSet::new(), defaults: false }.keyword(keyword, left, right)
}

/// One difference decides, so that what is being compared can be taken to be the same.
struct Comparison {
    assumed: HashSet<(usize, usize)>,
    /// Defaults count, too.
    defaults: bool,
}

impl Comparison {
    fn counts(&self, keyword: &str) -> bool {
        !explains_only(keyword) || self.defaults && keyword == "default"
    }

    /// Follows references that stand alone.
    fn followed<'s>(&self, (schema, mut part): Part<'s>) -> &'s Value {
        while let Value::Object(keywords) = part
            && let Some(Value::String(reference)) = keywords.get("$ref")
            && keywords.keys().all(|keyword| keyword == "$ref" || !self.counts(keyword))
            && let Some(referred) = schema.referred(reference)
        {
            part = referred;
        }
        part
    }

    /// What a schema without rules says.
    fn says(&self, schema: &Value) -> Option<bool> {
        match schema {
            Value::Bool(everything) => Some(*everything),
            Value::Object(keywords) => keywords.keys().all(|keyword| !self.counts(keyword)).then_some(true),
            _ => None,
        }
    }

    fn parts(&mut self, left: Part<'_>, right: Part<'_>) -> bool {
        let (one, other) = (self.followed(left), self.followed(right));
        let (schema, against) = (left.0, right.0);
        let (Value::Object(one), Value::Object(other)) = (one, other) else {
            let said = self.says(one);
            return said.is_some() && said == self.says(other);
        };
        if !self.assumed.insert((place_of(one), place_of(other))) {
            return true;
        }
        let count = |keywords: &Map<String, Value>| keywords.keys().filter(|keyword| self.counts(keyword)).count();
        if count(one) != count(other) {
            return false;
        }
        let rules: Vec<_> = one.iter().filter(|(keyword, _)| self.counts(keyword)).collect();
        rules.into_iter().all(|(keyword, one)| {
            other.get(keyword).is_some_and(|other| self.keyword(keyword, (schema, one), (against, other)))
        })
    }

    fn keyword(&mut self, keyword: &str, (schema, one): Part<'_>, (against, other): Part<'_>) -> bool {
        match (holds(keyword), one, other) {
            (Holds::Schema, ..) => self.parts((schema, one), (against, other)),
            (Holds::List, Value::Array(one), Value::Array(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| self.parts((schema, one), (against, other)))
            }
            (Holds::Map, Value::Object(one), Value::Object(other)) => {
                one.len() == other.len()
                    && one.iter().all(|(name, one)| {
                        other.get(name).is_some_and(|other| self.parts((schema, one), (against, other)))
                    })
            }
            (Holds::Data, Value::String(one), Value::String(other)) if keyword == "$ref" => {
                let referred = schema.referred(one).zip(against.referred(other));
                referred.is_some_and(|(one, other)| self.parts((schema, one), (against, other)))
            }
            (Holds::Data, Value::Array(one), Value::Array(other)) if keyword == "required" => {
                one.len() == other.len() && one.iter().all(|name| other.contains(name))
            }
            (Holds::Data, one, other) => equal(one, other),
            _ => false,
        }
    }
}

fn place_of(keywords: &Map<String, Value>) -> usize {
    std::ptr::from_ref(keywords) as usize
}

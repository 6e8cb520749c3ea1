//! Objects with members that are there, are not, and are otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::super::contain::at;
use super::{Found, MadeUp, Own, Rules, Shape, scalar};
use crate::schema::number::count;

/// How many names are tried, and how many members are added to reach a number of them.
const NAMES: usize = 48;
const MEMBERS: u64 = 40;

impl<'s> MadeUp<'s> {
    pub(super) fn objects(&self, shape: &Shape<'s>, rules: &[Rules<'s>], depth: usize, found: &mut Found) {
        let own_rules = &shape.alternative.rules;
        let required = strings(own_rules.iter().filter_map(|keywords| keywords.get("required")));
        let named = keys(own_rules.iter().filter_map(|keywords| keywords.get("properties")));
        let mut all: BTreeSet<String> = named.union(&required).cloned().collect();
        for keyword in ["properties", "dependentRequired", "dependentSchemas"] {
            all.extend(keys(rules.iter().filter_map(|(_, keywords)| keywords.get(keyword))));
        }
        all.extend(strings(rules.iter().filter_map(|(_, keywords)| keywords.get("required"))));
        let patterns = keys(rules.iter().filter_map(|(_, keywords)| keywords.get("patternProperties")));
        all.extend(patterns.iter().map(|pattern| scalar::named(pattern)));
        all.extend(self.other_names(rules, depth));
        let mut least = Map::new();
        let mut most = Map::new();
        let mut members = BTreeMap::new();
        for name in all.iter().take(NAMES) {
            let (own, values) = self.member(shape, rules, name, depth);
            if let Some(value) = self.fitting(&own, &values) {
                if required.contains(name) {
                    least.insert(name.clone(), value.clone());
                }
                if required.contains(name) || named.contains(name) {
                    most.insert(name.clone(), value.clone());
                }
            }
            members.insert(name, values);
        }
        self.fill(&mut least, shape, rules, depth);
        found.add(least.clone().into());
        found.add(most.clone().into());
        for (name, values) in &members {
            for base in [&least, &most] {
                let mut without = base.clone();
                without.remove(*name);
                found.add(without.into());
                for value in values.iter() {
                    let mut with = base.clone();
                    with.insert((*name).clone(), value.clone());
                    found.add(with.into());
                }
            }
        }
        for keyword in ["minProperties", "maxProperties"] {
            for count in rules.iter().filter_map(|(_, keywords)| keywords.get(keyword)).filter_map(count) {
                for count in [count.saturating_sub(1), count, count.saturating_add(1)] {
                    let mut many = least.clone();
                    self.extend(&mut many, count, shape, rules, depth);
                    found.add(many.into());
                }
            }
        }
    }

    /// The values of a member, and what they should fit.
    fn member(&self, shape: &Shape<'s>, rules: &[Rules<'s>], name: &str, depth: usize) -> (Own<'s>, Rc<[Value]>) {
        let parts = at(self.schema(shape.side), &shape.alternative.rules, name);
        let own = Own { side: shape.side, parts };
        let others = rules.iter().flat_map(|(side, keywords)| {
            at(self.schema(*side), &[keywords], name).into_iter().map(|part| (*side, part))
        });
        let values = self.values(&own, &others.collect::<Vec<_>>(), depth + 1);
        (own, values)
    }

    /// Names of members that no rule names.
    fn other_names(&self, rules: &[Rules<'s>], depth: usize) -> Vec<String> {
        let mut names = vec!["other".to_owned()];
        for (side, part) in rules.iter().filter_map(|(side, keywords)| Some((*side, keywords.get("propertyNames")?))) {
            let texts = self.values(&Own { side, parts: vec![part] }, &[], depth.max(2));
            names.extend(texts.iter().filter_map(Value::as_str).take(12).map(str::to_owned));
        }
        names
    }

    /// Adds members until there are as many as the shape asks for.
    fn fill(&self, members: &mut Map<String, Value>, shape: &Shape<'s>, rules: &[Rules<'s>], depth: usize) {
        let needed = shape.alternative.rules.iter().filter_map(|keywords| keywords.get("minProperties"));
        self.extend(members, needed.filter_map(count).max().unwrap_or(0), shape, rules, depth);
    }

    fn extend(&self, members: &mut Map<String, Value>, to: u64, shape: &Shape<'s>, rules: &[Rules<'s>], depth: usize) {
        let to = to.min(MEMBERS).try_into().unwrap_or(usize::MAX);
        if members.len() >= to {
            return;
        }
        let (own, values) = self.member(shape, rules, "other", depth);
        let Some(value) = self.fitting(&own, &values) else { return };
        let names = keys(shape.alternative.rules.iter().filter_map(|keywords| keywords.get("properties")));
        for name in names {
            let (own, values) = self.member(shape, rules, &name, depth);
            if members.len() < to
                && let Some(value) = self.fitting(&own, &values)
            {
                members.insert(name, value.clone());
            }
        }
        for number in members.len()..to {
            members.insert(format!("other{number}"), value.clone());
        }
    }
}

fn keys<'s>(maps: impl Iterator<Item = &'s Value>) -> BTreeSet<String> {
    maps.filter_map(Value::as_object).flat_map(Map::keys).cloned().collect()
}

fn strings<'s>(lists: impl Iterator<Item = &'s Value>) -> BTreeSet<String> {
    lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

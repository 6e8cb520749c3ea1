//! Objects: what is known of their members.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{Containment, Keywords, Piece, list_of, says_nothing};
use crate::schema::number::count;
use crate::value::ValueSchema;

static TEXT: LazyLock<Value> = LazyLock::new(|| json!({"type": "string"}));

/// The schemas of the member with a name.
pub(crate) fn at<'s>(schema: &ValueSchema, rules: &[&'s Keywords], name: &str) -> Vec<&'s Value> {
    rules.iter().flat_map(|keywords| of_member(schema, keywords, name)).collect()
}

fn of_member<'s>(schema: &ValueSchema, keywords: &'s Keywords, name: &str) -> Vec<&'s Value> {
    let mut found: Vec<_> = property(keywords, name).into_iter().collect();
    found.extend(patterns(keywords).filter(|(pattern, _)| schema.describes(pattern, name)).map(|(_, member)| member));
    if found.is_empty() {
        found.extend(keywords.get("additionalProperties"));
    }
    found
}

/// The schema of the member that is called by its name.
pub(crate) fn property<'s>(keywords: &'s Keywords, name: &str) -> Option<&'s Value> {
    keywords.get("properties")?.get(name)
}

fn properties(keywords: &Keywords) -> impl Iterator<Item = (&String, &Value)> {
    keywords.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn patterns(keywords: &Keywords) -> impl Iterator<Item = (&String, &Value)> {
    keywords.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
}

/// The names of members that must be there.
pub(crate) fn required<'s>(rules: &[&'s Keywords]) -> BTreeSet<&'s str> {
    let lists = rules.iter().filter_map(|keywords| keywords.get("required"));
    lists.flat_map(list_of).filter_map(Value::as_str).collect()
}

/// The names of all members there can be, where all are known.
pub(super) fn all_names<'s>(rules: &[&'s Keywords]) -> Option<BTreeSet<&'s str>> {
    let closed = rules.iter().find(|keywords| {
        keywords.get("additionalProperties") == Some(&Value::Bool(false)) && patterns(keywords).next().is_none()
    })?;
    Some(properties(closed).map(|(name, _)| name.as_str()).collect())
}

impl<'s> Containment<'s> {
    pub(super) fn object_obeys(
        &mut self,
        piece: &Piece<'s>,
        right: &'s Keywords,
        keyword: &str,
        value: &'s Value,
    ) -> bool {
        match keyword {
            "required" => {
                let required = required(&piece.rules);
                list_of(value).iter().all(|name| name.as_str().is_some_and(|name| required.contains(name)))
            }
            "properties" => value.as_object().into_iter().flatten().all(|(name, member)| {
                self.unnamed_are_absent && !self.is_named(piece, name)
                    || self.contained(&at(self.left, &piece.rules, name), member)
            }),
            "patternProperties" => value
                .as_object()
                .into_iter()
                .flatten()
                .all(|(pattern, member)| self.pattern_obeyed(piece, pattern, member)),
            "additionalProperties" => says_nothing(value) || self.others_obey(piece, right, value),
            "propertyNames" => self.names_obey(piece, value),
            "minProperties" => {
                let required = required(&piece.rules).len() as u64;
                count(value).is_some_and(|least| least <= piece.at_least("minProperties").max(required))
            }
            "maxProperties" => {
                let names = all_names(&piece.rules).map(|names| names.len() as u64);
                let most = piece.at_most("maxProperties").into_iter().chain(names).min();
                count(value).zip(most).is_some_and(|(greatest, most)| most <= greatest)
            }
            "dependentRequired" => self.dependents_are_there(piece, value),
            "dependentSchemas" => value.as_object().into_iter().flatten().all(|(name, then)| {
                let known: Vec<_> = piece.all("dependentSchemas").filter_map(|known| known.get(name)).collect();
                known.iter().any(|known| self.same(known, then))
                    || !self.can_have(piece, name)
                    || self.within(piece, then)
            }),
            _ => false,
        }
    }

    /// Whether the left says anything of a member.
    fn is_named(&self, piece: &Piece<'s>, name: &str) -> bool {
        required(&piece.rules).contains(name)
            || piece.rules.iter().any(|keywords| {
                property(keywords, name).is_some()
                    || patterns(keywords).any(|(known, _)| self.left.describes(known, name))
            })
    }

    fn can_have(&mut self, piece: &Piece<'s>, name: &str) -> bool {
        let member = at(self.left, &piece.rules, name);
        !self.is_nothing(&member)
    }

    fn named_by(piece: &Piece<'s>) -> BTreeSet<&'s str> {
        piece.rules.iter().flat_map(|keywords| properties(keywords)).map(|(name, _)| name.as_str()).collect()
    }

    /// Whether members whose names have a pattern are what the right says of them.
    fn pattern_obeyed(&mut self, piece: &Piece<'s>, pattern: &str, member: &'s Value) -> bool {
        let named = Self::named_by(piece).into_iter().filter(|name| self.right.describes(pattern, name));
        named.collect::<Vec<_>>().into_iter().all(|name| self.contained(&at(self.left, &piece.rules, name), member))
            && unnamed(&piece.rules, Some(pattern), &[])
                .is_some_and(|cases| cases.iter().all(|case| self.contained(case, member)))
    }

    /// Whether members that the right does not name are what it says of others.
    fn others_obey(&mut self, piece: &Piece<'s>, right: &'s Keywords, others: &'s Value) -> bool {
        let known: Vec<&str> = patterns(right).map(|(pattern, _)| pattern.as_str()).collect();
        let described = |name: &str| {
            property(right, name).is_some() || known.iter().any(|pattern| self.right.describes(pattern, name))
        };
        let named: Vec<_> = Self::named_by(piece).into_iter().filter(|name| !described(name)).collect();
        named.into_iter().all(|name| self.contained(&at(self.left, &piece.rules, name), others))
            && unnamed(&piece.rules, None, &known)
                .is_some_and(|cases| cases.iter().all(|case| self.contained(case, others)))
    }

    fn names_obey(&mut self, piece: &Piece<'s>, names: &'s Value) -> bool {
        if let Some(all) = all_names(&piece.rules)
            && all.iter().all(|name| self.right.fits(names, Some(&json!(name))))
        {
            return true;
        }
        let mut known: Vec<&'s Value> = piece.all("propertyNames").collect();
        known.push(&TEXT);
        self.contained(&known, names)
    }

    fn dependents_are_there(&mut self, piece: &Piece<'s>, value: &'s Value) -> bool {
        value.as_object().into_iter().flatten().all(|(name, needed)| {
            let mut there = required(&piece.rules);
            for known in piece.all("dependentRequired").filter_map(|known| known.get(name)) {
                there.extend(list_of(known).iter().filter_map(Value::as_str));
            }
            list_of(needed).iter().all(|name| name.as_str().is_some_and(|name| there.contains(name)))
                || !self.can_have(piece, name)
        })
    }
}

/// What may be said of a member that no rule names: one case for each way in which the rules may describe it. The name
/// has one pattern and none of others; `None` where there are too many cases.
fn unnamed<'s>(rules: &[&'s Keywords], has: Option<&str>, has_not: &[&str]) -> Option<Vec<Vec<&'s Value>>> {
    let mut cases: Vec<Vec<&'s Value>> = vec![Vec::new()];
    for keywords in rules {
        let own: Option<&Map<String, Value>> = keywords.get("patternProperties").and_then(Value::as_object);
        if let Some(member) = has.and_then(|pattern| own?.get(pattern)) {
            for case in &mut cases {
                case.push(member);
            }
            continue;
        }
        let possible = patterns(keywords).filter(|(pattern, _)| !has_not.contains(&pattern.as_str()));
        let mut ways: Vec<Option<&'s Value>> = possible.map(|(_, member)| Some(member)).collect();
        ways.push(keywords.get("additionalProperties"));
        cases =
            cases.iter().flat_map(|case| ways.iter().map(|way| case.iter().copied().chain(*way).collect())).collect();
        if cases.len() > 64 {
            return None;
        }
    }
    Some(cases)
}

//! The rules of numbers and texts, and those that are compared as they are written.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::Aspect;
use super::super::contain::{Bound, Numbers, Piece, Texts, same_keyword};
use super::super::kind::Kind;
use super::Comparison;
use super::place::{Change, Place};
use super::variants::is_rule;

/// A rule of both schemas, as a schema of its own.
struct Rule {
    aspect: Aspect,
    before: Option<Value>,
    after: Option<Value>,
}

impl<'s> Comparison<'s> {
    /// Compares two schemas for values of one kind.
    pub(super) fn compare_rules(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let rules = match old.kind {
            Kind::Number => numbers(&Numbers::of(old), &Numbers::of(new)),
            Kind::Text => texts(&Texts::of(old), &Texts::of(new)),
            _ => Vec::new(),
        };
        for Rule { aspect, before, after } in rules {
            self.compare_rule(place, old, aspect, before, after);
        }
        match old.kind {
            Kind::List => self.compare_elements(place, old, new),
            Kind::Object => self.compare_members(place, old, new),
            _ => {}
        }
        self.compare_others(place, old, new);
    }

    /// Compares one rule, which is a schema of its own.
    pub(super) fn compare_rule(
        &mut self,
        place: &Place<'s>,
        old: &Piece<'s>,
        aspect: Aspect,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        if before != after {
            let rule = after.clone().unwrap_or_else(|| json!({}));
            self.judge(place, &old.parts, Some(rule), Change::new(aspect, before, after));
        }
    }

    /// Compares what is compared nowhere else, keyword by keyword.
    fn compare_others(&mut self, place: &Place<'s>, old: &Piece<'s>, new: &Piece<'s>) {
        let keywords = |piece: &Piece<'s>| {
            let all = piece.rules.iter().flat_map(|keywords| keywords.keys());
            all.filter(|keyword| is_rule(keyword) && !is_compared(keyword)).collect::<BTreeSet<_>>()
        };
        for keyword in keywords(old).union(&keywords(new)) {
            if Kind::ruled_by(keyword).is_some_and(|kind| kind != old.kind) {
                continue;
            }
            let (before, after): (Vec<_>, Vec<_>) = (old.all(keyword).collect(), new.all(keyword).collect());
            let mut pairs = before.iter().zip(&after);
            if before.len() == after.len()
                && pairs.all(|(one, other)| same_keyword(keyword, (self.before, one), (self.after, other)))
            {
                continue;
            }
            let shown = |values: &[&Value]| values.first().map(|value| json!({*keyword: value}));
            let aspect = match keyword.as_str() {
                "unevaluatedProperties" => Aspect::OtherMembers,
                "contains" | "minContains" | "maxContains" | "unevaluatedItems" => Aspect::Elements,
                _ => Aspect::Rule,
            };
            // These mean something only together with others.
            let alone = !matches!(
                keyword.as_str(),
                "unevaluatedProperties"
                    | "unevaluatedItems"
                    | "contains"
                    | "minContains"
                    | "maxContains"
                    | "if"
                    | "then"
                    | "else"
            );
            let rule =
                alone.then(|| json!({"allOf": after.iter().map(|value| json!({*keyword: value})).collect::<Vec<_>>()}));
            let rule = rule.map(|rule| if after.is_empty() { json!({}) } else { rule });
            self.judge(place, &old.parts, rule, Change::new(aspect, shown(&before), shown(&after)));
        }
    }
}

/// Keywords that have a comparison of their own.
fn is_compared(keyword: &str) -> bool {
    matches!(
        keyword,
        "type"
            | "const"
            | "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "format"
            | "minLength"
            | "maxLength"
            | "pattern"
            | "prefixItems"
            | "items"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "properties"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "minProperties"
            | "maxProperties"
            | "required"
    )
}

fn numbers(old: &Numbers<'_>, new: &Numbers<'_>) -> Vec<Rule> {
    let bound = |bound: &Option<Bound>, closed: &str, open: &str| {
        bound.as_ref().map(|bound| json!({if bound.open { open } else { closed }: bound.number}))
    };
    let least = |numbers: &Numbers<'_>| bound(&numbers.least, "minimum", "exclusiveMinimum");
    let greatest = |numbers: &Numbers<'_>| bound(&numbers.greatest, "maximum", "exclusiveMaximum");
    let multiples = |numbers: &Numbers<'_>| all("multipleOf", numbers.multiples.iter().map(|number| json!(number)));
    let formats = |numbers: &Numbers<'_>| all("format", numbers.formats.iter().map(|format| (*format).clone()));
    vec![
        Rule { aspect: Aspect::Range, before: least(old), after: least(new) },
        Rule { aspect: Aspect::Range, before: greatest(old), after: greatest(new) },
        Rule { aspect: Aspect::Multiple, before: multiples(old), after: multiples(new) },
        Rule { aspect: Aspect::Format, before: formats(old), after: formats(new) },
    ]
}

fn texts(old: &Texts<'_>, new: &Texts<'_>) -> Vec<Rule> {
    let least = |texts: &Texts<'_>| (texts.least > 0).then(|| json!({"minLength": texts.least}));
    let greatest = |texts: &Texts<'_>| texts.greatest.map(|greatest| json!({"maxLength": greatest}));
    let patterns = |texts: &Texts<'_>| all("pattern", texts.patterns.iter().map(|pattern| (*pattern).clone()));
    let formats = |texts: &Texts<'_>| all("format", texts.formats.iter().map(|format| (*format).clone()));
    vec![
        Rule { aspect: Aspect::Length, before: least(old), after: least(new) },
        Rule { aspect: Aspect::Length, before: greatest(old), after: greatest(new) },
        Rule { aspect: Aspect::Pattern, before: patterns(old), after: patterns(new) },
        Rule { aspect: Aspect::Format, before: formats(old), after: formats(new) },
    ]
}

/// A rule that may be said several times.
fn all(keyword: &str, values: impl Iterator<Item = Value>) -> Option<Value> {
    let mut schemas: Vec<Value> = values.map(|value| json!({keyword: value})).collect();
    schemas.sort_by_key(ToString::to_string);
    schemas.dedup();
    match schemas.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(json!({"allOf": schemas})),
    }
}

//! A schema as a list of alternatives, each of which is a number of plain rules that hold together.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::super::kind::Kind;
use crate::schema::number::{count, equal};
use crate::value::ValueSchema;

pub(crate) type Keywords = Map<String, Value>;

/// How many alternatives a schema may have before it is not looked into.
const MOST: usize = 2048;

/// Schemas that hold together: references, conjunctions and the choices that were made are followed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Alternative<'s> {
    /// The schemas, as they stand in the whole.
    pub(crate) parts: Vec<&'s Value>,
    /// Their keywords.
    pub(crate) rules: Vec<&'s Keywords>,
}

impl Alternative<'_> {
    pub(crate) fn allows(&self, kind: Kind) -> bool {
        self.rules.iter().all(|keywords| allows(keywords, kind))
    }

    fn is_possible(&self) -> bool {
        let mut constants = self.rules.iter().filter_map(|keywords| keywords.get("const"));
        let agree = constants.next().is_none_or(|first| constants.all(|other| equal(first, other)));
        agree && Kind::ALL.iter().any(|kind| self.allows(*kind))
    }
}

fn allows(keywords: &Keywords, kind: Kind) -> bool {
    let named = keywords.get("type").and_then(Value::as_str);
    named.is_none_or(|name| Kind::named(name) == Some(kind))
        && keywords.get("const").is_none_or(|value| Kind::of(value) == kind)
}

/// The alternatives of schemas that hold together; none where nothing fits, `None` where there are too many.
///
/// Of `oneOf`, too, any may hold: that is more than the schema allows.
pub(crate) fn alternatives<'s>(schema: &'s ValueSchema, parts: &[&'s Value]) -> Option<Vec<Alternative<'s>>> {
    parts.iter().try_fold(vec![Alternative::default()], |found, part| with(schema, part, found))
}

fn with<'s>(schema: &'s ValueSchema, part: &'s Value, mut found: Vec<Alternative<'s>>) -> Option<Vec<Alternative<'s>>> {
    let keywords = match part {
        Value::Bool(true) => return Some(found),
        Value::Bool(false) => return Some(Vec::new()),
        Value::Object(keywords) => keywords,
        _ => return None,
    };
    for alternative in &mut found {
        alternative.parts.push(part);
        alternative.rules.push(keywords);
    }
    found.retain(Alternative::is_possible);
    if let Some(reference) = keywords.get("$ref") {
        found = with(schema, schema.referred(reference.as_str()?)?, found)?;
    }
    for part in keywords.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        found = with(schema, part, found)?;
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(choices) = keywords.get(keyword).and_then(Value::as_array) else { continue };
        let mut chosen = Vec::new();
        for choice in choices {
            chosen.extend(with(schema, choice, found.clone())?);
            if chosen.len() > MOST {
                return None;
            }
        }
        found = chosen;
    }
    Some(found)
}

/// The values of one kind that fit an alternative.
#[derive(Debug, Clone)]
pub(crate) struct Piece<'s> {
    pub(crate) kind: Kind,
    pub(crate) parts: Vec<&'s Value>,
    pub(crate) rules: Vec<&'s Keywords>,
}

static CONSTANTS: LazyLock<[Value; 3]> =
    LazyLock::new(|| [json!({"const": null}), json!({"const": false}), json!({"const": true})]);

/// The pieces of alternatives, by kind; null and the truth values are constants.
pub(crate) fn pieces(alternatives: Vec<Alternative<'_>>) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for alternative in alternatives {
        for kind in Kind::ALL.into_iter().filter(|kind| alternative.allows(*kind)) {
            let piece = Piece { kind, parts: alternative.parts.clone(), rules: alternative.rules.clone() };
            if !matches!(kind, Kind::Null | Kind::Flag) || piece.constant().is_some() {
                pieces.push(piece);
                continue;
            }
            for constant in CONSTANTS.iter().filter(|constant| constant.get("const").map(Kind::of) == Some(kind)) {
                let mut piece = piece.clone();
                piece.parts.push(constant);
                piece.rules.extend(constant.as_object());
                pieces.push(piece);
            }
        }
    }
    pieces
}

impl<'s> Piece<'s> {
    /// The only value there is, where that is so.
    pub(crate) fn constant(&self) -> Option<&'s Value> {
        self.all("const").next()
    }

    /// What is said by a keyword.
    pub(crate) fn all<'p>(&'p self, keyword: &'p str) -> impl Iterator<Item = &'s Value> + 'p {
        self.rules.iter().filter_map(move |keywords| keywords.get(keyword))
    }

    /// Whether a keyword says this.
    pub(crate) fn says(&self, keyword: &str, value: &Value) -> bool {
        self.all(keyword).any(|said| said == value)
    }

    /// The greatest count that a keyword says.
    pub(crate) fn at_least(&self, keyword: &str) -> u64 {
        self.all(keyword).filter_map(count).max().unwrap_or(0)
    }

    /// The smallest count that a keyword says.
    pub(crate) fn at_most(&self, keyword: &str) -> Option<u64> {
        self.all(keyword).filter_map(count).min()
    }

    /// Whether all values are what JSON schema calls by this name.
    pub(crate) fn is_a(&self, name: &str) -> bool {
        Kind::named(name) == Some(self.kind) && (name != "integer" || super::Numbers::of(self).whole)
    }
}

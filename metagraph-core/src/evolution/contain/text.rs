//! What is known of texts: their length, patterns and formats.

use serde_json::Value;

use super::Piece;
use crate::schema::number::count;

#[derive(Debug, Clone)]
pub(crate) struct Texts<'s> {
    pub(crate) least: u64,
    pub(crate) greatest: Option<u64>,
    pub(crate) patterns: Vec<&'s Value>,
    pub(crate) formats: Vec<&'s Value>,
}

impl<'s> Texts<'s> {
    pub(crate) fn of(piece: &Piece<'s>) -> Self {
        Self {
            least: piece.at_least("minLength"),
            greatest: piece.at_most("maxLength"),
            patterns: piece.all("pattern").collect(),
            formats: piece.all("format").collect(),
        }
    }

    pub(crate) fn has(&self, keyword: &str, value: &Value) -> bool {
        let said = if keyword == "pattern" { &self.patterns } else { &self.formats };
        said.contains(&value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.greatest.is_some_and(|greatest| greatest < self.least)
    }

    /// Whether all these texts obey a rule.
    pub(crate) fn obey(&self, keyword: &str, value: &Value) -> bool {
        match keyword {
            "minLength" => count(value).is_some_and(|least| least <= self.least),
            "maxLength" => count(value).zip(self.greatest).is_some_and(|(greatest, ours)| ours <= greatest),
            "pattern" => self.has(keyword, value),
            _ => false,
        }
    }

    /// Whether no text has a length of both.
    pub(crate) fn is_apart_from(&self, other: &Texts<'_>) -> bool {
        let shorter = |greatest: Option<u64>, least: u64| greatest.is_some_and(|greatest| greatest < least);
        shorter(self.greatest, other.least) || shorter(other.greatest, self.least)
    }
}

//! Lists as messages show them.

use std::fmt;

use crate::conflict::NodeLabel;

pub(super) struct Lines<'a, T>(pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for Lines<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

pub(super) struct Names<'a>(pub(super) &'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        self.0.iter().enumerate().try_for_each(|(place, name)| {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}`{name}`")
        })
    }
}

/// Attributes of one rule.
pub(super) struct Together<'a>(pub(super) &'a [String]);

impl fmt::Display for Together<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, name)| {
            let separator = if place == 0 { "" } else { " with " };
            write!(f, "{separator}`{name}`")
        })
    }
}

pub(super) struct Rules<'a>(pub(super) &'a [Vec<String>]);

impl fmt::Display for Rules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        self.0.iter().enumerate().try_for_each(|(place, names)| {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}{}", Together(names))
        })
    }
}

pub(super) struct Counts<'a>(pub(super) &'a [(String, i64)]);

impl fmt::Display for Counts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, (name, count))| {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}{count} `{name}`")
        })
    }
}

pub(super) struct Path<'a>(pub(super) &'a [NodeLabel]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, node)| {
            let separator = if place == 0 { "" } else { " → " };
            write!(f, "{separator}{node}")
        })
    }
}

pub(super) struct Place<'a>(pub(super) &'a str);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " `{}`", self.0) }
    }
}

/// A weight, or that there is none.
pub(super) struct Weight<'a>(pub(super) &'a Option<String>);

impl fmt::Display for Weight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(weight) => write!(f, "the weight {weight}"),
            None => f.write_str("no weight"),
        }
    }
}

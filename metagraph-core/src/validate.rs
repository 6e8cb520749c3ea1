//! Validation at the boundary: whether a value fits its schema, and when that need not be asked.
//!
//! Schemas themselves are judged in [`schema`](crate::schema). Without the feature `validate` there is no `Validator`.

mod need;
#[cfg(feature = "validate")]
mod validator;

use std::fmt;

use serde_json::Value;

pub use need::{UnprovenRule, attributes_without_rules, unproven_rule};
#[cfg(feature = "validate")]
pub use validator::Validator;

use crate::definition::ElementDefinition;
use crate::schema::Problem;

/// A value that does not fit its schema, with every violation.
///
/// ```
/// use metagraph_core::validate::{Invalid, Violation};
///
/// let violation = |path: &str, message: &str| Violation {
///     path: path.into(),
///     rule: String::new(),
///     message: message.into(),
/// };
/// let invalid = Invalid { violations: vec![violation("/id", "too long"), violation("", "no object")] };
/// assert_eq!(invalid.to_string(), "/id: too long; /: no object");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// What is wrong; never empty.
    pub violations: Vec<Violation>,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, violation) in self.violations.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

/// One way in which a value does not fit its schema.
///
/// ```
/// use metagraph_core::validate::Violation;
///
/// let violation = Violation {
///     path: "/downloads".into(),
///     rule: "/properties/downloads/minimum".into(),
///     message: "-1 is less than the minimum of 0".into(),
/// };
/// assert_eq!(violation.to_string(), "/downloads: -1 is less than the minimum of 0");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where in the value, as a JSON pointer (RFC 6901); empty for the whole.
    pub path: String,
    /// Which rule, as a JSON pointer into the schema.
    pub rule: String,
    /// What is wrong, with the offending value, shortened where it is long.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{path}: {}", self.message)
    }
}

/// Checks that values can be checked: the schema is one, and its rules are within what this build enforces.
pub(crate) fn verify(element: &ElementDefinition, schema: &Value, problems: &mut Vec<Problem>) {
    #[cfg(feature = "validate")]
    if let Err(message) = Validator::new(schema) {
        problems.push(Problem::NotASchema {
            element: element.name.to_owned(),
            rust_type: (element.rust_type)().to_owned(),
            message,
        });
    }
    #[cfg(not(feature = "validate"))]
    if let Some(rule) = unproven_rule(schema).filter(|rule| !rule.holds_without_schema()) {
        problems.push(Problem::NeedsValidation {
            element: element.name.to_owned(),
            rust_type: (element.rust_type)().to_owned(),
            rule: rule.to_string(),
        });
    }
}

//! The compiled validator of one schema.

use serde_json::Value;

use super::{Invalid, Violation};

/// A compiled JSON schema (draft 2020-12, formats asserted).
///
/// ```
/// use metagraph_core::validate::Validator;
/// use serde_json::json;
///
/// let validator = Validator::new(&json!({"properties": {"n": {"type": "integer"}}})).unwrap();
/// assert!(validator.check(&json!({"n": 1})).is_ok());
/// let refused = validator.check(&json!({"n": "one"})).unwrap_err();
/// assert_eq!(refused.to_string(), r#"/n: "one" is not of type "integer""#);
/// ```
#[derive(Debug)]
pub struct Validator(jsonschema::Validator);

impl Validator {
    /// Compiles a schema that stands alone; nothing is fetched.
    ///
    /// ```
    /// use metagraph_core::validate::Validator;
    /// use serde_json::json;
    ///
    /// let refused = Validator::new(&json!({"type": "text"})).unwrap_err();
    /// assert!(refused.contains("text"), "{refused}");
    /// ```
    ///
    /// # Errors
    /// What is wrong with the schema.
    pub fn new(schema: &Value) -> Result<Self, String> {
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(schema)
            .map(Self)
            .map_err(|error| shortened(&error.to_string()))
    }

    /// Whether a value fits.
    ///
    /// ```
    /// use metagraph_core::validate::Validator;
    /// use serde_json::json;
    ///
    /// let validator = Validator::new(&json!({"minimum": 1})).unwrap();
    /// assert!(validator.accepts(&json!(1)) && !validator.accepts(&json!(0)));
    /// ```
    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Checks a value.
    ///
    /// ```
    /// use metagraph_core::validate::Validator;
    /// use serde_json::json;
    ///
    /// let schema = json!({"properties": {"id": {"type": "string"}}, "required": ["downloads"]});
    /// let invalid = Validator::new(&schema).unwrap().check(&json!({"id": 7})).unwrap_err();
    /// let paths: Vec<_> = invalid.violations.iter().map(|violation| violation.path.as_str()).collect();
    /// assert_eq!(paths, ["", "/id"], "all violations, not the first");
    /// ```
    ///
    /// # Errors
    /// [`Invalid`] with every violation.
    pub fn check(&self, value: &Value) -> Result<(), Invalid> {
        if self.accepts(value) {
            return Ok(());
        }
        let violations = self.0.iter_errors(value).map(|error| Violation {
            path: error.instance_path().to_string(),
            rule: error.schema_path().to_string(),
            message: shortened(&error.to_string()),
        });
        Err(Invalid { violations: violations.collect() })
    }
}

fn shortened(message: &str) -> String {
    const LONGEST: usize = 200;
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

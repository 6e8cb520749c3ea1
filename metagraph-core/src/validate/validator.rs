//! The compiled validator of one schema.

use std::collections::HashMap;

use jsonschema::{Retrieve, Uri};
use serde_json::Value;

use super::{Invalid, Violation};
use crate::schema::holds_sealed;

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
///
/// Where the schema has something sealed in it, no violation shows what was found: it may be what was not sealed.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
    discreet: bool,
}

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
        Self::with_resources(schema, HashMap::new())
    }

    /// Compiles a schema that refers to others by their URI; what is not among these is not fetched from anywhere.
    ///
    /// ```
    /// use metagraph_core::validate::Validator;
    /// use serde_json::json;
    ///
    /// let uri = "https://example.com/port.json";
    /// let resources = [(uri.to_owned(), json!({"type": "integer"}))].into();
    /// let validator = Validator::with_resources(&json!({"$ref": uri}), resources).unwrap();
    /// assert!(validator.accepts(&json!(80)) && !validator.accepts(&json!("http")));
    /// assert!(Validator::new(&json!({"$ref": uri})).unwrap_err().contains(uri));
    /// ```
    ///
    /// # Errors
    /// What is wrong with the schema: also a reference to what is not there.
    pub fn with_resources(schema: &Value, resources: HashMap<String, Value>) -> Result<Self, String> {
        jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .with_retriever(Resources(resources))
            .build(schema)
            .map(|compiled| Self { compiled, discreet: holds_sealed(schema) })
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
        self.compiled.is_valid(value)
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
        let message = |error: &jsonschema::ValidationError<'_>| {
            if !self.discreet {
                return error.to_string();
            }
            match error.schema_path().to_string().rsplit('/').next() {
                // These name what they found.
                Some("additionalProperties" | "unevaluatedProperties" | "propertyNames") => {
                    "a member is there that does not belong there".to_owned()
                }
                _ => error.masked_with("what is there").to_string(),
            }
        };
        let violations = self.compiled.iter_errors(value).map(|error| Violation {
            path: error.instance_path().to_string(),
            rule: error.schema_path().to_string(),
            message: shortened(&message(&error)),
        });
        Err(Invalid { violations: violations.collect() })
    }
}

/// Schemas by their URI.
struct Resources(HashMap<String, Value>);

impl Retrieve for Resources {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let found = self.0.get(uri.as_str()).cloned();
        found.ok_or_else(|| format!("there is no schema `{uri}`, and nothing is fetched").into())
    }
}

fn shortened(message: &str) -> String {
    const LONGEST: usize = 200;
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

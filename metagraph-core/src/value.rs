//! What can be done with values by the schema they should fit: judged, made up, completed, cleaned, converted, repaired,
//! compared and changed.
//!
//! The semantics are those of the value functions of TypeBox 0.34 (<https://github.com/sinclairzx81/typebox-legacy>,
//! `src/value`), so that a value is treated the same by a program in TypeScript. Judging is left to the `jsonschema`
//! crate. There is one difference on purpose: paths are JSON pointers (RFC 6901), so a name with a slash stays a name.
//!
//! ```
//! use metagraph_core::value::ValueSchema;
//! use serde_json::json;
//!
//! let schema = ValueSchema::new(&json!({
//!     "type": "object",
//!     "required": ["name", "port"],
//!     "properties": {"name": {"type": "string"}, "port": {"type": "integer", "default": 5432}},
//! }))?;
//! let stored = json!({"name": 7, "old": true});
//! assert!(!schema.check(&stored));
//!
//! let value = schema.default(Some(schema.convert(stored))).unwrap();
//! assert_eq!(schema.clean(value), json!({"name": "7", "port": 5432}));
//! # Ok::<(), String>(())
//! ```

mod cast;
mod clean;
mod convert;
mod create;
mod default;
mod edit;
mod kind;
pub(crate) mod normal;
pub(crate) mod pattern;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::{Map, Value, json};

pub use cast::{Cast, Loss};
pub use create::CannotCreate;
pub use edit::{CannotPatch, Edit, diff, patch};

use crate::schema::walk::{push, resolve};
use crate::validate::{Validator, Violation};

/// A schema that values are judged, made and repaired by.
///
/// It takes schemas as schemars writes them and as TypeBox does: references to a bare `$id`, tuples as lists of `items`.
///
/// ```
/// use metagraph_core::value::ValueSchema;
/// use serde_json::json;
///
/// let schema = ValueSchema::new(&json!({"$defs": {"Id": {"$id": "Id", "type": "string"}}, "$ref": "Id"}))?;
/// assert!(schema.check(&json!("serde")));
/// assert_eq!(schema.convert(json!(7)), json!("7"));
/// # Ok::<(), String>(())
/// ```
pub struct ValueSchema {
    /// In a box, so that it stays where it is when this is moved.
    pub(crate) root: Box<Value>,
    /// Validators of the schema and its parts, by where these are in memory.
    parts: RwLock<HashMap<usize, Arc<Validator>>>,
    /// Validators of the patterns of names, by their text.
    patterns: RwLock<HashMap<String, Arc<Validator>>>,
}

impl fmt::Debug for ValueSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValueSchema").field(&self.root).finish()
    }
}

impl ValueSchema {
    /// Prepares a schema that stands alone.
    ///
    /// # Errors
    /// What is wrong with the schema.
    pub fn new(schema: &Value) -> Result<Self, String> {
        Self::with_definitions(schema, &[])
    }

    /// Prepares a schema that refers to others by their `$id`.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let port = json!({"$id": "Port", "type": "integer", "minimum": 1});
    /// let schema = ValueSchema::with_definitions(&json!({"type": "array", "items": {"$ref": "Port"}}), &[port])?;
    /// assert!(schema.check(&json!([80])) && !schema.check(&json!([0])));
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with the schema: also a reference to what is not there.
    pub fn with_definitions(schema: &Value, definitions: &[Value]) -> Result<Self, String> {
        let root = Box::new(normal::normal(schema, definitions)?);
        let parts = HashMap::from([(place(&root), Arc::new(Validator::new(&root)?))]);
        Ok(Self { root, parts: RwLock::new(parts), patterns: RwLock::default() })
    }

    /// Whether a value fits.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let schema = ValueSchema::new(&json!({"type": "integer"}))?;
    /// assert!(schema.check(&json!(1)) && !schema.check(&json!(1.5)));
    /// # Ok::<(), String>(())
    /// ```
    pub fn check(&self, value: &Value) -> bool {
        self.fits(&self.root, Some(value))
    }

    /// Every way in which a value does not fit; none where it does.
    ///
    /// Rules are named as in the form that the schema was brought to: several types, or values, are alternatives in it.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let schema = ValueSchema::new(&json!({"properties": {"n": {"type": "integer"}}, "required": ["n"]}))?;
    /// assert_eq!(schema.errors(&json!({"n": "one"}))[0].path, "/n");
    /// assert!(schema.errors(&json!({"n": 1})).is_empty());
    /// # Ok::<(), String>(())
    /// ```
    pub fn errors(&self, value: &Value) -> Vec<Violation> {
        match self.validator(&self.root).map(|validator| validator.check(value)) {
            Some(Err(invalid)) => invalid.violations,
            _ => Vec::new(),
        }
    }

    /// Whether a value fits a part of the schema; what is missing fits only where anything does.
    pub(crate) fn fits(&self, part: &Value, value: Option<&Value>) -> bool {
        let Some(value) = value else { return is_anything(part) };
        is_anything(part) || self.validator(part).is_some_and(|validator| validator.accepts(value))
    }

    /// The validator of a part: nothing fits a part that is no schema.
    fn validator(&self, part: &Value) -> Option<Arc<Validator>> {
        known(&self.parts, &place(part), || Validator::new(&self.standing_alone(part)))
    }

    /// Whether a pattern describes the members of this name.
    pub(crate) fn describes(&self, pattern: &str, name: &str) -> bool {
        let validator = known(&self.patterns, pattern, || Validator::new(&json!({"pattern": pattern})));
        validator.is_some_and(|validator| validator.accepts(&Value::String(name.to_owned())))
    }

    pub(crate) fn standing_alone(&self, part: &Value) -> Value {
        let (Value::Object(part), Some(definitions)) = (part, self.root.get("$defs")) else { return part.clone() };
        let mut whole: Map<String, Value> = part.clone();
        whole.entry("$defs").or_insert_with(|| definitions.clone());
        whole.into()
    }

    /// What a reference names: normal ones name a definition of the root.
    pub(crate) fn referred(&self, reference: &str) -> Option<&Value> {
        resolve(&self.root, reference)
    }
}

/// Where a part of a schema is in memory, which tells it from all others.
pub(crate) fn place(part: &Value) -> usize {
    std::ptr::from_ref(part) as usize
}

/// The validator that is known by a key, or is compiled once and then known.
fn known<K, Q>(
    all: &RwLock<HashMap<K, Arc<Validator>>>,
    key: &Q,
    compile: impl FnOnce() -> Result<Validator, String>,
) -> Option<Arc<Validator>>
where
    K: Borrow<Q> + Eq + Hash,
    Q: ToOwned<Owned = K> + Eq + Hash + ?Sized,
{
    if let Some(known) = all.read().unwrap_or_else(PoisonError::into_inner).get(key) {
        return Some(known.clone());
    }
    let compiled = Arc::new(compile().ok()?);
    all.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), compiled.clone());
    Some(compiled)
}

/// A schema that says nothing.
fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(everything) => *everything,
        Value::Object(keywords) => keywords
            .keys()
            .all(|keyword| matches!(keyword.as_str(), "default" | "title" | "description" | "$defs" | "$comment")),
        _ => false,
    }
}

/// Does something one step further down.
fn below<T>(path: &mut String, step: &str, work: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    push(path, step);
    let done = work(path);
    path.truncate(length);
    done
}

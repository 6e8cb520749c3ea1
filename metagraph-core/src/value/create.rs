//! Values that are made up.

use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::pattern;
use super::{ValueSchema, below};

/// No value can be made up by a schema.
///
/// ```
/// use metagraph_core::value::ValueSchema;
/// use serde_json::json;
///
/// let zip = json!({"type": "string", "pattern": "^[0-9]{5}$"});
/// let schema = ValueSchema::new(&json!({"type": "object", "required": ["zip"], "properties": {"zip": zip}}))?;
/// assert_eq!(
///     schema.create().unwrap_err().to_string(),
///     "no value can be made up for `/zip`, for it has a `pattern`; give it a `default`"
/// );
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no value can be made up for `{path}`, for {reason}; give it a `default`", path = if path.is_empty() { "/" } else { path })]
pub struct CannotCreate {
    /// Where in the value, as a JSON pointer.
    pub path: String,
    /// What stands in the way.
    pub reason: String,
}

pub(super) fn cannot<T>(path: &str, reason: impl Into<String>) -> Result<T, CannotCreate> {
    Err(CannotCreate { path: path.to_owned(), reason: reason.into() })
}

/// How deep values are made up: a schema that needs itself has none.
const MAX_DEPTH: usize = 64;

impl ValueSchema {
    /// Makes up a value: the default where there is one, else the least that the schema asks for.
    ///
    /// Text is empty, a number 0 or its `minimum`, a list has `minItems`, an object what is required, and of
    /// alternatives the first is taken. It may not fit where rules go beyond these.
    ///
    /// ```
    /// use metagraph_core::value::ValueSchema;
    /// use serde_json::json;
    ///
    /// let schema = ValueSchema::new(&json!({
    ///     "type": "object",
    ///     "required": ["lanes", "kind"],
    ///     "properties": {"lanes": {"type": "integer", "minimum": 1}, "kind": {"enum": ["road", "path"]}},
    /// }))?;
    /// assert_eq!(schema.create().unwrap(), json!({"lanes": 1, "kind": "road"}));
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// [`CannotCreate`] where the schema has a pattern, a format, or rules for lists, and no default.
    pub fn create(&self) -> Result<Value, CannotCreate> {
        self.created(&self.root, &mut String::new(), 0)
    }

    pub(super) fn created(&self, schema: &Value, path: &mut String, depth: usize) -> Result<Value, CannotCreate> {
        if depth > MAX_DEPTH {
            return cannot(path, "it is part of itself");
        }
        let depth = depth + 1;
        if let Some(default) = schema.get("default") {
            return Ok(default.clone());
        }
        let has = |keyword: &str| schema.get(keyword).is_some_and(|value| *value != Value::Bool(false));
        match Kind::of(schema) {
            Kind::Anything if has("not") => cannot(path, "it only says what it is not"),
            Kind::Anything | Kind::Record(_) => Ok(json!({})),
            Kind::Nothing => cannot(path, "nothing fits"),
            Kind::Reference(reference) => match self.referred(reference) {
                Some(referred) => self.created(referred, path, depth),
                None => cannot(path, format!("it refers to `{reference}`, which is not there")),
            },
            Kind::All(parts) => {
                let whole = parts
                    .iter()
                    .try_fold(json!({}), |whole, part| Ok(overlaid(whole, self.created(part, path, depth)?)))?;
                if self.fits(schema, Some(&whole)) {
                    Ok(whole)
                } else {
                    cannot(path, "its parts contradict each other")
                }
            }
            Kind::Any([first, ..]) => self.created(first, path, depth),
            Kind::Any([]) => cannot(path, "there are no alternatives"),
            Kind::Literal(literal) => Ok(literal.clone()),
            Kind::Tuple(places) => places
                .iter()
                .enumerate()
                .map(|(place, element)| below(path, &place.to_string(), |path| self.created(element, path, depth)))
                .collect(),
            Kind::List(_) if has("uniqueItems") => cannot(path, "its elements have to differ"),
            Kind::List(_) if has("contains") => cannot(path, "it has to contain something"),
            Kind::List(items) => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
                (0..least).map(|_| items.map_or(Ok(json!({})), |items| self.created(items, path, depth))).collect()
            }
            Kind::Object(object) => {
                let required = object.members().filter(|(name, _)| object.requires(name));
                let made = required.map(|(name, member)| {
                    Ok((name.clone(), below(path, name, |path| self.created(member, path, depth))?))
                });
                Ok(Value::Object(made.collect::<Result<Map<_, _>, _>>()?))
            }
            Kind::Text => match (schema.get("pattern").and_then(Value::as_str), has("format")) {
                (_, true) => cannot(path, "it has a `format`"),
                (Some(pattern), _) => match pattern::first(pattern) {
                    Some(text) => Ok(text.into()),
                    None => cannot(path, "it has a `pattern`"),
                },
                (None, _) => {
                    let least = schema.get("minLength").and_then(Value::as_u64).and_then(|least| least.try_into().ok());
                    Ok(" ".repeat(least.unwrap_or(0)).into())
                }
            },
            Kind::Number | Kind::Integer => Ok(schema.get("minimum").cloned().unwrap_or_else(|| 0.into())),
            Kind::Flag => Ok(false.into()),
            Kind::Null => Ok(Value::Null),
        }
    }
}

/// The members of both, those of the second where both have one; the second alone where it is no object.
pub(super) fn overlaid(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(mut first), Value::Object(second)) => {
            first.extend(second);
            first.into()
        }
        (_, second) => second,
    }
}

//! Repairing values, and telling what was lost.

use serde_json::{Map, Value};

use super::create::{CannotCreate, cannot};
use super::edit::{Edit, diff};
use super::kind::{Kind, Object};
use super::{ValueSchema, below};

/// A repaired value.
///
/// ```
/// use metagraph_core::value::ValueSchema;
/// use serde_json::json;
///
/// let schema = ValueSchema::new(&json!({
///     "type": "object",
///     "required": ["lanes"],
///     "properties": {"lanes": {"type": "integer"}},
/// }))?;
/// let cast = schema.cast(Some(&json!({"lanes": "two", "toll": true}))).unwrap();
/// assert_eq!(cast.value, json!({"lanes": 0}));
/// let losses: Vec<_> = cast.losses.iter().map(ToString::to_string).collect();
/// assert_eq!(losses, [r#"/lanes: "two" was replaced by 0"#, "/toll: true was dropped"]);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cast {
    /// What the value became.
    pub value: Value,
    /// What it had and has no more; empty where nothing was lost.
    pub losses: Vec<Loss>,
}

/// Something that a repaired value has no more.
///
/// ```
/// use metagraph_core::value::Loss;
/// use serde_json::json;
///
/// let loss = Loss { path: "/toll".into(), lost: json!(true), replaced: None };
/// assert_eq!(loss.to_string(), "/toll: true was dropped");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Loss {
    /// Where it was, as a JSON pointer; empty for the whole value.
    pub path: String,
    /// What it was.
    pub lost: Value,
    /// What is there now.
    pub replaced: Option<Value>,
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        match &self.replaced {
            Some(replaced) => write!(f, "{path}: {} was replaced by {replaced}", self.lost),
            None => write!(f, "{path}: {} was dropped", self.lost),
        }
    }
}

impl ValueSchema {
    /// Repairs a value: what fits stays, what does not is made up anew, and what is not known is dropped.
    ///
    /// Nothing is converted: convert first, or `"7"` becomes 0. `None` is a value that is missing altogether.
    ///
    /// # Errors
    /// [`CannotCreate`] where a value has to be made up and cannot be.
    pub fn cast(&self, value: Option<&Value>) -> Result<Cast, CannotCreate> {
        let repaired = self.repaired(&self.root, value, &mut String::new())?;
        let losses = value.map(|value| losses(value, &repaired)).unwrap_or_default();
        Ok(Cast { value: repaired, losses })
    }

    fn repaired(&self, schema: &Value, value: Option<&Value>, path: &mut String) -> Result<Value, CannotCreate> {
        let kind = Kind::of(schema);
        if let Kind::Reference(reference) = kind {
            return match self.referred(reference) {
                Some(referred) => self.repaired(referred, value, path),
                None => cannot(path, format!("it refers to `{reference}`, which is not there")),
            };
        }
        if let Some(value) = value.filter(|value| self.fits(schema, Some(value))) {
            return Ok(value.clone());
        }
        match (kind, value) {
            (Kind::Any(parts), value) => self.repaired_as_any(schema, parts, value, path),
            (Kind::All(_), value) => {
                let created = self.created(schema, path, 0)?;
                let mut filled = created.clone();
                fill(&mut filled, value);
                Ok(if self.fits(schema, Some(&filled)) { filled } else { created })
            }
            (Kind::List(items), value) => self.repaired_list(schema, items, value, path),
            (Kind::Tuple(places), Some(Value::Array(elements))) => places
                .iter()
                .enumerate()
                .map(|(place, schema)| {
                    below(path, &place.to_string(), |path| self.repaired(schema, elements.get(place), path))
                })
                .collect(),
            (Kind::Object(object), Some(Value::Object(members))) => self.repaired_object(object, members, path),
            // A list is an object without these members.
            (Kind::Object(object), Some(Value::Array(_))) => self.repaired_object(object, &Map::new(), path),
            (Kind::Record(object), Some(Value::Object(members))) => {
                let Some((_, schema)) = object.patterns().next() else { return self.created_at(schema, path) };
                let repair = |(name, member): (&String, &Value)| {
                    Ok((name.clone(), below(path, name, |path| self.repaired(schema, Some(member), path))?))
                };
                Ok(Value::Object(members.iter().map(repair).collect::<Result<_, _>>()?))
            }
            _ => self.created_at(schema, path),
        }
    }

    fn created_at(&self, schema: &Value, path: &mut String) -> Result<Value, CannotCreate> {
        self.created(schema, path, 0)
    }

    fn repaired_list(
        &self,
        schema: &Value,
        items: Option<&Value>,
        value: Option<&Value>,
        path: &mut String,
    ) -> Result<Value, CannotCreate> {
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64).and_then(|limit| limit.try_into().ok());
        let mut elements = match value {
            Some(Value::Array(elements)) => elements.clone(),
            _ => match self.created(schema, path, 0)? {
                Value::Array(elements) => elements,
                other => return Ok(other),
            },
        };
        let least: usize = limit("minItems").unwrap_or(0);
        elements.resize(elements.len().max(least), Value::Null);
        elements.truncate(limit("maxItems").unwrap_or(usize::MAX));
        let mut repaired = Vec::with_capacity(elements.len());
        for (place, element) in elements.into_iter().enumerate() {
            repaired.push(match items {
                Some(items) => below(path, &place.to_string(), |path| self.repaired(items, Some(&element), path))?,
                None => element,
            });
        }
        if schema.get("uniqueItems") != Some(&Value::Bool(true)) {
            return Ok(repaired.into());
        }
        let mut different: Vec<Value> = Vec::new();
        for element in repaired {
            // Only scalars are the same by their value; objects are each their own.
            if element.is_object() || element.is_array() || !different.contains(&element) {
                different.push(element);
            }
        }
        let different = Value::Array(different);
        if self.fits(schema, Some(&different)) { Ok(different) } else { cannot(path, "its elements have to differ") }
    }

    fn repaired_object(
        &self,
        object: Object<'_>,
        members: &Map<String, Value>,
        path: &mut String,
    ) -> Result<Value, CannotCreate> {
        let mut repaired = Map::new();
        for (name, schema) in object.members() {
            let member = members.get(name);
            if member.is_some() || object.requires(name) {
                repaired.insert(name.clone(), below(path, name, |path| self.repaired(schema, member, path))?);
            }
        }
        let others = members.iter().filter(|(name, _)| object.member(name).is_none());
        for (name, member) in others {
            if let Some(schema) = object.matched(self, name).or_else(|| object.others()) {
                repaired.insert(name.clone(), below(path, name, |path| self.repaired(schema, Some(member), path))?);
            }
        }
        Ok(repaired.into())
    }

    fn repaired_as_any(
        &self,
        schema: &Value,
        parts: &[Value],
        value: Option<&Value>,
        path: &mut String,
    ) -> Result<Value, CannotCreate> {
        if let Some(default) = schema.get("default") {
            return Ok(default.clone());
        }
        let Some((first, others)) = parts.split_first() else { return cannot(path, "there are no alternatives") };
        let mut best = (first, self.score(first, value));
        for part in others {
            let score = self.score(part, value);
            if score > best.1 {
                best = (part, score);
            }
        }
        self.repaired(best.0, value, path)
    }

    /// How much of a value an alternative knows: a literal that tells the alternatives apart counts most.
    fn score(&self, schema: &Value, value: Option<&Value>) -> u32 {
        match (Kind::of(schema), value) {
            (Kind::Reference(reference), value) => {
                self.referred(reference).map_or(0, |referred| self.score(referred, value))
            }
            (Kind::Object(object), Some(Value::Object(members))) => object
                .members()
                .map(|(name, schema)| {
                    let member = members.get(name);
                    let literal = matches!(Kind::of(schema), Kind::Literal(literal) if Some(literal) == member);
                    u32::from(literal) * 100 + u32::from(self.fits(schema, member)) * 10 + u32::from(member.is_some())
                })
                .sum(),
            (Kind::Any(parts), value) => parts.iter().map(|part| self.score(part, value)).max().unwrap_or(0),
            (_, value) => u32::from(self.fits(schema, value)),
        }
    }
}

/// Takes over what a value has of the members that are there.
fn fill(made: &mut Value, value: Option<&Value>) {
    match (made, value) {
        (Value::Object(members), Some(Value::Object(values))) => {
            for (name, member) in members {
                fill(member, values.get(name));
            }
        }
        (Value::Object(_), _) | (_, None) => {}
        (made, Some(value)) => *made = value.clone(),
    }
}

fn losses(before: &Value, after: &Value) -> Vec<Loss> {
    let lost = |path: &str| before.pointer(path).cloned().unwrap_or_default();
    let losses = diff(before, after).into_iter().filter_map(|edit| match edit {
        Edit::Insert { .. } => None,
        Edit::Update { path, value } => Some(Loss { lost: lost(&path), path, replaced: Some(value) }),
        Edit::Delete { path } => Some(Loss { lost: lost(&path), path, replaced: None }),
    });
    losses.collect()
}

//! What kind of values a schema is about, as far as that decides what is done with them.

use serde_json::{Map, Value};

use super::{ValueSchema, is_anything};

/// The kind of a schema in its normal form.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind<'s> {
    /// Any value, or one of which nothing is known but what it is not.
    Anything,
    Nothing,
    /// What a definition says.
    Reference(&'s str),
    /// What all of these say.
    All(&'s [Value]),
    /// What one of these says.
    Any(&'s [Value]),
    Literal(&'s Value),
    /// A list in which each place has a schema of its own.
    Tuple(&'s [Value]),
    /// A list, with the schema of its elements.
    List(Option<&'s Value>),
    /// An object whose members are known by name.
    Object(Object<'s>),
    /// An object whose members are known by a pattern of their names.
    Record(Object<'s>),
    Text,
    Number,
    Integer,
    Flag,
    Null,
}

/// The members of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'s>(&'s Map<String, Value>);

impl<'s> Object<'s> {
    pub(super) fn members(self) -> impl Iterator<Item = (&'s String, &'s Value)> {
        self.0.get("properties").and_then(Value::as_object).into_iter().flatten()
    }

    pub(super) fn member(self, name: &str) -> Option<&'s Value> {
        self.0.get("properties")?.get(name)
    }

    pub(super) fn requires(self, name: &str) -> bool {
        self.0.get("required").and_then(Value::as_array).is_some_and(|required| required.iter().any(|one| one == name))
    }

    /// The schemas of members whose names have a pattern.
    pub(super) fn patterns(self) -> impl Iterator<Item = (&'s String, &'s Value)> {
        self.0.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
    }

    /// The schema of a member that is known by the pattern of its name.
    pub(super) fn matched(self, schema: &ValueSchema, name: &str) -> Option<&'s Value> {
        self.patterns().find(|(pattern, _)| schema.describes(pattern, name)).map(|(_, member)| member)
    }

    /// The schema of all other members, where it is one.
    pub(super) fn others(self) -> Option<&'s Value> {
        self.0.get("additionalProperties").filter(|others| others.is_object())
    }
}

impl<'s> Kind<'s> {
    pub(super) fn of(schema: &'s Value) -> Self {
        let Value::Object(keywords) = schema else {
            return if *schema == Value::Bool(false) { Self::Nothing } else { Self::Anything };
        };
        let list = |keyword: &str| keywords.get(keyword).and_then(Value::as_array).map(Vec::as_slice);
        if is_anything(schema) {
            return Self::Anything;
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            return Self::Reference(reference);
        }
        if let Some(parts) = list("allOf") {
            return Self::All(parts);
        }
        if let Some(parts) = list("anyOf").or_else(|| list("oneOf")) {
            return Self::Any(parts);
        }
        if let Some(literal) = keywords.get("const") {
            return Self::Literal(literal);
        }
        match keywords.get("type").and_then(Value::as_str) {
            Some("string") => Self::Text,
            Some("number") => Self::Number,
            Some("integer") => Self::Integer,
            Some("boolean") => Self::Flag,
            Some("null") => Self::Null,
            Some("array") => Self::list(keywords, list("prefixItems")),
            Some("object") => Self::object(keywords),
            _ if keywords.contains_key("not") => Self::Anything,
            _ if keywords.contains_key("prefixItems") || keywords.contains_key("items") => {
                Self::list(keywords, list("prefixItems"))
            }
            _ if keywords.contains_key("properties") || keywords.contains_key("patternProperties") => {
                Self::object(keywords)
            }
            _ => Self::Anything,
        }
    }

    fn list(keywords: &'s Map<String, Value>, places: Option<&'s [Value]>) -> Self {
        if let Some(places) = places {
            return Self::Tuple(places);
        }
        match keywords.get("items") {
            // As TypeBox writes a tuple without places.
            None if keywords.get("maxItems") == Some(&0.into()) => Self::Tuple(&[]),
            items => Self::List(items),
        }
    }

    fn object(keywords: &'s Map<String, Value>) -> Self {
        if keywords.contains_key("patternProperties") && !keywords.contains_key("properties") {
            Self::Record(Object(keywords))
        } else {
            Self::Object(Object(keywords))
        }
    }
}

//! From values to stored attributes, checked on the way.

mod once;
mod text;

use std::borrow::{Borrow, Cow};

use metagraph_core::{Element, InvalidKey, Key, holds_nul};
use serde_json::Value;

use self::once::Once;
pub(crate) use self::text::text;
use crate::error::{Error, Result};
use crate::vocabulary::Check;

/// Attributes that were checked, with the key they carry.
#[derive(Debug)]
pub struct Encoded {
    pub(crate) key: Option<Key>,
    pub(crate) attributes: String,
}

impl Encoded {
    /// The key as an upsert or an insert needs it: a type without a key attribute gets a new one.
    pub(crate) fn key_or_new(&self) -> Cow<'_, str> {
        match &self.key {
            Some(key) => Cow::Borrowed(key.as_str()),
            None => Cow::Owned(uuid::Uuid::now_v7().to_string()),
        }
    }

    /// The attributes of an edge; none where the object is empty.
    pub(crate) fn edge_attributes(&self) -> Option<Cow<'_, str>> {
        (self.attributes != "{}").then_some(Cow::Borrowed(self.attributes.as_str()))
    }
}

/// Reads stored JSON, in which no object may have a member twice.
pub(crate) fn parse(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text).map(|Once(value)| value)
}

/// Encodes a value of a Rust type whose schema is the stored one.
pub(crate) fn typed<X: Element>(check: &Check, value: &X) -> Result<Encoded> {
    let element = || X::NAME.to_owned();
    let key = value.key().map_err(|source| invalid_key(X::NAME, source))?;
    let mut attributes = text(value).map_err(|source| Error::Encode { element: element(), source })?;
    if attributes == "null" {
        // A unit struct has no attributes.
        "{}".clone_into(&mut attributes);
    }
    if holds_nul(&attributes) {
        return Err(Error::NulCharacter { element: element() });
    }
    if !check.holds_for_typed() {
        let Once(written) =
            serde_json::from_str(&attributes).map_err(|source| Error::Encode { element: element(), source })?;
        #[cfg(feature = "validate")]
        check.check(X::NAME, &written)?;
        #[cfg(not(feature = "validate"))]
        serde_json::from_value::<X>(written).map_err(|source| Error::Encode { element: element(), source })?;
    }
    check.refuse_long(X::NAME, &attributes)?;
    Ok(Encoded { key, attributes })
}

/// Encodes values of a Rust type, up to the first that cannot be stored.
pub(crate) fn all<X: Element>(check: &Check, values: impl IntoIterator<Item = impl Borrow<X>>) -> Result<Vec<Encoded>> {
    values.into_iter().map(|value| typed(check, value.borrow())).collect()
}

/// Encodes a JSON value: always validated, and with its times and integers in the form that is compared.
#[cfg(feature = "validate")]
pub(crate) fn json(check: &Check, element: &str, key: Option<&str>, value: &Value) -> Result<Encoded> {
    json_alike(check, element, key, value).map(|(encoded, _)| encoded)
}

/// The same, with the value as it was written.
#[cfg(feature = "validate")]
pub(crate) fn json_alike<'v>(
    check: &Check,
    element: &str,
    key: Option<&str>,
    value: &'v Value,
) -> Result<(Encoded, Cow<'v, Value>)> {
    check.check(element, value)?;
    let value = check.written_alike(element, value)?;
    let attributes = text(&*value).map_err(|source| Error::Encode { element: element.to_owned(), source })?;
    if holds_nul(&attributes) {
        return Err(Error::NulCharacter { element: element.to_owned() });
    }
    // What nests too deep could be written, and not read again.
    serde_json::from_str::<Value>(&attributes)
        .map_err(|source| Error::Encode { element: element.to_owned(), source })?;
    check.refuse_long(element, &attributes)?;
    let key = match key {
        Some(attribute) => {
            let held = value.get(attribute).cloned().unwrap_or_default();
            Some(Key::from_json(attribute, held).map_err(|source| invalid_key(element, source))?)
        }
        None => None,
    };
    Ok((Encoded { key, attributes }, value))
}

pub(crate) fn invalid_key(element: &str, source: InvalidKey) -> Error {
    Error::InvalidKey { element: element.to_owned(), source }
}

/// Refuses text that PostgreSQL cannot store, so that SQLite refuses it, too.
pub(crate) fn storable<'t>(column: &str, text: &'t str) -> Result<&'t str> {
    if text.contains('\0') { Err(Error::NulCharacter { element: column.to_owned() }) } else { Ok(text) }
}

/// Refuses text that PostgreSQL cannot store in an index.
pub(crate) fn indexable<'t>(column: &str, text: &'t str) -> Result<&'t str> {
    if text.len() > Key::MAX_BYTES {
        return Err(Error::TooLong { element: column.to_owned(), bytes: text.len() });
    }
    storable(column, text)
}

/// Encodes free JSON such as metadata.
pub(crate) fn free_json(column: &str, value: &Value) -> Result<String> {
    let text = text(value).map_err(|source| Error::Encode { element: column.to_owned(), source })?;
    if holds_nul(&text) {
        return Err(Error::NulCharacter { element: column.to_owned() });
    }
    // What nests too deep could be written, and not read again.
    serde_json::from_str::<Value>(&text).map_err(|source| Error::Encode { element: column.to_owned(), source })?;
    Ok(text)
}

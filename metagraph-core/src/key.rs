//! The identity of a node or an edge inside a graph and a type, chosen by the user.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A node's identity inside its graph and type: any text without U+0000, of at most [`Key::MAX_BYTES`] bytes.
///
/// ```
/// use metagraph_core::Key;
///
/// assert_eq!(Key::new("serde 1.0.2").unwrap().as_str(), "serde 1.0.2");
/// assert_eq!(Key::of("number", &42).unwrap().as_str(), "42");
/// assert!(Key::new("nul \0").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Box<str>);

impl Key {
    /// The longest key, in bytes: every database can hold it in an index.
    ///
    /// ```
    /// use metagraph_core::Key;
    ///
    /// assert!(Key::new("x".repeat(Key::MAX_BYTES)).is_ok());
    /// ```
    pub const MAX_BYTES: usize = 1024;

    /// Takes a text as a key.
    ///
    /// ```
    /// use metagraph_core::{InvalidKey, Key};
    ///
    /// assert_eq!(Key::new("serde").unwrap().as_str(), "serde");
    /// assert_eq!(Key::new("nul \0").unwrap_err(), InvalidKey::Nul { at: 4 });
    /// assert_eq!(Key::new("x".repeat(1025)).unwrap_err(), InvalidKey::TooLong { bytes: 1025 });
    /// ```
    ///
    /// # Errors
    /// [`InvalidKey`] when the text holds U+0000, which PostgreSQL cannot store, or is too long.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidKey> {
        let text = text.into();
        if text.len() > Self::MAX_BYTES {
            return Err(InvalidKey::TooLong { bytes: text.len() });
        }
        match text.find('\0') {
            Some(at) => Err(InvalidKey::Nul { at }),
            None => Ok(Self(text)),
        }
    }

    /// The key held by an attribute: a string as it is, an integer in decimal digits.
    ///
    /// ```
    /// use metagraph_core::Key;
    ///
    /// assert_eq!(Key::of("number", &42).unwrap().as_str(), "42");
    /// let refused = Key::of("ratio", &0.5).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "the key attribute `ratio` must hold a string or an integer, found a number with a fraction",
    /// );
    /// ```
    ///
    /// # Errors
    /// [`InvalidKey::NotText`] when the attribute serialises to anything else.
    pub fn of<T: Serialize + ?Sized>(attribute: &'static str, value: &T) -> Result<Self, InvalidKey> {
        let value = serde_json::to_value(value)
            .map_err(|source| InvalidKey::NotText { attribute: attribute.into(), found: source.to_string() })?;
        Self::from_json(attribute, value)
    }

    /// The key held by an attribute of a JSON document.
    ///
    /// ```
    /// use metagraph_core::Key;
    ///
    /// assert_eq!(Key::from_json("id", "serde".into()).unwrap().as_str(), "serde");
    /// assert!(Key::from_json("id", serde_json::Value::Null).is_err());
    /// ```
    ///
    /// # Errors
    /// As [`Key::of`].
    pub fn from_json(attribute: &str, value: Value) -> Result<Self, InvalidKey> {
        let found = match value {
            Value::String(text) => return Self::new(text),
            Value::Number(number) if number.is_i64() || number.is_u64() => return Self::new(number.to_string()),
            Value::Number(_) => "a number with a fraction",
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Err(InvalidKey::NotText { attribute: attribute.into(), found: found.into() })
    }

    /// The text.
    ///
    /// ```
    /// use metagraph_core::Key;
    ///
    /// let key = Key::new("serde").unwrap();
    /// assert_eq!(key.as_str(), "serde");
    /// assert_eq!(String::from(key), "serde");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0.into()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a value cannot be a key.
///
/// ```
/// use metagraph_core::{InvalidKey, Key};
///
/// assert!(matches!(Key::new("nul \0"), Err(InvalidKey::Nul { at: 4 })));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// The text holds U+0000.
    #[error("a key cannot hold U+0000 (at byte {at}), which PostgreSQL does not store")]
    Nul {
        /// Byte offset of the first one.
        at: usize,
    },
    /// The text is longer than an index entry can be.
    #[error("a key has at most {} bytes, this one has {bytes}", Key::MAX_BYTES)]
    TooLong {
        /// Length of the refused text.
        bytes: usize,
    },
    /// The key attribute is neither text nor an integer.
    #[error("the key attribute `{attribute}` must hold a string or an integer, found {found}")]
    NotText {
        /// JSON name of the attribute.
        attribute: String,
        /// What was found there.
        found: String,
    },
}

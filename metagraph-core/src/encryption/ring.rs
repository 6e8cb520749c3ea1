//! Where keys come from.

use std::collections::BTreeMap;

use super::findable::FindKey;
use super::key::Key;

/// The keys of a program: the caller's own, asked whenever a value is sealed or opened.
///
/// A version names a key for good: what was sealed with it opens with nothing else. An implementation SHOULD have its
/// keys at hand, since it is asked for each value, and MUST give the same key for a version as long as values need it.
///
/// ```
/// use metagraph_core::encryption::{Key, KeyRing};
///
/// /// The keys of a tenant.
/// struct Tenant { old: Key, new: Key }
///
/// impl KeyRing for Tenant {
///     fn current(&self) -> u32 {
///         2
///     }
///
///     fn key(&self, version: u32) -> Option<Key> {
///         match version {
///             1 => Some(self.old.clone()),
///             2 => Some(self.new.clone()),
///             _ => None,
///         }
///     }
/// }
///
/// let ring = Tenant { old: Key::native([1; 32]), new: Key::native([2; 32]) };
/// assert!(ring.key(ring.current()).is_some() && ring.find_key().is_none());
/// ```
pub trait KeyRing {
    /// The version that new values are sealed with.
    fn current(&self) -> u32;

    /// The key of a version; `None` of what is unknown, or not to be opened any more.
    fn key(&self, version: u32) -> Option<Key>;

    /// The key for equality of [`Findable`](super::Findable) values, where the program has such.
    fn find_key(&self) -> Option<FindKey> {
        None
    }
}

impl<R: KeyRing + ?Sized> KeyRing for &R {
    fn current(&self) -> u32 {
        (**self).current()
    }

    fn key(&self, version: u32) -> Option<Key> {
        (**self).key(version)
    }

    fn find_key(&self) -> Option<FindKey> {
        (**self).find_key()
    }
}

/// Keys that were given once, by their versions.
///
/// ```
/// use metagraph_core::encryption::{FindKey, Key, KeyRing, StaticKeyRing};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = [(1, Key::native([1; 32])), (2, Key::native([2; 32]))];
/// let ring = StaticKeyRing::new(2, keys)?.with_find_key(FindKey::new([3; 32]));
/// assert_eq!(ring.current(), 2);
///
/// let refused = StaticKeyRing::new(3, [(1, Key::native([1; 32]))]).unwrap_err();
/// assert_eq!(refused.to_string(), "the current version is 3, and there is no such key; there are 1");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StaticKeyRing {
    current: u32,
    keys: BTreeMap<u32, Key>,
    find_key: Option<FindKey>,
}

/// Keys that make no ring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRing {
    /// There is no key of the current version.
    #[error("the current version is {version}, and there is no such key; there are {known}")]
    NoCurrentKey {
        /// The version.
        version: u32,
        /// The versions that there are.
        known: String,
    },
    /// A version has two keys.
    #[error("there are two keys of version {version}; a version names one key for good")]
    TwoKeys {
        /// The version.
        version: u32,
    },
    /// A line of text is no key.
    #[error("line {line} is no key: {reason}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong, without anything of the line.
        reason: &'static str,
    },
}

impl StaticKeyRing {
    /// Keys by their versions, and the version for new values.
    ///
    /// # Errors
    /// [`InvalidRing`] when the current version has no key, or any has two.
    pub fn new(current: u32, keys: impl IntoIterator<Item = (u32, Key)>) -> Result<Self, InvalidRing> {
        let mut ring = Self { current, keys: BTreeMap::new(), find_key: None };
        for (version, key) in keys {
            if ring.keys.insert(version, key).is_some() {
                return Err(InvalidRing::TwoKeys { version });
            }
        }
        if ring.keys.contains_key(&current) {
            return Ok(ring);
        }
        let known: Vec<_> = ring.keys.keys().map(u32::to_string).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Err(InvalidRing::NoCurrentKey { version: current, known })
    }

    /// The same keys, with one for equality.
    #[must_use]
    pub fn with_find_key(self, key: FindKey) -> Self {
        Self { find_key: Some(key), ..self }
    }
}

impl KeyRing for StaticKeyRing {
    fn current(&self) -> u32 {
        self.current
    }

    fn key(&self, version: u32) -> Option<Key> {
        self.keys.get(&version).cloned()
    }

    fn find_key(&self) -> Option<FindKey> {
        self.find_key.clone()
    }
}

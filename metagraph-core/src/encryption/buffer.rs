//! JSON of a secret value, of which no copy stays in memory.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeOwned, value};
use zeroize::Zeroize as _;

use super::primitives::TAG;
use super::text;

/// Bytes that are wiped when they are dropped, and when they move to larger memory.
#[derive(Default)]
pub struct Wiped(Vec<u8>);

impl Wiped {
    /// A copy of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be changed in place.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Leaves them to the caller.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}

impl Write for Wiped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if self.0.capacity() < needed {
            // With room for what JSON usually ends with, and for a tag.
            let mut larger = Self::with_capacity((self.0.capacity() * 2).max(needed + 64));
            larger.0.extend_from_slice(&self.0);
            std::mem::swap(self, &mut larger);
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        // As a slice, which is wiped at once; a vector is wiped byte by byte.
        self.0.as_mut_slice().zeroize();
    }
}

impl fmt::Debug for Wiped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wiped(..)")
    }
}

/// The JSON of a value, with room for a tag behind it; nothing when the value refuses to be written.
pub(super) fn json(value: &(impl Serialize + ?Sized)) -> Option<Wiped> {
    if let Some(text) = text::quoted(value, TAG) {
        return Some(text);
    }
    let mut buffer = Wiped::with_capacity(128);
    serde_json::to_writer(&mut buffer, value).ok()?;
    Some(buffer)
}

/// Reads a value; what serde says of one that does not fit may show it, so nothing is said.
pub(super) fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let text = text::unquoted(json).map(BorrowedStrDeserializer::<value::Error>::new);
    text.and_then(|text| T::deserialize(text).ok()).or_else(|| serde_json::from_slice(json).ok())
}

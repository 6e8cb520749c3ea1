//! What is said of a credential without its value.

use jiff::Timestamp;

/// A credential without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Where it opens something.
    pub provider: String,
    /// Which of several it is.
    pub label: String,
    /// Until when it is revealed.
    pub expires_at: Option<Timestamp>,
    /// The version of the key that opens it; 0 of what somebody stored without sealing it.
    pub key_version: u32,
    /// When it was last written.
    pub updated_at: Timestamp,
}

impl Entry {
    /// Whether its time is over at a moment.
    pub fn is_expired(&self, at: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= at)
    }
}

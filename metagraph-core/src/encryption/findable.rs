//! Sealed values that can be found by equality.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::context::Context;
use super::primitives;

/// The key of the tags by which [`Findable`](super::Findable) values are found; another one than any that encrypts.
///
/// ```
/// use metagraph_core::encryption::FindKey;
///
/// assert_eq!(format!("{:?}", FindKey::new([7; 32])), "FindKey(..)");
/// ```
#[derive(Clone)]
pub struct FindKey(Arc<Zeroizing<[u8; 32]>>);

impl FindKey {
    /// 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// The tag of a value's JSON: HMAC-SHA-256 of it and of its attribute, so that equal values of different attributes
    /// do not look alike.
    pub(super) fn tag(&self, context: &Context, json: &[u8]) -> Option<[u8; 32]> {
        let [graph_type, element, attribute] = context.place().map(str::as_bytes);
        primitives::mac(&self.0, &[b"metagraph find 1", graph_type, element, attribute, json])
    }
}

impl fmt::Debug for FindKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FindKey(..)")
    }
}

/// What the tag of a value of the type `T` is, to compare stored ones with; made by `Account::F.email.sought(..)`.
pub struct Sought<T> {
    tag: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Sought<T> {
    pub(super) fn new(tag: [u8; 32]) -> Self {
        Self { tag: STANDARD.encode(tag), of: PhantomData }
    }

    pub(crate) fn tag(&self) -> &str {
        &self.tag
    }
}

impl<T> Clone for Sought<T> {
    fn clone(&self) -> Self {
        Self { tag: self.tag.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Sought<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sought(..)")
    }
}

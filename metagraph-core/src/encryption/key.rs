//! One key of a ring, and how it is used.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::cached::Cached;
use super::primitives::{self, KEY};

/// A key, with the scheme that it is for; cheap to clone, wiped when the last clone is dropped.
///
/// ```
/// use metagraph_core::encryption::Key;
///
/// let key = Key::native([7; 32]);
/// assert_eq!(format!("{key:?}"), "Key(native)", "nothing of the key is shown");
/// ```
#[derive(Clone)]
pub struct Key(Arc<Kind>);

enum Kind {
    Native(Zeroizing<[u8; KEY]>),
    Raw(Zeroizing<[u8; KEY]>),
    Password { password: Zeroizing<Vec<u8>>, iterations: NonZeroU32, derived: Cached },
}

/// The info of HKDF, and the scheme's name in the envelope.
pub(super) const NATIVE: &str = "metagraph-1";

/// How long the salt of new values is, in bytes.
const SALT: usize = 16;
/// The vault's salt is longer, and is not used.
const VAULT_SALT: usize = 32;

impl Key {
    /// A key of the native scheme: 32 random bytes.
    pub fn native(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Kind::Native(Zeroizing::new(bytes))))
    }

    /// A key that encrypts as it is, as the vault's keys do.
    pub fn raw(bytes: [u8; 32]) -> Self {
        Self(Arc::new(Kind::Raw(Zeroizing::new(bytes))))
    }

    /// A password from which keys are derived; the TypeScript package does so with 100,000 iterations in version 1 and
    /// with 200,000 in version 2.
    ///
    /// A derivation takes tens of milliseconds. The last 1,024 derived keys are kept, so that a value that is read again
    /// costs nothing more.
    pub fn pbkdf2(password: impl Into<Vec<u8>>, iterations: NonZeroU32) -> Self {
        let password = Zeroizing::new(password.into());
        Self(Arc::new(Kind::Password { password, iterations, derived: Cached::new(1024) }))
    }

    /// The name that envelopes of the key's scheme have.
    pub(super) fn scheme(&self) -> Option<&'static str> {
        match *self.0 {
            Kind::Native(_) => Some(NATIVE),
            Kind::Raw(_) | Kind::Password { .. } => None,
        }
    }

    pub(super) fn salt_length(&self) -> usize {
        match *self.0 {
            Kind::Native(_) | Kind::Password { .. } => SALT,
            Kind::Raw(_) => VAULT_SALT,
        }
    }

    /// The key that encrypts a value with this salt.
    pub(super) fn for_value(&self, salt: &[u8]) -> Option<Zeroizing<[u8; KEY]>> {
        match &*self.0 {
            Kind::Native(key) => {
                let mut derived = Zeroizing::new([0; KEY]);
                primitives::hkdf(&**key, salt, NATIVE.as_bytes(), &mut *derived)?;
                Some(derived)
            }
            Kind::Raw(key) => Some(key.clone()),
            Kind::Password { password, iterations, derived } => Some(derived.get_or(salt, || {
                let mut key = Zeroizing::new([0; KEY]);
                primitives::pbkdf2(password, salt, iterations.get(), &mut *key);
                key
            })),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self.0 {
            Kind::Native(_) => "Key(native)",
            Kind::Raw(_) => "Key(raw)",
            Kind::Password { .. } => "Key(pbkdf2)",
        })
    }
}

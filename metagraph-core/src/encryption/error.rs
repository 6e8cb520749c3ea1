//! What goes wrong with sealed values; nothing here holds any part of one.

/// Why a value was not sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The ring does not have the key that it calls the current one.
    #[error(
        "the key ring has no key of version {version}, which it calls the current one; add the key, or name another"
    )]
    NoCurrentKey {
        /// What `KeyRing::current` says.
        version: u32,
    },
    /// The value is to be found by equality, and there is no key for that.
    #[error(
        "the value is to be found by equality, and the key ring has no key for that; \
         give it one of its own, as with `StaticKeyRing::with_find_key`"
    )]
    NoFindKey,
    /// The value's `Serialize` refused.
    #[error("the value of type `{rust_type}` cannot be written as JSON")]
    NotJson {
        /// The value's type.
        rust_type: &'static str,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {reason}")]
    NoRandomness {
        /// What it said.
        reason: String,
    },
    /// The value is longer than the cipher takes.
    #[error("the value is longer than AES-GCM takes, which is 64 GiB")]
    TooLong,
}

/// Why a value was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The ring has no key of the value's version.
    #[error("the key ring has no key of version {version}; keep old keys until no value needs them")]
    UnknownVersion {
        /// The version that the envelope names.
        version: u32,
    },
    /// It does not open: another key, another context, another scheme, or bytes that were changed. Which of these is not
    /// said, since it would help whoever tries.
    #[error("the sealed value does not open with this key in this context")]
    Refused,
    /// It opened, and holds something else.
    #[error("the sealed value opened, and is not a `{rust_type}`; it was sealed as another type")]
    AnotherType {
        /// The type that was asked for.
        rust_type: &'static str,
    },
}

/// Why a value was not sealed anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResealError {
    /// It does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was not sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

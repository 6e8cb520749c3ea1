//! Attributes that the database never sees: sealed with a key of the caller's, opened by whoever has it.
//!
//! An attribute of the type [`Encrypted<T>`] holds a sealed value. Sealing and opening are explicit, with a [`KeyRing`]
//! that the caller owns and a [`Context`] that says where the value belongs.
//!
//! ```
//! use metagraph_core::encryption::{Context, Encrypted, Key, StaticKeyRing};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))])?;
//! let context = Context::new("accounts", "account", "token", "mara");
//! let sealed: Encrypted<String> = Encrypted::seal("s3cr3t", &ring, &context)?;
//! assert_eq!(sealed.open(&ring, &context)?.expose(), "s3cr3t");
//!
//! let elsewhere = Context::new("accounts", "account", "token", "paul");
//! assert!(sealed.open(&ring, &elsewhere).is_err(), "what is sealed for one is nothing to another");
//! # Ok(())
//! # }
//! ```
//!
//! # Schemes
//!
//! | made with | key of a value | bound to its place | envelope |
//! |---|---|---|---|
//! | [`Key::native`] | HKDF-SHA-256 (RFC 5869) of the key with the value's random salt | yes | `"scheme": "metagraph-1"` |
//! | [`Key::raw`] | the key itself | no | without `scheme` |
//! | [`Key::pbkdf2`] | PBKDF2-HMAC-SHA-256 (RFC 8018) of a password with the value's random salt | no | without `scheme` |
//!
//! All encrypt with AES-256-GCM (NIST SP 800-38D), a random nonce of 96 bits and a tag of 128. The native scheme is for
//! everything new. The others read and write what the TypeScript package and its vault do; their values can be moved
//! from one row to another without anybody noticing.
//!
//! # Threat model
//!
//! What it protects: the content of sealed values, from whoever reads the database, its files, its backups, its log or
//! the traffic to it; and, in the native scheme, where they stand: a value that is changed, or copied to another owner,
//! attribute or type, or given another key version, does not open.
//!
//! What it does not protect:
//! - *That there is a value*, how long its JSON is, which key version it has, when it was written, which rows are read.
//! - *Older values of the same place.* Who can write to the database can put back what stood there before.
//! - *Deletion.* A value that is gone was not missed by any key.
//! - *Graphs of one type from each other*, unless the owner says which graph: a value of `mara` in one opens for `mara` in
//!   another.
//! - *Other attributes of a row*, such as the moment when a credential expires: who can write can change them.
//! - *Places, in the schemes of others*: their values are bound to nothing, and the tag of a findable one neither.
//! - *The process.* Who reads its memory has keys and opened values. Buffers of ours are wiped when they are dropped; what
//!   a decoder or the caller copies is not.
//! - *Attributes beside it.* Only what is [`Encrypted`] is sealed; the key of a node is not.
//! - *Equality, where it was asked for.* [`Findable`] values say of themselves which are equal, see there.
//!
//! # Keys
//!
//! - A native key is 32 random bytes: `openssl rand -base64 32`. Keep it where the database is not: beside the backup of
//!   the database it protects nothing.
//! - Without the key nothing opens, ever. Back it up on its own.
//! - No key is stored, logged or made by this crate. [`Key`] and [`StaticKeyRing`] print nothing of themselves.
//! - One native key seals as many values as anybody will have: each has a key of its own from 128 random bits of salt,
//!   so salt and nonce repeat after about 2¹¹² values. A raw key has only the nonce, and should seal fewer than 2³²
//!   values (SP 800-38D, section 8.3); then a new version is due.
//! - One value has at most 64 GiB less 32 bytes, by the cipher; the database's limit comes first.

mod buffer;
mod cached;
mod context;
mod encrypted;
mod envelope;
mod error;
mod field;
mod findable;
mod key;
#[doc(hidden)]
pub mod primitives;
mod ring;
mod ring_text;
mod secret;
mod text;

pub use context::Context;
pub use encrypted::{Encrypted, Findability, Findable, Hidden, Plain};
pub use envelope::{Envelope, InvalidEnvelope};
pub use error::{OpenError, ResealError, SealError};
pub use field::Content;
pub use findable::{FindKey, Sought};
pub use key::Key;
pub use ring::{InvalidRing, KeyRing, StaticKeyRing};
pub use secret::Secret;
pub use zeroize::Zeroize;

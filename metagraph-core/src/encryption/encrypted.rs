//! The attribute type.

use std::any::type_name;
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroize;

use super::context::Context;
use super::envelope::Envelope;
use super::error::{OpenError, ResealError, SealError};
use super::primitives::{self, NONCE, Wiped};
use super::ring::KeyRing;
use super::secret::Secret;
use super::{buffer, findable};
use crate::schema::SEALED;

/// An attribute that is stored sealed: a `T` that only opens with the key ring, in its own context.
///
/// Any `T` that serde writes can be sealed. What is compared, cloned, stored and printed is the envelope; two sealings of
/// one value are never equal.
///
/// ```
/// use metagraph_core::encryption::{Context, Encrypted, Key, OpenError, StaticKeyRing};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))])?;
/// let context = Context::new("accounts", "account", "token", "mara");
/// let sealed: Encrypted<String> = Encrypted::seal("s3cr3t", &ring, &context)?;
/// assert_eq!(format!("{sealed:?}"), "Encrypted(version 1)");
/// assert_eq!(sealed.open(&ring, &context)?.expose(), "s3cr3t");
///
/// let other = StaticKeyRing::new(1, [(1, Key::native([8; 32]))])?;
/// assert_eq!(sealed.open(&other, &context).unwrap_err(), OpenError::Refused);
/// # Ok(())
/// # }
/// ```
pub struct Encrypted<T, F = Hidden> {
    envelope: Box<Envelope>,
    of: PhantomData<fn() -> (T, F)>,
}

/// A value that is sealed as a `T`: a `T`, or what one borrows as, such as `str` for text.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be sealed as a `{T}`",
    label = "expected a `{T}`, or what one borrows as"
)]
pub trait Plain<T>: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + Borrow<V>, V: Serialize + ?Sized> Plain<T> for V {}

/// Nothing is said of sealed values: the default.
#[derive(Debug, Clone, Copy)]
pub enum Hidden {}

/// Sealed values can be found by equality: `Encrypted<String, Findable>` under `#[graph(encrypted_index)]`.
///
/// Beside the envelope stands a tag of the value's JSON, HMAC-SHA-256 with a key of its own ([`KeyRing::find_key`]); a map
/// without an order has many JSONs, and is not for it. In the native scheme a value only opens with its own tag. Rows are
/// found before anything opens, though: who can write to the database can put a tag elsewhere, so open what was found.
///
/// What it leaks, to whoever reads the database: *which values of the attribute are equal*, and so how often each occurs;
/// where there are few possible values, or some are common, that tells much. Who has the key of the tags can try values.
/// It is for values that hardly repeat, such as addresses and account numbers, and never for a gender, a country or a grade.
#[derive(Debug, Clone, Copy)]
pub enum Findable {}

/// Whether sealed values can be found by equality: [`Hidden`] or [`Findable`].
pub trait Findability: 'static {
    #[doc(hidden)]
    const FINDABLE: bool;
}

impl Findability for Hidden {
    const FINDABLE: bool = false;
}

impl Findability for Findable {
    const FINDABLE: bool = true;
}

impl<T, F: Findability> Encrypted<T, F> {
    /// Seals a value with the ring's current key.
    ///
    /// # Errors
    /// [`SealError`], which says nothing of the value.
    pub fn seal<R: KeyRing + ?Sized>(
        value: &(impl Plain<T> + ?Sized),
        ring: &R,
        context: &Context,
    ) -> Result<Self, SealError> {
        let json = buffer::json(value).ok_or(SealError::NotJson { rust_type: type_name::<T>() })?;
        Self::seal_json(json, ring, context)
    }

    /// Seals JSON, which is wiped where that fails.
    #[doc(hidden)]
    pub fn seal_json<R: KeyRing + ?Sized>(json: Wiped, ring: &R, context: &Context) -> Result<Self, SealError> {
        let version = ring.current();
        let key = ring.key(version).ok_or(SealError::NoCurrentKey { version })?;
        let find = if F::FINDABLE {
            let key = ring.find_key().ok_or(SealError::NoFindKey)?;
            Some(key.tag(context, json.as_slice()).ok_or(SealError::NoFindKey)?)
        } else {
            None
        };
        let mut drawn = [0; NONCE + 32];
        let drawn = drawn.get_mut(..NONCE + key.salt_length()).unwrap_or_default();
        primitives::random(drawn).map_err(|error| SealError::NoRandomness { reason: error.to_string() })?;
        let (nonce, salt) = drawn.split_first_chunk::<NONCE>().ok_or(SealError::TooLong)?;
        let scheme = key.scheme();
        let associated =
            scheme.map(|scheme| context.associated_data(scheme, version, find.as_ref())).unwrap_or_default();
        let value_key = key.for_value(salt).ok_or(SealError::TooLong)?;
        let data = primitives::encrypt(&value_key, nonce, associated.as_slice(), json).ok_or(SealError::TooLong)?;
        Ok(Self::from_envelope(Envelope {
            key_version: version,
            scheme: scheme.map(Cow::Borrowed),
            salt: salt.to_vec(),
            iv: *nonce,
            data,
            find,
        }))
    }

    /// Opens the value.
    ///
    /// `T` is wiped when the secret is dropped, so it has to know how; of what does not, [`open_json`](Self::open_json)
    /// gives the JSON.
    ///
    /// # Errors
    /// [`OpenError`]; why it does not open is not said.
    pub fn open<R: KeyRing + ?Sized>(&self, ring: &R, context: &Context) -> Result<Secret<T>, OpenError>
    where
        T: DeserializeOwned + Zeroize,
    {
        let json = self.opened(ring, context)?;
        let value = buffer::read(json.as_slice());
        value.map(Secret::new).ok_or(OpenError::AnotherType { rust_type: type_name::<T>() })
    }

    /// Opens the value as the JSON it was sealed as.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use metagraph_core::encryption::{Context, Encrypted, Key, StaticKeyRing};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))])?;
    /// let context = Context::new("accounts", "account", "limits", "mara");
    /// let limits = HashMap::from([("daily".to_owned(), 7)]);
    /// let sealed: Encrypted<HashMap<String, u32>> = Encrypted::seal(&limits, &ring, &context)?;
    /// assert_eq!(sealed.open_json(&ring, &context)?.expose(), br#"{"daily":7}"#);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`OpenError`]; why it does not open is not said.
    pub fn open_json<R: KeyRing + ?Sized>(&self, ring: &R, context: &Context) -> Result<Secret<Vec<u8>>, OpenError> {
        let mut json = self.opened(ring, context)?;
        Ok(Secret::new(json.take()))
    }

    fn opened<R: KeyRing + ?Sized>(&self, ring: &R, context: &Context) -> Result<Wiped, OpenError> {
        let Envelope { key_version: version, scheme, salt, iv, data, find } = &*self.envelope;
        let key = ring.key(*version).ok_or(OpenError::UnknownVersion { version: *version })?;
        if key.scheme() != scheme.as_deref() {
            return Err(OpenError::Refused);
        }
        let associated = key.scheme().map(|scheme| context.associated_data(scheme, *version, find.as_ref()));
        let associated = associated.unwrap_or_default();
        let value_key = key.for_value(salt).ok_or(OpenError::Refused)?;
        primitives::decrypt(&value_key, iv, associated.as_slice(), data).ok_or(OpenError::Refused)
    }

    /// The same value, sealed with the ring's current key.
    ///
    /// ```
    /// use metagraph_core::encryption::{Context, Encrypted, Key, StaticKeyRing};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let [old, new] = [1, 2].map(|byte| Key::native([byte; 32]));
    /// let context = Context::new("accounts", "account", "token", "mara");
    /// let before = StaticKeyRing::new(1, [(1, old.clone())])?;
    /// let sealed: Encrypted<String> = Encrypted::seal("s3cr3t", &before, &context)?;
    ///
    /// let after = StaticKeyRing::new(2, [(1, old), (2, new)])?;
    /// let again = sealed.resealed(&after, &context)?;
    /// assert_eq!((sealed.key_version(), again.key_version()), (1, 2));
    /// assert_eq!(again.open(&after, &context)?.expose(), "s3cr3t");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ResealError`] when it does not open, or cannot be sealed.
    pub fn resealed<R: KeyRing + ?Sized>(&self, ring: &R, context: &Context) -> Result<Self, ResealError> {
        Ok(Self::seal_json(self.opened(ring, context)?, ring, context)?)
    }

    /// The version of the key that opens it.
    pub fn key_version(&self) -> u32 {
        self.envelope.key_version
    }

    /// The envelope, in which nothing is secret.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// An envelope that came from elsewhere; whether it opens shows when it is opened.
    pub fn from_envelope(envelope: Envelope) -> Self {
        Self { envelope: Box::new(envelope), of: PhantomData }
    }
}

impl<T> Encrypted<T, Findable> {
    /// What equal values are found by.
    pub(crate) fn sought<R: KeyRing + ?Sized>(
        value: &(impl Plain<T> + ?Sized),
        ring: &R,
        context: &Context,
    ) -> Result<findable::Sought<T>, SealError> {
        let json = buffer::json(value).ok_or(SealError::NotJson { rust_type: type_name::<T>() })?;
        let key = ring.find_key().ok_or(SealError::NoFindKey)?;
        key.tag(context, json.as_slice()).map(findable::Sought::new).ok_or(SealError::NoFindKey)
    }
}

impl<T, F> Clone for Encrypted<T, F> {
    fn clone(&self) -> Self {
        Self { envelope: self.envelope.clone(), of: PhantomData }
    }
}

/// The same envelope; of two values nothing is known by it.
impl<T, F> PartialEq for Encrypted<T, F> {
    fn eq(&self, other: &Self) -> bool {
        self.envelope == other.envelope
    }
}

impl<T, F> Eq for Encrypted<T, F> {}

impl<T, F> fmt::Debug for Encrypted<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encrypted(version {})", self.envelope.key_version)
    }
}

impl<T, F> Serialize for Encrypted<T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.envelope.serialize(serializer)
    }
}

impl<'de, T, F: Findability> Deserialize<'de> for Encrypted<T, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let envelope = Envelope::deserialize(deserializer)?;
        match (F::FINDABLE, &envelope.find) {
            (true, None) => Err(serde::de::Error::custom("this sealed value has no `find`, and is to be found by it")),
            (false, Some(_)) => Err(serde::de::Error::custom("this sealed value has `find`, and is not to be found")),
            _ => Ok(Self::from_envelope(envelope)),
        }
    }
}

impl<T: JsonSchema, F: Findability> JsonSchema for Encrypted<T, F> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Encrypted_{}", T::schema_name()).into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}::Encrypted<{}, {}>", module_path!(), T::schema_id(), F::FINDABLE).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Envelope::schema(F::FINDABLE);
        schema.insert(SEALED.to_owned(), if F::FINDABLE { "findable" } else { "hidden" }.into());
        schema.insert("contentSchema".to_owned(), generator.subschema_for::<T>().to_value());
        schema.into()
    }
}

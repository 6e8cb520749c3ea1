//! A sealed value as it is stored.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value, json};

use super::primitives::{NONCE, TAG};

/// A sealed value as it is stored: which key, salt and nonce it was sealed with, and the encrypted text.
///
/// As JSON it is `{"keyVersion", "salt", "iv", "data"}`, the last three in base64 with padding; `data` ends with the tag.
/// `scheme` is there in the native scheme alone, `find` where the value can be found by equality. When it is read,
/// `key_version` is taken as well, for the vault writes it so; members of any other name are refused.
///
/// ```
/// use metagraph_core::encryption::Envelope;
/// use serde_json::json;
///
/// let json = json!({"key_version": 2, "salt": "AAAAAAAAAAA=", "iv": "AAAAAAAAAAAAAAAA", "data": "AAAAAAAAAAAAAAAAAAAAAA=="});
/// let envelope: Envelope = serde_json::from_value(json)?;
/// assert_eq!((envelope.key_version, envelope.data.len()), (2, 16));
/// assert_eq!(serde_json::to_value(&envelope)?["keyVersion"], 2);
///
/// let refused = serde_json::from_value::<Envelope>(json!("hunter2")).unwrap_err();
/// assert_eq!(refused.to_string(), "this is no sealed value: it is not an object");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The version of the key.
    pub key_version: u32,
    /// Which scheme it is of; nothing for the schemes of others.
    pub scheme: Option<Cow<'static, str>>,
    /// What the value's own key was derived with: 1 to 64 bytes.
    pub salt: Vec<u8>,
    /// The nonce of the cipher.
    pub iv: [u8; NONCE],
    /// The encrypted text, and the tag behind it.
    pub data: Vec<u8>,
    /// The tag by which the value is found.
    pub find: Option<[u8; 32]>,
}

/// What is no envelope, and why; nothing of the value is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no sealed value: {reason}")]
pub struct InvalidEnvelope {
    reason: &'static str,
}

const LONGEST_SALT: usize = 64;

impl Envelope {
    fn read(value: &Value) -> Result<Self, &'static str> {
        let members = value.as_object().ok_or("it is not an object")?;
        let known = ["keyVersion", "key_version", "scheme", "salt", "iv", "data", "find"];
        if members.keys().any(|name| !known.contains(&name.as_str())) {
            return Err("it has a member that no envelope has");
        }
        let version = match (members.get("keyVersion"), members.get("key_version")) {
            (Some(version), None) | (None, Some(version)) => version,
            (None, None) => return Err("`keyVersion` is missing"),
            (Some(_), Some(_)) => return Err("it has both `keyVersion` and `key_version`"),
        };
        let key_version = version.as_u64().and_then(|version| u32::try_from(version).ok());
        let scheme = match members.get("scheme") {
            None => None,
            Some(Value::String(scheme)) => Some(Cow::Owned(scheme.clone())),
            Some(_) => return Err("`scheme` is no text"),
        };
        let salt = decoded(members, "salt").ok_or("`salt` is not base64 with padding")?;
        if salt.is_empty() || salt.len() > LONGEST_SALT {
            return Err("`salt` has 1 to 64 bytes");
        }
        let data = decoded(members, "data").ok_or("`data` is not base64 with padding")?;
        if data.len() < TAG {
            return Err("`data` is too short to end with a tag");
        }
        let find = match members.get("find") {
            None => None,
            Some(_) => Some(exactly(members, "find").ok_or("`find` is not 32 bytes in base64 with padding")?),
        };
        Ok(Self {
            key_version: key_version.ok_or("`keyVersion` is no number from 0 to 4294967295")?,
            scheme,
            salt,
            iv: exactly(members, "iv").ok_or("`iv` is not 12 bytes in base64 with padding")?,
            data,
            find,
        })
    }

    /// The JSON schema of envelopes that can be found by equality, or cannot.
    pub(super) fn schema(findable: bool) -> Map<String, Value> {
        let base64 = |least: usize, most: Option<usize>| {
            let letters = |bytes: usize| bytes.div_ceil(3) * 4;
            let mut text = json!({
                "type": "string",
                "minLength": letters(least),
                "pattern": "^[A-Za-z0-9+/]*={0,2}$",
                "contentEncoding": "base64",
            });
            if let (Some(most), Value::Object(text)) = (most, &mut text) {
                text.insert("maxLength".to_owned(), letters(most).into());
            }
            text
        };
        let version = json!({"type": "integer", "minimum": 0, "maximum": u32::MAX});
        let mut properties = json!({
            "keyVersion": version,
            "key_version": version,
            "scheme": {"type": "string"},
            "salt": base64(1, Some(LONGEST_SALT)),
            "iv": base64(NONCE, Some(NONCE)),
            "data": base64(TAG, None),
        });
        let mut required = vec!["salt", "iv", "data"];
        if let (true, Value::Object(properties)) = (findable, &mut properties) {
            properties.insert("find".to_owned(), base64(32, Some(32)));
            required.push("find");
        }
        let schema = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "anyOf": [{"required": ["keyVersion"]}, {"required": ["key_version"]}],
            "dependentSchemas": {"key_version": {"properties": {"keyVersion": false}}},
            "additionalProperties": false,
        });
        match schema {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }
}

fn decoded(members: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    STANDARD.decode(members.get(name)?.as_str()?).ok()
}

fn exactly<const LENGTH: usize>(members: &Map<String, Value>, name: &str) -> Option<[u8; LENGTH]> {
    decoded(members, name)?.try_into().ok()
}

impl TryFrom<&Value> for Envelope {
    type Error = InvalidEnvelope;

    fn try_from(value: &Value) -> Result<Self, InvalidEnvelope> {
        Self::read(value).map_err(|reason| InvalidEnvelope { reason })
    }
}

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("keyVersion", &self.key_version)?;
        if let Some(scheme) = &self.scheme {
            map.serialize_entry("scheme", scheme)?;
        }
        map.serialize_entry("salt", &STANDARD.encode(&self.salt))?;
        map.serialize_entry("iv", &STANDARD.encode(self.iv))?;
        map.serialize_entry("data", &STANDARD.encode(&self.data))?;
        if let Some(find) = &self.find {
            map.serialize_entry("find", &STANDARD.encode(find))?;
        }
        map.end()
    }
}

// By way of a value, since serde's own messages show what they found, and that may be a text that somebody forgot to seal.
impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::try_from(&value).map_err(de::Error::custom)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope").field("key_version", &self.key_version).finish_non_exhaustive()
    }
}

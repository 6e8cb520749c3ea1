//! Credentials: what a service needs to get in elsewhere, sealed, with who uses it and until when.
//!
//! A [`Credential`] is named by its provider and a label, and holds one sealed text. A [`Service`] [`Uses`] credentials.
//! [`Vault`] is the graph with a key ring and the usual verbs; [`Vault::graph`] is the same graph for everything else.
//!
//! ```
//! use metagraph::encryption::{Key, StaticKeyRing};
//! use metagraph::graphs::secrets::{Secrets, Vault};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut conn = metagraph::sqlite::connect(":memory:")?;
//! metagraph::migrate(&mut conn)?;
//! metagraph::sync::<Secrets, _>(&mut conn)?;
//! let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))])?;  // yours come from a file or a key service
//! let vault = Vault::open(&mut conn, "production", ring)?;
//!
//! vault.store(&mut conn, "github", "deploy", "ghp_s3cr3t", None)?;
//! vault.grant(&mut conn, "ci", "github", "deploy", "pushes releases")?;
//! assert_eq!(vault.reveal(&mut conn, "github", "deploy")?.expose(), "ghp_s3cr3t");
//!
//! for entry in vault.list(&mut conn)? {
//!     println!("{}/{} with key {}", entry.provider, entry.label, entry.key_version);  // and never the value
//! }
//! assert_eq!(vault.used_by(&mut conn, "ci")?[0].label, "deploy");
//! assert_eq!(vault.users_of(&mut conn, "github", "deploy")?, ["ci"]);
//! # Ok(())
//! # }
//! ```
//!
//! Which key a value is sealed with stands in its envelope, and [`Entry::key_version`] reads it there.

mod entry;
mod error;
mod vault;

use jiff::Timestamp;
use metagraph::encryption::Encrypted;
use metagraph::prelude::*;

pub use entry::Entry;
pub use error::SecretsError;
pub use vault::Vault;

/// A sealed credential for one provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// `provider/label`: the key, and what the sealed value belongs to.
    #[graph(key)]
    pub path: String,
    /// Where it opens something.
    #[graph(index)]
    pub provider: String,
    /// Which of several it is.
    pub label: String,
    /// Until when it is revealed; for ever, where there is nothing.
    #[graph(index)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub expires_at: Option<Timestamp>,
    /// The sealed text.
    pub value: Encrypted<String>,
}

/// Something that uses credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub struct Service {
    /// Its name.
    #[graph(key)]
    pub name: String,
}

/// A service uses a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Service, to = Credential))]
pub struct Uses {
    /// What for, in words.
    pub purpose: String,
}

/// Credentials, and who uses them.
#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(name = "secrets", version = 1, directed)]
pub enum Secrets {
    /// A sealed credential.
    Credential(Credential),
    /// Something that uses credentials.
    Service(Service),
    /// Who uses what.
    Uses(Uses),
}

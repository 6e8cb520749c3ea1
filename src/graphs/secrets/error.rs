//! Why a credential is not given out.

use jiff::Timestamp;

/// Why a verb of [`Vault`](super::Vault) was refused; nothing of a value is in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretsError {
    /// There is no such credential.
    #[error("there is no credential `{path}`; `Vault::list` names those there are")]
    NotFound {
        /// Its provider and label.
        path: String,
    },
    /// Its time is over.
    #[error("the credential `{path}` expired at {at}; store a new value")]
    Expired {
        /// Its provider and label.
        path: String,
        /// When.
        at: Timestamp,
    },
    /// The provider's name leaves open where the label begins.
    #[error("`{provider}` cannot name a provider: it is empty or has a `/` in it, which separates it from the label")]
    InvalidProvider {
        /// What was given.
        provider: String,
    },
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] metagraph::Error),
    /// A value was not sealed.
    #[error(transparent)]
    Sealing(#[from] metagraph::encryption::SealError),
    /// A value was not opened.
    #[error(transparent)]
    Opening(#[from] metagraph::encryption::OpenError),
}

//! Why something about access was refused.

use super::Denied;
use super::kinds::Action;

/// Why something about access was refused or failed; never that somebody lacks access, which is an answer, unless it was
/// [required](super::Authorizer::require).
///
/// ```
/// use metagraph::graphs::acl::{AclError, Resource};
///
/// assert!(matches!(Resource::named("roadmap"), Err(AclError::InvalidName { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AclError {
    /// A text is no name of a principal or a resource.
    #[error("`{name}` names no {of}: write its type, a colon and its id, like `{like}`")]
    InvalidName {
        /// The text.
        name: String,
        /// What it should name.
        of: &'static str,
        /// A name that is one.
        like: &'static str,
    },

    /// There is no such principal.
    #[error("there is no principal `{principal}`: add it first")]
    UnknownPrincipal {
        /// Its key.
        principal: String,
    },

    /// An account or a service has no members.
    #[error("`{group}` has no members: only an org or a role has")]
    NoGroup {
        /// Its key.
        group: String,
    },

    /// Somebody delegates more than it may.
    #[error("`{delegator}` cannot delegate {}: it has none of that, or may not delegate it on", .beyond.join(", "))]
    Beyond {
        /// Who delegates.
        delegator: String,
        /// Each scope, and each action with its resource, that it may not delegate.
        beyond: Vec<String>,
    },

    /// A text is no access control.
    #[error("this is no access control: {reason}")]
    NoAccessControl {
        /// What is wrong, and what to write.
        reason: String,
    },

    /// What was required of an identity, it has not.
    #[error(transparent)]
    Insufficient(Denied),

    /// What was required of a principal, it may not do.
    #[error("`{principal}` may not {action} `{resource}`")]
    Denied {
        /// Its key.
        principal: String,
        /// What it would do.
        action: Action,
        /// With what.
        resource: String,
    },

    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] metagraph::Error),
}

impl From<diesel::result::Error> for AclError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl metagraph::Transient for AclError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

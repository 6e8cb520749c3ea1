//! The words of access: what a principal is, how it stands, what it does.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a principal is.
///
/// ```
/// use metagraph::graphs::acl::IdentityType;
///
/// assert_eq!(IdentityType::Org.to_string(), "org");
/// assert!(IdentityType::Role.has_members() && !IdentityType::Account.has_members());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IdentityType {
    /// Somebody.
    Account,
    /// Many together.
    Org,
    /// A program.
    Service,
    /// What somebody may be.
    Role,
}

impl IdentityType {
    /// The word that stands for it in keys and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Org => "org",
            Self::Service => "service",
            Self::Role => "role",
        }
    }

    /// Whether others can belong to it.
    pub const fn has_members(self) -> bool {
        matches!(self, Self::Org | Self::Role)
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::Account, Self::Org, Self::Service, Self::Role].into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for IdentityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How a principal stands; a suspended one has nothing, and gives nothing to others.
///
/// ```
/// use metagraph::graphs::acl::PrincipalStatus;
///
/// assert_eq!(PrincipalStatus::default(), PrincipalStatus::Active);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PrincipalStatus {
    /// It has what it was granted.
    #[default]
    Active,
    /// It has nothing.
    Suspended,
}

impl PrincipalStatus {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) const fn is_active(&self) -> bool {
        matches!(self, Self::Active)
    }
}

/// What is done with a resource.
///
/// ```
/// use metagraph::graphs::acl::Action;
///
/// assert_eq!(Action::Execute.to_string(), "execute");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Looking at it.
    Read,
    /// Changing it.
    Write,
    /// Running it.
    Execute,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Execute];

    /// The word that stands for it in lists of actions and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Execute => "execute",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

//! The flat check: what somebody has against what is required, without a look at the graph.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stored::Resources;
use super::{AccessControl, AclError};

/// What somebody has, as the flat check is given it.
///
/// [`Authorizer::identity`](super::Authorizer::identity) makes one of a stored principal, with all that it has by
/// membership and delegation. Who forwards a request for whom is no part of it and decides nothing.
///
/// ```
/// use metagraph::graphs::acl::Identity;
///
/// let mara: Identity = serde_json::from_str(r#"{"id": "account:mara", "scopes": ["call:read"]}"#)?;
/// assert!(mara.resources.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Whose it is.
    pub id: String,
    /// What it may do, in words of the service.
    pub scopes: Vec<String>,
    /// What it may do with which resources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
}

/// Why the flat check denied something.
///
/// ```
/// use metagraph::graphs::acl::{AccessControl, Denied, check};
///
/// let denied = check(None, &AccessControl::new().scope("call:read")).unwrap_err();
/// assert_eq!(denied, Denied::NoIdentity);
/// assert_eq!(denied.to_string(), "authentication required");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Denied {
    /// Something is required, and nobody is known to have it.
    NoIdentity,
    /// A scope is required and missing.
    Scope {
        /// The scope.
        scope: String,
    },
    /// One of several scopes is required, and all are missing.
    AnyScope {
        /// The scopes.
        scopes: Vec<String>,
    },
    /// An action on a resource of a type is required, and no resource grants it.
    Resource {
        /// The type.
        resource_type: String,
        /// The action.
        action: String,
    },
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoIdentity => f.write_str("authentication required"),
            Self::Scope { scope } => write!(f, "scope `{scope}` is missing"),
            Self::AnyScope { scopes } => write!(f, "one of the scopes `{}` is required", scopes.join("`, `")),
            Self::Resource { resource_type, action } => {
                write!(f, "no resource of type `{resource_type}` may be used to `{action}`")
            }
        }
    }
}

impl std::error::Error for Denied {}

/// Decides whether what somebody has is enough; texts are compared exactly, without wildcards.
///
/// Every required scope must be there, one of those of which any will do, and a resource of the type that grants the action.
/// Where anything is required, nobody at all is denied.
///
/// ```
/// use metagraph::graphs::acl::{AccessControl, Identity, check};
///
/// let mara = Identity {
///     id: "account:mara".into(),
///     scopes: vec!["call:read".into()],
///     resources: Some([("document:roadmap".into(), vec!["read".into()])].into()),
/// };
/// assert!(check(Some(&mara), &AccessControl::new().scope("call:read")).is_ok());
/// assert!(check(Some(&mara), &AccessControl::new().scope("call")).is_err());
/// assert!(check(Some(&mara), &AccessControl::new().resource("document", "read")).is_ok());
/// assert!(check(Some(&mara), &AccessControl::new().resource("document", "write")).is_err());
/// assert!(check(None, &AccessControl::new()).is_ok());
/// ```
///
/// # Errors
/// The first requirement that is not met.
pub fn check(identity: Option<&Identity>, access: &AccessControl) -> Result<(), Denied> {
    if access.is_open() {
        return Ok(());
    }
    let Some(identity) = identity else { return Err(Denied::NoIdentity) };
    if let Some(scope) = access.required_scopes().iter().find(|scope| !identity.scopes.contains(scope)) {
        return Err(Denied::Scope { scope: scope.clone() });
    }
    let any = access.required_scopes_any();
    if !any.is_empty() && !any.iter().any(|scope| identity.scopes.contains(scope)) {
        return Err(Denied::AnyScope { scopes: any.to_vec() });
    }
    match access.required_resource() {
        Some((resource_type, action)) if !grants(identity, resource_type, action) => {
            Err(Denied::Resource { resource_type: resource_type.to_owned(), action: action.to_owned() })
        }
        _ => Ok(()),
    }
}

fn grants(identity: &Identity, resource_type: &str, action: &str) -> bool {
    let of_type =
        |key: &str| key.strip_prefix(resource_type).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    let resources = identity.resources.iter().flatten();
    resources.filter(|(key, _)| of_type(key)).any(|(_, actions)| actions.iter().any(|known| known == action))
}

impl From<Denied> for AclError {
    fn from(denied: Denied) -> Self {
        Self::Insufficient(denied)
    }
}

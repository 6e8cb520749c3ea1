//! What is stored: principals, resources, and the graph type of them and their edges.

use std::collections::BTreeMap;

use metagraph::prelude::*;

use super::AclError;
use super::edges::{BelongsTo, CanExecute, CanRead, CanWrite, Contains, Delegates, Holds};
use super::kinds::{IdentityType, PrincipalStatus};

/// Actions by resource: a key is `type:id`, or a `type` for all resources of it.
pub type Resources = BTreeMap<String, Vec<String>>;

/// Who acts: an account, an organisation, a service or a role.
///
/// ```
/// use metagraph::graphs::acl::Principal;
///
/// let mara = Principal::account("mara").with_scopes(["call:read"]);
/// let json = serde_json::json!({
///     "id": "account:mara", "identityType": "account", "identityId": "mara", "scopes": ["call:read"],
/// });
/// assert_eq!(serde_json::to_value(&mara)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "principal")]
#[serde(rename_all = "camelCase")]
pub struct Principal {
    /// Its key: `identityType:identityId`.
    #[graph(key)]
    pub id: String,
    /// What it is.
    pub identity_type: IdentityType,
    /// Its name among those that are the same.
    pub identity_id: String,
    /// What it may do, in words of the service; its members may do it, too.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What it may do with which resources, for the flat check; see [`Identity`](super::Identity).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// How it stands.
    #[serde(default, skip_serializing_if = "PrincipalStatus::is_active")]
    pub status: PrincipalStatus,
}

impl Principal {
    /// A principal without scopes.
    pub fn new(identity_type: IdentityType, identity_id: impl Into<String>) -> Self {
        let identity_id = identity_id.into();
        let id = format!("{identity_type}:{identity_id}");
        Self { id, identity_type, identity_id, scopes: Vec::new(), resources: None, status: PrincipalStatus::Active }
    }

    /// Somebody.
    pub fn account(id: impl Into<String>) -> Self {
        Self::new(IdentityType::Account, id)
    }

    /// Many together.
    pub fn org(id: impl Into<String>) -> Self {
        Self::new(IdentityType::Org, id)
    }

    /// A program.
    pub fn service(id: impl Into<String>) -> Self {
        Self::new(IdentityType::Service, id)
    }

    /// What somebody may be.
    pub fn role(id: impl Into<String>) -> Self {
        Self::new(IdentityType::Role, id)
    }

    /// The same with these scopes.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        Self { scopes: scopes.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same with these actions by resource.
    #[must_use]
    pub fn with_resources(self, resources: Resources) -> Self {
        Self { resources: Some(resources), ..self }
    }
}

/// What is acted on.
///
/// ```
/// use metagraph::graphs::acl::Resource;
///
/// let roadmap = Resource::named("document:roadmap")?;
/// assert_eq!((roadmap.resource_type.as_str(), roadmap.resource_id.as_str()), ("document", "roadmap"));
///
/// let refused = Resource::named("roadmap").unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "`roadmap` names no resource: write its type, a colon and its id, like `document:roadmap`",
/// );
/// # Ok::<(), metagraph::graphs::acl::AclError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "resource")]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Its key: `resourceType:resourceId`.
    #[graph(key)]
    pub id: String,
    /// What it is.
    #[graph(index)]
    pub resource_type: String,
    /// Its name among those of its type.
    pub resource_id: String,
}

impl Resource {
    /// A resource of a type; the type has no colon, which separates it from the id.
    ///
    /// # Errors
    /// [`AclError::InvalidName`] for an empty type or id, or a type with a colon.
    pub fn new(resource_type: impl Into<String>, resource_id: impl Into<String>) -> Result<Self, AclError> {
        let (resource_type, resource_id) = (resource_type.into(), resource_id.into());
        let id = format!("{resource_type}:{resource_id}");
        if resource_type.is_empty() || resource_type.contains(':') || resource_id.is_empty() {
            return Err(AclError::InvalidName { name: id, of: "resource", like: "document:roadmap" });
        }
        Ok(Self { id, resource_type, resource_id })
    }

    /// The resource with this key.
    ///
    /// # Errors
    /// As [`Resource::new`].
    pub fn named(id: &str) -> Result<Self, AclError> {
        let Some((resource_type, resource_id)) = id.split_once(':') else {
            return Err(AclError::InvalidName { name: id.to_owned(), of: "resource", like: "document:roadmap" });
        };
        Self::new(resource_type, resource_id).map_err(|refused| match refused {
            AclError::InvalidName { of, like, .. } => AclError::InvalidName { name: id.to_owned(), of, like },
            other => other,
        })
    }
}

/// The graph type: principals, resources, and who may do what.
///
/// A principal can have several grants on one resource, each as an edge of its own type. Memberships, containment and
/// delegations may close cycles: they end, and add nothing.
///
/// ```
/// use metagraph::graphs::acl::{Acl, CanRead, CanWrite, Principal, Resource};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
/// let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(conn)?;
/// metagraph::sync::<Acl, _>(conn)?;
/// let graph = Graph::<Acl>::open_or_create(conn, "production")?;
/// let mara = graph.insert(conn, &Principal::account("mara"))?;
/// let roadmap = graph.insert(conn, &Resource::named("document:roadmap")?)?;
/// graph.connect(conn, mara, roadmap, &CanRead {})?;
/// graph.connect(conn, mara, roadmap, &CanWrite {})?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, GraphType)]
#[graph(name = "acl", version = 1, directed)]
pub enum Acl {
    /// Who acts.
    Principal(Principal),
    /// What is acted on.
    Resource(Resource),
    /// Who has what another has.
    BelongsTo(BelongsTo),
    /// What is inside of what.
    Contains(Contains),
    /// Who may look.
    CanRead(CanRead),
    /// Who may change.
    CanWrite(CanWrite),
    /// Who may run.
    CanExecute(CanExecute),
    /// Who acts for whom.
    Delegates(Delegates),
    /// Who has a relation to what.
    Holds(Holds),
}

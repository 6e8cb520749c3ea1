//! Edges as they are stored: who belongs where, what is inside of what, who may do what, who acts for whom.

use metagraph::prelude::*;

use super::stored::{Principal, Resource, Resources};

/// A principal belongs to an organisation or a role, and has what that has.
///
/// There is one for each reason: a plain one, and one for each tuple of a [relation model](super::relations) that says so.
///
/// ```
/// use metagraph::graphs::acl::BelongsTo;
///
/// assert_eq!(BelongsTo::plain("account:mara", "role:editor").id, "account:mara->role:editor");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Principal), name = "belongs_to", multi)]
pub struct BelongsTo {
    /// `member->group`, and the tuple where it comes of one.
    #[graph(key)]
    pub id: String,
    /// The tuple that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuple: Option<String>,
}

/// A resource is inside of another, and who may do something with the other may do it with this one.
///
/// There is one for each reason, as with [`BelongsTo`].
///
/// ```
/// use metagraph::graphs::acl::Contains;
///
/// assert_eq!(Contains::plain("folder:plans", "document:roadmap").tuple, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Resource, to = Resource), name = "contains", multi)]
pub struct Contains {
    /// `container->resource`, and the tuple where it comes of one.
    #[graph(key)]
    pub id: String,
    /// The tuple that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuple: Option<String>,
}

/// A principal has a relation of a [relation model](super::relations) to an object, because of a tuple.
///
/// ```
/// use metagraph::graphs::acl::Holds;
///
/// let tuple = "user:anne viewer document:1";
/// let holds = Holds::of("account:user:anne", "document#viewer:1", tuple);
/// assert_eq!(holds.id, "account:user:anne->document#viewer:1 user:anne viewer document:1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Resource), name = "holds", multi)]
pub struct Holds {
    /// `principal->resource`, and the tuple.
    #[graph(key)]
    pub id: String,
    /// The tuple that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tuple: Option<String>,
}

macro_rules! reasoned {
    ($($name:ident)+) => {
        $(impl $name {
            /// The edge between two keys that comes of no tuple.
            pub fn plain(from: &str, to: &str) -> Self {
                Self { id: format!("{from}->{to}"), tuple: None }
            }

            /// The edge between two keys that comes of a tuple.
            pub fn of(from: &str, to: &str, tuple: &str) -> Self {
                Self { id: format!("{from}->{to} {tuple}"), tuple: Some(tuple.to_owned()) }
            }
        })+
    };
}

reasoned!(BelongsTo Contains Holds);

/// A principal may look at a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Resource), name = "can_read", unique)]
pub struct CanRead {}

/// A principal may change a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Resource), name = "can_write", unique)]
pub struct CanWrite {}

/// A principal may run a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Resource), name = "can_execute", unique)]
pub struct CanExecute {}

/// A principal lets another act for it, within what is named here.
///
/// What is not named is not delegated: without scopes no scope, without resources no resource.
///
/// ```
/// use metagraph::graphs::acl::Delegates;
///
/// let delegates = Delegates::scopes(["call:read"]).narrowable();
/// let json = serde_json::json!({"narrowedScopes": ["call:read"], "narrowable": true});
/// assert_eq!(serde_json::to_value(&delegates)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Principal), name = "delegates", unique)]
#[serde(rename_all = "camelCase")]
pub struct Delegates {
    /// Scopes of the delegator that the delegate has, too.
    pub narrowed_scopes: Vec<String>,
    /// What the delegate may do with which resources, as far as the delegator may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub narrowed_resources: Option<Resources>,
    /// Whether the delegate may delegate it on.
    #[serde(default)]
    pub narrowable: bool,
}

impl Delegates {
    /// A delegation of scopes that goes no further.
    pub fn scopes<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self { narrowed_scopes: scopes.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// The same with actions on a resource, `type:id`, and what is inside of it; or on all of a `type`, which the delegator
    /// must have been granted something of: what it has by a container is delegated by the container.
    #[must_use]
    pub fn with<S: Into<String>>(mut self, resource: impl Into<String>, actions: impl IntoIterator<Item = S>) -> Self {
        let resources = self.narrowed_resources.get_or_insert_default();
        resources.entry(resource.into()).or_default().extend(actions.into_iter().map(Into::into));
        self
    }

    /// The same, and the delegate may delegate it on.
    #[must_use]
    pub fn narrowable(self) -> Self {
        Self { narrowable: true, ..self }
    }
}

//! Rows as data: what adapters publish as select, insert and patch schemas, and what the dynamic layer speaks.
//!
//! The names in JSON are in camel case. Nothing here reads or writes a database; attributes are checked only where a
//! graph takes them.
//!
//! ```
//! # use metagraph_diesel as metagraph;
//! use metagraph::row::NewNode;
//! use serde_json::json;
//!
//! let schema = schemars::schema_for!(NewNode);
//! assert_eq!(schema.get("required"), Some(&json!(["nodeType"])));
//!
//! let node: NewNode = serde_json::from_value(json!({"nodeType": "person"})).unwrap();
//! assert_eq!(node.attributes, json!({}));
//! ```

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The word that is stored.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            pub(crate) fn from_word(word: &str) -> diesel::deserialize::Result<Self> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("`{word}` is not a {}", stringify!($name)).into()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Where a graph is in its life.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::row::GraphStatus;
    ///
    /// assert_eq!(GraphStatus::Archived.as_str(), "archived");
    /// assert_eq!(serde_json::to_value(GraphStatus::Draft).unwrap(), "draft");
    /// ```
    GraphStatus {
        /// New; takes writes.
        Draft = "draft",
        /// In use; takes writes.
        Active = "active",
        /// Kept as it is; refuses writes.
        Archived = "archived",
    }
}

words! {
    /// What an actor is.
    ActorKind {
        /// A human being.
        Person = "person",
        /// A program that runs on its own account.
        Service = "service",
        /// A program that acts on somebody's behalf.
        Agent = "agent",
        /// The system itself.
        System = "system",
    }
}

words! {
    /// Whether an actor may act.
    ActorStatus {
        /// It may.
        Active = "active",
        /// Not for now.
        Suspended = "suspended",
        /// Never again.
        Deactivated = "deactivated",
    }
}

/// A stored graph type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GraphType {
    /// The local id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What its author wrote about it.
    pub description: String,
    /// Its options, as graphology names them.
    pub config: Value,
    /// `system`, `tenant` or `user`.
    pub scope: String,
    /// The version its author declared.
    pub version: i64,
    /// Counts what was committed to the stored type.
    pub revision: i64,
    /// SHA-256 of the canonical schema document.
    pub hash: String,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was registered.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A stored node type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeType {
    /// The local id.
    pub id: i64,
    /// Its name in the graph type.
    pub name: String,
    /// What its author wrote about it.
    pub description: String,
    /// JSON schema of the attributes.
    pub schema: Value,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was registered.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A stored edge type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeType {
    /// The local id.
    pub id: i64,
    /// Its name in the graph type.
    pub name: String,
    /// What its author wrote about it.
    pub description: String,
    /// JSON schema of the attributes.
    pub schema: Value,
    /// Names of the node types an edge may start at.
    pub allowed_source_types: Vec<String>,
    /// Names of the node types an edge may end at.
    pub allowed_target_types: Vec<String>,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was registered.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A stored graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// The local id.
    pub id: i64,
    /// Its identity between databases, a UUID.
    pub uid: String,
    /// Name of its graph type.
    pub graph_type: String,
    /// Its name; several graphs may share one.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it is in its life.
    pub status: GraphStatus,
    /// Whose it is; free for the consumer.
    pub owner: Option<String>,
    /// What it belongs to; free for the consumer.
    pub project: Option<String>,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was created.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When its own row was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A graph to be created.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::{GraphStatus, NewGraph};
///
/// let graph = NewGraph { owner: Some("mara".into()), ..NewGraph::named("app") };
/// assert_eq!(graph.status, GraphStatus::Draft);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NewGraph {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it starts; a draft unless said otherwise.
    pub status: GraphStatus,
    /// Whose it is.
    pub owner: Option<String>,
    /// What it belongs to.
    pub project: Option<String>,
    /// Free for the consumer; an object unless said otherwise.
    pub metadata: Value,
}

impl NewGraph {
    /// A draft with this name and nothing else.
    ///
    /// ```
    /// # use metagraph_diesel as metagraph;
    /// use metagraph::row::NewGraph;
    ///
    /// assert_eq!(NewGraph::named("app").metadata, serde_json::json!({}));
    /// ```
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

impl Default for NewGraph {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            status: GraphStatus::Draft,
            owner: None,
            project: None,
            metadata: Value::Object(serde_json::Map::default()),
        }
    }
}

/// Changes to a graph's own row; what is absent stays.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::GraphPatch;
/// use serde_json::json;
///
/// let patch: GraphPatch = serde_json::from_value(json!({"name": "app", "owner": null})).unwrap();
/// assert_eq!(patch.owner, Some(None), "null removes");
/// assert_eq!(patch.project, None, "absent stays");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct GraphPatch {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// A new status.
    pub status: Option<GraphStatus>,
    /// A new owner; `Some(None)` removes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub owner: Option<Option<String>>,
    /// A new project; `Some(None)` removes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub project: Option<Option<String>>,
    /// New metadata, as a whole.
    pub metadata: Option<Value>,
}

/// A stored node with its attributes as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// The local id.
    pub id: i64,
    /// Name of its node type.
    pub node_type: String,
    /// Its identity inside the graph and its type.
    pub key: String,
    /// Its attributes.
    pub attributes: Value,
    /// How often it was written.
    pub version: i64,
    /// When it was inserted.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// A node to be inserted.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::NewNode;
/// use serde_json::json;
///
/// let node = NewNode { node_type: "package".into(), attributes: json!({"id": "serde", "downloads": 7}) };
/// assert_eq!(serde_json::to_value(node).unwrap()["nodeType"], "package");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewNode {
    /// Name of its node type.
    pub node_type: String,
    /// Its attributes, the key among them where the type has one.
    #[serde(default = "empty")]
    pub attributes: Value,
}

/// A change to a node: a JSON merge patch (RFC 7396) of its attributes.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::NodePatch;
/// use serde_json::json;
///
/// let patch = NodePatch { attributes: json!({"homepage": null, "downloads": 8}) };
/// assert_eq!(serde_json::to_value(patch).unwrap(), json!({"attributes": {"homepage": null, "downloads": 8}}));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodePatch {
    /// What to change; null removes an attribute.
    #[serde(default = "empty")]
    pub attributes: Value,
}

/// A stored edge with its attributes as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Edge {
    /// The local id.
    pub id: i64,
    /// Name of its edge type.
    pub edge_type: String,
    /// Its identity inside the graph and its type, where it has one.
    pub key: Option<String>,
    /// Local id of the node where it starts.
    pub source: i64,
    /// Local id of the node where it ends.
    pub target: i64,
    /// Whether it has no direction.
    pub undirected: bool,
    /// Its attributes.
    pub attributes: Value,
    /// How often it was written.
    pub version: i64,
    /// When it was inserted.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// An edge to be inserted.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::NewEdge;
/// use serde_json::json;
///
/// let edge = json!({"edgeType": "maintains", "source": 1, "target": 2});
/// let edge: NewEdge = serde_json::from_value(edge).unwrap();
/// assert_eq!((edge.source, edge.target, edge.attributes), (1, 2, json!({})));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewEdge {
    /// Name of its edge type.
    pub edge_type: String,
    /// Local id of the node where it starts.
    pub source: i64,
    /// Local id of the node where it ends.
    pub target: i64,
    /// Its attributes, the key among them where the type has one.
    #[serde(default = "empty")]
    pub attributes: Value,
}

/// A change to an edge: a JSON merge patch (RFC 7396) of its attributes. Its ends never move.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::EdgePatch;
///
/// let patch: EdgePatch = serde_json::from_str(r#"{"attributes": {"optional": true}}"#).unwrap();
/// assert_eq!(patch.attributes["optional"], true);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgePatch {
    /// What to change; null removes an attribute.
    #[serde(default = "empty")]
    pub attributes: Value,
}

/// A stored actor: somebody or something that acts, beside the graphs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The local id.
    pub id: i64,
    /// What it is.
    pub kind: ActorKind,
    /// What it is called.
    pub name: String,
    /// Its identity outside, such as a token's subject; unique where present.
    pub subject: Option<String>,
    /// Whether it may act.
    pub status: ActorStatus,
    /// Free for the consumer.
    pub metadata: Value,
    /// When it was inserted.
    #[schemars(with = "String")]
    pub created_at: Timestamp,
    /// When it was last written.
    #[schemars(with = "String")]
    pub updated_at: Timestamp,
}

/// An actor to be inserted.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::{ActorKind, NewActor};
/// use serde_json::json;
///
/// let actor: NewActor = serde_json::from_value(json!({"kind": "service", "name": "crawler"})).unwrap();
/// assert_eq!((actor.kind, actor.subject), (ActorKind::Service, None));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewActor {
    /// What it is.
    pub kind: ActorKind,
    /// What it is called.
    pub name: String,
    /// Its identity outside; unique where present.
    #[serde(default)]
    pub subject: Option<String>,
    /// Free for the consumer.
    #[serde(default = "empty")]
    pub metadata: Value,
}

/// Changes to an actor; what is absent stays.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use metagraph::row::{ActorPatch, ActorStatus};
///
/// let patch: ActorPatch = serde_json::from_value(serde_json::json!({"status": "suspended"})).unwrap();
/// assert_eq!((patch.status, patch.subject), (Some(ActorStatus::Suspended), None));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ActorPatch {
    /// A new name.
    pub name: Option<String>,
    /// A new subject; `Some(None)` removes it.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub subject: Option<Option<String>>,
    /// A new status.
    pub status: Option<ActorStatus>,
    /// New metadata, as a whole.
    pub metadata: Option<Value>,
}

fn empty() -> Value {
    Value::Object(serde_json::Map::default())
}

/// Tells a null, which removes, from an absent member, which changes nothing.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

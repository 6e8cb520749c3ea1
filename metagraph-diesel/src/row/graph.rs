//! Graphs.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{GraphStatus, empty, present};

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
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGraph {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Where it starts; a draft unless said otherwise.
    #[serde(default)]
    pub status: GraphStatus,
    /// Whose it is.
    pub owner: Option<String>,
    /// What it belongs to.
    pub project: Option<String>,
    /// Free for the consumer; an object unless said otherwise.
    #[serde(default = "empty")]
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
            status: GraphStatus::default(),
            owner: None,
            project: None,
            metadata: empty(),
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
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
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

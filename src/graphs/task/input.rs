//! Tasks as others write them: in files, over an API, in lists of records.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::kinds::{Impact, Level, Priority, Risk, Scope, Status};
use super::stored::{Dependency, Task};

/// A field that may be missing or null; both say that nobody assessed it, and which of them it was is kept.
///
/// ```
/// use metagraph::graphs::task::{Nullable, Risk};
///
/// assert_eq!(Nullable::from(Risk::High).value(), Some(Risk::High));
/// assert_eq!(Nullable::<Risk>::Null.value(), None);
/// assert!(Nullable::<Risk>::default().is_absent());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nullable<T> {
    /// Nothing is written.
    #[default]
    Absent,
    /// A null is written.
    Null,
    /// This is written.
    Value(T),
}

impl<T> Nullable<T> {
    /// What is written, if it is neither missing nor null.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether nothing is written, not even a null.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// A task with what it depends on, as files and APIs carry it.
///
/// What is about people and times stays in the file; the rest is stored as a [`Task`].
///
/// ```
/// use metagraph::graphs::task::{Risk, TaskInput};
///
/// let api = TaskInput { risk: Risk::High.into(), ..TaskInput::new("api", "Wire up the API", ["schema"]) };
/// let json = serde_json::json!({"id": "api", "name": "Wire up the API", "dependsOn": ["schema"], "risk": "high"});
/// assert_eq!(serde_json::to_value(&api)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskInput {
    /// Its identity.
    pub id: String,
    /// What is to be done, in a line.
    pub name: String,
    /// Ids of the tasks that have to be completed before.
    #[serde(alias = "depends_on")]
    pub depends_on: Vec<String>,
    /// Where it is in its life.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub status: Nullable<Status>,
    /// How much it touches.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub scope: Nullable<Scope>,
    /// How likely it fails.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub risk: Nullable<Risk>,
    /// How far a failure reaches.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub impact: Nullable<Impact>,
    /// What kind of work it is.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub level: Nullable<Level>,
    /// What is to be done first.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub priority: Nullable<Priority>,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub assignee: Nullable<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub due: Nullable<String>,
    /// When it was written down.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub created: Nullable<String>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Nullable::is_absent")]
    pub modified: Nullable<String>,
}

impl TaskInput {
    /// A task of which only the dependencies are known.
    ///
    /// ```
    /// use metagraph::graphs::task::TaskInput;
    ///
    /// assert_eq!(TaskInput::new("api", "Wire up the API", ["schema"]).depends_on, ["schema"]);
    /// ```
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        depends_on: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            depends_on: depends_on.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

impl From<&TaskInput> for Task {
    fn from(input: &TaskInput) -> Self {
        Self {
            status: input.status.value(),
            priority: input.priority.value(),
            scope: input.scope.value(),
            risk: input.risk.value(),
            impact: input.impact.value(),
            level: input.level.value(),
            ..Self::new(input.id.as_str(), input.name.as_str())
        }
    }
}

/// A dependency as a record: `to` depends on `from`.
///
/// ```
/// use metagraph::graphs::task::DependencyEdge;
///
/// let edge: DependencyEdge = serde_json::from_str(r#"{"from": "schema", "to": "api", "qualityRetention": 0.5}"#)?;
/// assert_eq!(edge.to_string(), "schema->api");
/// assert_eq!(DependencyEdge::new("schema", "api").quality_retention, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DependencyEdge {
    /// What has to be completed before.
    pub from: String,
    /// What depends on it.
    pub to: String,
    /// How much of the quality of `to` survives a failure of `from`; where nobody said,
    /// [`DEFAULT_QUALITY_RETENTION`](DependencyEdge::DEFAULT_QUALITY_RETENTION).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub quality_retention: Option<f64>,
}

impl DependencyEdge {
    /// The quality retention of a dependency that names none.
    pub const DEFAULT_QUALITY_RETENTION: f64 = 0.9;

    /// `to` depends on `from`.
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into(), quality_retention: None }
    }

    /// What is stored of it beside its ends.
    pub const fn attributes(&self) -> Dependency {
        Dependency { quality_retention: self.quality_retention }
    }
}

/// Its key in JSON: `from->to`.
impl fmt::Display for DependencyEdge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)
    }
}

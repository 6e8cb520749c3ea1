//! What is stored: calls, which calls they triggered, what they depend on, and the graph type of all that.

use std::collections::BTreeMap;

use jiff::Timestamp;
use metagraph::prelude::*;
use serde_json::Value;

use super::span::Span;
use super::status::CallStatus;

/// A call of an operation; what is `None` nobody told.
///
/// In JSON it is what the TypeScript package calls `CallNodeAttrs`, and what a trace knows beside it.
///
/// ```
/// use metagraph::graphs::call::{Call, CallStatus};
///
/// let call = Call { operation_id: Some("orders.place".into()), ..Call::heard_of("0192-7") };
/// let json = serde_json::json!({"requestId": "0192-7", "operationId": "orders.place", "status": "pending"});
/// assert_eq!(serde_json::to_value(&call)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, name = "call")]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Its identity.
    #[graph(key)]
    pub request_id: String,
    /// What is called, as `namespace.name` or `/namespace/name`; of a call that was only heard of, nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[graph(index = "operation")]
    pub operation_id: Option<String>,
    /// What kind of operation it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_type: Option<OperationType>,
    /// Where it is in its life.
    #[serde(default)]
    #[graph(index)]
    pub status: CallStatus,
    /// The call that triggered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_request_id: Option<String>,
    /// What it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
    /// What it answered; of a subscription, the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// What it failed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CallErrorInfo>,
    /// Who called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Until when it is worth an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub deadline: Option<Timestamp>,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub completed_at: Option<Timestamp>,
    /// How long it took, in nanoseconds: from its beginning to its end. Less than nothing where clocks disagree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[graph(index, index = "operation")]
    pub duration_nanos: Option<i64>,
    /// The latest answer, while it is open whether more follow: of a subscription, or of a call of which is not known
    /// whether it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// The trace that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The program that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// What else a trace says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Box<Span>>,
}

/// The name of [`Call`] in the TypeScript package.
pub type CallNodeAttrs = Call;

impl Call {
    /// A call of which nothing is known but its id, as of one that another names as its parent.
    ///
    /// ```
    /// use metagraph::graphs::call::Call;
    ///
    /// assert!(!Call::heard_of("0192-7").is_described());
    /// ```
    pub fn heard_of(request_id: impl Into<String>) -> Self {
        Self { request_id: request_id.into(), ..Self::default() }
    }

    /// Whether it is known what was called.
    ///
    /// ```
    /// use metagraph::graphs::call::Call;
    ///
    /// let call = Call { operation_id: Some("orders.place".into()), ..Call::heard_of("0192-7") };
    /// assert!(call.is_described());
    /// ```
    pub const fn is_described(&self) -> bool {
        self.operation_id.is_some()
    }

    /// Whether it may answer several times.
    ///
    /// ```
    /// use metagraph::graphs::call::{Call, OperationType};
    ///
    /// let call = Call { operation_type: Some(OperationType::Subscription), ..Call::heard_of("0192-7") };
    /// assert!(call.is_subscription());
    /// ```
    pub fn is_subscription(&self) -> bool {
        self.operation_type == Some(OperationType::Subscription)
    }
}

/// What kind of operation is called.
///
/// ```
/// use metagraph::graphs::call::OperationType;
///
/// assert_eq!(serde_json::to_value(OperationType::Query)?, "query");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OperationType {
    /// It reads, and answers once.
    Query,
    /// It writes, and answers once.
    Mutation,
    /// It answers until it is over.
    Subscription,
}

/// What a call failed with.
///
/// ```
/// use metagraph::graphs::call::CallErrorInfo;
///
/// let error = CallErrorInfo::new("TIMEOUT", "no answer in 5 s");
/// assert_eq!(serde_json::to_value(&error)?, serde_json::json!({"code": "TIMEOUT", "message": "no answer in 5 s"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallErrorInfo {
    /// A word for programs, such as `TIMEOUT` or `ACCESS_DENIED`.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// Whatever else there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

impl CallErrorInfo {
    /// An error without details.
    ///
    /// ```
    /// use metagraph::graphs::call::CallErrorInfo;
    ///
    /// assert_eq!(CallErrorInfo::new("TIMEOUT", "no answer").details, None);
    /// ```
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), details: None }
    }
}

/// Who called.
///
/// ```
/// use metagraph::graphs::call::Identity;
///
/// let mara = Identity { id: "mara".into(), scopes: vec!["orders:write".into()], resources: None };
/// assert_eq!(serde_json::to_value(&mara)?, serde_json::json!({"id": "mara", "scopes": ["orders:write"]}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Which one.
    pub id: String,
    /// What they may do.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What they may do with which resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<BTreeMap<String, Vec<String>>>,
}

/// An answer after which another may follow.
///
/// ```
/// use metagraph::graphs::call::Answered;
///
/// assert_eq!(serde_json::to_value(Answered { at: None })?, serde_json::json!({}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// When it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub at: Option<Timestamp>,
}

/// From a call to one that it made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Call, to = Call), name = "triggered", one_in)]
pub struct Triggered;

/// From a call to one whose result it needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Call, to = Call), name = "depends_on")]
pub struct DependsOn;

/// The graph type: calls, which calls they made, and whose results they need. There are no cycles, whichever edges they
/// would be made of.
///
/// ```
/// use metagraph::graphs::call::{Call, Calls, Triggered};
/// use metagraph::prelude::*;
///
/// # fn main() -> metagraph::Result<()> {
/// let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(conn)?;
/// metagraph::sync::<Calls, _>(conn)?;
/// let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
/// let slow = graph.nodes::<Call>().filter(|call| call.duration_nanos.gt(1_000_000_000));
/// assert_eq!(slow.count(conn)?, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, GraphType)]
#[graph(name = "call-graph", version = 1, scope = system, directed, acyclic)]
#[allow(clippy::large_enum_variant, reason = "no value of it is made")]
pub enum Calls {
    /// What was called.
    Call(Call),
    /// Which call made it.
    Triggered(Triggered),
    /// Whose result it needs.
    DependsOn(DependsOn),
}

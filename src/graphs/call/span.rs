//! What a trace says of a call beyond what a call is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::status::CallStatus;
use super::stored::CallErrorInfo;

/// The id of the call that a span is: spans are unique inside of their trace only.
///
/// ```
/// use metagraph::graphs::call::span_id;
///
/// assert_eq!(span_id("4bf92f3577b34da6", "00f067aa0ba902b7"), "4bf92f3577b34da6/00f067aa0ba902b7");
/// ```
pub fn span_id(trace_id: &str, span_id: &str) -> String {
    format!("{trace_id}/{span_id}")
}

/// Names with values, as traces have them in several places.
pub type Tags = BTreeMap<String, Value>;

/// What a trace says of a call beyond what a call is.
///
/// ```
/// use metagraph::graphs::call::Span;
///
/// assert_eq!(serde_json::to_value(Span::default())?, serde_json::json!({}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Its part in a conversation: `client`, `server`, `producer`, `consumer` or `internal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What is known of the call.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub attributes: Tags,
    /// What is known of the program that did it.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub resource: Tags,
    /// The library that told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// What happened on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<SpanEvent>,
    /// Other spans that it has to do with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<SpanLink>,
    /// What each side of a conversation told; where both tell of one span, or might.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<Side>,
}

/// The library that told of a span.
///
/// ```
/// use metagraph::graphs::call::Scope;
///
/// assert_eq!(serde_json::to_value(Scope::default())?, serde_json::json!({}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// Its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Whatever else it tells of itself.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub attributes: Tags,
}

/// Something that happened during a call.
///
/// ```
/// use metagraph::graphs::call::{SpanEvent, Tags};
///
/// let event = SpanEvent { name: "retry".into(), at: None, attributes: Tags::new() };
/// assert_eq!(serde_json::to_value(event)?, serde_json::json!({"name": "retry"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpanEvent {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub at: Option<Timestamp>,
    /// Whatever else is told.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub attributes: Tags,
}

/// Another span that a call has to do with, in whatever way.
///
/// It is no edge: links may lead anywhere, also to what never comes, and in circles.
///
/// ```
/// use metagraph::graphs::call::{SpanLink, Tags};
///
/// let link = SpanLink { request_id: "4bf9/00f0".into(), attributes: Tags::new() };
/// assert_eq!(serde_json::to_value(link)?, serde_json::json!({"requestId": "4bf9/00f0"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpanLink {
    /// The call that the other span is.
    pub request_id: String,
    /// Whatever is told of the two.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub attributes: Tags,
}

/// What one side of a conversation told of a span that both share.
///
/// ```
/// use metagraph::graphs::call::Side;
///
/// assert_eq!(serde_json::to_value(Side::default())?, serde_json::json!({"kind": "", "status": "pending"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// Its part: `client` or `server`.
    #[serde(default)]
    pub kind: String,
    /// What is called, in its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// The program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// When it began, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub started_at: Option<Timestamp>,
    /// When it ended, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub completed_at: Option<Timestamp>,
    /// Where it says that the call is.
    pub status: CallStatus,
    /// What it says that the call failed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CallErrorInfo>,
    /// Whatever else it knows.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub attributes: Tags,
}

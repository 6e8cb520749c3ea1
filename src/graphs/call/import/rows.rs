//! Spans as rows: a JSON object a line.

use std::io::BufRead;

use serde::Deserialize;
use serde_json::Value;

use super::{operation, required, time, without_place};

use super::super::CallError;
use super::super::event::CallEvent;
use super::super::span::{Span, Tags, span_id};
use super::super::status::CallStatus;
use super::super::stored::{Call, CallErrorInfo};

/// A span as a row, as exports of tables have it.
///
/// ```
/// use metagraph::graphs::call::{Call, SpanRow};
///
/// let row: SpanRow = serde_json::from_str(
///     r#"{"traceId": "4bf9", "spanId": "00f0", "operation": "GetCart", "service": "cart", "pod": "cart-7",
///         "startUnixNano": "1661146988592291144", "endUnixNano": "1661146988592291145"}"#,
/// )?;
/// let call = row.to_call("line 1")?;
/// assert_eq!((call.request_id.as_str(), call.duration_nanos), ("4bf9/00f0", Some(1)));
/// assert_eq!(call.span.unwrap().resource["pod"], "cart-7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanRow {
    /// The trace.
    #[serde(default)]
    pub trace_id: Option<String>,
    /// The span, unique inside of its trace.
    #[serde(default)]
    pub span_id: Option<String>,
    /// The span that made it.
    #[serde(default)]
    pub parent_span_id: Option<String>,
    /// The program.
    #[serde(default)]
    pub service: Option<String>,
    /// What is called.
    #[serde(default)]
    pub operation: Option<String>,
    /// When it began, in nanoseconds since 1970; as text or number.
    #[serde(default)]
    pub start_unix_nano: Option<Value>,
    /// When it ended, in nanoseconds since 1970; as text or number.
    #[serde(default)]
    pub end_unix_nano: Option<Value>,
    /// What it failed with.
    #[serde(default)]
    pub error: Option<String>,
    /// Whatever else the row has, which becomes part of [`Span::resource`].
    #[serde(flatten)]
    pub others: Tags,
}

impl SpanRow {
    /// The call that the span is. Without an end it is running.
    ///
    /// # Errors
    /// [`CallError::Unreadable`] at `place` when an id or the operation is missing, or a time is none.
    pub fn to_call(&self, place: &str) -> Result<Call, CallError> {
        let trace = required(place, "traceId", self.trace_id.as_deref())?;
        let own = required(place, "spanId", self.span_id.as_deref())?;
        let mut attributes = Tags::new();
        let operation = operation(required(place, "operation", self.operation.as_deref())?, &mut attributes);
        let parent = self.parent_span_id.as_deref().filter(|parent| !parent.is_empty());
        let completed_at = time(place, "endUnixNano", self.end_unix_nano.as_ref(), 1)?;
        let status = match (&self.error, completed_at) {
            (Some(_), _) => CallStatus::Failed,
            (None, Some(_)) => CallStatus::Completed,
            (None, None) => CallStatus::Running,
        };
        let span = Span { attributes, resource: self.others.clone(), ..Span::default() };
        let mut call = Call {
            operation_id: Some(operation),
            status,
            parent_request_id: parent.map(|parent| span_id(trace, parent)),
            error: self.error.as_ref().map(|error| CallErrorInfo::new("EXECUTION_ERROR", error.as_str())),
            started_at: time(place, "startUnixNano", self.start_unix_nano.as_ref(), 1)?,
            completed_at,
            trace_id: Some(trace.to_owned()),
            service: self.service.clone(),
            span: (span != Span::default()).then(|| Box::new(span)),
            ..Call::heard_of(span_id(trace, own))
        };
        call.measure();
        Ok(call)
    }
}

/// Reads spans that are a JSON object a line, one at a time; empty lines are passed over.
///
/// ```
/// use metagraph::graphs::call::{CallEvent, read_span_rows};
///
/// let lines = "{\"traceId\": \"4bf9\", \"spanId\": \"00f0\", \"operation\": \"GetCart\"}\n{}\n";
/// let events: Vec<_> = read_span_rows(lines.as_bytes()).collect();
/// assert_eq!(events[0].as_ref().unwrap().request_id, "4bf9/00f0");
/// assert_eq!(events[1].as_ref().unwrap_err().to_string(), "line 2: it has no `traceId`");
/// ```
pub fn read_span_rows(lines: impl BufRead) -> impl Iterator<Item = Result<CallEvent, CallError>> {
    lines.lines().zip(1_u64..).filter_map(|(line, number)| {
        let place = format!("line {number}");
        let unreadable = |reason: String| CallError::Unreadable { place: place.clone(), reason };
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(unreadable(error.to_string()))),
        };
        if line.trim().is_empty() {
            return None;
        }
        let row = serde_json::from_str::<SpanRow>(&line).map_err(|error| unreadable(without_place(&error)));
        Some(row.and_then(|row| Ok(row.to_call(&place)?.into())))
    })
}

//! Spans as Zipkin writes them in JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::otlp::place;
use super::{operation, parsed, required, time};

use super::super::CallError;
use super::super::event::CallEvent;
use super::super::span::{Side, Span, SpanEvent, Tags, span_id};
use super::super::status::CallStatus;
use super::super::stored::{Call, CallErrorInfo};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    trace_id: Option<String>,
    id: Option<String>,
    parent_id: Option<String>,
    name: Option<String>,
    kind: Option<String>,
    timestamp: Option<Value>,
    duration: Option<Value>,
    local_endpoint: Option<Map<String, Value>>,
    remote_endpoint: Option<Map<String, Value>>,
    #[serde(default)]
    annotations: Vec<Annotation>,
    #[serde(default)]
    tags: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Annotation {
    timestamp: Option<Value>,
    #[serde(default)]
    value: String,
}

/// Reads spans as Zipkin writes them in JSON (version 2): a list of objects, or several.
///
/// A client and a server may both tell of one span, each by its own clock. They are one call: its name, its service and its
/// times are the client's, who waited, and [`Span::sides`] keeps what each of them said. So the duration is right however
/// the clocks differ, and the same whichever comes first, also in another file.
///
/// | in the trace | in the call |
/// |---|---|
/// | `traceId` and `id`, `parentId` | `requestId`, as [`span_id`] makes it; `parentRequestId` |
/// | `name`, `localEndpoint.serviceName` | `operationId`, `service`; without a name, `unknown` |
/// | `timestamp`, `duration` in microseconds | `startedAt`, `completedAt`; without a duration it is `running` |
/// | tag `error` | `failed`, and the message |
/// | `kind`, tags, annotations, end points | [`Span`] |
///
/// There is no place for `debug`.
///
/// ```
/// use metagraph::graphs::call::{CallLog, Calls, read_zipkin};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Calls, _>(conn)?;
/// # let graph = Graph::<Calls>::open_or_create(conn, "traces")?;
/// let text = r#"[
///     {"traceId": "1e", "id": "74", "kind": "SERVER", "name": "post /", "timestamp": 900, "duration": 30, "shared": true},
///     {"traceId": "1e", "id": "74", "kind": "CLIENT", "name": "post", "timestamp": 1000, "duration": 50}
/// ]"#;
/// let log = CallLog::new(&graph);
/// log.ingest(conn, read_zipkin(text)?)?;
/// assert_eq!(log.get(conn, "1e/74")?.value.duration_nanos, Some(50_000));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`CallError::Unreadable`], for the first span that is none.
pub fn read_zipkin(text: &str) -> Result<Vec<CallEvent>, CallError> {
    let lists: Vec<Vec<Told>> = parsed("Zipkin JSON", text)?;
    let calls = lists.iter().flatten().enumerate().map(|(before, told)| call(&place(told.id.as_deref(), before), told));
    calls.map(|call| Ok(call?.into())).collect()
}

fn call(place: &str, told: &Told) -> Result<Call, CallError> {
    let trace = required(place, "traceId", told.trace_id.as_deref())?.to_ascii_lowercase();
    let own = required(place, "id", told.id.as_deref())?.to_ascii_lowercase();
    let parent = told.parent_id.as_deref().filter(|parent| !parent.is_empty());
    let started_at = time(place, "timestamp", told.timestamp.as_ref(), 1000)?;
    let took = time(place, "duration", told.duration.as_ref(), 1000)?;
    let completed_at = started_at.zip(took).and_then(|(started, took)| {
        jiff::Timestamp::from_nanosecond(started.as_nanosecond().checked_add(took.as_nanosecond())?).ok()
    });
    let events = told.annotations.iter().map(|annotation| {
        let at = time(place, "annotations/timestamp", annotation.timestamp.as_ref(), 1000)?;
        Ok(SpanEvent { name: annotation.value.clone(), at, attributes: Tags::new() })
    });
    let error = told.tags.get("error").map(|error| {
        let message = error.as_str().map_or_else(|| error.to_string(), str::to_owned);
        CallErrorInfo::new("EXECUTION_ERROR", message)
    });
    let status = match (&error, completed_at) {
        (Some(_), _) => CallStatus::Failed,
        (None, Some(_)) => CallStatus::Completed,
        (None, None) => CallStatus::Running,
    };
    let service = told.local_endpoint.as_ref().and_then(|end| Some(end.get("serviceName")?.as_str()?.to_owned()));
    let mut attributes: Tags = told.tags.clone();
    let name = told.name.as_deref().filter(|name| !name.is_empty()).map(|name| operation(name, &mut attributes));
    for (name, end) in [("localEndpoint", &told.local_endpoint), ("remoteEndpoint", &told.remote_endpoint)] {
        if let Some(end) = end {
            attributes.insert(name.to_owned(), Value::Object(end.clone()));
        }
    }
    let kind = told.kind.as_deref().map(str::to_ascii_lowercase);
    let mut call = Call {
        operation_id: name.clone().or_else(|| Some("unknown".to_owned())),
        status,
        parent_request_id: parent.map(|parent| span_id(&trace, &parent.to_ascii_lowercase())),
        error,
        started_at,
        completed_at,
        service,
        ..Call::heard_of(span_id(&trace, &own))
    };
    call.trace_id = Some(trace);
    call.measure();
    let mut span = Span { events: events.collect::<Result<_, CallError>>()?, kind, ..Span::default() };
    match &span.kind {
        Some(kind) if ["client", "server"].contains(&kind.as_str()) => {
            let side = Side {
                kind: kind.clone(),
                operation_id: name,
                service: call.service.clone(),
                started_at: call.started_at,
                completed_at: call.completed_at,
                status: call.status,
                error: call.error.clone(),
                attributes,
            };
            span.sides.push(side);
        }
        _ => span.attributes = attributes,
    }
    call.span = Some(Box::new(span));
    Ok(call)
}

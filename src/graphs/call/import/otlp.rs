//! Spans as OpenTelemetry's protocol writes them in JSON.

use serde::Deserialize;
use serde_json::Value;

use super::any_value::{KeyValue, tags};
use super::{operation, parsed, required, time};

use super::super::CallError;
use super::super::event::CallEvent;
use super::super::span::{Scope, Span, SpanEvent, SpanLink, Tags, span_id};
use super::super::status::CallStatus;
use super::super::stored::{Call, CallErrorInfo};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object with `resourceSpans`")]
struct Traces {
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans {
    #[serde(default)]
    resource: Resource,
    #[serde(default)]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Default, Deserialize)]
struct Resource {
    #[serde(default)]
    attributes: Vec<KeyValue>,
}

#[derive(Deserialize)]
struct ScopeSpans {
    #[serde(default)]
    scope: Library,
    #[serde(default)]
    spans: Vec<Told>,
}

#[derive(Default, Deserialize)]
struct Library {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    attributes: Vec<KeyValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    trace_id: Option<String>,
    span_id: Option<String>,
    parent_span_id: Option<String>,
    #[serde(default)]
    name: String,
    kind: Option<Value>,
    start_time_unix_nano: Option<Value>,
    end_time_unix_nano: Option<Value>,
    #[serde(default)]
    attributes: Vec<KeyValue>,
    #[serde(default)]
    events: Vec<ToldEvent>,
    #[serde(default)]
    links: Vec<ToldLink>,
    #[serde(default)]
    status: ToldStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldEvent {
    time_unix_nano: Option<Value>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    attributes: Vec<KeyValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldLink {
    trace_id: Option<String>,
    span_id: Option<String>,
    #[serde(default)]
    attributes: Vec<KeyValue>,
}

#[derive(Default, Deserialize)]
struct ToldStatus {
    code: Option<Value>,
    #[serde(default)]
    message: String,
}

/// Reads spans as OpenTelemetry's protocol (OTLP) writes them in JSON: an object with `resourceSpans`, or
/// several, as the collector writes them a line each.
///
/// | in the trace | in the call |
/// |---|---|
/// | `traceId` and `spanId`, `parentSpanId` | `requestId`, as [`span_id`] makes it; `parentRequestId` |
/// | `name`, resource attribute `service.name` | `operationId`, `service` |
/// | status `ERROR` | `failed`; `error` has its message, and what an event `exception` says as details |
/// | any other status | `completed`, or `running` where there is no end |
/// | `kind`, attributes, resource, scope, events, links | [`Span`] |
///
/// Links are no edges, since they may lead in circles. There is no place for `flags`, `traceState`, `schemaUrl`, and for
/// how many attributes, events or links were dropped on the way.
///
/// ```
/// use metagraph::graphs::call::{CallLog, Calls, read_otlp};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Calls, _>(conn)?;
/// # let graph = Graph::<Calls>::open_or_create(conn, "traces")?;
/// let text = r#"{"resourceSpans": [{"scopeSpans": [{"spans": [
///     {"traceId": "4BF9", "spanId": "00f0", "name": "GetCart", "startTimeUnixNano": "1661146988592291144"}
/// ]}]}]}"#;
/// CallLog::new(&graph).ingest(conn, read_otlp(text)?)?;
/// assert_eq!(CallLog::new(&graph).running().one(conn)?.key, "4bf9/00f0");
///
/// let refused = read_otlp(&text.replace("\"1661146988592291144\"", "\"soon\"")).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "span 00f0: `startTimeUnixNano` is \"soon\", and is to be nanoseconds since 1970, as a number or a text of digits",
/// );
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`CallError::Unreadable`], for the first span that is none.
pub fn read_otlp(text: &str) -> Result<Vec<CallEvent>, CallError> {
    let documents: Vec<Traces> = parsed("OTLP JSON", text)?;
    let mut events = Vec::new();
    for of_resource in documents.iter().flat_map(|traces| &traces.resource_spans) {
        let resource = tags(&of_resource.resource.attributes);
        for of_scope in &of_resource.scope_spans {
            let library = &of_scope.scope;
            let scope = Scope {
                name: library.name.clone(),
                version: library.version.clone(),
                attributes: tags(&library.attributes),
            };
            for told in &of_scope.spans {
                let place = place(told.span_id.as_deref(), events.len());
                events.push(call(&place, told, &resource, &scope)?.into());
            }
        }
    }
    Ok(events)
}

/// How errors name a span.
pub(super) fn place(id: Option<&str>, before: usize) -> String {
    id.filter(|id| !id.is_empty()).map_or_else(|| format!("span number {}", before + 1), |id| format!("span {id}"))
}

fn call(place: &str, told: &Told, resource: &Tags, scope: &Scope) -> Result<Call, CallError> {
    let trace = required(place, "traceId", told.trace_id.as_deref())?.to_ascii_lowercase();
    let own = required(place, "spanId", told.span_id.as_deref())?.to_ascii_lowercase();
    let name = required(place, "name", Some(&told.name))?;
    let parent = told.parent_span_id.as_deref().filter(|parent| !parent.is_empty());
    let completed_at = time(place, "endTimeUnixNano", told.end_time_unix_nano.as_ref(), 1)?;
    let events = told.events.iter().map(|event| {
        let at = time(place, "timeUnixNano", event.time_unix_nano.as_ref(), 1)?;
        Ok(SpanEvent { name: event.name.clone(), at, attributes: tags(&event.attributes) })
    });
    let events = events.collect::<Result<Vec<_>, CallError>>()?;
    let links = told.links.iter().map(|link| {
        let trace = required(place, "links/traceId", link.trace_id.as_deref())?.to_ascii_lowercase();
        let own = required(place, "links/spanId", link.span_id.as_deref())?.to_ascii_lowercase();
        Ok(SpanLink { request_id: span_id(&trace, &own), attributes: tags(&link.attributes) })
    });
    let links = links.collect::<Result<Vec<_>, CallError>>()?;
    let failed = code(told.status.code.as_ref(), &["", "STATUS_CODE_OK", "STATUS_CODE_ERROR"]) == Some(2);
    let status = match (failed, completed_at) {
        (true, _) => CallStatus::Failed,
        (false, Some(_)) => CallStatus::Completed,
        (false, None) => CallStatus::Running,
    };
    let mut attributes = tags(&told.attributes);
    let mut call = Call {
        operation_id: Some(operation(name, &mut attributes)),
        status,
        parent_request_id: parent.map(|parent| span_id(&trace, &parent.to_ascii_lowercase())),
        error: failed.then(|| error(&told.status.message, &events)),
        started_at: time(place, "startTimeUnixNano", told.start_time_unix_nano.as_ref(), 1)?,
        completed_at,
        service: resource.get("service.name").and_then(Value::as_str).map(str::to_owned),
        span: Some(Box::new(Span {
            kind: code(told.kind.as_ref(), &KINDS).and_then(|place| KIND_WORDS.get(place)?.map(str::to_owned)),
            attributes,
            resource: resource.clone(),
            scope: (*scope != Scope::default()).then(|| scope.clone()),
            events,
            links,
            sides: Vec::new(),
        })),
        ..Call::heard_of(span_id(&trace, &own))
    };
    call.trace_id = Some(trace);
    call.measure();
    Ok(call)
}

const KINDS: [&str; 6] = [
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
];

const KIND_WORDS: [Option<&str>; 6] =
    [None, Some("internal"), Some("server"), Some("client"), Some("producer"), Some("consumer")];

/// The number of a word of the protocol, which is written as either.
fn code(value: Option<&Value>, words: &[&str]) -> Option<usize> {
    match value? {
        Value::String(word) => words.iter().position(|known| known == word),
        number => usize::try_from(number.as_u64()?).ok(),
    }
}

fn error(message: &str, events: &[SpanEvent]) -> CallErrorInfo {
    let exception = events.iter().rfind(|event| event.name == "exception").map(|event| &event.attributes);
    let told = exception.and_then(|exception| exception.get("exception.message")?.as_str());
    let message = if message.is_empty() { told.unwrap_or_default() } else { message };
    let details = exception.map(|exception| Value::Object(exception.clone().into_iter().collect()));
    CallErrorInfo { details, ..CallErrorInfo::new("EXECUTION_ERROR", message) }
}

//! What the subscriber tells of spans.

use std::fmt;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};
use uuid::Uuid;

use super::fields::Fields;
use super::{Line, RecorderOptions, writer};

use super::super::span::{Span, SpanLink, Tags};
use super::super::status::CallStatus;
use super::super::stored::Call;

/// Sees a program's spans begin and end; made by [`CallRecorder::start`](super::CallRecorder::start), for a subscriber
/// such as `tracing_subscriber::registry()`.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// fn subscriber(layer: metagraph::graphs::call::CallLayer) -> impl tracing::Subscriber {
///     tracing_subscriber::registry().with(layer)
/// }
/// ```
pub struct CallLayer {
    line: Line,
    text_bytes: usize,
    service: Option<String>,
}

impl fmt::Debug for CallLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLayer").field("service", &self.service).finish_non_exhaustive()
    }
}

impl CallLayer {
    pub(super) fn new(line: Line, options: RecorderOptions) -> Self {
        Self { line, text_bytes: options.text_bytes, service: options.service }
    }
}

/// A call that has not ended, as it is kept with its span.
struct Open {
    call: Call,
    since: Instant,
}

/// The call that a span is, where it is recorded.
fn id_of<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> Option<(String, Option<String>)> {
    let extensions = span.extensions();
    let open = extensions.get::<Open>()?;
    Some((open.call.request_id.clone(), open.call.trace_id.clone()))
}

/// Fields that came, beside those that are there.
fn add(call: &mut Call, fields: Fields) {
    if let Some(error) = fields.error() {
        call.error = Some(error);
    }
    if fields.values.is_empty() {
        return;
    }
    match &mut call.input {
        Some(Value::Object(known)) => known.extend(fields.values),
        input => *input = Some(Value::Object(fields.values)),
    }
}

impl<S> Layer<S> for CallLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|_| !writer::is_this_thread()) else { return };
        let request_id = Uuid::now_v7().to_string();
        // The nearest that is recorded.
        let parent = span.scope().skip(1).find_map(|above| id_of(&above));
        let (parent, trace) = parent.unzip();
        let metadata = span.metadata();
        let level = ("level".to_owned(), metadata.level().as_str().into());
        let mut call = Call {
            operation_id: Some(format!("{}::{}", metadata.target(), metadata.name())),
            status: CallStatus::Running,
            parent_request_id: parent,
            started_at: Some(Timestamp::now()),
            trace_id: trace.flatten().or_else(|| Some(request_id.clone())),
            service: self.service.clone(),
            span: Some(Box::new(Span { attributes: Tags::from([level]), ..Span::default() })),
            ..Call::heard_of(request_id)
        };
        let mut fields = Fields::new(self.text_bytes);
        attributes.record(&mut fields);
        add(&mut call, fields);
        let begun = Call { error: None, ..call.clone() };
        span.extensions_mut().replace(Open { call, since: Instant::now() });
        self.line.send(begun);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            let mut fields = Fields::new(self.text_bytes);
            values.record(&mut fields);
            add(&mut open.call, fields);
        }
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        let Some((request_id, _)) = context.span(follows).and_then(|span| id_of(&span)) else { return };
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>()
            && let Some(told) = &mut open.call.span
        {
            told.links.push(SpanLink { request_id, attributes: Tags::new() });
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR || writer::is_this_thread() {
            return;
        }
        let Some(span) = context.event_span(event) else { return };
        for span in span.scope() {
            if let Some(open) = span.extensions_mut().get_mut::<Open>() {
                let mut fields = Fields::new(self.text_bytes);
                event.record(&mut fields);
                open.call.error = Some(fields.into_error());
                return;
            }
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(Open { mut call, since }) = span.extensions_mut().remove::<Open>() else { return };
        // The clock of the wall may go back.
        let took = SignedDuration::try_from(since.elapsed()).unwrap_or_default();
        call.completed_at = call.started_at.and_then(|started| started.checked_add(took).ok());
        call.status = if call.error.is_some() { CallStatus::Failed } else { CallStatus::Completed };
        call.measure();
        self.line.send(call);
    }
}

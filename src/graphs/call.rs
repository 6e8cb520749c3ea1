//! Calls of operations, and the calls they made: from events in any order, from traces, from a running program.

mod abort;
mod apply;
mod ask;
mod draw;
mod error;
mod event;
mod import;
mod ingest;
mod log;
mod merge;
mod operations;
#[cfg(feature = "tracing")]
mod recorder;
mod span;
mod status;
mod stored;
mod traces;

pub use self::abort::AbortPolicy;
pub use self::error::CallError;
pub use self::event::{CallEvent, News};
pub use self::import::{SpanRow, read_otlp, read_span_rows, read_zipkin};
pub use self::ingest::Ingested;
pub use self::log::CallLog;
pub use self::operations::OperationFigures;
#[cfg(feature = "tracing")]
pub use self::recorder::{CallLayer, CallRecorder, RecorderCounts, RecorderOptions};
pub use self::span::{Scope, Side, Span, SpanEvent, SpanLink, Tags, span_id};
pub use self::status::{CallStatus, RefusedTransition, Transition};
pub use self::stored::{
    Answered, Call, CallErrorInfo, CallNodeAttrs, Calls, DependsOn, Identity, OperationType, Triggered,
};
pub use self::traces::TraceQuery;

//! Calls of operations, and the calls that they made: from events in any order, from traces, and from a running program.
//!
//! Programs call each other, and something goes wrong. This module takes in what they tell, late, twice and out of order,
//! keeps it in the database that you already run, and answers what is running, what failed and how that came about, and
//! where the time goes.
//!
//! ```
//! use metagraph::graphs::call::{AbortPolicy, CallErrorInfo, CallEvent, CallLog, Calls};
//! use metagraph::prelude::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut conn = metagraph::sqlite::connect(":memory:")?;
//! metagraph::migrate(&mut conn)?;
//! metagraph::sync::<Calls, _>(&mut conn)?;
//! let graph = Graph::<Calls>::open_or_create(&mut conn, "shop")?;
//! let log = CallLog::new(&graph);
//!
//! log.ingest(&mut conn, [
//!     CallEvent::failed("bank 1", CallErrorInfo::new("TIMEOUT", "no answer in 200 ms")),   // the end first
//!     CallEvent::requested("bank 1", "bank.transfer").parent("pay 1"),
//!     CallEvent::requested("pay 1", "payments.charge").parent("order 1"),                  // its parent comes later
//! ])?;
//! log.ingest(&mut conn, [CallEvent::requested("order 1", "orders.place")])?;
//!
//! let failed = log.failed().one(&mut conn)?;
//! let lineage = log.lineage(&mut conn, &failed.key)?;
//! assert_eq!(lineage.iter().map(|call| call.key.as_str()).collect::<Vec<_>>(), ["order 1", "pay 1", "bank 1"]);
//! assert_eq!(log.operations(&mut conn)?[0].error_rate(), Some(1.0));
//!
//! let now = "2026-11-29T12:00:00Z".parse()?;
//! assert_eq!(log.abort(&mut conn, "order 1", AbortPolicy::AbortDependents, now)?, ["order 1", "pay 1"]);
//! # Ok(())
//! # }
//! ```
//!
//! | what | how |
//! |---|---|
//! | taking in events | [`CallLog::ingest`], one or any number of [`CallEvent`]s |
//! | traces | [`read_span_rows`], [`read_otlp`], [`read_zipkin`] give events |
//! | a program's own spans | `CallRecorder`, with the feature `tracing` |
//! | where a call may be, and what may follow | [`CallStatus`], [`CallStatus::TRANSITIONS`] |
//! | what no event tells | [`set_status`](CallLog::set_status), [`depend`](CallLog::depend) |
//! | giving up | [`abort`](CallLog::abort) with an [`AbortPolicy`] |
//! | which calls | [`running`](CallLog::running), [`failed`](CallLog::failed), [`roots`](CallLog::roots), [`slowest`](CallLog::slowest), [`heard_of`](CallLog::heard_of): queries to go on with |
//! | around a call | [`children`](CallLog::children), [`descendants`](CallLog::descendants), [`lineage`](CallLog::lineage), [`dependencies`](CallLog::dependencies), [`duration`](CallLog::duration) |
//! | operations and programs | [`operations`](CallLog::operations), [`hot_operations`](CallLog::hot_operations), [`between_services`](CallLog::between_services) |
//! | traces by what is in them | [`find_traces`](CallLog::find_traces) with a [`TraceQuery`] |
//! | as a picture | [`to_mermaid`](CallLog::to_mermaid) |
//!
//! # What is stored
//! [`Calls`] is an ordinary graph type: [`Call`] nodes, [`Triggered`] edges from a call to those that it made, and
//! [`DependsOn`] edges to those whose results it needs. So every query of the store works on them, and a graph type of your
//! own may have them as members beside others; all verbs here take such a graph as well. JSON, field by field, is that of
//! the TypeScript package `flowgraph`, with what traces know beside it.
//!
//! A call that is only *heard of*, since another names it as its parent or something is told of its end, is a node like
//! every other: its id, `pending`, and no operation. So the edge of its child is there from the beginning, two programs
//! that tell of both at once meet in the unique key of that node, and a load of everything comes to the same graph as
//! events one by one. [`CallLog::heard_of`] lists those of which nobody told more.
//!
//! # Order does not matter
//! - What is told first stays: an operation, an input, a parent. Another parent is refused, as a call has one.
//! - A call ends once. What says later that it ended otherwise is listed in [`Ingested::refused`] and changes nothing;
//!   here alone it matters what comes first, as the events contradict each other.
//! - An answer ends a call, unless that is known to be a subscription. Of a call of which is not yet known what it is, the
//!   answer is kept, and what the request says decides.
//! - Of several answers the latest counts, by [`CallEvent::at`]; without times, the one that came last.
//! - It began when its handler did, where that is told, and otherwise when it was asked for.
//! - All of a call at once, as traces have it: who tells of the end knows better than who tells of the beginning, and
//!   among equals what was told first stays.
//! - Times are never made up. They keep their nanoseconds, in text of RFC 3339 that sorts as time does.
//!
//! # Several writers
//! One event is written over the version that was read, many into rows that are held from the reading on; where somebody was
//! faster, it is done again with what that one wrote.
//! Edges between calls close no circle, which the database decides by letting those who connect calls of one graph take
//! turns: on PostgreSQL, calls of busy programs are better off in a graph for each session or each day.

mod abort;
mod apply;
mod ask;
mod draw;
mod error;
mod event;
mod import;
mod ingest;
#[cfg(test)]
mod laws;
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

//! A program's own spans, recorded in the background.

use std::sync::{Arc, OnceLock};
use std::thread;

use diesel::connection::{Connection as _, InstrumentationEvent};
use metagraph::graphs::call::{
    Call, CallLog, CallRecorder, CallStatus, Calls, RecorderCounts, RecorderOptions, SpanLink, Tags,
};
use metagraph::prelude::*;
use metagraph::row::GraphStatus;
use serde_json::json;
use tracing::{Dispatch, Level, dispatcher, error, info_span, span};
use tracing_subscriber::layer::SubscriberExt as _;

use super::calls::{calls, stored};
use crate::store::Store;

fn options() -> RecorderOptions {
    RecorderOptions { service: Some("shop".into()), ..RecorderOptions::default() }
}

fn named(conn: &mut impl GraphConnection, log: CallLog<'_, Calls>, name: &str) -> Call {
    let target = module_path!();
    let found = log.graph().nodes::<Call>().filter(|call| call.operation_id.eq(format!("{target}::{name}")));
    found.one(conn).unwrap().value
}

pub(crate) fn spans_are_recorded_with_all_they_carry<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let graph = calls(conn, "program");
    let (layer, recorder) = CallRecorder::start(graph.clone(), store.connect(), options());
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        let order =
            info_span!("place_order", item = 7, price = 1.5, who = "Mara", gift = true, note = tracing::field::Empty);
        order.in_scope(|| {
            let text = "ü".repeat(5000);
            let reserve = info_span!("reserve", text);
            reserve.in_scope(|| error!(code = 3, "none left"));
            let pay = span!(Level::DEBUG, "pay", error = "no money");
            pay.follows_from(&reserve);
        });
        order.record("note", "soon");
        // Others begin elsewhere, under a parent that is named.
        let (id, dispatch) = (order.id(), dispatcher::get_default(Clone::clone));
        thread::spawn(move || dispatcher::with_default(&dispatch, || drop(info_span!(parent: id, "ship"))))
            .join()
            .unwrap();
        assert_eq!(recorder.flush().dropped, 0);
        let log = CallLog::new(&graph);
        assert_eq!(named(conn, log, "place_order").status, CallStatus::Running, "it has not ended");
    });
    let counts = recorder.flush();
    assert_eq!(counts, RecorderCounts { written: 8, dropped: 0, failed: 0 });
    assert_eq!(recorder.last_error(), None);

    let log = CallLog::new(&graph);
    let order = named(conn, log, "place_order");
    assert_eq!(order.status, CallStatus::Completed);
    assert_eq!(order.input, Some(json!({"item": 7, "price": 1.5, "who": "Mara", "gift": true, "note": "soon"})));
    assert_eq!((order.service.as_deref(), order.parent_request_id.as_deref()), (Some("shop"), None));
    let children = log.children(conn, &order.request_id).unwrap();
    assert_eq!(children.len(), 3);
    assert!(children.iter().all(|call| call.value.trace_id == order.trace_id && call.value.duration_nanos.is_some()));
    assert!(children.iter().all(|call| call.value.duration_nanos <= order.duration_nanos));
    let reserve = named(conn, log, "reserve");
    let failure = reserve.error.as_ref().unwrap();
    assert_eq!((reserve.status, failure.message.as_str()), (CallStatus::Failed, "none left"));
    assert_eq!(failure.details, Some(json!({"code": 3})));
    assert_eq!(reserve.input.unwrap()["text"].as_str().unwrap().len(), 4096, "the rest is cut off");
    let pay = named(conn, log, "pay");
    assert_eq!((pay.status, pay.error.unwrap().message.as_str()), (CallStatus::Failed, "no money"));
    let span = pay.span.unwrap();
    assert_eq!(span.links, [SpanLink { request_id: reserve.request_id, attributes: Tags::new() }]);
    assert_eq!(span.attributes["level"], "DEBUG");
    let ship = named(conn, log, "ship");
    assert_eq!(log.lineage(conn, &ship.request_id).unwrap().len(), 2);
}

pub(crate) fn what_is_too_much_is_dropped_and_counted<S: Store>(store: &S) {
    const SPANS: u64 = 5000;
    let conn = &mut store.connect();
    let graph = calls(conn, "program");
    let few = RecorderOptions { capacity: 100, ..options() };
    let (layer, recorder) = CallRecorder::start(graph.clone(), store.connect(), few);
    let subscriber = tracing_subscriber::registry().with(layer);
    // Nobody can write meanwhile, and the program does not wait.
    let waiting = conn
        .transaction(|conn| -> metagraph::Result<_> {
            graph.set_status(conn, GraphStatus::Archived)?;
            tracing::subscriber::with_default(subscriber, || (0..SPANS).for_each(|_| drop(info_span!("work"))));
            graph.set_status(conn, GraphStatus::Active)?;
            Ok(recorder.counts())
        })
        .unwrap();
    assert!(waiting.dropped >= 2 * SPANS - 1000 - 101, "{waiting:?}");
    let counts = recorder.flush();
    assert_eq!((counts.dropped, counts.failed), (waiting.dropped, 0));
    assert_eq!(counts.written + counts.dropped, 2 * SPANS);
    assert!(stored(conn, &graph).calls.len() as u64 <= counts.written);
}

pub(crate) fn the_recorder_does_not_record_itself<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let graph = calls(conn, "program");
    let mut own = store.connect();
    let dispatch: Arc<OnceLock<Dispatch>> = Arc::default();
    let (seen, statements) = (Arc::clone(&dispatch), Arc::new(std::sync::atomic::AtomicU64::new(0)));
    let counted = Arc::clone(&statements);
    // As a connection of somebody has it whose statements are spans.
    own.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let (InstrumentationEvent::StartQuery { .. }, Some(dispatch)) = (event, seen.get()) {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            dispatcher::with_default(dispatch, || info_span!("statement").in_scope(|| error!("told")));
        }
    });
    let (layer, recorder) = CallRecorder::start(graph.clone(), own, options());
    let subscriber = Dispatch::new(tracing_subscriber::registry().with(layer));
    dispatch.set(subscriber.clone()).unwrap();
    dispatcher::with_default(&subscriber, || info_span!("work").in_scope(|| info_span!("more").in_scope(|| ())));
    assert_eq!(recorder.flush().written, 4);
    assert!(statements.load(std::sync::atomic::Ordering::Relaxed) > 3);
    assert_eq!(stored(conn, &graph).calls.len(), 2);
    // A recorder that goes writes what waits, and what comes after it is counted.
    dispatcher::with_default(&subscriber, || drop(info_span!("last")));
    drop(recorder);
    assert_eq!(stored(conn, &graph).calls.len(), 3);
    dispatcher::with_default(&subscriber, || drop(info_span!("too late")));
    assert_eq!(stored(conn, &graph).calls.len(), 3);
}

pub(crate) fn what_the_database_does_not_take_is_counted<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let graph = calls(conn, "program");
    let (layer, recorder) = CallRecorder::start(graph.clone(), store.connect(), options());
    let subscriber = tracing_subscriber::registry().with(layer);
    graph.set_status(conn, GraphStatus::Archived).unwrap();
    tracing::subscriber::with_default(subscriber, || {
        drop(info_span!("work"));
        assert_eq!(recorder.flush(), RecorderCounts { written: 0, dropped: 0, failed: 2 });
        assert!(recorder.last_error().unwrap().contains("archived"), "{recorder:?}");
        graph.set_status(conn, GraphStatus::Active).unwrap();
        drop(info_span!("work"));
        assert_eq!(recorder.flush(), RecorderCounts { written: 2, dropped: 0, failed: 2 });
    });
}

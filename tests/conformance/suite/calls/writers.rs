//! Several writers of the same calls.

use std::sync::Barrier;
use std::thread;

use metagraph::graphs::call::{CallEvent, CallLog, CallStatus, Calls};
use metagraph::prelude::*;
use serde_json::json;

use super::{calls, stored, time};
use crate::store::Store;

const WRITERS: usize = 4;
const CALLS: usize = 60;

/// What one of the writers knows of a call: all together know all of it.
fn part(writer: usize, call: usize) -> CallEvent {
    let key = format!("{call:03}");
    match writer {
        0 if call == 0 => CallEvent::requested(key, "orders.place").at(time("00")),
        0 => CallEvent::requested(key, "orders.place").parent(format!("{:03}", call / 2)).at(time("00")),
        1 => CallEvent::started(key).at(time("01")),
        2 => CallEvent::responded(key, call).at(time("02")),
        _ => CallEvent::completed(key).at(time("03")),
    }
}

pub(crate) fn writers_of_the_same_calls_lose_nothing<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let graph = calls(conn, "session");
    for batch in [1, 20] {
        let graph = if batch == 1 { graph.clone() } else { calls(conn, "batches") };
        let begin = Barrier::new(WRITERS);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (graph, begin) = (&graph, &begin);
                scope.spawn(move || {
                    let conn = &mut store.connect();
                    begin.wait();
                    // Each in another order.
                    let mut events: Vec<_> =
                        (0..CALLS).map(|call| part(writer, (call * 7 + writer * 13) % CALLS)).collect();
                    if writer % 2 == 1 {
                        events.reverse();
                    }
                    for events in events.chunks(batch) {
                        let ingested = CallLog::new(graph).ingest(conn, events.to_vec()).unwrap();
                        assert_eq!(ingested.refused, []);
                    }
                });
            }
        });
        let stored = stored(conn, &graph);
        assert_eq!((stored.calls.len(), stored.triggered.len()), (CALLS, CALLS - 1));
        for (call, value) in stored.calls.values().enumerate() {
            assert_eq!(value.status, CallStatus::Completed);
            assert_eq!(value.output, Some(json!(call)));
            assert_eq!((value.started_at, value.completed_at), (Some(time("01")), Some(time("02"))));
        }
    }
}

pub(crate) fn a_call_and_its_parent_come_at_once<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let graph = calls(conn, "session");
    for round in 0..20 {
        let begin = Barrier::new(2);
        let [parent, child] = ["parent", "child"].map(|name| format!("{name} {round}"));
        let events = [
            CallEvent::requested(parent.as_str(), "orders.place"),
            CallEvent::requested(child.as_str(), "stock.reserve").parent(parent.as_str()),
        ];
        thread::scope(|scope| {
            for event in events {
                let (graph, begin): (&Graph<Calls>, _) = (&graph, &begin);
                scope.spawn(move || {
                    let conn = &mut store.connect();
                    begin.wait();
                    CallLog::new(graph).ingest(conn, [event]).unwrap();
                });
            }
        });
        let log = CallLog::new(&graph);
        assert_eq!(log.children(conn, &parent).unwrap()[0].key, child);
        assert!(log.get(conn, &parent).unwrap().value.is_described());
    }
}

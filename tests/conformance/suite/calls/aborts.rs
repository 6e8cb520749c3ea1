//! Giving up calls.

use metagraph::graphs::call::{AbortPolicy, CallError, CallEvent, CallLog, CallStatus, Calls};
use metagraph::prelude::*;

use super::{calls, time};
use crate::harness::Log;
use crate::store::Inspect;

/// `a` made `b` and `c`, `b` made `d` and `e`, `e` made `f`; letters say where they are.
fn tree(conn: &mut impl GraphConnection, log: CallLog<'_, Calls>) {
    let made = [("b", "a"), ("c", "a"), ("d", "b"), ("e", "b"), ("f", "e")];
    log.ingest(conn, [CallEvent::requested("a", "o")]).unwrap();
    log.ingest(conn, made.map(|(call, parent)| CallEvent::requested(call, "o").parent(parent))).unwrap();
    // Running: a, b. Ended: e, d. Pending: c, and f below what ended.
    let events = [CallEvent::started("a"), CallEvent::started("b"), CallEvent::responded("e", 1)];
    log.ingest(conn, events).unwrap();
    let failed = metagraph::graphs::call::CallErrorInfo::new("TIMEOUT", "no answer");
    log.ingest(conn, [CallEvent::failed("d", failed)]).unwrap();
}

pub(crate) fn an_abort_ends_what_was_made(conn: &mut impl Inspect) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    tree(conn, log);
    let aborted = log.abort(conn, "a", AbortPolicy::AbortDependents, time("07")).unwrap();
    assert_eq!(aborted, ["a", "b", "c", "f"]);
    for call in &aborted {
        let call = log.get(conn, call).unwrap().value;
        assert_eq!((call.status, call.completed_at), (CallStatus::Aborted, Some(time("07"))));
    }
    assert_eq!(log.get(conn, "e").unwrap().value.status, CallStatus::Completed);
    assert_eq!(log.get(conn, "d").unwrap().value.status, CallStatus::Failed);

    let before = conn.census();
    assert_eq!(log.abort(conn, "a", AbortPolicy::AbortDependents, time("08")).unwrap(), [""; 0]);
    let refused = log.abort(conn, "e", AbortPolicy::AbortDependents, time("08")).unwrap_err();
    assert!(matches!(refused, CallError::Transition(refused) if refused.call.as_deref() == Some("e")));
    assert!(matches!(log.abort(conn, "x", AbortPolicy::AbortDependents, time("08")), Err(CallError::NotFound { .. })));
    assert_eq!(conn.census(), before);
    log.ingest(conn, [CallEvent::requested("g", "o").parent("b")]).unwrap();
    assert_eq!(log.abort(conn, "a", AbortPolicy::AbortDependents, time("09")).unwrap(), ["g"], "what came later");
}

pub(crate) fn an_abort_lets_running_calls_go_on(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    tree(conn, log);
    assert_eq!(log.abort(conn, "a", AbortPolicy::ContinueRunning, time("07")).unwrap(), ["a", "c", "f"]);
    assert_eq!(log.running().one(conn).unwrap().key, "b");
}

pub(crate) fn an_abort_takes_few_statements(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    let call = |number: u32| {
        let call = CallEvent::requested(format!("{number:04}"), "o");
        if number == 0 { call } else { call.parent(format!("{:04}", (number - 1) / 10)) }
    };
    log.ingest(conn, (0..900).map(call)).unwrap();
    let statements = Log::of(conn);
    let aborted = log.abort(conn, "0000", AbortPolicy::AbortDependents, time("07")).unwrap();
    assert_eq!(aborted.len(), 900);
    let many = statements.queries().len();
    assert!(many < 40, "{many} statements for 900 calls");
}

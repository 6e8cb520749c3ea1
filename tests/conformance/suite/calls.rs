//! Call graphs: from events in any order, and what becomes of them.

mod aborts;
mod traces;
mod writers;

use std::collections::BTreeMap;

use metagraph::AnyNode;
use metagraph::graphs::call::{
    Call, CallError, CallErrorInfo, CallEvent, CallLog, CallStatus, Calls, DependsOn, Identity, News, OperationType,
    Triggered,
};
use metagraph::prelude::*;
use serde_json::json;

pub(crate) use self::aborts::{
    an_abort_ends_what_was_made, an_abort_lets_running_calls_go_on, an_abort_takes_few_statements,
};
pub(crate) use self::traces::{
    labelled_traces_are_what_their_manifests_say, names_of_any_length_are_taken, real_spans_give_the_known_figures,
    shared_and_skewed_spans_are_one_call, traces_are_found_as_others_find_them, what_is_no_trace_is_told_where,
};
pub(crate) use self::writers::{a_call_and_its_parent_come_at_once, writers_of_the_same_calls_lose_nothing};
use crate::harness::Log;
use crate::store::Inspect;

/// An empty graph of calls.
pub(crate) fn calls(conn: &mut impl GraphConnection, name: &str) -> Graph<Calls> {
    metagraph::sync::<Calls, _>(conn).unwrap();
    Graph::<Calls>::open_or_create(conn, name).unwrap()
}

/// All that is stored: calls by id, and edges by the ids of their ends.
#[derive(Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) calls: BTreeMap<String, Call>,
    pub(crate) triggered: Vec<(String, String)>,
    pub(crate) depends_on: Vec<(String, String)>,
}

pub(crate) fn stored(conn: &mut impl GraphConnection, graph: &Graph<Calls>) -> Stored {
    let calls = graph.nodes::<Call>().load(conn).unwrap();
    let keys: BTreeMap<_, _> = calls.iter().map(|call| (call.id.raw(), call.key.clone())).collect();
    let ends =
        |source: NodeId<AnyNode>, target: NodeId<AnyNode>| (keys[&source.raw()].clone(), keys[&target.raw()].clone());
    let triggered = graph.edges::<Triggered>().load(conn).unwrap();
    let mut triggered: Vec<_> = triggered.iter().map(|edge| ends(edge.source, edge.target)).collect();
    let depends_on = graph.edges::<DependsOn>().load(conn).unwrap();
    let mut depends_on: Vec<_> = depends_on.iter().map(|edge| ends(edge.source, edge.target)).collect();
    triggered.sort();
    depends_on.sort();
    Stored { calls: calls.into_iter().map(|call| (call.key, call.value)).collect(), triggered, depends_on }
}

pub(crate) fn time(text: &str) -> jiff::Timestamp {
    format!("2026-11-29T12:00:{text}Z").parse().unwrap()
}

/// An order is placed; two calls below it, one a subscription, and one that fails below that.
fn session() -> Vec<CallEvent> {
    let identity = Identity { id: "mara".into(), scopes: vec!["orders:write".into()], resources: None };
    let mut place = CallEvent::requested("a", "orders.place").input(json!({"item": 7})).at(time("00.000000001"));
    if let News::Requested { identity: who, deadline, .. } = &mut place.news {
        *who = Some(identity);
        *deadline = Some(time("30"));
    }
    vec![
        place,
        CallEvent::started("a").at(time("00.000000002")),
        CallEvent::requested("b", "stock.watch").subscription().parent("a").at(time("01")),
        CallEvent::responded("b", 1).at(time("02")),
        CallEvent::requested("c", "stock.reserve").parent("b").at(time("02.5")),
        CallEvent::responded("b", 2).at(time("03")),
        CallEvent::failed("c", CallErrorInfo::new("TIMEOUT", "no answer")).at(time("03.123456789")),
        CallEvent::completed("b").at(time("04")),
        CallEvent::responded("a", json!({"ok": true})).at(time("05")),
    ]
}

/// The same things in another order, for each number.
pub(crate) fn shuffled<T>(mut things: Vec<T>, number: usize) -> Vec<T> {
    let mut state = number as u64;
    for last in (1..things.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
    }
    things
}

pub(crate) fn events_in_any_order_give_the_same_graph(conn: &mut impl GraphConnection) {
    let events = session();
    let graph = calls(conn, "in order");
    for event in events.clone() {
        CallLog::new(&graph).ingest(conn, [event]).unwrap();
    }
    let expected = stored(conn, &graph);
    let call = &expected.calls["a"];
    assert_eq!((call.status, &call.output), (CallStatus::Completed, &Some(json!({"ok": true}))));
    assert_eq!((call.started_at, call.completed_at), (Some(time("00.000000002")), Some(time("05"))));
    assert_eq!(call.duration_nanos, Some(4_999_999_998));
    assert_eq!(call.identity.as_ref().unwrap().id, "mara");
    let call = &expected.calls["b"];
    assert_eq!((call.status, &call.output), (CallStatus::Completed, &Some(json!(2))));
    assert_eq!(call.completed_at, Some(time("04")));
    let call = &expected.calls["c"];
    assert_eq!((call.status, &call.error.as_ref().unwrap().code), (CallStatus::Failed, &"TIMEOUT".to_owned()));
    assert_eq!(call.completed_at, Some(time("03.123456789")), "with its nanoseconds");
    assert_eq!(expected.triggered, [("a", "b"), ("b", "c")].map(|(a, b)| (a.to_owned(), b.to_owned())));

    for number in 1..=40 {
        let order = shuffled(events.clone(), number);
        let graph = calls(conn, &format!("order {number}"));
        let log = CallLog::new(&graph);
        if number % 2 == 0 {
            for event in order.clone() {
                assert_eq!(log.ingest(conn, [event]).unwrap().refused, []);
            }
        } else {
            assert_eq!(log.ingest(conn, order.clone()).unwrap().refused, []);
        }
        assert_eq!(stored(conn, &graph), expected, "{order:#?}");
    }
}

pub(crate) fn the_same_events_again_write_nothing(conn: &mut impl Inspect) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    log.ingest(conn, session()).unwrap();
    log.depend(conn, "c", "x").unwrap();
    let before = conn.census();
    let again = log.ingest(conn, session()).unwrap();
    assert_eq!((again.events, again.created, again.changed, again.connected, again.refused.len()), (9, 0, 0, 0, 0));
    for event in session().into_iter().rev() {
        assert_eq!(log.ingest(conn, [event]).unwrap().changed, 0);
    }
    log.depend(conn, "c", "x").unwrap();
    assert_eq!(conn.census(), before);
}

pub(crate) fn a_parent_is_heard_of_before_it_is_described(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    let ingested = log.ingest(conn, [CallEvent::requested("b", "stock.reserve").parent("a")]).unwrap();
    assert_eq!((ingested.created, ingested.connected), (2, 1));
    let parent = log.get(conn, "a").unwrap();
    assert_eq!(parent.value, Call::heard_of("a"));
    assert_eq!(log.heard_of().one(conn).unwrap().key, "a");
    assert_eq!(log.roots().one(conn).unwrap().key, "a");

    log.ingest(conn, [CallEvent::requested("a", "orders.place").parent("z")]).unwrap();
    assert_eq!(log.heard_of().one(conn).unwrap().key, "z");
    assert_eq!(stored(conn, &graph).triggered.len(), 2);
    let lineage: Vec<_> = log.lineage(conn, "b").unwrap().into_iter().map(|call| call.key).collect();
    assert_eq!(lineage, ["z", "a", "b"]);
    assert!(matches!(log.get(conn, "y"), Err(CallError::NotFound { call }) if call == "y"));

    // What is deleted is heard of again.
    let gone = log.get(conn, "z").unwrap().id;
    graph.delete(conn, gone).unwrap();
    log.ingest(conn, [CallEvent::requested("x", "orders.place").parent("z")]).unwrap();
    assert_eq!(log.children(conn, "z").unwrap()[0].key, "x");
}

pub(crate) fn a_call_ends_once(conn: &mut impl Inspect) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    let timeout = || CallErrorInfo::new("TIMEOUT", "no answer");
    let ends = [
        (CallEvent::responded("", 1), CallStatus::Completed),
        (CallEvent::completed(""), CallStatus::Completed),
        (CallEvent::failed("", timeout()), CallStatus::Failed),
        (CallEvent::aborted(""), CallStatus::Aborted),
    ];
    for (first, ended) in &ends {
        for (second, otherwise) in &ends {
            let key = format!("{ended} {otherwise} {:?} {:?}", first.news, second.news);
            let first = CallEvent { request_id: key.clone(), ..first.clone() }.at(time("01"));
            let second = CallEvent { request_id: key.clone(), ..second.clone() }.at(time("02"));
            log.ingest(conn, [CallEvent::requested(key.as_str(), "orders.place"), first.clone()]).unwrap();
            let before = log.get(conn, &key).unwrap();
            assert_eq!(before.value.status, *ended);
            let refused = log.ingest(conn, [second]).unwrap().refused;
            let after = log.get(conn, &key).unwrap();
            assert_eq!((after.value.status, after.value.completed_at), (*ended, Some(time("01"))));
            assert_eq!(refused.is_empty(), ended == otherwise, "{key}");
            for refused in refused {
                assert_eq!((refused.from, refused.to, refused.call), (*ended, *otherwise, Some(key.clone())));
            }
            // What is told late is taken in, and ends nothing.
            log.ingest(conn, [CallEvent::started(key.as_str()).at(time("00.5"))]).unwrap();
            let late = log.get(conn, &key).unwrap().value;
            assert_eq!((late.status, late.started_at), (*ended, Some(time("00.5"))));
            let strict = log.set_status(conn, &key, CallStatus::Running, time("09")).unwrap_err();
            assert!(matches!(strict, CallError::Transition(refused) if refused.from == *ended));
        }
    }
}

pub(crate) fn a_subscription_answers_until_it_is_over(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    log.ingest(conn, [CallEvent::requested("s", "stock.watch").subscription()]).unwrap();
    for (answer, second) in [(1, "01"), (3, "03"), (2, "02")] {
        log.ingest(conn, [CallEvent::responded("s", answer).at(time(second))]).unwrap();
        assert_eq!(log.get(conn, "s").unwrap().value.status, CallStatus::Running);
    }
    assert_eq!(log.get(conn, "s").unwrap().value.output, Some(json!(3)), "the latest, whenever it came");
    assert_eq!(log.running().count(conn).unwrap(), 1);
    log.ingest(conn, [CallEvent::aborted("s").at(time("04"))]).unwrap();
    let call = log.get(conn, "s").unwrap().value;
    assert_eq!((call.status, call.completed_at), (CallStatus::Aborted, Some(time("04"))));
    assert_eq!(call.operation_type, Some(OperationType::Subscription));
}

pub(crate) fn calls_do_not_make_each_other(conn: &mut impl Inspect) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    let chain = [("b", "a"), ("c", "b"), ("d", "c")];
    log.ingest(conn, chain.map(|(call, parent)| CallEvent::requested(call, "orders.place").parent(parent))).unwrap();
    let before = conn.census();
    let refused = log.ingest(conn, [CallEvent::requested("a", "orders.place").parent("d")]).unwrap_err();
    let CallError::Cycle { edge, calls } = &refused else { panic!("{refused}") };
    assert_eq!((edge.as_str(), calls.len(), calls.first() == calls.last()), ("triggered", 5, true));
    assert!(["a", "b", "c", "d"].iter().all(|call| calls.iter().any(|other| other == call)), "{refused}");
    let own = log.ingest(conn, [CallEvent::requested("x", "orders.place").parent("x")]).unwrap_err();
    assert!(matches!(&own, CallError::Cycle { calls, .. } if calls == &["x", "x"]), "{own}");
    let waits = log.depend(conn, "d", "a").unwrap_err();
    assert!(matches!(&waits, CallError::Cycle { edge, .. } if edge == "depends_on"), "{waits}");
    assert!(matches!(log.depend(conn, "d", "d"), Err(CallError::Cycle { .. })));
    // Also where both are told at once.
    let round = [CallEvent::requested("y", "o").parent("z"), CallEvent::requested("z", "o").parent("y")];
    assert!(matches!(log.ingest(conn, round), Err(CallError::Cycle { .. })));
    assert_eq!(conn.census(), before, "nothing of all that is stored");
}

pub(crate) fn a_call_has_one_parent(conn: &mut impl Inspect) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    log.ingest(conn, [CallEvent::requested("b", "stock.reserve").parent("a")]).unwrap();
    let before = conn.census();
    let refused = log.ingest(conn, [CallEvent::requested("b", "stock.reserve").parent("z")]).unwrap_err();
    assert_eq!(refused.to_string(), "call `b` was made by `a`, and is said to be made by `z`: a call has one parent");
    assert_eq!(conn.census(), before);
    let child = log.get(conn, "b").unwrap().id;
    let other = graph.insert(conn, &Call::heard_of("z")).unwrap();
    assert!(graph.connect(conn, other, child, &Triggered).unwrap_err().is_conflict());
}

pub(crate) fn ingestion_takes_few_statements(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    let events = |number: u32| {
        let call = CallEvent::requested(format!("{number:04}"), "orders.place");
        let call = if number == 0 { call } else { call.parent(format!("{:04}", (number - 1) / 4)) };
        [call, CallEvent::responded(format!("{number:04}"), number)]
    };
    let statements = Log::of(conn);
    log.ingest(conn, (0..500).flat_map(events)).unwrap();
    let first = statements.queries().len();
    assert!(first < 40, "{first} statements for a thousand events");
    log.ingest(conn, (0..500).flat_map(events)).unwrap();
    let again = statements.queries().len();
    assert!(again < 12, "{again} statements for a thousand events that are known");
    let ends = (0..500).map(|number| CallEvent::started(format!("{number:04}")).at(time("01")));
    log.ingest(conn, ends).unwrap();
    let changed = statements.queries().len();
    assert!(changed < 30, "{changed} statements for 500 calls that change");
    log.ingest(conn, [CallEvent::requested("x", "orders.place").parent("0000")]).unwrap();
    let live = statements.queries().len();
    assert!(live < 12, "{live} statements for one event");
}

pub(crate) fn calls_answer_questions(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "session");
    let log = CallLog::new(&graph);
    log.ingest(conn, session()).unwrap();
    log.ingest(conn, [CallEvent::requested("d", "stock.reserve").parent("b").at(time("09")), CallEvent::started("d")])
        .unwrap();
    let keys = |calls: Vec<Node<Call>>| calls.into_iter().map(|call| call.key).collect::<Vec<_>>();
    assert_eq!(keys(log.running().load(conn).unwrap()), ["d"]);
    assert_eq!(keys(log.failed().load(conn).unwrap()), ["c"]);
    assert_eq!(keys(log.roots().load(conn).unwrap()), ["a"]);
    assert_eq!(keys(log.children(conn, "b").unwrap()), ["c", "d"]);
    assert_eq!(keys(log.lineage(conn, "d").unwrap()), ["a", "b", "d"]);
    assert_eq!(keys(log.slowest().load(conn).unwrap()), ["a", "b", "c"]);
    let below: Vec<_> = log.descendants(conn, "a").unwrap().into_iter().map(|r| (r.node.key, r.depth)).collect();
    assert_eq!(below, [("b", 1), ("c", 2), ("d", 2)].map(|(key, depth)| (key.to_owned(), depth)));
    assert_eq!(log.duration(conn, "b").unwrap(), Some(jiff::SignedDuration::from_secs(3)));
    assert_eq!(log.duration(conn, "d").unwrap(), None);
    let operations = log.operations(conn).unwrap();
    let figures: Vec<_> = operations.iter().map(|o| (o.operation_id.as_str(), o.calls, o.error_rate())).collect();
    assert_eq!(
        figures,
        [("stock.reserve", 2, Some(1.0)), ("orders.place", 1, Some(0.0)), ("stock.watch", 1, Some(0.0))]
    );
    assert_eq!(operations[0].mean(), Some(jiff::SignedDuration::from_nanos(623_456_789)));
    assert_eq!(operations[0].longest, jiff::SignedDuration::from_nanos(623_456_789));
    assert_eq!(log.hot_operations(conn, 1).unwrap(), [("stock.reserve".to_owned(), 2)]);
    let plan = log.running().explain(conn).unwrap().to_string();
    assert!(plan.contains("status") || plan.contains("Index"), "{plan}");
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Machine {
    #[graph(key)]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Call, to = Machine))]
struct RunsOn;

#[derive(Debug, GraphType)]
#[graph(name = "site", acyclic)]
#[allow(clippy::large_enum_variant, reason = "no value of it is made")]
enum Site {
    Machine(Machine),
    RunsOn(RunsOn),
    #[graph(import)]
    Calls(Calls),
}

pub(crate) fn calls_are_part_of_a_graph_type_of_somebody_else(conn: &mut impl GraphConnection) {
    metagraph::sync::<Site, _>(conn).unwrap();
    let site = Graph::<Site>::open_or_create(conn, "site").unwrap();
    let log = CallLog::new(&site);
    log.ingest(conn, session()).unwrap();
    let machine = site.insert(conn, &Machine { name: "m7".into() }).unwrap();
    let call = log.get(conn, "c").unwrap();
    site.connect(conn, call.id, machine, &RunsOn).unwrap();
    let failed = site.from_all(log.failed()).out::<RunsOn>().to::<Machine>().load(conn).unwrap();
    assert_eq!(failed[0].node.key, "m7");
}

pub(crate) fn attributes_are_stored_as_others_write_them(conn: &mut impl Inspect) {
    let graph = calls(conn, "session");
    CallLog::new(&graph).ingest(conn, session()).unwrap();
    let mut attributes = |key: &str| -> serde_json::Value {
        let sql = format!("SELECT CAST(attributes AS text) AS answer FROM __metagraph_nodes WHERE key = '{key}'");
        serde_json::from_str(&Inspect::texts(conn, &sql)[0]).unwrap()
    };
    assert_eq!(
        attributes("a"),
        json!({
            "requestId": "a", "operationId": "orders.place", "status": "completed", "input": {"item": 7},
            "output": {"ok": true}, "identity": {"id": "mara", "scopes": ["orders:write"]},
            "deadline": "2026-11-29T12:00:30Z", "startedAt": "2026-11-29T12:00:00.000000002Z",
            "completedAt": "2026-11-29T12:00:05Z", "durationNanos": 4_999_999_998_i64,
        })
    );
    assert_eq!(
        attributes("c"),
        json!({
            "requestId": "c", "operationId": "stock.reserve", "status": "failed", "parentRequestId": "b",
            "error": {"code": "TIMEOUT", "message": "no answer"}, "startedAt": "2026-11-29T12:00:02.5Z",
            "completedAt": "2026-11-29T12:00:03.123456789Z", "durationNanos": 623_456_789,
        })
    );
}

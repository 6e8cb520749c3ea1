//! Real traces, in every order, with what others counted in them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read as _, Write as _};

use metagraph::GraphBackend as _;
use metagraph::graphs::call::{
    Call, CallError, CallEvent, CallLog, CallStatus, Calls, SpanRow, TraceQuery, Triggered, read_otlp, read_span_rows,
    read_zipkin, span_id,
};
use metagraph::prelude::*;
use metagraph::query::count;
use metagraph_testkit::{json_lines, shared_data};
use serde_json::{Value, json};

use super::{calls, shuffled, stored};
use crate::store::Inspect;

const TRACES: &str = "traces";

fn text(file: &str) -> Option<String> {
    let path = shared_data(format!("{TRACES}/{file}"))?;
    let bytes = std::fs::read(&path).unwrap();
    if path.extension().is_none_or(|extension| extension != "gz") {
        return Some(String::from_utf8(bytes).unwrap());
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    Some(text)
}

fn known(id: &str) -> Option<Value> {
    let answers: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(shared_data("known-answers.json")?).unwrap()).unwrap();
    answers.into_iter().find(|answer| answer["id"] == id).map(|answer| answer["expected"].clone())
}

pub(crate) fn real_spans_give_the_known_figures<C: Inspect>(conn: &mut C) {
    let Some(lines) = text("online-boutique/spans.jsonl.gz") else { return };
    let events: Vec<CallEvent> = read_span_rows(lines.as_bytes()).collect::<Result<_, _>>().unwrap();
    let graph = calls(conn, "in order");
    let log = CallLog::new(&graph);
    let ingested = log.ingest(conn, events.clone()).unwrap();
    assert_eq!((ingested.events, ingested.refused.len()), (23_397, 0));
    let expected = stored(conn, &graph);
    let line = format!(
        "spans: db={} spans={} edges={}",
        <C as diesel::Connection>::Backend::NAME,
        expected.calls.len(),
        expected.triggered.len()
    );
    writeln!(io::stdout().lock(), "\n{line}").unwrap();

    figures(conn, &graph);
    every_nanosecond_is_there(conn, &graph);

    let before = conn.census();
    let again = log.ingest(conn, shuffled(events.clone(), 7)).unwrap();
    assert_eq!((again.created, again.changed, again.connected), (0, 0, 0));
    assert_eq!(conn.census(), before);

    let mut reversed = events.clone();
    reversed.reverse();
    for (name, order) in [("reversed", reversed), ("shuffled", shuffled(events, 11))] {
        let graph = calls(conn, name);
        CallLog::new(&graph).ingest(conn, order).unwrap();
        assert!(stored(conn, &graph) == expected, "{name}");
    }
}

/// What is in the known answers.
fn figures(conn: &mut impl GraphConnection, graph: &Graph<Calls>) {
    let log = CallLog::new(graph);
    let nodes = || graph.nodes::<Call>();
    let traces = nodes().group_by(|call| call.trace_id).aggregate(|_| count());
    let largest = traces.order_by(|trace, spans| [spans.desc(), trace.desc()]).load(conn).unwrap();
    let fanout = graph.edges::<Triggered>().group_by(|_| Call::F.request_id.at_source()).aggregate(|_| count());
    let widest = fanout.order_by(|parent, children| [children.desc(), parent.desc()]).first(conn).unwrap().unwrap();
    let widest_key = widest.0.split_once('/').unwrap();
    let roots: Vec<_> = log.roots().load(conn).unwrap();
    let levels = graph.from_all(log.roots()).out::<Triggered>().to::<Call>().depth(1..).load(conn).unwrap();
    let deepest = levels.iter().map(|reached| reached.depth).max().unwrap();
    let longest = log.slowest().filter(|call| call.parent_request_id.is_null()).first(conn).unwrap().unwrap();
    let longest_key = longest.key.split_once('/').unwrap();
    let between = log.between_services(conn).unwrap();
    let found = [
        ("OB-01", json!(nodes().count(conn).unwrap())),
        ("OB-02", json!(largest.len())),
        ("OB-04", json!(graph.edges::<Triggered>().count(conn).unwrap())),
        ("OB-05", json!(graph.leaves::<Triggered, Call>().count(conn).unwrap())),
        ("OB-06", json!(deepest + 1)),
        ("OB-07", json!(levels.iter().filter(|reached| reached.depth == deepest).count())),
        ("OB-08", json!([largest[0].0, largest[0].1])),
        ("OB-09", json!([widest_key.0, widest_key.1, widest.1])),
        ("OB-10", json!(between.len())),
        ("OB-11", json!(between[..5])),
        ("OB-12", json!([longest_key.0, longest_key.1, longest.value.duration_nanos])),
    ];
    for (id, ours) in found {
        assert_eq!(Some(ours), known(id), "{id}");
    }
    assert_eq!((roots.len(), log.heard_of().count(conn).unwrap()), (517, 0));
    assert_eq!(log.with_status([CallStatus::Completed]).count(conn).unwrap(), 23_397);
    assert_eq!(log.hot_operations(conn, 1).unwrap(), [("hipstershop.ProductCatalogService/GetProduct".into(), 4728)]);
    assert_eq!(log.operations(conn).unwrap().iter().map(|operation| operation.calls).sum::<u64>(), 23_397);
}

fn every_nanosecond_is_there(conn: &mut impl GraphConnection, graph: &Graph<Calls>) {
    let rows = json_lines(format!("{TRACES}/online-boutique/spans.jsonl.gz")).unwrap();
    let stored: BTreeMap<_, _> =
        graph.nodes::<Call>().load(conn).unwrap().into_iter().map(|call| (call.key, call.value)).collect();
    let mut odd = 0;
    for row in &rows {
        let nanos = |name: &str| row[name].as_str().unwrap().parse::<i128>().unwrap();
        let call = &stored[&span_id(row["traceId"].as_str().unwrap(), row["spanId"].as_str().unwrap())];
        let (started, completed) =
            (call.started_at.unwrap().as_nanosecond(), call.completed_at.unwrap().as_nanosecond());
        assert_eq!((started, completed), (nanos("startUnixNano"), nanos("endUnixNano")), "{row}");
        assert_eq!(i128::from(call.duration_nanos.unwrap()), completed - started);
        assert_eq!(
            (call.service.as_deref(), call.operation_id.as_deref()),
            (row["service"].as_str(), row["operation"].as_str())
        );
        assert_eq!(call.span.as_ref().unwrap().resource["pod"], row["pod"]);
        odd += usize::from(started % 1000 != 0);
    }
    assert!(odd > 20_000, "{odd} of them are no whole microseconds");
}

pub(crate) fn labelled_traces_are_what_their_manifests_say(conn: &mut impl GraphConnection) {
    for name in ["n_plus_one_positive", "n_plus_one_near_miss"] {
        let file = |end: &str| text(&format!("jaeger-labelled/{name}{end}.json"));
        let (Some(trace), Some(manifest)) = (file(""), file(".manifest")) else { return };
        let manifest: Value = serde_json::from_str(&manifest).unwrap();
        let expected = &manifest["expected"];
        let graph = calls(conn, name);
        let log = CallLog::new(&graph);
        let events = read_otlp(&trace).unwrap();
        log.ingest(conn, events.clone()).unwrap();
        let first = stored(conn, &graph);

        let parent = span_id(manifest["trace_id"].as_str().unwrap(), expected["parent_span_id"].as_str().unwrap());
        let mut siblings: Vec<Call> = log.children(conn, &parent).unwrap().into_iter().map(|call| call.value).collect();
        siblings.retain(|call| call.operation_id.as_deref() == expected["operation"].as_str());
        assert!(siblings.iter().all(|call| call.service.as_deref() == expected["service"].as_str()));
        let overlaps = siblings.windows(2).filter(|pair| pair[0].completed_at > pair[1].started_at).count();
        let wall = siblings
            .iter()
            .map(|call| call.completed_at.unwrap())
            .max()
            .unwrap()
            .duration_since(siblings[0].started_at.unwrap());
        let sum: i64 = siblings.iter().map(|call| call.duration_nanos.unwrap()).sum();
        let millis = |nanos: i128| json!(f64::from(i32::try_from((nanos + 50_000) / 100_000).unwrap()) / 10.0);
        assert_eq!(json!(siblings.len()), expected["siblings"], "{name}");
        assert_eq!(json!(overlaps), expected["overlapping_pairs"], "{name}");
        assert_eq!(millis(wall.as_nanos()), expected["wall_ms"], "{name}");
        assert_eq!(millis(i128::from(sum)), expected["sum_of_durations_ms"], "{name}");
        // The note beside the expected figures counts two failures; the trace has three.
        let (spans, failed) = if name == "n_plus_one_positive" { (16, 3) } else { (12, 0) };
        assert_eq!(first.calls.len(), spans);
        assert_eq!(siblings.iter().filter(|call| call.status == CallStatus::Failed).count(), failed, "{name}");
        for error in siblings.iter().filter_map(|call| call.error.as_ref()) {
            assert_eq!(error.message, "An error occurred");
            assert_eq!(error.details.as_ref().unwrap()["exception.message"], "redis timeout");
        }

        let graph = calls(conn, &format!("{name} reversed"));
        CallLog::new(&graph).ingest(conn, events.into_iter().rev()).unwrap();
        assert_eq!(stored(conn, &graph), first);
    }
}

pub(crate) fn traces_are_found_as_others_find_them(conn: &mut impl GraphConnection) {
    let Some(file) = text("jaeger-find-traces.json") else { return };
    let file: Value = serde_json::from_str(&file).unwrap();
    let graph = calls(conn, "traces");
    let log = CallLog::new(&graph);
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut spans = 0;
    for (name, trace) in file["traces"].as_object().unwrap() {
        let events = read_otlp(&trace.to_string()).unwrap();
        spans += events.len();
        ids.insert(name, events.iter().map(|event| event.request_id.split_once('/').unwrap().0.to_owned()).collect());
        log.ingest(conn, events).unwrap();
    }
    assert_eq!(spans, 38);
    let queries = file["queries"].as_array().unwrap();
    assert_eq!(queries.len(), 13);
    for query in queries {
        let asked = &query["Query"];
        let time = |name: &str| asked[name].as_str().unwrap().parse().unwrap();
        let mut ours = TraceQuery::new().service(asked["ServiceName"].as_str().unwrap());
        ours = ours
            .since(time("StartTimeMin"))
            .until(time("StartTimeMax"))
            .limit(usize::try_from(asked["NumTraces"].as_u64().unwrap()).unwrap());
        if let Some(operation) = asked["OperationName"].as_str().filter(|name| !name.is_empty()) {
            ours = ours.operation(operation);
        }
        // Zero is none.
        let nanos = |name: &str| asked[name].as_i64().filter(|nanos| *nanos > 0).map(jiff::SignedDuration::from_nanos);
        if let Some(shortest) = nanos("DurationMin") {
            ours = ours.at_least(shortest);
        }
        if let Some(longest) = nanos("DurationMax") {
            ours = ours.at_most(longest);
        }
        for (name, value) in asked["Tags"].as_object().into_iter().flatten() {
            ours = ours.tag(name.as_str(), value.clone());
        }
        let found: BTreeSet<String> = log.find_traces(conn, &ours).unwrap().into_iter().collect();
        let expected = query["ExpectedFixtures"].as_array().unwrap().iter();
        let expected: BTreeSet<String> = expected.flat_map(|name| ids[name.as_str().unwrap()].clone()).collect();
        assert_eq!(found, expected, "{}", query["Caption"]);
        assert!(log.find_traces(conn, &ours.tag("sameplacetag1", "another")).unwrap().is_empty());
    }
}

pub(crate) fn shared_and_skewed_spans_are_one_call(conn: &mut impl Inspect) {
    let Some(trace) = text("zipkin/smartthings-oauth-authorization.json.gz") else { return };
    let graph = calls(conn, "shared");
    let log = CallLog::new(&graph);
    let events = read_zipkin(&trace).unwrap();
    log.ingest(conn, events.clone()).unwrap();
    let first = stored(conn, &graph);
    let levels = graph.from_all(log.roots()).out::<Triggered>().to::<Call>().depth(1..).load(conn).unwrap();
    let told = |call: &Call| call.span.as_ref().map_or(1, |span| span.sides.len().max(1));
    let told: usize = first.calls.values().map(told).sum();
    let services = first.calls.values().flat_map(|call| {
        let sides = call.span.iter().flat_map(|span| &span.sides).filter_map(|side| side.service.as_deref());
        sides.chain(call.service.as_deref()).collect::<Vec<_>>()
    });
    let services: BTreeSet<&str> = services.collect();
    let found = json!({
        "records": told, "spans": first.calls.len(), "edges": first.triggered.len(),
        "roots": log.roots().count(conn).unwrap(), "depth": levels.iter().map(|reached| reached.depth).max().unwrap() + 1,
        "shared": told - first.calls.len(), "services": services.len(),
    });
    assert_eq!(Some(found), known("ZK-02"));

    let before = conn.census();
    assert_eq!(log.ingest(conn, events.clone()).unwrap().changed, 0);
    assert_eq!(conn.census(), before);
    for number in 0..4 {
        let graph = calls(conn, &format!("shared {number}"));
        let log = CallLog::new(&graph);
        for event in shuffled(events.clone(), number) {
            log.ingest(conn, [event]).unwrap();
        }
        assert_eq!(stored(conn, &graph), first, "one by one, in order {number}");
    }

    let graph = calls(conn, "skewed");
    let log = CallLog::new(&graph);
    log.ingest(conn, read_zipkin(&text("zipkin/skew.json.gz").unwrap()).unwrap()).unwrap();
    let call = log.get(conn, "1e223ff1f80f1c69/74280ae0c10d8062").unwrap().value;
    assert_eq!((call.service.as_deref(), call.duration_nanos), (Some("servicea"), Some(94_539_000)));
    let sides: Vec<_> = call.span.unwrap().sides.into_iter().map(|side| (side.kind, side.service.unwrap())).collect();
    assert_eq!(sides, [("client", "servicea"), ("server", "serviceb")].map(|(kind, who)| (kind.into(), who.into())));
    assert!(call.started_at > log.children(conn, "1e223ff1f80f1c69/74280ae0c10d8062").unwrap()[0].value.started_at);

    for (file, spans, edges) in [("ascend", 6, 5), ("messaging-kafka", 28, 27)] {
        let graph = calls(conn, file);
        let events = read_zipkin(&text(&format!("zipkin/{file}.json.gz")).unwrap()).unwrap();
        CallLog::new(&graph).ingest(conn, events).unwrap();
        let stored = stored(conn, &graph);
        assert_eq!((stored.calls.len(), stored.triggered.len()), (spans, edges), "{file}");
    }
}

pub(crate) fn names_of_any_length_are_taken(conn: &mut impl GraphConnection) {
    let graph = calls(conn, "long");
    let log = CallLog::new(&graph);
    let name = format!("SELECT {}", "ü".repeat(5000));
    let row = json!({"traceId": "t", "spanId": "row", "operation": name});
    let otlp = json!({"traceId": "t", "spanId": "otlp", "name": name});
    let otlp = json!({"resourceSpans": [{"scopeSpans": [{"spans": [otlp]}]}]});
    let zipkin = json!([
        {"traceId": "t", "id": "zipkin", "name": name, "kind": "CLIENT"}, {"traceId": "t", "id": "other", "name": name},
    ]);
    let mut events: Vec<_> = read_span_rows(row.to_string().as_bytes()).collect::<Result<_, _>>().unwrap();
    events.extend(read_otlp(&otlp.to_string()).unwrap());
    events.extend(read_zipkin(&zipkin.to_string()).unwrap());
    log.ingest(conn, events).unwrap();
    for id in ["row", "otlp", "zipkin", "other"] {
        let call = log.get(conn, &span_id("t", id)).unwrap().value;
        let operation = call.operation_id.unwrap();
        assert!(name.starts_with(&operation) && operation.len() > 990, "{id}: {}", operation.len());
        let span = call.span.unwrap();
        let kept = span.attributes.get("name").or_else(|| span.sides.first()?.attributes.get("name"));
        assert_eq!(kept, Some(&json!(name)), "{id}");
    }
}

pub(crate) fn what_is_no_trace_is_told_where(_: &mut impl GraphConnection) {
    let refused = |outcome: Result<Vec<CallEvent>, CallError>| outcome.unwrap_err().to_string();
    let rows = |text: &str| refused(read_span_rows(text.as_bytes()).collect());
    let good = r#"{"traceId":"t","spanId":"s","operation":"o","startUnixNano":"1"}"#;
    assert_eq!(rows(&format!("{good}\n{{\"traceId\":")), "line 2: EOF while parsing a value");
    assert_eq!(rows(&good.replace("\"s\"", "\"\"")), "line 1: it has no `spanId`");
    let digits = "nanoseconds since 1970, as a number or a text of digits";
    assert_eq!(rows(&good.replace("\"1\"", "true")), format!("line 1: `startUnixNano` is true, and is to be {digits}"));
    let huge = good.replace("\"1\"", "\"999999999999999999999999\"");
    assert_eq!(rows(&huge), format!("line 1: `startUnixNano` is \"999999999999999999999999\", and is to be {digits}"));

    let otlp =
        |span: &str| refused(read_otlp(&format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span}]}}]}}]}}"#)));
    assert_eq!(otlp(r#"{"spanId":"s","name":"o"}"#), "span s: it has no `traceId`");
    assert_eq!(otlp(r#"{"traceId":"t","name":"o"}"#), "span number 1: it has no `spanId`");
    assert_eq!(otlp(r#"{"traceId":"t","spanId":"s"}"#), "span s: it has no `name`");
    assert_eq!(otlp(r#"{"traceId":"t","spanId":"s","name":"o","links":[{}]}"#), "span s: it has no `links/traceId`");
    assert_eq!(
        refused(read_otlp("[]")),
        "OTLP JSON, line 1 column 2: invalid length 0, expected an object with `resourceSpans`"
    );
    assert_eq!(refused(read_zipkin("[{\"traceId\":\"t\"}]")), "span number 1: it has no `id`");
    assert_eq!(
        refused(read_zipkin("[{\"traceId\":\"t\",\"id\":\"s\",\"timestamp\":\"x\"}]")),
        "span s: `timestamp` is \"x\", and is to be microseconds since 1970, as a number or a text of digits"
    );
    let line = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"t","spanId":"s","name":"o"}]}]}]}"#;
    assert_eq!(read_otlp(&format!("{line}\n{line}\n")).unwrap().len(), 2, "an object a line");
    assert_eq!(
        refused(read_otlp(&format!("{line}\n7"))),
        "OTLP JSON, line 2 column 1: invalid type: integer `7`, expected an object with `resourceSpans`"
    );
    let row: SpanRow = serde_json::from_str(r#"{"traceId":"t","spanId":"s","operation":"o","error":"boom"}"#).unwrap();
    let call = row.to_call("row 7").unwrap();
    assert_eq!((call.status, call.error.unwrap().message.as_str()), (CallStatus::Failed, "boom"));
}

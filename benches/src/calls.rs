//! Calls of a real system: as one load, and as they happen; beside what somebody writes by hand who has no library.

pub mod postgres;
pub mod sqlite;

use std::collections::HashMap;

use metagraph::GraphConnection;
use metagraph::graphs::call::{Call, CallEvent, CallLog, Calls, SpanRow, Triggered};
use metagraph::load::Commit;
use metagraph::prelude::*;

/// The spans, as calls; `None` on a machine that does not have them.
///
/// # Panics
/// Where the file does not hold them.
pub fn spans() -> Option<Vec<Call>> {
    let rows = metagraph_testkit::json_lines("traces/online-boutique/spans.jsonl.gz")?;
    let call = |row| serde_json::from_value::<SpanRow>(row).unwrap().to_call("a span").unwrap();
    Some(rows.into_iter().map(call).collect())
}

/// What happened while the first so many of the calls went on, in the order of time: each was asked for, and answered.
pub fn happened(calls: &[Call], most: usize) -> Vec<CallEvent> {
    let mut events = Vec::with_capacity(2 * most);
    for call in calls.iter().take(most) {
        let operation = call.operation_id.clone().unwrap_or_default();
        let asked = CallEvent::requested(call.request_id.as_str(), operation);
        let asked = call.parent_request_id.iter().fold(asked, |asked, parent| asked.parent(parent.as_str()));
        let asked = asked.input(serde_json::json!({"service": call.service}));
        let answered = CallEvent::responded(call.request_id.as_str(), true);
        events.extend(call.started_at.map(|at| asked.at(at)));
        events.extend(call.completed_at.map(|at| answered.at(at)));
    }
    events.sort_by_key(|event| event.at);
    events
}

/// A graph of calls that is empty, with its tables and indexes.
///
/// # Panics
/// Where the database cannot have one.
pub fn graph<C: GraphConnection>(conn: &mut C) -> Graph<Calls> {
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<Calls, _>(conn).unwrap();
    Graph::open_or_create(conn, "calls").unwrap()
}

/// Everything at once, as what it is: spans that may be known already, whose parents may come later.
///
/// # Panics
/// Where the database fails.
pub fn ingest<C: GraphConnection>(conn: &mut C, graph: &Graph<Calls>, events: Vec<CallEvent>) {
    CallLog::new(graph).ingest(conn, events).unwrap();
}

/// One event in a transaction.
///
/// # Panics
/// Where the database fails.
pub fn ingest_one<C: GraphConnection>(conn: &mut C, graph: &Graph<Calls>, event: CallEvent) {
    CallLog::new(graph).ingest(conn, [event]).unwrap();
}

/// Which call made which, by place.
fn links(calls: &[Call]) -> Vec<(usize, usize)> {
    let places: HashMap<&str, usize> =
        calls.iter().enumerate().map(|(place, call)| (call.request_id.as_str(), place)).collect();
    let link = |(place, call): (usize, &Call)| Some((*places.get(call.parent_request_id.as_deref()?)?, place));
    calls.iter().enumerate().filter_map(link).collect()
}

/// The same rows by the loader, all or nothing.
///
/// # Panics
/// Where the database fails.
pub fn load<C: GraphConnection>(conn: &mut C, graph: &Graph<Calls>, calls: &[Call]) {
    let mut loader = graph.loader(conn).commit(Commit::Once);
    let nodes = loader.nodes::<Call>(calls).unwrap();
    let edge = |(parent, child)| Some((nodes.id(parent)?, nodes.id(child)?, Triggered));
    loader.edges::<Triggered, _, _>(links(calls).into_iter().filter_map(edge)).unwrap();
    loader.finish().unwrap();
}

/// The same rows by the verbs for many.
///
/// # Panics
/// Where the database fails.
pub fn insert_many<C: GraphConnection>(conn: &mut C, graph: &Graph<Calls>, calls: &[Call]) {
    let ids = graph.insert_many::<_, Call>(conn, calls).unwrap();
    let edge = |(parent, child): (usize, usize)| Some((*ids.get(parent)?, *ids.get(child)?, Triggered));
    graph.connect_many::<_, Triggered, _, _>(conn, links(calls).into_iter().filter_map(edge)).unwrap();
}

/// A stored call.
#[derive(Debug)]
pub struct Row {
    /// The row's id.
    pub id: i64,
    /// How often it was written.
    pub version: i64,
    /// What it is.
    pub call: Call,
}

/// The statements that taking in an event needs, by hand, on our tables.
pub trait Floor {
    /// Begins a transaction that writes.
    fn begin(&mut self);

    /// Ends it.
    fn commit(&mut self);

    /// The calls with these ids.
    fn find(&mut self, keys: &[&str]) -> Vec<Row>;

    /// Stores a call.
    fn insert(&mut self, call: &Call) -> i64;

    /// Writes a call over that is still at a version.
    fn update(&mut self, row: &Row);

    /// Takes turns with others who connect calls, says that one made the other, and looks whether that closes a circle.
    fn connect(&mut self, parent: i64, child: i64);

    /// How many calls and edges there are.
    fn counts(&mut self) -> (i64, i64);

    /// Takes in an event in a transaction: the same look-ups and writes as ours.
    ///
    /// # Panics
    /// Where the database fails.
    fn ingest(&mut self, event: &CallEvent) {
        self.begin();
        let parent = event.named_parent();
        let keys: Vec<&str> = [event.request_id.as_str()].into_iter().chain(parent).collect();
        let mut found = self.find(&keys);
        let own = found.iter().position(|row| row.call.request_id == event.request_id);
        let own = own.map(|place| found.swap_remove(place));
        let before = own.as_ref().and_then(|row| row.call.parent_request_id.clone());
        let id = if let Some(mut row) = own {
            let stored = row.call.clone();
            row.call.take_in(event).unwrap();
            if row.call != stored {
                self.update(&row);
            }
            row.id
        } else {
            let mut call = Call::heard_of(event.request_id.as_str());
            call.take_in(event).unwrap();
            self.insert(&call)
        };
        if let (None, Some(parent)) = (before, parent) {
            let parent = found.first().map_or_else(|| self.insert(&Call::heard_of(parent)), |row| row.id);
            self.connect(parent, id);
        }
        self.commit();
    }
}

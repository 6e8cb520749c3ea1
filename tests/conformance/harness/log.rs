//! The statements that a connection runs, as Diesel's instrumentation tells of them.

use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use metagraph::GraphConnection;

/// What happened on a connection since it was asked the last time.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Entries>>);

#[derive(Default)]
struct Entries {
    queries: Vec<String>,
    cached: usize,
}

impl Log {
    /// Begins to listen.
    pub(crate) fn of(conn: &mut impl GraphConnection) -> Self {
        let log = Self::default();
        let entries = Arc::clone(&log.0);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            let mut entries = entries.lock().unwrap();
            match event {
                InstrumentationEvent::StartQuery { query, .. } => entries.queries.push(query.to_string()),
                InstrumentationEvent::CacheQuery { .. } => entries.cached += 1,
                _ => {}
            }
        });
        log
    }

    /// The statements since the last call.
    pub(crate) fn queries(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().queries)
    }

    /// How many statements were new to the connection's cache since the last call.
    pub(crate) fn cached(&self) -> usize {
        std::mem::take(&mut self.0.lock().unwrap().cached)
    }
}

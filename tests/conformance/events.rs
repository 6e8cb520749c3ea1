//! What `tracing` is told of statements: that they ran, and never what they bound.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::scenarios::{Team, office};
use crate::store::{Sqlite, Store as _};

/// Keeps the text of every event on our target.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "metagraph::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_statement_is_one_event_without_its_values() {
    let store = Sqlite::migrated().unwrap();
    let conn = &mut store.connect();
    let office = office(conn);
    let heard = Heard::default();
    tracing::subscriber::with_default(heard.clone(), || {
        // While another test meets the event for the first time, its thread may note that nobody wants it.
        tracing::callsite::rebuild_interest_cache();
        office.graph.insert(conn, &Team { name: "a secret".into() }).unwrap();
    });
    let lines = heard.0.lock().unwrap();
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    for part in ["message=inserting a node", "db.system.name=\"SQLite\"", "INSERT INTO __metagraph_nodes", "rows=1"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!line.contains("secret"), "{line}");
}

//! Prints one table: what taking in calls costs, beside the generic load of the same rows and beside hand-written SQL that
//! does the same look-ups and writes.
//!
//! ```sh
//! cargo bench -p metagraph-benches --bench calls
//! ```
//!
//! `--rounds 7`, `--live 2000`. Live times are with commits that do not wait for the disk, so that what we add is not
//! hidden behind it.
#![allow(clippy::indexing_slicing, reason = "there is a place for everybody who takes part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails has to stop")]
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use diesel::connection::SimpleConnection as _;
use lexopt::prelude::*;
use metagraph::GraphConnection;
use metagraph::graphs::call::{Call, CallEvent};
use metagraph_benches::calls::{self, Floor, postgres, sqlite};
use metagraph_benches::measure::{Times, timed};
use metagraph_testkit::Postgres;

/// Who takes part in the loads.
const LOADS: [&str; 3] = ["ingest", "loader", "insert_many"];

struct Options {
    rounds: usize,
    live: usize,
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options { rounds: 7, live: 2000 };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("live") => options.live = arguments.value()?.parse()?,
            // What `cargo bench` adds.
            Long("bench") => {}
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(options)
}

fn main() -> Result<(), lexopt::Error> {
    let options = options()?;
    let Some(spans) = calls::spans() else { return Ok(()) };
    let events = calls::happened(&spans, options.live);
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["", "what", "ours", "other", "ours/other", "at most"]);
    on_sqlite(&mut table, &options, &spans, &events);
    on_postgres(&mut table, &options, &spans, &events);
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{} spans, {} live events; medians over {} rounds in turns", spans.len(), events.len(), options.rounds);
    println!("\n{table}");
    Ok(())
}

/// One of the loads into an empty graph.
fn load(conn: &mut impl GraphConnection, who: usize, spans: &[Call]) -> Duration {
    let graph = calls::graph(conn);
    let events: Vec<CallEvent> = spans.iter().cloned().map(CallEvent::from).collect();
    timed(|| match who {
        0 => calls::ingest(conn, &graph, events),
        1 => calls::load(conn, &graph, spans),
        _ => calls::insert_many(conn, &graph, spans),
    })
    .1
}

/// Events one by one, by us.
fn live(conn: &mut impl GraphConnection, events: &[CallEvent]) -> Duration {
    let graph = calls::graph(conn);
    let events = events.to_vec();
    timed(|| events.into_iter().for_each(|event| calls::ingest_one(conn, &graph, event))).1
}

/// The same by hand.
fn by_hand(floor: &mut impl Floor, events: &[CallEvent]) -> Duration {
    timed(|| events.iter().for_each(|event| floor.ingest(event))).1
}

fn on_sqlite(table: &mut Table, options: &Options, spans: &[Call], events: &[CallEvent]) {
    let (mut loads, mut lives) = (Times::of(3), Times::of(2));
    for round in 0..options.rounds {
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        for turn in 0..3 {
            let who = (turn + round) % 3;
            let conn = &mut metagraph::sqlite::connect(&file(LOADS[who])).unwrap();
            loads.add(who, load(conn, who, spans), spans.len());
        }
        for turn in 0..2 {
            let who = (turn + round) % 2;
            let conn = &mut metagraph::sqlite::connect(&file(["live", "hand"][who])).unwrap();
            let took = if who == 0 {
                live(conn, events)
            } else {
                calls::graph(conn);
                by_hand(&mut sqlite::Sqlite::new(&file("hand")), events)
            };
            lives.add(who, took, events.len());
        }
        assert_eq!(sqlite::Sqlite::new(&file("live")).counts(), sqlite::Sqlite::new(&file("hand")).counts());
    }
    rows(table, "SQLite", &loads, &lives);
}

fn on_postgres(table: &mut Table, options: &Options, spans: &[Call], events: &[CallEvent]) {
    let Some(server) = Postgres::shared() else { return };
    let (mut loads, mut lives) = (Times::of(3), Times::of(2));
    for round in 0..options.rounds {
        for turn in 0..3 {
            let who = (turn + round) % 3;
            let database = server.database();
            let conn = &mut metagraph::postgres::connect(database.url()).unwrap();
            loads.add(who, load(conn, who, spans), spans.len());
        }
        let databases = [server.database(), server.database()];
        for turn in 0..2 {
            let who = (turn + round) % 2;
            let conn = &mut metagraph::postgres::connect(databases[who].url()).unwrap();
            let no_wait = "SET synchronous_commit = off";
            let took = if who == 0 {
                conn.batch_execute(no_wait).unwrap();
                live(conn, events)
            } else {
                calls::graph(conn);
                let mut floor = postgres::Postgres::new(databases[who].url());
                floor.run(no_wait);
                by_hand(&mut floor, events)
            };
            lives.add(who, took, events.len());
        }
        let [ours, hand] = databases.each_ref().map(|database| postgres::Postgres::new(database.url()).counts());
        assert_eq!(ours, hand);
    }
    rows(table, "PostgreSQL", &loads, &lives);
}

fn rows(table: &mut Table, database: &str, loads: &Times, lives: &Times) {
    let cells = [
        ("ingest, a span; other: loader, one commit", loads, 1, "2.00"),
        ("ingest, a span; other: insert_many and connect_many", loads, 2, "2.00"),
        ("live, an event in a transaction; other: by hand", lives, 1, "1.50"),
    ];
    for (what, times, other, most) in cells {
        let shown =
            |who| times.median(who).map(|time| format!("{:.1} µs", time.as_secs_f64() * 1e6)).unwrap_or_default();
        let ratio = times.ratio(0, other).map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        table.add_row([database.to_owned(), what.to_owned(), shown(0), shown(other), ratio, most.to_owned()]);
    }
}

//! Takes in what is told of the calls of a shop, late and out of order, answers what is slow and why something failed, and
//! gives up an order with all that it made.
//!
//! ```sh
//! cargo run --example call_graph --features graphs
//! ```
//!
//! ```text
//! 15 events: 8 calls, 6 of them made by others
//! 5 events again: 0 calls changed
//!
//! what happened                      status        took
//! order 1 orders.place               completed   265 ms
//!   stock 1 stock.reserve            completed    12 ms
//!   pay 1 payments.charge            completed   247 ms
//!     bank 1 bank.transfer           failed      200 ms
//!     bank 2 bank.transfer           completed    42 ms
//! order 2 orders.place               running          -
//!   stock 2 stock.reserve            running          -
//!     count 2 stock.count            pending          -
//!
//! operation         calls   failed    mean  longest
//! bank.transfer         2     50 %  121 ms   200 ms
//! orders.place          2      0 %  265 ms   265 ms
//! stock.reserve         2      0 %   12 ms    12 ms
//! payments.charge       1      0 %  247 ms   247 ms
//! stock.count           1        -       -        -
//!
//! why something failed
//!   orders.place → payments.charge → bank.transfer  TIMEOUT: no answer in 200 ms
//!
//! order 2 is given up, and with it: count 2, stock 2
//!   call `stock 2` is aborted and cannot become completed: it has ended
//!
//! flowchart TD
//!     c0["orders.place<br/>265ms"]:::completed
//!     c1["stock.reserve<br/>12ms"]:::completed
//!     c2["payments.charge<br/>247ms"]:::completed
//!     c3["bank.transfer<br/>200ms"]:::failed
//!     c4["bank.transfer<br/>42ms"]:::completed
//!     c0 --> c1
//!     c0 --> c2
//!     c2 --> c3
//!     c2 --> c4
//!     classDef completed fill:#cec
//!     classDef failed fill:#fbb
//! ```

use std::error::Error;
use std::io::{self, Write};

use jiff::{SignedDuration, Timestamp};
use metagraph::graphs::call::{AbortPolicy, CallErrorInfo, CallEvent, CallLog, Calls};
use metagraph::prelude::*;

/// So many milliseconds after noon.
fn at(millis: i64) -> Result<Timestamp, jiff::Error> {
    "2026-11-29T12:00:00Z".parse::<Timestamp>()?.checked_add(SignedDuration::from_millis(millis))
}

/// Two orders, as the programs of a shop tell of them.
fn events() -> Result<Vec<CallEvent>, jiff::Error> {
    let asked = CallEvent::requested;
    Ok(vec![
        asked("order 1", "orders.place").at(at(0)?).input(serde_json::json!({"item": 7})),
        asked("stock 1", "stock.reserve").parent("order 1").at(at(2)?),
        CallEvent::responded("stock 1", "reserved").at(at(14)?),
        asked("pay 1", "payments.charge").parent("order 1").at(at(15)?),
        asked("bank 1", "bank.transfer").parent("pay 1").at(at(17)?),
        CallEvent::failed("bank 1", CallErrorInfo::new("TIMEOUT", "no answer in 200 ms")).at(at(217)?),
        asked("bank 2", "bank.transfer").parent("pay 1").at(at(218)?),
        CallEvent::responded("bank 2", "transferred").at(at(260)?),
        CallEvent::responded("pay 1", "charged").at(at(262)?),
        CallEvent::responded("order 1", "placed").at(at(265)?),
        asked("order 2", "orders.place").at(at(300)?).input(serde_json::json!({"item": 8})),
        CallEvent::started("order 2").at(at(300)?),
        asked("stock 2", "stock.reserve").parent("order 2").at(at(302)?),
        CallEvent::started("stock 2").at(at(303)?),
        asked("count 2", "stock.count").parent("stock 2").at(at(304)?),
    ])
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Calls, _>(conn)?;
    let graph = Graph::<Calls>::open_or_create(conn, "shop")?;
    let log = CallLog::new(&graph);

    // The last comes first, some come twice, and a parent is heard of before anybody tells what it is.
    let mut events = events()?;
    events.reverse();
    let twice = events.iter().take(5).cloned().collect::<Vec<_>>();
    let ingested = log.ingest(conn, events)?;
    writeln!(
        out,
        "{} events: {} calls, {} of them made by others",
        ingested.events, ingested.created, ingested.connected
    )?;
    let again = log.ingest(conn, twice)?;
    writeln!(out, "{} events again: {} calls changed", again.events, again.changed)?;

    writeln!(out, "\nwhat happened                      status        took")?;
    for root in log.roots().order_by(|call| call.started_at.asc()).load(conn)? {
        tell(out, conn, log, &root, 0)?;
    }

    writeln!(out, "\noperation         calls   failed    mean  longest")?;
    for operation in log.operations(conn)? {
        let rate = operation.error_rate().map_or_else(|| "-".to_owned(), |rate| format!("{:.0} %", rate * 100.0));
        let (mean, longest) = (shown(operation.mean()), shown(operation.mean().map(|_| operation.longest)));
        let (name, calls) = (&operation.operation_id, operation.calls);
        writeln!(out, "{name:<16} {calls:>6} {rate:>8} {mean:>7} {longest:>8}")?;
    }

    writeln!(out, "\nwhy something failed")?;
    for failed in log.failed().load(conn)? {
        let lineage = log.lineage(conn, &failed.key)?;
        let lineage: Vec<_> = lineage.iter().filter_map(|call| call.value.operation_id.as_deref()).collect();
        let error = failed.value.error.map(|error| format!("{}: {}", error.code, error.message));
        writeln!(out, "  {}  {}", lineage.join(" → "), error.unwrap_or_default())?;
    }

    // Somebody closes the shop: what runs goes on or not, as the one decides who composed it.
    let mut aborted = log.abort(conn, "order 2", AbortPolicy::AbortDependents, at(310)?)?;
    aborted.retain(|call| call != "order 2");
    writeln!(out, "\norder 2 is given up, and with it: {}", aborted.join(", "))?;
    let late = log.ingest(conn, [CallEvent::responded("stock 2", "reserved").at(at(311)?)])?;
    for refused in late.refused {
        writeln!(out, "  {refused}")?;
    }

    writeln!(out, "\n{}", log.to_mermaid(conn, "order 1")?.trim_end())?;
    Ok(())
}

/// A call, and what it made, a step further in.
fn tell<C: GraphConnection>(
    out: &mut impl Write,
    conn: &mut C,
    log: CallLog<'_, Calls>,
    call: &Node<metagraph::graphs::call::Call>,
    depth: usize,
) -> Result<(), Box<dyn Error>> {
    let name = call.value.operation_id.as_deref().unwrap_or_default();
    let line = format!("{:indent$}{} {name}", "", call.key, indent = 2 * depth);
    writeln!(out, "{line:<34} {:<9} {:>8}", call.value.status, shown(log.duration(conn, &call.key)?))?;
    for child in log.children(conn, &call.key)? {
        tell(out, conn, log, &child, depth + 1)?;
    }
    Ok(())
}

fn shown(duration: Option<SignedDuration>) -> String {
    duration.map_or_else(|| "-".to_owned(), |duration| format!("{} ms", duration.as_millis()))
}

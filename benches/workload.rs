//! Prints one table: what metagraph takes, beside hand-written SQL on the same tables and on bare ones.
//!
//! ```sh
//! cargo bench -p metagraph-benches --bench workload -- --size s
//! ```
//!
//! `--size s|m`, `--rounds 15`, `--only W3,W4`, `--database sqlite|postgres|both`, `--loads 3`.
#![allow(clippy::indexing_slicing, reason = "there is a place for every peer")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement that fails has to stop")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints a table")]

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use lexopt::prelude::*;
use metagraph_benches::floor::{postgres, sqlite};
use metagraph_benches::generate::{Data, Size};
use metagraph_benches::measure::{Times, most_memory, timed};
use metagraph_benches::ours::Ours;
use metagraph_benches::peer::Peer;
use metagraph_benches::workload::{Cell, Peers, Workload};
use metagraph_testkit::Postgres;
use tempfile::TempDir;

#[derive(Debug, Clone)]
struct Options {
    size: Size,
    rounds: usize,
    loads: usize,
    only: Option<Vec<String>>,
    sqlite: bool,
    postgres: bool,
    child: Option<(String, String)>,
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options =
        Options { size: Size::S, rounds: 15, loads: 3, only: None, sqlite: true, postgres: true, child: None };
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("size") => match arguments.value()?.string()?.as_str() {
                "tiny" => options.size = Size::Tiny,
                "s" => options.size = Size::S,
                "m" => options.size = Size::M,
                other => return Err(format!("a size is s or m, not `{other}`").into()),
            },
            Long("rounds") => options.rounds = arguments.value()?.parse()?,
            Long("loads") => options.loads = arguments.value()?.parse()?,
            Long("only") => {
                options.only = Some(arguments.value()?.string()?.split(',').map(str::to_owned).collect());
            }
            Long("database") => match arguments.value()?.string()?.as_str() {
                "sqlite" => options.postgres = false,
                "postgres" => options.sqlite = false,
                "both" => {}
                other => return Err(format!("a database is sqlite, postgres or both, not `{other}`").into()),
            },
            // What `cargo bench` adds.
            Long("bench") => {}
            Long("child") => {
                options.child = Some((arguments.value()?.string()?, arguments.value()?.string()?));
            }
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(options)
}

fn main() -> Result<(), lexopt::Error> {
    let options = options()?;
    if let Some((who, file)) = &options.child {
        child(who, file, options.size);
        return Ok(());
    }
    let data = Data::generate(options.size);
    println!("{} nodes and edges; times are medians, ratios medians over rounds in one run", data.rows());
    if options.sqlite {
        on_sqlite(&options, &data);
    }
    if options.postgres {
        on_postgres(&options, &data);
    }
    Ok(())
}

const OURS: &str = "ours";
const FLOOR: &str = "F";
const BARE: &str = "B";

fn open(who: &str, file: &str) -> Box<dyn Peer> {
    match who {
        FLOOR => Box::new(sqlite::Floor::new(file, sqlite::Tables::Ours)),
        BARE => Box::new(sqlite::Floor::new(file, sqlite::Tables::Bare)),
        _ => Box::new(Ours::sqlite(file)),
    }
}

fn on_sqlite(options: &Options, data: &Data) {
    let workload = Workload::new(data, options.rounds, options.only.as_deref());
    let names = [OURS, FLOOR, BARE];
    let mut cells = Vec::new();
    let (mut load, mut verbs) = (Times::of(3), Times::of(3));
    let mut last = None;
    for round in 0..options.loads.max(1) {
        let directory = tempfile::tempdir().unwrap();
        let mut peers: Vec<Option<Box<dyn Peer>>> = names.iter().map(|_| None).collect();
        for turn in 0..names.len() {
            let who = (turn + round) % names.len();
            let file = |kind: &str| path(&directory, &format!("{}-{kind}.db", names[who]));
            if workload.wants("W1v") {
                let mut peer = open(names[who], &file("verbs"));
                verbs.add(who, timed(|| peer.load_by_verbs(data)).1, data.rows());
            }
            let mut peer = open(names[who], &file("load"));
            load.add(who, timed(|| peer.load(data)).1, data.rows());
            peers[who] = Some(peer);
        }
        last = Some((directory, peers));
    }
    let (directory, peers) = last.expect("at least one load");
    let mut peers: Peers = peers.into_iter().flatten().collect();
    cells.push(Cell { name: "W1", what: "load, a row", times: load, rows: Some(data.rows()) });
    if workload.wants("W1v") {
        cells.push(Cell {
            name: "W1v",
            what: "load by insert_many and connect_many, a row",
            times: verbs,
            rows: Some(data.rows()),
        });
    }
    let bytes: Vec<_> = peers.iter_mut().map(|peer| peer.bytes()).collect();
    cells.extend(workload.ask_all(&mut peers, &mut |cell| eprintln!("{} done", cell.name)));
    print(&names, "SQLite", &cells);
    println!("file: {}", listed(&names, &bytes));
    drop(peers);
    for what in ["load", "verbs", "export"] {
        let peaks: Vec<_> = names.iter().map(|who| peak(who, what, &directory, options.size)).collect();
        println!("peak memory of {what}, beyond the data itself: {}", listed(&names, &peaks));
    }
}

fn on_postgres(options: &Options, data: &Data) {
    let Some(server) = Postgres::shared() else { return };
    let workload = Workload::new(data, options.rounds, options.only.as_deref());
    let names = [OURS, FLOOR];
    let mut load = Times::of(2);
    let mut last = None;
    for round in 0..options.loads.max(1) {
        let databases = [server.database(), server.database()];
        let mut peers: Vec<Option<Box<dyn Peer>>> = vec![None, None];
        for turn in 0..names.len() {
            let who = (turn + round) % names.len();
            let url = databases[who].url();
            let mut peer: Box<dyn Peer> = match who {
                0 => Box::new(Ours::postgres(url)),
                _ => Box::new(postgres::Floor::new(url)),
            };
            load.add(who, timed(|| peer.load(data)).1, data.rows());
            peers[who] = Some(peer);
        }
        last = Some((peers, databases));
    }
    let (peers, databases) = last.expect("at least one load");
    let mut peers: Peers = peers.into_iter().flatten().collect();
    let mut cells = vec![Cell { name: "W1", what: "load, a row", times: load, rows: Some(data.rows()) }];
    let bytes: Vec<_> = peers.iter_mut().map(|peer| peer.bytes()).collect();
    cells.extend(workload.ask_all(&mut peers, &mut |cell| eprintln!("{} done", cell.name)));
    print(&names, "PostgreSQL", &cells);
    println!("database: {}", listed(&names, &bytes));
    drop((peers, databases));
}

fn print(names: &[&str], database: &str, cells: &[Cell]) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let mut header = vec![database.to_owned(), String::new()];
    header.extend(names.iter().map(|name| (*name).to_owned()));
    header.extend(names.iter().skip(1).map(|name| format!("ours/{name}")));
    header.push("rows/s".to_owned());
    table.set_header(header);
    for cell in cells {
        let mut line = vec![cell.name.to_owned(), cell.what.to_owned()];
        line.extend((0..names.len()).map(|who| cell.times.median(who).map(shown).unwrap_or_default()));
        let ratios = (1..names.len()).map(|who| cell.times.ratio(0, who));
        line.extend(ratios.map(|ratio| ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default()));
        line.push(per_second(cell).unwrap_or_default());
        table.add_row(line);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("\n{table}");
}

fn per_second(cell: &Cell) -> Option<String> {
    let rows = u32::try_from(cell.rows?).ok()?;
    let took = cell.times.median(0)?.as_secs_f64();
    // The load is timed by the row.
    let rows = if cell.name.starts_with("W1v") || cell.name == "W1" { 1.0 } else { f64::from(rows) };
    Some(format!("{:.0} k", rows / took / 1000.0))
}

fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1_000.0 { format!("{micros:.2} µs") } else { format!("{:.1} ms", micros / 1000.0) }
}

fn listed(names: &[&str], bytes: &[u64]) -> String {
    let parts = names.iter().zip(bytes).map(|(name, bytes)| format!("{name} {:.1} MiB", mebibytes(*bytes)));
    parts.collect::<Vec<_>>().join(", ")
}

#[allow(clippy::cast_precision_loss, reason = "it is rounded anyway")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

fn path(directory: &TempDir, name: &str) -> String {
    directory.path().join(name).to_str().expect("a plain name").to_owned()
}

/// What a process of its own needs for a load or an export.
fn peak(who: &str, what: &str, directory: &TempDir, size: Size) -> u64 {
    let size = match size {
        Size::Tiny => "tiny",
        Size::S => "s",
        Size::M => "m",
    };
    let file = match what {
        "export" => path(directory, &format!("{who}-load-memory.db")),
        _ => path(directory, &format!("{who}-{what}-memory.db")),
    };
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--size", size, "--child", &format!("{who} {what}"), &file])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

fn child(task: &str, file: &str, size: Size) {
    let (who, what) = task.split_once(' ').expect("who and what");
    if what == "export" {
        let mut peer = open_again(who, file);
        let before = most_memory();
        peer.export();
        println!("{}", most_memory() - before);
        return;
    }
    let data = Data::generate(size);
    let mut peer = open(who, file);
    let before = most_memory();
    if what == "verbs" {
        peer.load_by_verbs(&data);
    } else {
        peer.load(&data);
    }
    println!("{}", most_memory() - before);
}

/// A file that has its tables already.
fn open_again(who: &str, file: &str) -> Box<dyn Peer> {
    match who {
        FLOOR => Box::new(sqlite::Floor::open(file, sqlite::Tables::Ours)),
        BARE => Box::new(sqlite::Floor::open(file, sqlite::Tables::Bare)),
        _ => Box::new(Ours::sqlite(file)),
    }
}

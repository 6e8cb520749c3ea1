//! What sharing tasks costs, beside hand-written SQL: one worker claims ten at a time and completes them.
//!
//! ```sh
//! cargo bench -p metagraph-benches --bench claims
//! ```
//!
//! `--rounds 5`, `--tasks 2000`. Commits do not wait for the disk. The hand-written statements have an index of their own,
//! take what is pending and not blocked, and know of no priority, no lease that ran out and no attempts.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark prints and panics")]

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use diesel::connection::SimpleConnection as _;
use lexopt::prelude::*;
use metagraph::GraphConnection;
use metagraph::graphs::task::{Task, TaskQueue, Tasks};
use metagraph::prelude::*;
use metagraph_benches::measure::{Times, timed};
use metagraph_testkit::Postgres;

const TOGETHER: u32 = 10;

/// What makes the search for free tasks fast; the type's id is put in.
const INDEX: &str = "CREATE INDEX claims ON __metagraph_nodes (graph_id, (attributes ->> 'status'), id) \
                     WHERE node_type_id = {task}";

/// Tasks that are pending and whose predecessors are all completed.
const FREE: &str = "SELECT t.id FROM __metagraph_nodes AS t WHERE t.graph_id = 1 AND t.node_type_id = {task} \
     AND t.attributes ->> 'status' = 'pending' AND NOT EXISTS (SELECT 1 FROM __metagraph_edges AS e \
     JOIN __metagraph_nodes AS b ON b.graph_id = 1 AND b.id = e.source_id WHERE e.graph_id = 1 AND e.target_id = t.id \
     AND e.edge_type_id = {dependency} AND b.attributes ->> 'status' <> 'completed') ORDER BY t.id LIMIT 10";

fn main() -> Result<(), lexopt::Error> {
    let (mut rounds, mut tasks) = (5_usize, 2000_usize);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => rounds = arguments.value()?.parse()?,
            Long("tasks") => tasks = arguments.value()?.parse()?,
            // What `cargo bench` adds.
            Long("bench") => {}
            _ => return Err(argument.unexpected()),
        }
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["", "a task, claimed and completed", "claims/s", "by hand", "ours/by hand"]);
    row(&mut table, "SQLite", &on_sqlite(rounds, tasks));
    if let Some(server) = Postgres::shared() {
        row(&mut table, "PostgreSQL", &on_postgres(server, rounds, tasks));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    println!("{tasks} tasks, medians over {rounds} rounds in turns\n\n{table}");
    Ok(())
}

fn row(table: &mut Table, database: &str, times: &Times) {
    let shown = |time: Duration| format!("{:.1} µs", time.as_secs_f64() * 1e6);
    let [ours, hand] = [0, 1].map(|who| times.median(who).unwrap());
    let per_second = format!("{:.0}", 1.0 / ours.as_secs_f64());
    let ratio = format!("{:.2}", times.ratio(0, 1).unwrap());
    table.add_row([database.to_owned(), shown(ours), per_second, shown(hand), ratio]);
}

/// Tasks in chains of five; the type's tables and indexes are there.
fn graph<C: GraphConnection>(conn: &mut C, tasks: usize) -> Graph<Tasks> {
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<Tasks, _>(conn).unwrap();
    let graph = Graph::<Tasks>::open_or_create(conn, "tasks").unwrap();
    let pending = (0..tasks).map(|number| Task::pending(number.to_string(), format!("Do number {number}")));
    let ids = graph.insert_many::<_, Task>(conn, pending).unwrap();
    let follows = ids.windows(2).enumerate().filter(|(place, _)| place % 5 != 4);
    let edges = follows.map(|(_, pair)| (pair[0], pair[1], metagraph::graphs::task::Dependency::default()));
    graph.connect_many::<_, metagraph::graphs::task::Dependency, _, _>(conn, edges).unwrap();
    conn.batch_execute("ANALYZE").unwrap();
    graph
}

fn ours<C: GraphConnection>(conn: &mut C, graph: &Graph<Tasks>, tasks: usize) -> Duration {
    let queue = TaskQueue::new(graph, "worker");
    let (done, took) = timed(|| {
        let mut done = 0;
        loop {
            let claimed = queue.claim(conn, TOGETHER).unwrap();
            if claimed.is_empty() {
                return done;
            }
            queue.complete_all(conn, &claimed).unwrap();
            done += claimed.len();
        }
    });
    assert_eq!(done, tasks);
    took
}

/// Until `claim_and_complete` finds no more.
fn by_hand(tasks: usize, mut claim_and_complete: impl FnMut() -> usize) -> Duration {
    let (done, took) = timed(|| {
        let mut done = 0;
        loop {
            match claim_and_complete() {
                0 => return done,
                some => done += some,
            }
        }
    });
    assert_eq!(done, tasks);
    took
}

/// The statement with the ids of the types.
fn spelled(sql: &str, (task, dependency): (i64, i64)) -> String {
    sql.replace("{task}", &task.to_string()).replace("{dependency}", &dependency.to_string())
}

const TASK: &str = "SELECT id FROM __metagraph_node_types WHERE name = 'task'";
const DEPENDENCY: &str = "SELECT id FROM __metagraph_edge_types";
const CLAIM: &str = r#"{"status":"in-progress","claim":{"worker":"worker","attempt":1}}"#;

fn on_sqlite(rounds: usize, tasks: usize) -> Times {
    let mut times = Times::of(2);
    for round in 0..rounds {
        let directory = tempfile::tempdir().unwrap();
        for turn in 0..2 {
            let who = (turn + round) % 2;
            let file = directory.path().join(who.to_string());
            let conn = &mut metagraph::sqlite::connect(file.to_str().unwrap()).unwrap();
            let graph = graph(conn, tasks);
            let took = if who == 0 { ours(conn, &graph, tasks) } else { sqlite_by_hand(file.to_str().unwrap(), tasks) };
            times.add(who, took, tasks);
        }
    }
    times
}

fn sqlite_by_hand(file: &str, tasks: usize) -> Duration {
    let conn = rusqlite::Connection::open(file).unwrap();
    conn.execute_batch(metagraph::sqlite::PRAGMAS).unwrap();
    let id = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let ids = (id(TASK), id(DEPENDENCY));
    conn.execute_batch(&spelled(INDEX, ids)).unwrap();
    let write = "UPDATE __metagraph_nodes SET attributes = json_patch(attributes, ?1), version = version + 1, \
                 updated_at = ?2 WHERE graph_id = 1";
    let claim = format!("{write} AND id IN ({}) RETURNING id, attributes", spelled(FREE, ids));
    let complete =
        format!("{write} AND id IN (SELECT value FROM json_each(?3)) AND attributes ->> '$.claim.worker' = ?4");
    let (mut claim, mut complete) = (conn.prepare(&claim).unwrap(), conn.prepare(&complete).unwrap());
    by_hand(tasks, || {
        let now = jiff::Timestamp::now().as_microsecond();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
        let claimed: Vec<_> = claim.query_map((CLAIM, now), read).unwrap().map(Result::unwrap).collect();
        let held: Vec<Task> = claimed.iter().map(|(_, task)| read_task(task)).collect();
        if held.is_empty() {
            return 0;
        }
        let ids = serde_json::to_string(&claimed.iter().map(|(id, _)| id).collect::<Vec<_>>()).unwrap();
        complete.execute((r#"{"status":"completed"}"#, now, ids, "worker")).unwrap()
    })
}

/// A task as it was claimed, whose claim is shorter than ours.
fn read_task(json: &str) -> Task {
    let mut task: serde_json::Value = serde_json::from_str(json).unwrap();
    task.as_object_mut().unwrap().remove("claim");
    serde_json::from_value(task).unwrap()
}

fn on_postgres(server: &Postgres, rounds: usize, tasks: usize) -> Times {
    let mut times = Times::of(2);
    for round in 0..rounds {
        for turn in 0..2 {
            let who = (turn + round) % 2;
            let database = server.database();
            let conn = &mut metagraph::postgres::connect(database.url()).unwrap();
            conn.batch_execute("SET synchronous_commit = off").unwrap();
            let graph = graph(conn, tasks);
            let took = if who == 0 { ours(conn, &graph, tasks) } else { postgres_by_hand(database.url(), tasks) };
            times.add(who, took, tasks);
        }
    }
    times
}

fn postgres_by_hand(url: &str, tasks: usize) -> Duration {
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    client.batch_execute("SET synchronous_commit = off").unwrap();
    let mut id = |sql: &str| client.query_one(sql, &[]).unwrap().get::<_, i64>(0);
    let ids = (id(TASK), id(DEPENDENCY));
    client.batch_execute(&spelled(INDEX, ids)).unwrap();
    client.batch_execute("ANALYZE").unwrap();
    let write = "UPDATE __metagraph_nodes SET attributes = attributes || $1, version = version + 1, \
                 updated_at = now() WHERE graph_id = 1";
    let free = format!("{} FOR NO KEY UPDATE OF t SKIP LOCKED", spelled(FREE, ids));
    let claim = client.prepare(&format!("{write} AND id IN ({free}) RETURNING id, attributes::text")).unwrap();
    let complete =
        client.prepare(&format!("{write} AND id = ANY($2) AND attributes -> 'claim' ->> 'worker' = $3")).unwrap();
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let (claimed_as, completed_as) = (json(CLAIM), json(r#"{"status":"completed"}"#));
    by_hand(tasks, || {
        let rows = client.query(&claim, &[&claimed_as]).unwrap();
        let held: Vec<(i64, Task)> = rows.iter().map(|row| (row.get(0), read_task(row.get(1)))).collect();
        if held.is_empty() {
            return 0;
        }
        let ids: Vec<i64> = held.iter().map(|(id, _)| *id).collect();
        usize::try_from(client.execute(&complete, &[&completed_as, &ids, &"worker"]).unwrap()).unwrap()
    })
}

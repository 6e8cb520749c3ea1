//! Reads a folder of task files, says what is wrong, plans the work, and lets two workers do it, one of whom dies.
//!
//! ```sh
//! cargo run --example task_graph --features graphs
//! ```
//!
//! ```text
//! 5 of 6 files hold; there are 6 tasks
//!   4.md: task `docs`, risk: `tiny` is no risk: write trivial, low, medium, high or critical
//!
//! what can be done at once
//!   1  schema
//!   2  api, login
//!   3  docs, audit
//!   4  release
//! everything waits for  schema → api → docs → release
//! the risk is on        schema → api → docs → release  (1.45)
//! better several tasks  api: risk: high — failure probability 0.35; scope: broad — cost estimate 4.0
//!
//! what is open   alone  in place   costs   between others
//!   api           0.65     0.650    12.0             0.07
//!   login         0.80     0.800     2.0             0.07
//!   docs          0.80     0.772     1.0             0.00
//!   audit         0.80     0.784     6.0             0.00
//!   release       0.90     0.814     2.0             0.00
//!   all                            23.0
//!
//! two workers
//!   12:00  ada claims login
//!   12:01  ben claims api
//!   12:10  ben completes api
//!   12:11  ben claims docs
//!   12:15  ben claims login
//!   12:20  ben completes login
//!   12:21  worker `ada` has task `login` no longer: leave its result, and claim another
//!
//! where they are now
//!
//! flowchart LR
//!     t0["Wire up the API"]:::completed
//!     t1["Have it audited"]:::pending
//!     t2["Write it down"]:::inProgress
//!     t3["Let people log in"]:::completed
//!     t4["Release it"]:::pending
//!     t5["Write the schema"]:::completed
//!     t5 --> t0
//!     t3 --> t1
//!     t0 --> t2
//!     t5 --> t3
//!     t0 --> t4
//!     t1 --> t4
//!     t2 --> t4
//!     t3 --> t4
//!     classDef pending fill:#eef
//!     classDef inProgress fill:#fe9
//!     classDef completed fill:#cec
//! ```

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use metagraph::graphs::task::{TaskFolder, TaskGraph, TaskQueue, Tasks, WorkflowCostOptions};
use metagraph::prelude::*;

/// Task files, as they lie beside the code of a project: Markdown, with the task in front of it.
const FILES: [&str; 6] = [
    "id: schema\nname: Write the schema\nstatus: completed\ndepends_on: []\nscope: narrow\nrisk: low",
    "id: api\nname: Wire up the API\nstatus: pending\ndepends_on: [schema]\nscope: broad\nrisk: high\nimpact: project",
    "id: login\nname: Let people log in\nstatus: pending\ndepends_on: [schema]\nrisk: medium\npriority: high",
    "id: docs\nname: Write it down\nstatus: pending\ndepends_on: [api]\nscope: single\nrisk: tiny",
    "id: release\nname: Release it\nstatus: pending\ndepends_on: [api, login, docs, audit]\nscope: narrow\nrisk: low",
    "id: audit\nname: Have it audited\nstatus: pending\ndepends_on: [login]\nscope: moderate\nimpact: phase",
];

fn write_files(folder: &Path) -> io::Result<()> {
    for (front, number) in FILES.iter().zip(1..) {
        fs::write(folder.join(format!("{number}.md")), format!("---\n{front}\n---\n\n## Done when\n\nIt works.\n"))?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    write_files(folder.path())?;

    // A strict reader takes only files that hold in every way; a lenient one takes what of them does.
    let files = TaskFolder::read(folder.path())?;
    let graph = TaskGraph::from_tasks(&files.lenient()).strict()?;
    writeln!(out, "{} of {} files hold; there are {} tasks", files.strict().len(), files.files.len(), graph.len())?;
    for complaint in files.complaints() {
        let file = complaint.strip_prefix(folder.path().to_str().unwrap_or_default()).unwrap_or(&complaint);
        writeln!(out, "  {}", file.trim_start_matches('/'))?;
    }
    plan(out, &graph)?;
    costs(out, &graph)?;

    let conn = &mut metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(conn)?;
    metagraph::sync::<Tasks, _>(conn)?;
    let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
    graph.save(conn, &stored)?;
    work(out, conn, &stored)?;

    writeln!(out, "\nwhere they are now\n")?;
    write!(out, "{}", TaskGraph::load(conn, &stored)?.to_mermaid())?;
    Ok(())
}

fn plan(out: &mut impl Write, graph: &TaskGraph) -> Result<(), Box<dyn Error>> {
    writeln!(out, "\nwhat can be done at once")?;
    for (generation, number) in graph.generations()?.iter().zip(1..) {
        writeln!(out, "  {number}  {}", generation.join(", "))?;
    }
    let risky = graph.risk_path()?;
    writeln!(out, "everything waits for  {}", graph.critical_path()?.join(" → "))?;
    writeln!(out, "the risk is on        {}  ({:.2})", risky.path.join(" → "), risky.total_risk)?;
    for advice in graph.to_decompose() {
        let reasons: Vec<_> = advice.reasons.iter().map(ToString::to_string).collect();
        writeln!(out, "better several tasks  {}: {}", advice.task.id, reasons.join("; "))?;
    }
    Ok(())
}

fn costs(out: &mut impl Write, graph: &TaskGraph) -> Result<(), Box<dyn Error>> {
    let cost = graph.workflow_cost(&WorkflowCostOptions::default())?;
    writeln!(out, "\nwhat is open   alone  in place   costs   between others")?;
    let bottlenecks = graph.bottlenecks();
    for task in &cost.tasks {
        let score = bottlenecks.iter().find(|bottleneck| bottleneck.task_id == task.task_id);
        let score = score.map_or(0.0, |bottleneck| bottleneck.score);
        let (id, alone, place, ev) = (&task.task_id, task.p_intrinsic, task.p_effective, task.ev);
        writeln!(out, "  {id:<12} {alone:>5.2}  {place:>8.3}   {ev:>5.1}   {score:>14.2}")?;
    }
    Ok(writeln!(out, "  {:<27}   {:>5.1}", "all", cost.total_ev)?)
}

/// Two workers share the tasks. The time is given here, so that it can pass; without `at` it is the clock's.
fn work<C: GraphConnection>(out: &mut impl Write, conn: &mut C, stored: &Graph<Tasks>) -> Result<(), Box<dyn Error>> {
    let noon: Timestamp = "2026-11-29T12:00:00Z".parse()?;
    let at = |worker: &str, minutes: i64| -> Result<_, jiff::Error> {
        let now = noon.checked_add(SignedDuration::from_mins(minutes))?;
        Ok(TaskQueue::new(stored, worker).lease(Duration::from_secs(15 * 60)).at(now))
    };

    writeln!(out, "\ntwo workers")?;
    let lost = at("ada", 0)?.claim(conn, 1)?;
    told(out, "12:00  ada claims", &lost)?;
    let found = at("ben", 1)?.claim(conn, 5)?;
    told(out, "12:01  ben claims", &found)?;
    at("ben", 10)?.complete_all(conn, &found)?;
    told(out, "12:10  ben completes", &found)?;
    // Nothing is ready for Ben: what Ada has, others wait for. She is never heard of again.
    told(out, "12:11  ben claims", &at("ben", 11)?.claim(conn, 5)?)?;
    let taken = at("ben", 15)?.claim(conn, 5)?;
    told(out, "12:15  ben claims", &taken)?;
    at("ben", 20)?.complete_all(conn, &taken)?;
    told(out, "12:20  ben completes", &taken)?;
    for task in &lost {
        if let Err(error) = at("ada", 21)?.complete(conn, task) {
            writeln!(out, "  12:21  {error}")?;
        }
    }
    Ok(())
}

fn told(out: &mut impl Write, what: &str, tasks: &[Node<metagraph::graphs::task::Task>]) -> io::Result<()> {
    let keys: Vec<_> = tasks.iter().map(|task| task.key.as_str()).collect();
    writeln!(out, "  {what} {}", if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") })
}

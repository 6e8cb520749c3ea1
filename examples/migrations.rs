//! Writes Diesel migrations from Rust types: our tables and a graph type, and later what a release changed of it. Copy
//! it into a small binary of yours, with your own types and the folder of your own migrations.
//!
//! ```sh
//! cargo run --example migrations
//! ```
//!
//! ```text
//! migrations run: 1
//! left to migrate: 0
//! sync: Unchanged
//! migrations run: 1
//! sync: Unchanged
//! revision: 2
//! edges: 1
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use diesel::SqliteConnection;
use diesel::sqlite::Sqlite;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use metagraph::lock::Lock;
use metagraph::migrations::MigrationFolder;
use metagraph::prelude::*;
use metagraph::types;

/// Something to do.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Task {
    #[graph(key)]
    title: String,
}

/// One task waits for another.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Task, to = Task), acyclic)]
struct WaitsFor;

/// What the first release knew.
#[derive(Debug, GraphType)]
#[graph(name = "tasks")]
enum FirstTasks {
    Task(Task),
}

/// What is to be done, and in which order.
#[derive(Debug, GraphType)]
#[graph(name = "tasks")]
enum Tasks {
    Task(Task),
    WaitsFor(WaitsFor),
}

/// The first release: everything that is not there yet. The lock remembers what was written.
fn first_release(folder: &Path) -> Result<String, Box<dyn Error>> {
    let migration = MigrationFolder::<Sqlite>::new().tables().register::<FirstTasks>()?;
    migration.write(folder, "metagraph")?;
    Ok(Lock::new().with::<FirstTasks>()?.to_string())
}

/// A later release: what differs from the lock. It is the same program, with other types.
fn later_release(folder: &Path, lock: &str) -> Result<(), Box<dyn Error>> {
    let lock = Lock::parse(lock)?;
    let stored = lock.document("tasks").ok_or("the lock has no tasks")?;
    MigrationFolder::<Sqlite>::new().change::<Tasks>(stored)?.write(folder, "tasks_wait")?;
    Ok(())
}

/// What `diesel migration run` does, and an application with embedded migrations.
fn migrate(conn: &mut SqliteConnection, folder: &Path) -> Result<usize, Box<dyn Error>> {
    let migrations = FileBasedMigrations::from_path(folder)?;
    let versions = conn.run_pending_migrations(migrations).map_err(|error| error.to_string())?;
    Ok(versions.len())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    // In your repository this is `migrations`.
    let directory = tempfile::tempdir()?;
    let folder = directory.path();
    let mut conn = metagraph::sqlite::connect(":memory:")?;

    let lock = first_release(folder)?;
    writeln!(out, "migrations run: {}", migrate(&mut conn, folder)?)?;
    writeln!(out, "left to migrate: {}", metagraph::migrate(&mut conn)?.len())?;
    writeln!(out, "sync: {:?}", metagraph::sync::<FirstTasks, _>(&mut conn)?)?;
    let graph = Graph::<FirstTasks>::open_or_create(&mut conn, "house")?;
    for title in ["walls", "roof"] {
        graph.insert(&mut conn, &Task { title: title.to_owned() })?;
    }

    later_release(folder, &lock)?;
    writeln!(out, "migrations run: {}", migrate(&mut conn, folder)?)?;
    writeln!(out, "sync: {:?}", metagraph::sync::<Tasks, _>(&mut conn)?)?;
    let stored = types::get(&mut conn, "tasks")?.ok_or("the database has no tasks")?;
    writeln!(out, "revision: {}", stored.revision)?;
    let graph = Graph::<Tasks>::open(&mut conn, "house")?;
    graph.connect(&mut conn, NodeKey::<Task>::new("roof"), NodeKey::<Task>::new("walls"), &WaitsFor)?;
    writeln!(out, "edges: {}", graph.edges::<WaitsFor>().count(&mut conn)?)?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout().lock())
}

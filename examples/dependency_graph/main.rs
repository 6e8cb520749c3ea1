//! Stores a `Cargo.lock` as a typed graph and answers questions about it.
//!
//! ```sh
//! cargo run --example dependency_graph
//! cargo run --example dependency_graph -- ../other/Cargo.lock --needs serde
//! cargo run --example dependency_graph -- --why itoa --without jsonschema
//! cargo run --example dependency_graph --features postgres-bundled -- --database postgres://localhost/graphs
//! ```
mod arguments;
mod import;
mod lockfile;
mod model;
mod question;
mod report;

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use arguments::Arguments;
use lockfile::LockFile;
use metagraph::prelude::*;
use model::Dependencies;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever closes the pipe has read enough.
        Err(error) if is_closed_pipe(error.as_ref()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}", report::failure(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(arguments) = Arguments::parse()? else {
        return Ok(writeln!(io::stdout(), "{}", arguments::USAGE)?);
    };
    let path = &arguments.lock_file;
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    // Everything that can be wrong with the file is found before anything is stored.
    let lock = LockFile::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    if let Some(wanted) = arguments.wanted().find(|wanted| !lock.has(wanted)) {
        return Err(format!("{} has no package `{wanted}`", path.display()).into());
    }
    let name = fs::canonicalize(path)?.display().to_string();

    if arguments.database.starts_with("postgres://") || arguments.database.starts_with("postgresql://") {
        #[cfg(feature = "postgres")]
        return answer(&mut metagraph::postgres::connect(&arguments.database)?, &arguments, &name, &lock);
        #[cfg(not(feature = "postgres"))]
        return Err("this build has no PostgreSQL; add `--features postgres-bundled` after `--example`".into());
    }
    if arguments.database.contains("://") || arguments.database.is_empty() {
        return Err(format!("`{}` is neither a file nor a postgres:// URL", arguments.database).into());
    }
    if let Some(directory) = Path::new(&arguments.database).parent() {
        fs::create_dir_all(directory).map_err(|error| format!("cannot create {}: {error}", directory.display()))?;
    }
    answer(&mut metagraph::sqlite::connect(&arguments.database)?, &arguments, &name, &lock)
}

fn answer<C: GraphConnection>(
    conn: &mut C,
    arguments: &Arguments,
    name: &str,
    lock: &LockFile,
) -> Result<(), Box<dyn Error>> {
    metagraph::migrate(conn)?;
    metagraph::sync::<Dependencies, _>(conn)?;
    let graph = Graph::<Dependencies>::open_or_create(conn, name)?;
    let changes = conn.transaction(|conn| import::import(conn, &graph, lock))?;
    let out = &mut io::stdout().lock();
    report::changes(out, &changes, arguments)?;
    report::overview(out, conn, &graph)?;
    if let Some(wanted) = &arguments.needs {
        report::dependents(out, conn, &graph, wanted)?;
    }
    if let Some(wanted) = &arguments.why {
        report::reasons(out, conn, &graph, wanted)?;
    }
    if let Some(wanted) = &arguments.without {
        report::freed(out, conn, &graph, wanted)?;
    }
    Ok(())
}

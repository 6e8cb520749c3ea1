//! Opening SQLite databases the way metagraph wants them.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::error::{Error, Result};

/// What [`connect`] runs on a new connection; run it on a connection of your own, or in a pool's customizer.
///
/// Write-ahead log, five seconds of waiting for other writers, enforced foreign keys. With the log, `synchronous =
/// NORMAL` loses nothing when a process dies; a power failure can lose the last commits, but never damages the file.
pub const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; \
                           PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";

/// Opens, or creates, a SQLite database: a file name, or `:memory:`.
///
/// This is a convenience: any Diesel connection will do, if foreign keys are enforced on it.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> Result<(), metagraph::Error> {
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Connect`] when the file cannot be opened.
pub fn connect(database: &str) -> Result<SqliteConnection> {
    let mut conn = SqliteConnection::establish(database).map_err(|source| Error::Connect { source })?;
    conn.batch_execute(PRAGMAS)?;
    Ok(conn)
}

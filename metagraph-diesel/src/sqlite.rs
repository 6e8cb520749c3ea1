//! Opening SQLite databases the way metagraph wants them.
//!
//! Nothing here is needed by a connection that enforces foreign keys already.
//!
//! One connection writes at a time, and the others wait, as long as their `busy_timeout` says. The verbs of this library
//! take the write lock before they read what they decide by, so that waiting is all that they have to do. A transaction
//! of yours that reads first and writes then (Diesel begins it without a lock) is another matter: once somebody else has
//! written since it read, SQLite refuses its first write at once, as `database is locked`. Write first, or run it with
//! [`Retry`](crate::Retry), which takes the lock at the beginning and repeats what still fails.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, ConnectionError, QueryResult, SqliteConnection};

use crate::backend::failure::Failure;
use crate::error::{Error, Result};

/// What [`connect`] runs on a new connection; run it on a connection of your own, or in a pool's customizer.
///
/// Write-ahead log, five seconds of waiting for other writers, enforced foreign keys, and up to 32 MiB of pages kept in
/// memory, where SQLite would keep 2: an edge reads and writes all over its indexes. With the log, `synchronous =
/// NORMAL` loses nothing when a process dies; a power failure can lose the last commits, but never damages the file.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use diesel::connection::SimpleConnection;
/// use diesel::{Connection, SqliteConnection};
/// use metagraph::{Error, Graph};
///
/// let mut conn = SqliteConnection::establish(":memory:").unwrap();
/// conn.batch_execute("PRAGMA foreign_keys = OFF")?; // SQLite's default, where the build does not say otherwise
/// metagraph::migrate(&mut conn)?;
/// # metagraph::sync::<Packages, _>(&mut conn)?;
/// let open = Graph::<Packages>::open_or_create;
/// assert!(matches!(open(&mut conn, "app"), Err(Error::ForeignKeysOff)));
///
/// conn.batch_execute(metagraph::sqlite::PRAGMAS)?;
/// assert!(open(&mut conn, "app").is_ok());
/// # Ok(())
/// # }
/// ```
pub const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; \
                           PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;";

/// The same for a file without a write-ahead log that cannot be written to, and so can get none.
const FOR_READING: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768;";

/// As long as [`PRAGMAS`] say that a connection waits for others.
const PATIENCE: Duration = Duration::from_secs(5);

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
    let open = || {
        let mut conn = SqliteConnection::establish(database)?;
        prepare(&mut conn).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    };
    open().map_err(|source| Error::connecting(database, source))
}

fn prepare(conn: &mut SqliteConnection) -> QueryResult<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match conn.batch_execute(PRAGMAS) {
            // Several connections that turn on the log of a new file at once do not wait for each other by themselves.
            Err(error) if Failure::of(&error) == Failure::ReadOnly => return conn.batch_execute(FOR_READING),
            Err(error) if Failure::of(&error) == Failure::Busy && Instant::now() < deadline => {
                // This does wait, until the others are done.
                conn.batch_execute("BEGIN IMMEDIATE; ROLLBACK")?;
            }
            outcome => return outcome,
        }
    }
}

/// Runs [`PRAGMAS`] on every connection that a pool opens.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use diesel::SqliteConnection;
/// use diesel::r2d2::{ConnectionManager, Pool};
///
/// let pool = Pool::builder()
///     .max_size(1)
///     .connection_customizer(Box::new(metagraph::sqlite::PoolPragmas))
///     .build(ConnectionManager::<SqliteConnection>::new(":memory:"))?;
/// let mut conn = pool.get()?;
/// metagraph::migrate(&mut conn)?;
/// # metagraph::sync::<Packages, _>(&mut conn)?;
/// let graph = Graph::<Packages>::open_or_create(&mut conn, "app")?;
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "r2d2")]
#[derive(Debug, Clone, Copy)]
pub struct PoolPragmas;

#[cfg(feature = "r2d2")]
impl diesel::r2d2::CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for PoolPragmas {
    fn on_acquire(&self, conn: &mut SqliteConnection) -> std::result::Result<(), diesel::r2d2::Error> {
        prepare(conn).map_err(diesel::r2d2::Error::QueryError)
    }
}

//! Our own tables: created, upgraded and removed statement by statement, recorded in our own ledger.
//!
//! Diesel's ledger and the tables of the application are never touched. Graph types are not migrated here: see
//! [`sync`](crate::sync()).

use std::collections::BTreeSet;

use crate::backend::{GraphConnection, Seam};
use crate::error::{Error, Result, classified};
pub use crate::migration::Migration;
pub use crate::migration_folder::{FolderError, MigrationFolder};
use crate::run;
use crate::statement::{Microseconds, Statement};

/// The migrations of the database behind the connection type `C`, oldest first.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// use diesel::SqliteConnection;
/// use metagraph::migrations;
///
/// let first = &migrations::all::<SqliteConnection>()[0];
/// assert_eq!(first.name(), "foundation");
/// ```
pub fn all<C: GraphConnection>() -> &'static [Migration] {
    C::Db::MIGRATIONS
}

/// Creates or upgrades our tables, and returns the versions that were applied now.
///
/// Safe to call at every start and from several processes at once: they take turns, and the late ones find nothing to
/// do. Everything happens in one transaction.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// assert_eq!(metagraph::migrate(&mut conn)?, ["0001", "0002", "0003"]);
/// assert!(metagraph::migrate(&mut conn)?.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Encoding`] when the database keeps text in another encoding than UTF-8; [`Error::DatabaseIsNewer`] when a
/// newer release migrated it; [`Error::Database`] otherwise.
pub fn migrate<C: GraphConnection>(conn: &mut C) -> Result<Vec<&'static str>> {
    // The cheap look first: a start on a current database takes no lock and writes nothing.
    if let Ok(applied) = ledger(conn)
        && pending::<C>(&applied)?.is_empty()
    {
        return Ok(Vec::new());
    }
    create_ledger(conn)?;
    run::transaction(conn, |conn| {
        lock(conn)?;
        let applied = ledger(conn)?;
        let pending = pending::<C>(&applied)?;
        for migration in &pending {
            migration.up().try_for_each(|statement| batch(conn, statement))?;
            let record = Statement::new("INSERT INTO __metagraph_migrations (version, name, applied_at) VALUES (")
                .text(migration.version)
                .sql(", ")
                .text(migration.name)
                .sql(", ")
                .time(Microseconds::now())
                .sql(")");
            run::execute(conn, "recording a migration", record)?;
        }
        Ok(pending.into_iter().map(|migration| migration.version).collect())
    })
}

/// Removes our tables with everything in them, and the ledger; returns the versions that were taken back.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// assert_eq!(metagraph::migrations::revert_all(&mut conn)?, ["0003", "0002", "0001"]);
/// assert!(metagraph::migrations::applied(&mut conn)?.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::DatabaseIsNewer`] when the ledger holds a migration that this release does not know.
pub fn revert_all<C: GraphConnection>(conn: &mut C) -> Result<Vec<&'static str>> {
    create_ledger(conn)?;
    run::transaction(conn, |conn| {
        lock(conn)?;
        let applied = ledger(conn)?;
        pending::<C>(&applied)?;
        let mut reverted = Vec::new();
        for migration in all::<C>().iter().rev().filter(|migration| applied.contains(migration.version)) {
            migration.down().try_for_each(|statement| batch(conn, statement))?;
            reverted.push(migration.version);
        }
        batch(conn, "DROP TABLE __metagraph_migrations")?;
        Ok(reverted)
    })
}

/// The versions that the database's ledger holds, in order; empty where there is no ledger.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> metagraph::Result<()> {
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// assert!(metagraph::migrations::applied(&mut conn)?.is_empty());
/// metagraph::migrate(&mut conn)?;
/// assert_eq!(metagraph::migrations::applied(&mut conn)?, ["0001", "0002", "0003"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the ledger cannot be read.
pub fn applied<C: GraphConnection>(conn: &mut C) -> Result<Vec<String>> {
    match ledger(conn) {
        Ok(applied) => Ok(applied.into_iter().collect()),
        Err(Error::NotMigrated { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn ledger<C: GraphConnection>(conn: &mut C) -> Result<BTreeSet<String>> {
    // In a savepoint: on PostgreSQL a missing table must not end the caller's transaction.
    run::transaction(conn, |conn| {
        let versions = Statement::new("SELECT version FROM __metagraph_migrations");
        Ok(run::all(conn, "reading the ledger of migrations", versions)?.into_iter().collect())
    })
}

/// The migrations of this release that the ledger lacks.
pub(crate) fn unapplied<C: GraphConnection>(conn: &mut C) -> Result<Vec<&'static Migration>> {
    let applied = ledger(conn)?;
    pending::<C>(&applied)
}

fn pending<C: GraphConnection>(applied: &BTreeSet<String>) -> Result<Vec<&'static Migration>> {
    let known = all::<C>();
    match applied.iter().find(|version| !known.iter().any(|migration| migration.version == version.as_str())) {
        Some(version) => Err(Error::DatabaseIsNewer { version: version.clone() }),
        None => Ok(known.iter().filter(|migration| !applied.contains(migration.version)).collect()),
    }
}

fn require_utf8<C: GraphConnection>(conn: &mut C) -> Result<()> {
    let encoding = run::optional(conn, "asking for the encoding", Statement::new(C::Db::ENCODING))?;
    match encoding {
        Some(encoding) if encoding != "UTF-8" && encoding != "UTF8" => Err(Error::Encoding { encoding }),
        _ => Ok(()),
    }
}

fn create_ledger<C: GraphConnection>(conn: &mut C) -> Result<()> {
    // In a savepoint: a lost race must not end the caller's transaction.
    let created = run::transaction(conn, |conn| {
        batch(conn, C::Db::CREATE_LEDGER)?;
        // After it: on SQLite, what was read before would keep a caller's transaction from writing.
        require_utf8(conn)
    });
    match created {
        Err(error @ Error::Encoding { .. }) => Err(error),
        // PostgreSQL checks `IF NOT EXISTS` before it takes a lock; who loses that race finds the table there.
        Err(_) if ledger(conn).is_ok() => Ok(()),
        outcome => outcome,
    }
}

fn lock<C: GraphConnection>(conn: &mut C) -> Result<()> {
    batch(conn, C::Db::LOCK_MIGRATIONS)
}

fn batch<C: GraphConnection>(conn: &mut C, sql: &str) -> Result<()> {
    conn.batch_execute(sql).map_err(|error| classified::<C::Db>("migrating metagraph's tables", error))
}

//! SQLite in a temporary file.

mod failures;

use diesel::SqliteConnection;
use tempfile::TempDir;

use super::{Store, inspect};

#[derive(Debug)]
pub(crate) struct Sqlite {
    _directory: TempDir,
    file: String,
}

impl Store for Sqlite {
    type Conn = SqliteConnection;

    const NAME: &'static str = "sqlite";

    const SETUP: &'static str = metagraph::sqlite::PRAGMAS;

    const READ_ONLY: &'static str = "PRAGMA query_only = ON";

    const SERIALIZABLE: &'static str = "SELECT 1";

    fn migrated() -> Option<Self> {
        let store = Self::empty()?;
        metagraph::migrate(&mut store.connect()).unwrap();
        Some(store)
    }

    fn empty() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("graphs.db").to_str().unwrap().to_owned();
        Some(Self { _directory: directory, file })
    }

    fn url(&self) -> &str {
        &self.file
    }

    fn connect_to(url: &str) -> SqliteConnection {
        metagraph::sqlite::connect(url).unwrap()
    }
}

inspect!(
    SqliteConnection,
    "SELECT name AS answer FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "SELECT count(*) FROM sqlite_schema",
    "SELECT integrity_check AS answer FROM pragma_integrity_check WHERE integrity_check <> 'ok' \
     UNION ALL SELECT \"table\" FROM pragma_foreign_key_check",
    "SELECT 0 AS answer",
    "PRAGMA synchronous = FULL"
);

#[cfg(test)]
mod tests {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;
    use expect_test::expect;
    use metagraph::prelude::*;

    use super::*;
    use crate::refusal::{refused, told};
    use crate::scenarios::{OfficeGraph, office};

    /// Only SQLite has connections that do not enforce foreign keys.
    #[test]
    fn a_connection_without_foreign_keys_is_refused() {
        let store = Sqlite::migrated().unwrap();
        let office = office(&mut store.connect());
        let mut conn = SqliteConnection::establish(store.url()).unwrap();
        conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
        let careless = &mut conn;
        let refusal = expect![[r#"
            MG4002: this SQLite connection does not enforce foreign keys
            (open the connection with `metagraph::sqlite::connect`, or run `PRAGMA foreign_keys = ON` on it)"#]];
        refusal.assert_eq(&told(&Graph::<OfficeGraph>::open(careless, "office").unwrap_err()));
        refusal.assert_eq(&refused(careless, |conn| office.graph.delete(conn, office.tools)));
        refusal.assert_eq(&refused(careless, |conn| office.graph.clear(conn)));
        refusal.assert_eq(&refused(careless, |conn| office.graph.clone().delete_graph(conn)));
        careless.batch_execute("PRAGMA foreign_keys = ON").unwrap();
        assert!(office.graph.delete(careless, office.tools).unwrap());
    }

    #[test]
    fn a_database_in_another_encoding_is_refused() {
        let mut conn = Sqlite::connect_to(":memory:");
        conn.batch_execute("PRAGMA encoding = 'UTF-16le'").unwrap();
        let refusal = expect![[r#"
            MG4008: this database stores text as UTF-16le, and metagraph needs UTF-8
            (create the database anew: in SQLite without `PRAGMA encoding`, in PostgreSQL with `ENCODING 'UTF8'`)"#]];
        refusal.assert_eq(&told(&metagraph::migrate(&mut conn).unwrap_err()));
        assert!(metagraph::migrations::applied(&mut conn).unwrap().is_empty());
        // As an interrupted migration of an older release may have left it.
        conn.batch_execute(
            "CREATE TABLE __metagraph_migrations (version TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
             applied_at INTEGER NOT NULL) STRICT",
        )
        .unwrap();
        refusal.assert_eq(&told(&metagraph::migrate(&mut conn).unwrap_err()));
        assert!(metagraph::migrations::applied(&mut conn).unwrap().is_empty());
    }
}

//! SQLite in a temporary file.

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
    "SELECT count(*) FROM sqlite_schema"
);

//! The databases that every case runs on, one of its own each.

#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use std::path::Path;

use diesel::r2d2::R2D2Connection;
use metagraph::GraphConnection;

#[cfg(feature = "postgres")]
pub(crate) use self::postgres::Postgres;
pub(crate) use self::sqlite::Sqlite;

/// A database that exists as long as its test.
pub(crate) trait Store: Sized + Sync + std::fmt::Debug + 'static {
    type Conn: Inspect + R2D2Connection + Send + 'static;

    /// The name under which a child process asks for this kind of database.
    const NAME: &'static str;

    /// What a new connection of somebody else's pool has to run.
    const SETUP: &'static str;

    /// Makes a session one that only reads.
    const READ_ONLY: &'static str;

    /// Makes the transactions of a session serializable, where they are not by nature.
    const SERIALIZABLE: &'static str;

    /// A database with our tables, or `None` on a machine that cannot have one.
    fn migrated() -> Option<Self>;

    /// A database with nothing in it.
    fn empty() -> Option<Self>;

    fn url(&self) -> &str;

    fn connect_to(url: &str) -> Self::Conn;

    fn connect(&self) -> Self::Conn {
        Self::connect_to(self.url())
    }
}

/// A connection that answers questions in SQL, for what a test wants to know past the library.
pub(crate) trait Inspect: GraphConnection {
    /// Names of all tables of the database, in order.
    const TABLES: &'static str;

    /// What is wrong with the database, as it says itself.
    const DAMAGE: &'static str;

    /// How many others are at work on the database, as it knows.
    const OTHERS: &'static str;

    /// Makes each commit wait for the disk.
    const DURABLE: &'static str;

    fn integers(&mut self, sql: &str) -> Vec<i64>;

    fn texts(&mut self, sql: &str) -> Vec<String>;

    /// Runs what a test does past the library.
    fn run(&mut self, sql: &str);

    /// Runs what is pending in Diesel's folder of migrations, as its own tool does; returns the versions, or what failed.
    fn run_migrations(&mut self, folder: &Path) -> Result<Vec<String>, String>;

    /// Takes back the last of them.
    fn revert_migration(&mut self, folder: &Path) -> Result<String, String>;

    /// Makes the open transaction see what was committed so far, and nothing later.
    fn hold_snapshot(&mut self);

    fn tables(&mut self) -> Vec<String> {
        self.texts(Self::TABLES)
    }

    /// How many rows each of our tables has, and how often nodes, edges and graphs were written.
    fn census(&mut self) -> Vec<i64> {
        const COUNTS: [&str; 11] = [
            "count(*) AS answer FROM __metagraph_graph_types",
            "count(*) FROM __metagraph_graph_type_versions",
            "count(*) FROM __metagraph_node_types",
            "count(*) FROM __metagraph_edge_types",
            "count(*) FROM __metagraph_graphs",
            "count(*) FROM __metagraph_nodes",
            "count(*) FROM __metagraph_edges",
            "count(*) FROM __metagraph_actors",
            "CAST(coalesce(sum(version), 0) AS bigint) FROM __metagraph_nodes",
            "CAST(coalesce(sum(version), 0) AS bigint) FROM __metagraph_edges",
            "CAST(coalesce(sum(guarded_writes), 0) AS bigint) FROM __metagraph_graphs",
        ];
        // Large tables are counted in parallel, and come in any order.
        let counts = COUNTS.iter().enumerate().map(|(place, count)| format!("SELECT {place} AS place, {count}"));
        let counts = counts.collect::<Vec<_>>().join(" UNION ALL ");
        self.integers(&format!("SELECT answer FROM ({counts}) AS counted ORDER BY place"))
    }
}

/// Answers in SQL, for each connection type on its own: the bounds of a generic one would fill a page.
macro_rules! inspect {
    ($conn:ty, $tables:literal, $snapshot:literal, $damage:literal, $others:literal, $durable:literal) => {
        impl $crate::store::Inspect for $conn {
            const TABLES: &'static str = $tables;

            const DAMAGE: &'static str = $damage;

            const OTHERS: &'static str = $others;

            const DURABLE: &'static str = $durable;

            fn run(&mut self, sql: &str) {
                diesel::connection::SimpleConnection::batch_execute(self, sql).unwrap();
            }

            fn run_migrations(&mut self, folder: &std::path::Path) -> Result<Vec<String>, String> {
                let folder = diesel_migrations::FileBasedMigrations::from_path(folder).unwrap();
                let run = diesel_migrations::MigrationHarness::run_pending_migrations(self, folder);
                run.map(|versions| versions.iter().map(ToString::to_string).collect())
                    .map_err(|error| error.to_string())
            }

            fn revert_migration(&mut self, folder: &std::path::Path) -> Result<String, String> {
                let folder = diesel_migrations::FileBasedMigrations::from_path(folder).unwrap();
                let reverted = diesel_migrations::MigrationHarness::revert_last_migration(self, folder);
                reverted.map(|version| version.to_string()).map_err(|error| error.to_string())
            }

            fn hold_snapshot(&mut self) {
                diesel::connection::SimpleConnection::batch_execute(self, $snapshot).unwrap();
            }

            fn integers(&mut self, sql: &str) -> Vec<i64> {
                #[derive(diesel::QueryableByName)]
                struct Row {
                    #[diesel(sql_type = diesel::sql_types::BigInt)]
                    answer: i64,
                }
                let rows: Vec<Row> = diesel::RunQueryDsl::load(diesel::sql_query(sql), self).unwrap();
                rows.into_iter().map(|row| row.answer).collect()
            }

            fn texts(&mut self, sql: &str) -> Vec<String> {
                #[derive(diesel::QueryableByName)]
                struct Row {
                    #[diesel(sql_type = diesel::sql_types::Text)]
                    answer: String,
                }
                let rows: Vec<Row> = diesel::RunQueryDsl::load(diesel::sql_query(sql), self).unwrap();
                rows.into_iter().map(|row| row.answer).collect()
            }
        }
    };
}

use inspect;

/// Makes two tests of every case: the list is the suite, and a case that is not in it is dead code.
macro_rules! conformance {
    ($($subject:ident { $($case:ident $(on $store:ident)?),+ $(,)? })+) => {
        mod sqlite {
            $(mod $subject {
                $(#[test]
                fn $case() {
                    $crate::store::run!(Sqlite, $crate::suite::$subject::$case $(, $store)?);
                })+
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(mod $subject {
                $(#[test]
                fn $case() {
                    $crate::store::run!(Postgres, $crate::suite::$subject::$case $(, $store)?);
                })+
            })+
        }
    };
}

pub(crate) use conformance;

/// Runs a case on one connection to a migrated database, on such a database, or on an empty one.
macro_rules! run {
    ($store:ident, $case:path) => {
        if let Some(store) = <$crate::store::$store as $crate::store::Store>::migrated() {
            $case(&mut $crate::store::Store::connect(&store));
        }
    };
    ($store:ident, $case:path, store) => {
        if let Some(store) = <$crate::store::$store as $crate::store::Store>::migrated() {
            $case(&store);
        }
    };
    ($store:ident, $case:path, empty) => {
        if let Some(store) = <$crate::store::$store as $crate::store::Store>::empty() {
            $case(&store);
        }
    };
}

pub(crate) use run;

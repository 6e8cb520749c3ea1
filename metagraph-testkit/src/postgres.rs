//! PostgreSQL for tests: one server per test process, one database per test.

mod account;
mod address;
mod binaries;
mod database;
mod failure;
mod psql;
mod reaper;
mod server;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self::address::Address;
use self::binaries::Binaries;
pub use self::database::Database;
use self::failure::Failure;
use self::psql::Psql;
use self::server::Server;
use crate::environment::{self, PG_BIN, REQUIRE_POSTGRES, TEST_PG_URL};

/// A PostgreSQL server that tests make their databases on.
///
/// It is started on first use, without network and without care for its files,
/// and is gone when the test process is gone, however that ends.
/// With `METAGRAPH_TEST_PG_URL` it is a server that already runs; then the databases go when the process does.
///
/// # Examples
///
/// ```
/// # use metagraph_testkit::Postgres;
/// fn a_graph_survives_reconnecting() {
///     let Some(postgres) = Postgres::shared() else { return };
///     let database = postgres.database();
///     assert!(database.url().starts_with("postgres"));
/// }
/// # a_graph_survives_reconnecting();
/// ```
pub struct Postgres {
    server: Server,
    psql: Arc<Psql>,
    created: AtomicU64,
    templates: Mutex<HashMap<String, Arc<OnceLock<Database>>>>,
}

impl Postgres {
    /// The server of this test process, or `None` where there is nothing to run one with.
    ///
    /// # Panics
    ///
    /// When there is no PostgreSQL and `METAGRAPH_REQUIRE_POSTGRES=1` demands it,
    /// and when there is one that does not work: that is a fault, not an absence.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Result<Option<Postgres>, Failure>> = OnceLock::new();
        match SHARED.get_or_init(Self::find) {
            Ok(found) => found.as_ref(),
            Err(failure) => panic!(
                "no PostgreSQL to test on: {failure}\n({TEST_PG_URL} names a running server to use instead, \
                 {PG_BIN}=none does without)"
            ),
        }
    }

    /// A server of one test's own that takes care of its files, or `None` where there are no programs to start one with.
    ///
    /// # Panics
    ///
    /// When there is no PostgreSQL and `METAGRAPH_REQUIRE_POSTGRES=1` demands it, and when the server does not start.
    pub fn durable() -> Option<Self> {
        // Whoever gave a server did not give it to crash, and may have no programs here.
        if environment::text(TEST_PG_URL).is_some() {
            environment::announce("SKIPPED: crashes of PostgreSQL (the server is not ours)");
            return None;
        }
        Self::shared()?;
        let started = Binaries::find().and_then(|binaries| {
            let Some(binaries) = binaries else { return Ok(None) };
            let (server, address) = Server::start(&binaries, true)?;
            Ok(Some(Self::on(server, Psql::new(binaries.psql(), address))))
        });
        started.unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Ends all processes of the server at once, as a crash would, and waits until it runs again.
    ///
    /// # Panics
    ///
    /// When the server was not started by this process, or does not come back.
    pub fn crash(&self) {
        assert!(self.directory().is_some(), "only a server of one's own may be crashed");
        if let Err(failure) = self.server.crash() {
            panic!("{failure}");
        }
    }

    /// Creates an empty database; it is dropped with the value.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    pub fn database(&self) -> Database {
        self.create(None)
    }

    /// Creates a copy of the database that `prepare` filled; it is dropped with the value.
    ///
    /// The first call for a template creates it and runs `prepare` with its URL, calls meanwhile wait for it.
    /// All further calls only copy. `prepare` has to close its connections: an open one blocks the copy.
    ///
    /// # Examples
    ///
    /// ```
    /// # use metagraph_testkit::{Database, Postgres};
    /// fn migrated(postgres: &Postgres) -> Database {
    ///     postgres.database_from("migrated", |url| {
    ///         // connect to `url` and migrate
    ///         assert!(!url.is_empty());
    ///     })
    /// }
    /// # if let Some(postgres) = Postgres::shared() { migrated(postgres); }
    /// ```
    ///
    /// # Panics
    ///
    /// When the server refuses, or when `prepare` panics.
    pub fn database_from(&self, template: &str, prepare: impl FnOnce(&str)) -> Database {
        let slot = {
            let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(templates.entry(template.to_owned()).or_default())
        };
        let source = slot.get_or_init(|| {
            let database = self.database();
            prepare(database.url());
            self.execute(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS false", database.name()));
            database
        });
        self.create(Some(source.name()))
    }

    /// Where the server keeps its files and its socket, when this process started it.
    pub fn directory(&self) -> Option<&Path> {
        self.server.directory()
    }

    /// The `psql` program, for what a test wants to do past the driver.
    pub fn psql(&self) -> &Path {
        self.psql.program()
    }

    fn find() -> Result<Option<Self>, Failure> {
        if let Some(url) = environment::text(TEST_PG_URL) {
            let psql = Psql::new(binaries::psql()?, Address::given(url));
            return Ok(Some(Self::on(Server::given(&psql)?, psql)));
        }
        match Binaries::find()? {
            Some(binaries) => {
                let (server, address) = Server::start(&binaries, false)?;
                Ok(Some(Self::on(server, Psql::new(binaries.psql(), address))))
            }
            None if environment::demands(REQUIRE_POSTGRES) => Err(Failure::Required),
            None => {
                environment::announce("SKIPPED: every test on PostgreSQL (no server binaries on this machine)");
                Ok(None)
            }
        }
    }

    fn on(server: Server, psql: Psql) -> Self {
        Self { server, psql: Arc::new(psql), created: AtomicU64::new(0), templates: Mutex::default() }
    }

    fn create(&self, template: Option<&str>) -> Database {
        let name = format!("{}{}", self.server.prefix(), self.created.fetch_add(1, Ordering::Relaxed));
        // Not `template1`: what somebody added there is not an empty database.
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE {}", template.unwrap_or("template0")));
        Database::new(name, Arc::clone(&self.psql))
    }

    fn execute(&self, statement: &str) {
        if let Err(failure) = self.psql.execute(statement) {
            panic!("{failure}");
        }
    }
}

// A URL may carry a password.
impl fmt::Debug for Postgres {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Postgres").field("directory", &self.directory()).finish_non_exhaustive()
    }
}

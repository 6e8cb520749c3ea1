//! PostgreSQL, copied from a database that was migrated once.

use diesel::PgConnection;
use metagraph_testkit::Database;

use super::{Store, inspect};

#[derive(Debug)]
pub(crate) struct Postgres(Database);

impl Store for Postgres {
    type Conn = PgConnection;

    const NAME: &'static str = "postgres";

    const SETUP: &'static str = "SELECT 1";

    fn migrated() -> Option<Self> {
        let server = metagraph_testkit::Postgres::shared()?;
        Some(Self(server.database_from("migrated", |url| {
            metagraph::migrate(&mut Self::connect_to(url)).unwrap();
        })))
    }

    fn empty() -> Option<Self> {
        Some(Self(metagraph_testkit::Postgres::shared()?.database()))
    }

    fn url(&self) -> &str {
        self.0.url()
    }

    fn connect_to(url: &str) -> PgConnection {
        metagraph::postgres::connect(url).unwrap()
    }
}

inspect!(
    PgConnection,
    "SELECT tablename::text AS answer FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
);

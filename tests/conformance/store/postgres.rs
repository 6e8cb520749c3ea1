//! PostgreSQL, copied from a database that was migrated once.

mod failures;

use diesel::PgConnection;
use metagraph_testkit::Database;

use super::{Store, inspect};

#[derive(Debug)]
pub(crate) struct Postgres(Database);

impl Postgres {
    /// A server that can lose its processes, but nothing it acknowledged, and a database on it.
    pub(crate) fn durable() -> Option<(metagraph_testkit::Postgres, Self)> {
        let server = metagraph_testkit::Postgres::durable()?;
        let store = Self(server.database());
        metagraph::migrate(&mut store.connect()).unwrap();
        Some((server, store))
    }
}

impl Store for Postgres {
    type Conn = PgConnection;

    const NAME: &'static str = "postgres";

    const SETUP: &'static str = "SELECT 1";

    const SERIALIZABLE: &'static str = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE";

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
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SELECT 'edge ' || e.id AS answer FROM __metagraph_edges AS e \
     WHERE (SELECT count(*) FROM __metagraph_nodes AS n WHERE n.graph_id = e.graph_id \
     AND n.id IN (e.source_id, e.target_id)) < CASE WHEN e.source_id = e.target_id THEN 1 ELSE 2 END",
    "SELECT count(*) AS answer FROM pg_stat_activity WHERE datname = current_database() \
     AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    "SET synchronous_commit = on"
);

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection as _;
    use expect_test::expect;

    use super::*;
    use crate::refusal::told;

    #[test]
    fn a_database_in_another_encoding_is_refused() {
        let Some(store) = Postgres::empty() else { return };
        let latin = format!("{}_latin", store.0.name());
        let mut conn = Postgres::connect_to(store.url());
        conn.batch_execute(&format!("CREATE DATABASE {latin} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"))
            .unwrap();
        let mut other = Postgres::connect_to(&store.url().replace(store.0.name(), &latin));
        let refusal = expect![[r#"
            MG4008: this database stores text as LATIN1, and metagraph needs UTF-8
            (create the database anew: in SQLite without `PRAGMA encoding`, in PostgreSQL with `ENCODING 'UTF8'`)"#]];
        refusal.assert_eq(&told(&metagraph::migrate(&mut other).unwrap_err()));
        assert!(metagraph::migrations::applied(&mut other).unwrap().is_empty());
        drop(other);
        conn.batch_execute(&format!("DROP DATABASE {latin}")).unwrap();
    }
}

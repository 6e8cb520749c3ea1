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

    const READ_ONLY: &'static str = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";

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
    use crate::scenarios::{MemberOf, Person, Team, office};
    use crate::store::Inspect as _;

    /// PostgreSQL keeps a plan after five executions, where it costs no more than the ones made for the values.
    #[test]
    fn statements_about_one_row_are_planned_once() {
        let Some(store) = Postgres::migrated() else { return };
        let conn = &mut store.connect();
        let office = office(conn);
        let since = MemberOf { since: 2000 };
        for round in 0..12 {
            let person = Person { name: format!("person {round}"), age: 30, nickname: None };
            let person = office.graph.insert(conn, &person).unwrap();
            office.graph.connect(conn, person, office.kernel, &since).unwrap();
            let teams = office.graph.from(person).out::<MemberOf>().to::<Team>();
            assert_eq!(teams.rows().last_hop().values().load(conn).unwrap().len(), 1);
            let aged = office.graph.nodes::<Person>().order_by(|p| p.age.asc());
            aged.limit(10).load(conn).unwrap();
        }
        let planned_anew = conn.texts(
            "SELECT statement AS answer FROM pg_prepared_statements \
             WHERE generic_plans + custom_plans >= 12 AND generic_plans = 0",
        );
        assert_eq!(planned_anew, Vec::<String>::new());
        let kept = conn.integers("SELECT count(*) AS answer FROM pg_prepared_statements WHERE generic_plans > 5");
        assert!(kept[0] >= 4, "{kept:?}");
    }

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

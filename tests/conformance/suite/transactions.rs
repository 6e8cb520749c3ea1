//! Graph writes inside the caller's transactions, beside the caller's own tables, pooled and instrumented.

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{ConnectionManager, Pool, PooledConnection};
use metagraph::Error;
use metagraph::prelude::*;

use crate::harness::Log;
use crate::scenarios::{MemberOf, OfficeGraph, Team, ada, office};
use crate::store::{Inspect, Store};

const SINCE: MemberOf = MemberOf { since: 2000 };

/// A table of the application's own.
fn notes(conn: &mut impl Inspect) {
    conn.batch_execute("CREATE TABLE notes (text VARCHAR NOT NULL)").unwrap();
}

fn note(conn: &mut impl GraphConnection, text: &str) {
    conn.batch_execute(&format!("INSERT INTO notes VALUES ('{text}')")).unwrap();
}

fn count(conn: &mut impl Inspect) -> (i64, i64) {
    (
        conn.integers("SELECT count(*) AS answer FROM notes")[0],
        conn.integers("SELECT count(*) AS answer FROM __metagraph_nodes")[0],
    )
}

pub(crate) fn graph_writes_and_own_writes_succeed_together(conn: &mut impl Inspect) {
    let office = office(conn);
    notes(conn);
    let team = conn.transaction::<_, Error, _>(|conn| {
        note(conn, "hired");
        let team = office.graph.insert(conn, &Team { name: "new".into() })?;
        office.graph.connect(conn, office.grace, team, &SINCE)?;
        Ok(team)
    });
    assert!(office.graph.exists(conn, team.unwrap()).unwrap());
    assert_eq!(count(conn), (1, 6));
}

pub(crate) fn graph_writes_and_own_writes_fail_together(conn: &mut impl Inspect) {
    let office = office(conn);
    notes(conn);
    let outcome = conn.transaction::<(), Error, _>(|conn| {
        note(conn, "hired");
        let team = office.graph.insert(conn, &Team { name: "new".into() })?;
        office.graph.connect(conn, office.grace, team, &SINCE)?;
        office.graph.insert(conn, &ada())?;
        Ok(())
    });
    assert!(outcome.unwrap_err().is_conflict());
    assert_eq!(count(conn), (0, 5));
}

pub(crate) fn an_own_failure_takes_graph_writes_back(conn: &mut impl Inspect) {
    let office = office(conn);
    notes(conn);
    let outcome = conn.transaction::<(), Error, _>(|conn| {
        office.graph.insert(conn, &Team { name: "new".into() })?;
        conn.batch_execute("INSERT INTO notes VALUES (NULL)")?;
        Ok(())
    });
    assert!(matches!(outcome, Err(Error::Database { .. })));
    assert_eq!(count(conn), (0, 5));
}

pub(crate) fn a_refusal_that_is_handled_lets_the_transaction_go_on(conn: &mut impl Inspect) {
    let office = office(conn);
    notes(conn);
    conn.transaction::<_, Error, _>(|conn| {
        note(conn, "before");
        assert!(office.graph.insert(conn, &ada()).is_err());
        assert!(office.graph.connect(conn, office.ada, office.kernel, &SINCE).is_err());
        assert!(office.graph.update(conn, office.ada, |ada| ada.name = "grace".into()).is_err());
        note(conn, "after");
        office.graph.insert(conn, &Team { name: "new".into() })
    })
    .unwrap();
    assert_eq!(count(conn), (2, 6));
}

pub(crate) fn a_nested_transaction_fails_alone(conn: &mut impl Inspect) {
    let office = office(conn);
    notes(conn);
    conn.transaction::<_, Error, _>(|conn| {
        office.graph.insert(conn, &Team { name: "outer".into() })?;
        let inner = conn.transaction::<(), Error, _>(|conn| {
            note(conn, "inner");
            office.graph.insert(conn, &Team { name: "inner".into() })?;
            office.graph.insert(conn, &ada()).map(drop)
        });
        assert!(inner.unwrap_err().is_conflict());
        conn.transaction(|conn| office.graph.insert(conn, &Team { name: "inner".into() }))
    })
    .unwrap();
    assert_eq!(count(conn), (0, 7));
}

pub(crate) fn everything_works_inside_one_transaction(store: &impl Store) {
    let conn = &mut store.connect();
    let outcome = conn.transaction::<(), Error, _>(|conn| {
        metagraph::migrate(conn)?;
        metagraph::sync::<OfficeGraph, _>(conn)?;
        let graph = Graph::<OfficeGraph>::open_or_create(conn, "office")?;
        graph.insert(conn, &ada())?;
        graph.clear(conn)?;
        graph.delete_graph(conn)?;
        Err(Error::NoIdentity { element: "rolled back".into() })
    });
    assert!(matches!(outcome, Err(Error::NoIdentity { .. })));
    assert_eq!(store.connect().census(), [0; 11]);
}

/// Runs graph writes beside own ones on whatever a pool gives.
fn beside<C: GraphConnection>(conn: &mut C, team: &str, fail: bool) -> metagraph::Result<()> {
    conn.transaction(|conn| {
        note(conn, team);
        let graph = Graph::<OfficeGraph>::open(conn, "office")?;
        graph.insert(conn, &Team { name: team.into() })?;
        if fail { graph.insert(conn, &ada()).map(drop) } else { Ok(()) }
    })
}

pub(crate) fn pooled_connections_take_part_as_well<S: Store>(store: &S)
where
    PooledConnection<ConnectionManager<S::Conn>>: GraphConnection,
{
    let conn = &mut store.connect();
    office(conn);
    notes(conn);
    let pool = Pool::builder()
        .max_size(2)
        .connection_customizer(Box::new(Customizer::<S>(std::marker::PhantomData)))
        .build(ConnectionManager::<S::Conn>::new(store.url()))
        .unwrap();
    beside(&mut pool.get().unwrap(), "kept", false).unwrap();
    assert!(beside(&mut pool.get().unwrap(), "lost", true).unwrap_err().is_conflict());
    assert_eq!(count(conn), (1, 6));
}

#[derive(Debug)]
struct Customizer<S>(std::marker::PhantomData<fn() -> S>);

impl<S: Store> diesel::r2d2::CustomizeConnection<S::Conn, diesel::r2d2::Error> for Customizer<S> {
    fn on_acquire(&self, conn: &mut S::Conn) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(S::SETUP).map_err(diesel::r2d2::Error::QueryError)
    }
}

pub(crate) fn instrumentation_sees_every_statement(conn: &mut impl Inspect) {
    let office = office(conn);
    notes(conn);
    let log = Log::of(conn);
    conn.transaction::<_, Error, _>(|conn| {
        note(conn, "seen");
        office.graph.insert(conn, &Team { name: "new".into() })
    })
    .unwrap();
    let seen = log.queries();
    assert!(seen.iter().any(|sql| sql.contains("INTO notes")), "{seen:?}");
    assert_eq!(seen.iter().filter(|sql| sql.contains("INTO __metagraph_nodes")).count(), 1, "{seen:?}");
}

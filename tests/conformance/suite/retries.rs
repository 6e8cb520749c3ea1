//! Transactions that are repeated: what was lost in a race is made up for, and nothing is done twice.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{ConnectionManager, Pool};
use metagraph::{Error, Retry};

use crate::harness::at_once;
use crate::refusal::told;
use crate::scenarios::{MemberOf, Office, Team, office};
use crate::store::{Inspect, Store};

const THREADS: usize = 8;
const EACH: u32 = 50;

/// As many attempts as it takes.
fn patient() -> Retry {
    Retry::default().attempts(10_000).longest_pause(Duration::from_millis(20))
}

/// Counts Ada's years in the team up on several threads at once, and returns by how much.
fn counted<S: Store>(
    store: &S,
    count: impl Fn(&mut S::Conn, &Office) -> metagraph::Result<()> + Send + Sync + Clone + 'static,
) -> u16 {
    let office = Arc::new(office(&mut store.connect()));
    let shared = Arc::clone(&office);
    at_once(store, THREADS, move |conn, _| {
        for _ in 0..EACH {
            count(conn, &shared).unwrap();
        }
    });
    office.graph.get(&mut store.connect(), office.membership).unwrap().unwrap().value.since - 1992
}

pub(crate) fn what_was_read_and_written_serializably_is_counted(store: &impl Store) {
    fn count<S: Store>(
        _: &S,
    ) -> impl Fn(&mut S::Conn, &Office) -> metagraph::Result<()> + Send + Sync + Clone + 'static {
        |conn, office| {
            conn.run(S::SERIALIZABLE);
            patient().transaction(conn, |conn| {
                let shown = office.graph.get(conn, office.membership)?.unwrap().value;
                office.graph.replace(conn, office.membership, &MemberOf { since: shown.since + 1 }).map(drop)
            })
        }
    }
    assert_eq!(counted(store, count(store)), 400);
}

pub(crate) fn what_was_written_over_its_version_is_counted(store: &impl Store) {
    let counted = counted(store, |conn, office| {
        patient().transaction(conn, |conn| {
            let shown = office.graph.get(conn, office.membership)?.unwrap();
            office.graph.update_if(conn, office.membership, shown.version, |edge| edge.since += 1).map(drop)
        })
    });
    assert_eq!(counted, 400);
}

pub(crate) fn each_attempt_begins_anew(conn: &mut impl Inspect) {
    let office = office(conn);
    let mut runs = 0;
    let outcome = Retry::default().transaction(conn, |conn| {
        runs += 1;
        office.graph.insert(conn, &Team { name: format!("attempt {runs}") })?;
        if runs < 3 { office.graph.update_if(conn, office.ada, 7, |_| ()).map(drop) } else { Ok(()) }
    });
    outcome.unwrap();
    let teams = office.graph.nodes::<Team>().order_by(|team| team.name.asc()).load(conn).unwrap();
    let names: Vec<_> = teams.into_iter().map(|team| team.value.name).collect();
    assert_eq!(names, ["attempt 3", "kernel", "tools"]);
}

pub(crate) fn what_stays_the_same_is_not_repeated(conn: &mut impl Inspect) {
    let office = office(conn);
    let before = conn.census();
    let mut runs = 0;
    let outcome = Retry::default().transaction(conn, |conn| {
        runs += 1;
        office.graph.insert(conn, &Team { name: "new".into() })?;
        office.graph.insert(conn, &Team { name: "kernel".into() })
    });
    assert!(outcome.unwrap_err().is_conflict());
    assert_eq!((runs, conn.census()), (1, before));
}

pub(crate) fn the_last_failure_is_told(conn: &mut impl Inspect) {
    let office = office(conn);
    let mut runs = 0;
    let outcome = Retry::default().attempts(4).first_pause(Duration::ZERO).transaction(conn, |conn| {
        runs += 1;
        office.graph.update_if(conn, office.ada, runs + 1, |_| ())
    });
    assert!(matches!(outcome, Err(Error::Stale { expected: 5, found: 1, .. })));
    assert_eq!(runs, 4);
}

pub(crate) fn inside_of_a_transaction_it_runs_once(conn: &mut impl Inspect) {
    let office = office(conn);
    let mut runs = 0;
    conn.transaction::<_, Error, _>(|conn| {
        office.graph.insert(conn, &Team { name: "outer".into() })?;
        let outcome = Retry::default().transaction(conn, |conn| {
            runs += 1;
            office.graph.insert(conn, &Team { name: "inner".into() })?;
            office.graph.update_if(conn, office.ada, 7, |_| ())
        });
        assert!(matches!(outcome, Err(Error::Stale { .. })));
        Ok(())
    })
    .unwrap();
    assert_eq!(runs, 1);
    assert_eq!(
        office.graph.nodes::<Team>().count(conn).unwrap(),
        3,
        "what was outside is kept, what was inside is not"
    );
}

pub(crate) fn it_runs_before_there_are_tables(store: &impl Store) {
    let conn = &mut store.connect();
    Retry::default().transaction(conn, metagraph::migrate).unwrap();
    office(conn);
}

pub(crate) fn a_pool_that_has_no_connection_left_may_have_one_later(store: &impl Store) {
    fn pool<S: Store>(_: &S, url: &str, wait: u64) -> Pool<ConnectionManager<S::Conn>> {
        let manager = ConnectionManager::<S::Conn>::new(url);
        Pool::builder().max_size(1).connection_timeout(Duration::from_millis(wait)).build_unchecked(manager)
    }
    let waited = pool(store, store.url(), 2000);
    let _taken = waited.get().unwrap();
    let error = Error::from(waited.get_timeout(Duration::from_millis(50)).err().unwrap());
    assert_eq!(told(&error), "MG4007: the pool gave no connection: timed out waiting for connection");
    assert!(error.is_transient() && !error.is_connection_lost());
    let nowhere = pool(store, &format!("{}_nowhere/none", store.url()), 200);
    let error = Error::from(nowhere.get().err().unwrap());
    assert!(!error.is_transient(), "{error}");
}

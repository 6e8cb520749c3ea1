//! A writer is killed at any moment: what it acknowledged is there, and no transaction is there in parts.

mod ledger;
mod load;

use std::hash::{BuildHasher as _, RandomState};
use std::thread;
use std::time::Duration;

pub(crate) use self::ledger::write_on;
use self::ledger::{begin, expected, stored};
pub(crate) use self::load::{
    a_killed_load_goes_on_and_stores_each_row_once, a_killed_load_of_one_transaction_leaves_nothing,
    a_killed_load_without_a_name_leaves_whole_batches, load_at_once, load_each_batch, resume,
};
use crate::harness::{Child, PATIENCE, Work, within};
use crate::store::{Inspect, Store};

const KILLS: usize = 60;

/// Commits to wait for before the kill, at most, and microseconds after the last of them.
const COMMITS: u64 = 25;
const MOMENTS: u64 = 4000;

pub(crate) fn a_killed_writer_loses_nothing_and_leaves_nothing_half_done<S: Store>(store: &S) {
    begin(&mut store.connect());
    let mut committed = 0;
    for _ in 0..KILLS {
        committed = killed(store, committed, || {});
    }
    assert!(committed > KILLS, "hardly anything was written between the kills: {committed}");
}

/// Lets a writer go on from `committed` transactions until something happens, kills it, and returns how many there are.
fn killed<S: Store>(store: &S, committed: usize, happens: impl FnOnce()) -> usize {
    let mut writer = Child::begun(store, committed, Work::Write);
    let mut acknowledged = committed;
    for _ in 0..random(COMMITS) {
        acknowledged = writer.acknowledged().expect("the writer ended by itself") + 1;
    }
    thread::sleep(Duration::from_micros(random(MOMENTS)));
    happens();
    acknowledged = writer.kill().map_or(acknowledged, |last| last + 1);

    let mut conn = connected(store);
    let stored = stored(&mut conn);
    let found = (acknowledged..=acknowledged + 1).find(|&number| expected(number) == stored);
    assert_eq!(conn.texts(S::Conn::DAMAGE), Vec::<String>::new());
    let report = metagraph::integrity::check(&mut conn).unwrap();
    assert!(report.is_clean(), "{report}");
    found.unwrap_or_else(|| {
        let expected = expected(acknowledged);
        panic!("{acknowledged} transactions were acknowledged.\nstored: {stored:#?}\nexpected: {expected:#?}")
    })
}

/// A connection, when those of the killed writer have ended: a server notices that its client is gone, but not at once.
pub(crate) fn connected<S: Store>(store: &S) -> S::Conn {
    let mut conn = store.connect();
    within(PATIENCE, move || {
        while conn.integers(S::Conn::OTHERS) != [0] {
            thread::sleep(Duration::from_millis(1));
        }
        conn
    })
}

/// A number below `limit`, another one each time.
fn random(limit: u64) -> u64 {
    RandomState::new().hash_one(()) % limit
}

#[cfg(feature = "postgres")]
#[test]
fn a_server_that_crashes_loses_nothing_it_acknowledged() {
    use crate::store::Postgres;

    let Some((server, store)) = Postgres::durable() else { return };
    begin(&mut store.connect());
    let mut committed = 0;
    for _ in 0..5 {
        committed = killed(&store, committed, || server.crash());
    }
    assert!(committed > 5, "hardly anything was written between the crashes: {committed}");
}

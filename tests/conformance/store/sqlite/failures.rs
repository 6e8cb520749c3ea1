//! What SQLite says when it cannot, each time for real.

use std::process::Command;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use expect_test::expect;
use metagraph::prelude::*;
use metagraph::{DynamicGraph, Error, Retry, graphs};

use super::Sqlite;
use crate::refusal::told;
use crate::scenarios::{OfficeGraph, Team, office};
use crate::store::{Inspect as _, Store as _};

fn team(name: impl Into<String>) -> Team {
    Team { name: name.into() }
}

/// A connection that does not wait.
fn impatient(url: &str) -> SqliteConnection {
    let mut conn = Sqlite::connect_to(url);
    conn.batch_execute("PRAGMA busy_timeout = 0").unwrap();
    conn
}

fn assert_transient(error: &Error, message: &str) {
    assert!(error.is_transient() && !error.is_connection_lost(), "{error}");
    assert!(error.to_string().ends_with(message), "{error}");
}

#[test]
fn a_busy_database_may_let_in_later() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    let (holder, waiter) = (&mut store.connect(), &mut impatient(store.url()));
    holder.batch_execute("BEGIN IMMEDIATE").unwrap();
    assert_transient(&office.graph.insert(waiter, &team("one")).unwrap_err(), "database is locked");
    assert_transient(&office.graph.insert_many(waiter, [team("one")]).unwrap_err(), "database is locked");
    expect![[r#"
        MG4005: inserting a node: database is locked
        (repeat the transaction, as `metagraph::Retry` does; a SQLite connection waits for others when it has a `busy_timeout`, as those of `metagraph::sqlite::connect` have, and those of a pool with `metagraph::sqlite::PoolPragmas`)"#]].assert_eq(&told(&office.graph.insert(waiter, &team("one")).unwrap_err()));
    holder.batch_execute("ROLLBACK").unwrap();
    office.graph.insert(waiter, &team("one")).unwrap();
}

#[test]
fn a_snapshot_that_is_out_of_date_may_be_taken_again() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    let (reader, writer) = (&mut store.connect(), &mut store.connect());
    let outcome = reader.transaction(|reader| {
        office.graph.nodes::<Team>().count(reader)?;
        office.graph.insert(writer, &team("one"))?;
        office.graph.insert(reader, &team("two"))
    });
    assert_transient(&outcome.unwrap_err(), "database is locked");
    office.graph.insert(reader, &team("two")).unwrap();
}

#[test]
fn who_retries_holds_the_database_before_reading() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    let (conn, other) = (&mut store.connect(), &mut impatient(store.url()));
    let mut runs = 0;
    let outcome = Retry::default().transaction(conn, |conn| {
        runs += 1;
        office.graph.nodes::<Team>().count(conn)?;
        assert_transient(&office.graph.insert(other, &team("other")).unwrap_err(), "database is locked");
        office.graph.insert(conn, &team("own"))
    });
    outcome.unwrap();
    assert_eq!(runs, 1);
}

/// Verbs that read before they write do not find, in a transaction of the caller's, that somebody else wrote in between.
#[test]
fn verbs_that_may_write_hold_the_database_before_reading() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    let other = &mut impatient(store.url());
    let mut held = |verb: &dyn Fn(&mut SqliteConnection) -> metagraph::Result<()>| {
        store
            .connect()
            .transaction::<_, Error, _>(|conn| {
                verb(conn)?;
                assert_transient(&office.graph.insert(other, &team("other")).unwrap_err(), "database is locked");
                Ok(())
            })
            .unwrap();
    };
    held(&|conn| metagraph::sync::<OfficeGraph, _>(conn).map(drop));
    held(&|conn| Graph::<OfficeGraph>::open_or_create(conn, "office").map(drop));
    held(&|conn| DynamicGraph::open_or_create(conn, "office", "office").map(drop));
    held(&|conn| metagraph::types::delete(conn, "office").map(drop).or(Ok(())));
}

#[test]
fn a_shared_cache_locks_tables() {
    let url = "file:a_shared_cache_locks_tables?mode=memory&cache=shared";
    let (holder, other) = (&mut Sqlite::connect_to(url), &mut Sqlite::connect_to(url));
    metagraph::migrate(holder).unwrap();
    let office = office(holder);
    holder.batch_execute("BEGIN IMMEDIATE; UPDATE __metagraph_graphs SET name = name").unwrap();
    let written = office.graph.insert(other, &team("one")).unwrap_err();
    assert_transient(&written, "database table is locked");
    let read = office.graph.info(other).unwrap_err();
    assert_transient(&read, "database table is locked: __metagraph_graphs");
    holder.batch_execute("ROLLBACK; BEGIN; CREATE TABLE own (id)").unwrap();
    let read = office.graph.info(other).unwrap_err();
    assert!(read.is_transient(), "{read}");
    holder.batch_execute("ROLLBACK").unwrap();
    office.graph.insert(other, &team("one")).unwrap();
}

#[test]
fn what_is_the_same_the_next_time_is_not_transient() {
    let mut conn = Sqlite::migrated().unwrap().connect();
    conn.run(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER CHECK (balance > 0));
         CREATE TRIGGER refuse BEFORE INSERT ON accounts WHEN new.id = 7
         BEGIN SELECT raise(ABORT, 'the account is locked'); END;
         INSERT INTO accounts VALUES (1, 1)",
    );
    for sql in [
        "INSERT INTO accounts VALUES (1, 1)",
        "INSERT INTO accounts VALUES (2, 0)",
        "INSERT INTO accounts VALUES (7, 1)",
        "INSERT INTO nowhere VALUES (1)",
        "INSERT",
        "ROLLBACK",
    ] {
        let error = Error::from(conn.batch_execute(sql).unwrap_err());
        assert!(matches!(error, Error::Database { transient: false, .. }), "{sql}: {error}");
        assert!(!error.is_transient() && !error.is_connection_lost(), "{sql}: {error}");
    }
    let missing = metagraph::sqlite::connect("/nowhere/at/all.db").err().unwrap();
    assert_eq!((missing.code(), missing.is_transient()), ("MG4006", false));
}

#[test]
fn a_database_for_reading_only_is_read_and_not_written() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    let before = store.connect().census();
    let by_uri = |option| Sqlite::connect_to(&format!("file:{}?{option}", store.url()));
    let refusal = expect![[r#"
        MG4009: inserting a node: this database is open for reading only: attempt to write a readonly database
        (open it for writing: SQLite without `mode=ro`, `immutable=1` and `PRAGMA query_only`, and with a file and a folder that may be written to; PostgreSQL on a server that is no standby, in a transaction that is not `READ ONLY` (see `default_transaction_read_only`))"#]];
    let mut queries_only = store.connect();
    queries_only.batch_execute("PRAGMA query_only = ON").unwrap();
    for conn in [&mut by_uri("mode=ro"), &mut queries_only] {
        let error = office.graph.insert(conn, &team("one")).unwrap_err();
        refusal.assert_eq(&told(&error));
        assert!(!error.is_transient() && std::error::Error::source(&error).is_some());
        let many = office.graph.insert_many(conn, [team("one")]).unwrap_err();
        assert!(matches!(many, Error::ReadOnly { .. }), "{many}");
        let retried = Retry::default().transaction(conn, |conn| office.graph.insert(conn, &team("one")));
        assert!(matches!(retried, Err(Error::ReadOnly { .. })));
        assert_eq!(conn.census(), before);
        // What is there already needs no writing.
        metagraph::migrate(conn).unwrap();
        metagraph::sync::<OfficeGraph, _>(conn).unwrap();
        conn.transaction(|conn| Graph::<OfficeGraph>::open_or_create(conn, "office")).unwrap();
    }
    assert_eq!(store.connect().census(), before);
}

/// A file without a write-ahead log cannot be given one by somebody who may only read.
#[test]
fn a_file_that_nobody_may_write_to_opens_for_reading() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    store.connect().batch_execute("PRAGMA journal_mode = DELETE").unwrap();
    for option in ["mode=ro", "immutable=1"] {
        let conn = &mut Sqlite::connect_to(&format!("file:{}?{option}", store.url()));
        assert_eq!(office.graph.nodes::<Team>().count(conn).unwrap(), 2, "{option}");
        let error = office.graph.insert(conn, &team("one")).unwrap_err();
        assert!(matches!(error, Error::ReadOnly { .. }), "{option}: {error}");
    }
}

/// Fills the database by every kind of write, and says what that is told; then there is `room`.
fn fill(conn: &mut SqliteConnection, other: impl Fn() -> SqliteConnection, room: impl FnOnce(&mut SqliteConnection)) {
    let office = office(conn);
    let long = |number: usize| team(format!("{number} {}", "x".repeat(900)));
    let stored = |conn: &mut _| usize::try_from(office.graph.nodes::<Team>().count(conn).unwrap()).unwrap();
    let mut written = 0;
    let full = loop {
        match office.graph.insert(conn, &long(written)) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    expect![[r#"
        MG4010: inserting a node: the database has no room left: database or disk is full
        (make room, then repeat the transaction: nothing of it was stored)"#]]
    .assert_eq(&told(&full));
    assert!(matches!(&full, Error::DiskFull { .. }) && !full.is_transient() && !full.is_connection_lost());
    assert!(std::error::Error::source(&full).is_some());
    assert_eq!(stored(conn), 2 + written, "what was acknowledged is there");
    let before = conn.census();
    let name = graphs::get(conn, office.graph.id().raw()).unwrap().name;

    let many = office.graph.insert_many(conn, (0..3000).map(|number| long(10_000 + number))).unwrap_err();
    assert!(matches!(many, Error::DiskFull { .. }), "{many:?}");
    assert_eq!((conn.census(), other().census()), (before.clone(), before.clone()));

    let mut runs = 0;
    let retried = Retry::default().transaction(conn, |conn| {
        runs += 1;
        office.graph.rename(conn, "halfway")?;
        (0..3000).try_for_each(|number| office.graph.insert(conn, &long(20_000 + number)).map(drop))
    });
    assert!(matches!(retried, Err(Error::DiskFull { .. })), "{retried:?}");
    assert_eq!((runs, conn.census(), other().census()), (1, before.clone(), before.clone()));
    assert_eq!(graphs::get(conn, office.graph.id().raw()).unwrap().name, name, "nothing is half-written");

    // Diesel's own transaction may tell that there was nothing to take back, and takes nothing back either way.
    let own = conn.transaction::<(), Error, _>(|conn| {
        office.graph.rename(conn, "halfway")?;
        (0..3000).try_for_each(|number| office.graph.insert(conn, &long(30_000 + number)).map(drop))
    });
    let own = own.unwrap_err();
    let taken_back = own.to_string().ends_with("cannot rollback - no transaction is active");
    assert!(
        matches!(own, Error::DiskFull { .. }) || taken_back && own.hint().unwrap().contains("by itself"),
        "{own:?}"
    );
    assert_eq!((conn.census(), other().census()), (before.clone(), before));

    room(conn);
    let mut roomy = other();
    roomy.transaction(|conn| office.graph.insert(conn, &long(written))).unwrap();
    assert_eq!(stored(&mut roomy), 3 + written);
    assert_eq!(roomy.texts("SELECT integrity_check AS answer FROM pragma_integrity_check"), ["ok"]);
}

/// SQLite takes a transaction back by itself when there is no room; then Diesel finds none to take back.
#[test]
fn a_transaction_that_is_taken_back_already_fails_with_its_reason() {
    let store = Sqlite::migrated().unwrap();
    let office = office(&mut store.connect());
    let outcome = Retry::default().transaction(&mut store.connect(), |conn| {
        let refused = office.graph.insert(conn, &team("kernel")).unwrap_err();
        conn.batch_execute("ROLLBACK").unwrap();
        Err::<(), _>(refused)
    });
    let error = outcome.unwrap_err();
    assert!(error.is_conflict(), "{error}");
}

#[test]
fn a_database_that_may_not_grow_is_full() {
    let store = Sqlite::migrated().unwrap();
    let conn = &mut store.connect();
    conn.batch_execute("PRAGMA max_page_count = 150").unwrap();
    fill(conn, || store.connect(), |conn| conn.batch_execute("PRAGMA max_page_count = 100000").unwrap());
}

/// Somebody else has to be root to give a test a disk of its own.
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn a_full_disk_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |options: &str| {
        let mut command = Command::new("mount");
        let mounted = command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|output| output.status.success())
    };
    if !mount("size=1m") {
        eprintln!("skipped: a test needs to be root to mount a small disk");
        return;
    }
    let file = folder.path().join("graphs.db").to_str().unwrap().to_owned();
    let outcome = std::panic::catch_unwind(|| {
        let conn = &mut Sqlite::connect_to(&file);
        metagraph::migrate(conn).unwrap();
        fill(conn, || Sqlite::connect_to(&file), |_| assert!(mount("remount,size=8m")));
    });
    Command::new("umount").arg(folder.path()).status().unwrap();
    outcome.unwrap();
}

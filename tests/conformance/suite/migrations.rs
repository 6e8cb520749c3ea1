//! Our tables: created, upgraded and removed beside those of others.

use diesel::Connection as _;
use expect_test::expect;
use metagraph::migrations;
use metagraph::prelude::*;

use crate::harness::{Child, Work, at_once};
use crate::refusal::told;
use crate::scenarios::{OfficeGraph, office};
use crate::store::{Inspect, Store};

/// Tables of an application, Diesel's ledger among them, with a row each.
fn foreign_tables(conn: &mut impl Inspect) {
    conn.batch_execute(
        "CREATE TABLE nodes (id INTEGER PRIMARY KEY); INSERT INTO nodes VALUES (7); \
         CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
         run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); \
         INSERT INTO __diesel_schema_migrations (version) VALUES ('20240101000000');",
    )
    .unwrap();
}

fn assert_foreign_rows(conn: &mut impl Inspect) {
    assert_eq!(conn.integers("SELECT CAST(id AS bigint) AS answer FROM nodes"), [7]);
    let ledger = conn.texts("SELECT version AS answer FROM __diesel_schema_migrations");
    assert_eq!(ledger, ["20240101000000"]);
}

pub(crate) fn up_down_and_up_again(database: &impl Store) {
    let conn = &mut database.connect();
    let all: Vec<_> = all_versions(conn);
    assert_eq!(metagraph::migrate(conn).unwrap(), all);
    assert_eq!(migrations::applied(conn).unwrap(), all);
    let tables = conn.tables();
    assert!(metagraph::migrate(conn).unwrap().is_empty());
    office(conn);
    let reverted: Vec<_> = all.iter().rev().copied().collect();
    assert_eq!(migrations::revert_all(conn).unwrap(), reverted);
    assert!(conn.tables().is_empty());
    assert!(migrations::applied(conn).unwrap().is_empty());
    assert_eq!(metagraph::migrate(conn).unwrap(), all);
    assert_eq!(conn.tables(), tables);
    office(conn);
}

fn all_versions<C: GraphConnection>(_: &C) -> Vec<&'static str> {
    migrations::all::<C>().iter().map(migrations::Migration::version).collect()
}

pub(crate) fn all_our_tables_are_named_so_that_diesel_leaves_them_alone(conn: &mut impl Inspect) {
    let tables = conn.tables();
    assert_eq!(tables.len(), 11);
    assert!(tables.iter().all(|table| table.starts_with("__metagraph_")), "{tables:?}");
}

pub(crate) fn tables_of_others_stay_as_they_are(database: &impl Store) {
    let conn = &mut database.connect();
    foreign_tables(conn);
    let before = conn.tables();
    metagraph::migrate(conn).unwrap();
    assert_foreign_rows(conn);
    office(conn);
    migrations::revert_all(conn).unwrap();
    assert_foreign_rows(conn);
    assert_eq!(conn.tables(), before);
}

pub(crate) fn racing_threads_migrate_once(database: &impl Store) {
    let all = all_versions(&database.connect()).len();
    let mut applied = at_once(database, 8, |conn, _| metagraph::migrate(conn).unwrap().len());
    applied.sort_unstable();
    assert_eq!(applied, [0, 0, 0, 0, 0, 0, 0, all]);
}

pub(crate) fn racing_processes_migrate_once(database: &impl Store) {
    let all = all_versions(&database.connect()).len();
    let mut applied = Child::at_once(database, 4, Work::Migrate);
    applied.sort_unstable();
    assert_eq!(applied, [0, 0, 0, all]);
    assert_eq!(database.connect().census(), [0; 11]);
}

pub(crate) fn racing_processes_may_be_the_first_to_open_the_database(database: &impl Store) {
    let mut applied = Child::at_once(database, 4, Work::Migrate);
    applied.sort_unstable();
    assert_eq!(applied[..3], [0, 0, 0]);
}

pub(crate) fn a_database_of_a_newer_release_is_refused(conn: &mut impl Inspect) {
    conn.batch_execute(
        "INSERT INTO __metagraph_migrations SELECT '9999', 'from the future', applied_at FROM __metagraph_migrations \
         WHERE version = '0001'",
    )
    .unwrap();
    let newer = expect![[r#"
        MG4004: this database has the migration `9999`, which this release does not know
        (use the release of metagraph that wrote this database, or a newer one)"#]];
    newer.assert_eq(&told(&metagraph::migrate(conn).unwrap_err()));
    let newer = expect![[r#"
        MG4004: this database has the migration `9999`, which this release does not know
        (use the release of metagraph that wrote this database, or a newer one)"#]];
    newer.assert_eq(&told(&migrations::revert_all(conn).unwrap_err()));
    assert_eq!(migrations::applied(conn).unwrap().last().unwrap(), "9999");
    assert_eq!(conn.census(), [0; 11]);
}

pub(crate) fn a_database_without_our_tables_says_so(database: &impl Store) {
    let conn = &mut database.connect();
    let missing = expect![[r#"
        MG4003: metagraph's tables are missing from this database (while reading a graph type)
        (call `metagraph::migrate(&mut conn)` once before)"#]];
    missing.assert_eq(&told(&metagraph::sync::<OfficeGraph, _>(conn).unwrap_err()));
    let missing = expect![[r#"
        MG4003: metagraph's tables are missing from this database (while reading a graph type)
        (call `metagraph::migrate(&mut conn)` once before)"#]];
    missing.assert_eq(&told(&Graph::<OfficeGraph>::open(conn, "office").unwrap_err()));
    assert!(migrations::applied(conn).unwrap().is_empty());
    assert!(conn.tables().is_empty());
}

pub(crate) fn a_missing_table_leaves_the_ledger_readable_in_a_transaction(database: &impl Store) {
    let conn = &mut database.connect();
    conn.transaction::<_, metagraph::Error, _>(|conn| {
        assert!(migrations::applied(conn)?.is_empty());
        metagraph::migrate(conn)
    })
    .unwrap();
    assert_eq!(conn.census(), [0; 11]);
}

pub(crate) fn migrating_twice_in_one_transaction_is_migrating_once(database: &impl Store) {
    let conn = &mut database.connect();
    conn.transaction::<_, metagraph::Error, _>(|conn| {
        metagraph::migrate(conn)?;
        assert!(metagraph::migrate(conn)?.is_empty());
        Ok(())
    })
    .unwrap();
}

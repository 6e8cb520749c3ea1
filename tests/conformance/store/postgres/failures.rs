//! What PostgreSQL says when it cannot, each time for real.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use std::{fs, thread};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use expect_test::expect;
use metagraph::load::Commit;
use metagraph::{Error, Retry};

use super::Postgres;
use crate::refusal::told;
use crate::scenarios::{OfficeGraph, Person, Team, ada, office};
use crate::store::{Inspect as _, Store as _};

fn team(name: impl Into<String>) -> Team {
    Team { name: name.into() }
}

fn assert_transient(error: &Error, message: &str) {
    assert!(error.is_transient() && !error.is_connection_lost(), "{error}");
    assert!(error.to_string().ends_with(message), "{error}");
}

fn assert_lost(error: &Error) {
    assert!(error.is_transient() && error.is_connection_lost(), "{error}");
}

/// Ends a connection as an administrator does, and waits until it is gone.
fn terminate(store: &Postgres, conn: &mut PgConnection) {
    let pid = conn.integers("SELECT pg_backend_pid()::bigint AS answer")[0];
    let admin = &mut store.connect();
    admin.run(&format!("SELECT pg_terminate_backend({pid})"));
    while admin.integers(&format!("SELECT count(*) AS answer FROM pg_stat_activity WHERE pid = {pid}"))[0] > 0 {}
}

#[test]
fn a_deadlock_has_one_victim() {
    let Some(store) = Postgres::migrated() else { return };
    let office = office(&mut store.connect());
    let both = Barrier::new(2);
    let outcomes = thread::scope(|scope| {
        let turns = [(office.ada, office.grace), (office.grace, office.ada)].map(|(first, second)| {
            let (graph, both, mut conn) = (office.graph.clone(), &both, store.connect());
            scope.spawn(move || {
                let outcome = conn.transaction(|conn| {
                    graph.update(conn, first, |person| person.age += 1)?;
                    both.wait();
                    graph.update(conn, second, |person| person.age += 1)
                });
                graph.insert(&mut conn, &team(format!("{first}"))).unwrap();
                outcome
            })
        });
        turns.map(|turn| turn.join().unwrap())
    });
    let victims: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(victims.len(), 1);
    assert_transient(victims[0], "deadlock detected");
}

#[test]
fn transactions_that_cannot_be_put_in_a_row_fail() {
    let Some(store) = Postgres::migrated() else { return };
    let office = office(&mut store.connect());
    let (one, other) = (&mut store.connect(), &mut store.connect());
    one.run(Postgres::SERIALIZABLE);
    other.run(Postgres::SERIALIZABLE);
    let outcome = one.transaction(|one| {
        office.graph.nodes::<Team>().count(one)?;
        other.transaction(|other| {
            office.graph.nodes::<Team>().count(other)?;
            office.graph.insert(other, &team("other"))
        })?;
        office.graph.insert(one, &team("one"))
    });
    let error = outcome.unwrap_err();
    assert!(error.is_transient() && !error.is_connection_lost(), "{error}");
    office.graph.insert(one, &team("one")).unwrap();
}

#[test]
fn who_waits_too_long_for_a_lock_may_try_again() {
    let Some(store) = Postgres::migrated() else { return };
    let office = office(&mut store.connect());
    let (holder, waiter) = (&mut store.connect(), &mut store.connect());
    holder.run("BEGIN; LOCK TABLE __metagraph_nodes");
    waiter.run("SET lock_timeout = '50ms'");
    let error = office.graph.insert(waiter, &team("one")).unwrap_err();
    assert_transient(&error, "canceling statement due to lock timeout");
    expect![[r#"
        MG4005: inserting a node: canceling statement due to lock timeout
        (repeat the transaction, as `metagraph::Retry` does; a SQLite connection waits for others when it has a `busy_timeout`, as those of `metagraph::sqlite::connect` have, and those of a pool with `metagraph::sqlite::PoolPragmas`)"#]].assert_eq(&told(&error));
    holder.run("COMMIT; BEGIN; SELECT FROM __metagraph_graphs FOR UPDATE");
    let refused = waiter.batch_execute("SELECT FROM __metagraph_graphs FOR UPDATE NOWAIT").unwrap_err();
    assert_transient(&refused.into(), "could not obtain lock on row in relation \"__metagraph_graphs\"");
    let refused = waiter.batch_execute("BEGIN; LOCK TABLE __metagraph_graphs NOWAIT").unwrap_err();
    assert_transient(&refused.into(), "could not obtain lock on relation \"__metagraph_graphs\"");
    waiter.run("ROLLBACK; SET lock_timeout = 0; SET statement_timeout = '50ms'");
    // Nobody knows whether this was a lock, or too much work.
    let error = office.graph.insert(waiter, &team("one")).unwrap_err();
    assert!(!error.is_transient(), "{error}");
    holder.run("COMMIT");
    office.graph.insert(waiter, &team("one")).unwrap();
}

#[test]
fn a_lost_connection_is_told_from_all_else() {
    let Some(store) = Postgres::migrated() else { return };
    let office = office(&mut store.connect());
    let graph = &office.graph;
    let gone = || {
        let mut conn = store.connect();
        terminate(&store, &mut conn);
        conn
    };
    let conn = &mut gone();
    let error = graph.insert(conn, &team("one")).unwrap_err();
    assert_lost(&error);
    expect![[r#"
        MG4005: inserting a node: server closed the connection unexpectedly
        	This probably means the server terminated abnormally
        	before or while processing the request.

        (open another connection, or take one from the pool, and repeat the transaction; whether one was done whose end was under way, only the database can tell)"#]].assert_eq(&told(&error));
    assert_lost(&graph.insert(conn, &team("one")).unwrap_err());
    assert_lost(&graph.insert_many(conn, [team("one")]).unwrap_err());
    assert_lost(&graph.insert_many(&mut gone(), [team("one")]).unwrap_err());
    assert_lost(&gone().transaction::<_, Error, _>(|_| Ok(())).unwrap_err());

    let conn = &mut store.connect();
    let mut runs = 0;
    let outcome = Retry::default().transaction(conn, |conn| {
        runs += 1;
        graph.insert(conn, &team("one"))?;
        terminate(&store, conn);
        graph.insert(conn, &team("two"))
    });
    let error = outcome.unwrap_err();
    assert_lost(&error);
    assert!(error.to_string().ends_with("terminating connection due to administrator command"), "{error}");
    assert_eq!(runs, 1, "this connection cannot be used again");
    assert_lost(&graph.insert(conn, &team("three")).unwrap_err());

    let committed = store.connect().transaction::<_, Error, _>(|conn| {
        graph.insert(conn, &team("one"))?;
        terminate(&store, conn);
        Ok(())
    });
    assert_lost(&committed.unwrap_err());
    assert_eq!(graph.nodes::<Team>().count(&mut store.connect()).unwrap(), 2, "nothing of it is stored");
}

#[test]
fn a_connection_may_be_lost_at_every_moment() {
    let Some(store) = Postgres::migrated() else { return };
    let office = office(&mut store.connect());
    let graph = &office.graph;
    let upsert = |conn: &mut PgConnection| graph.upsert_many::<_, Person>(conn, [ada()]);
    // In a transaction of ours: at its beginning, and in a savepoint of the application's.
    let conn = &mut store.connect();
    upsert(conn).unwrap();
    terminate(&store, conn);
    assert_lost(&upsert(conn).unwrap_err());
    assert_lost(&upsert(conn).unwrap_err());
    let nested = store.connect().transaction::<_, Error, _>(|conn| {
        let inner = conn.transaction::<_, Error, _>(|conn| {
            upsert(conn)?;
            terminate(&store, conn);
            upsert(conn)
        });
        assert_lost(&inner.unwrap_err());
        assert_lost(&upsert(conn).unwrap_err());
        Ok(())
    });
    assert_lost(&nested.unwrap_err());
    // A savepoint that cannot be released.
    let released = store.connect().transaction::<_, Error, _>(|conn| {
        conn.transaction::<_, Error, _>(|conn| {
            terminate(&store, conn);
            Ok(())
        })
    });
    assert_lost(&released.unwrap_err());
    // In a load: in a batch, and where it is committed.
    for commit in [Commit::EachBatch, Commit::Once] {
        let conn = &mut store.connect();
        let pid = conn.integers("SELECT pg_backend_pid()::bigint AS answer")[0];
        let kill = || store.connect().run(&format!("SELECT pg_terminate_backend({pid}, 5000)"));
        let mut loader = graph.loader(conn).commit(commit.clone());
        loader.nodes::<Team>([team(format!("before {commit:?}"))]).unwrap();
        kill();
        match commit {
            Commit::Once => assert_lost(&loader.finish().unwrap_err()),
            _ => assert_lost(&loader.nodes::<Team>([team("after")]).unwrap_err()),
        }
    }
    // The server ends a connection that does nothing for too long.
    let idle = store.connect().transaction::<_, Error, _>(|conn| {
        conn.run("SET idle_in_transaction_session_timeout = '20ms'");
        thread::sleep(std::time::Duration::from_millis(300));
        upsert(conn)
    });
    assert_lost(&idle.unwrap_err());
}

/// A server that answers everybody alike.
fn answering(message: &str) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let fields = format!("SFATAL\0VFATAL\0C57P03\0M{message}\0\0");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut start = [0; 1024];
            drop(stream.read(&mut start));
            let length = u32::try_from(fields.len() + 4).unwrap();
            drop(stream.write_all(&[b"E", &length.to_be_bytes()[..], fields.as_bytes()].concat()));
        }
    });
    metagraph::postgres::connect(&format!("postgres://nobody@127.0.0.1:{port}/none?sslmode=disable")).err().unwrap()
}

#[test]
fn a_server_that_lets_nobody_in_may_do_so_later() {
    let Some(store) = Postgres::migrated() else { return };
    let name = store.0.name();
    let admin = &mut store.connect();
    admin.run(&format!("CREATE ROLE {name} LOGIN CONNECTION LIMIT 0"));
    let refused = || metagraph::postgres::connect(&format!("{}?user={name}", store.url())).err().unwrap();
    let full = refused();
    assert!(full.is_transient() && full.to_string().contains("too many connections for role"), "{full}");
    let missing = metagraph::postgres::connect(&store.url().replace(name, "nowhere")).err().unwrap();
    admin.run(&format!("DROP ROLE {name}"));
    assert!(!missing.is_transient(), "{missing}");
    let nobody = refused();
    assert!(!nobody.is_transient() && nobody.to_string().contains("does not exist"), "{nobody}");

    for message in [
        "the database system is starting up",
        "the database system is shutting down",
        "the database system is in recovery mode",
        "the database system is not yet accepting connections",
        "sorry, too many clients already",
        "das Datenbanksystem startet",
        "データベースシステムは起動処理中です",
    ] {
        let error = answering(message);
        assert!(error.is_transient() && error.to_string().contains(message), "{error}");
    }
    let error = answering("password authentication failed for user \"nobody\"");
    assert!(!error.is_transient(), "{error}");
    let absent = metagraph::postgres::connect("postgres://127.0.0.1:1/none").err().unwrap();
    assert!(absent.is_transient(), "{absent}");
}

/// Raises an error on the server, with its code and its words.
fn raised(conn: &mut PgConnection, code: &str, message: &str) -> Error {
    let sql = format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}', MESSAGE = '{message}'; END $$");
    conn.batch_execute(&sql).unwrap_err().into()
}

#[test]
fn a_server_may_speak_another_language() {
    let Some(store) = Postgres::migrated() else { return };
    let conn = &mut store.connect();
    for (code, message) in [
        ("40P01", "Verklemmung (Deadlock) entdeckt"),
        ("40P01", "обнаружена взаимоблокировка"),
        ("55P03", "storniere Anfrage wegen Zeitüberschreitung einer Sperre"),
        ("55P03", "由于锁超时，取消语句操作"),
        ("40001", "in whatever words"),
    ] {
        assert_transient(&raised(conn, code, message), message);
    }
    for message in [
        "could not extend file \"base/5/16384\": No space left on device",
        "could not extend file \"base/5/16384\": wrote only 4096 of 8192 bytes at block 7",
        "konnte Datei »base/5/16384« nicht erweitern: Auf dem Gerät ist kein Speicherplatz mehr verfügbar",
    ] {
        assert!(matches!(raised(conn, "53100", message), Error::DiskFull { .. }), "{message}");
    }
    for (code, message) in [
        ("P0001", "a deadlock detected by the application"),
        ("22012", "division by zero"),
        ("57014", "canceling statement due to user request"),
    ] {
        let error = raised(conn, code, message);
        assert!(!error.is_transient() && matches!(error, Error::Database { .. }), "{error}");
    }
}

#[test]
fn what_is_the_same_the_next_time_is_not_transient() {
    let Some(store) = Postgres::migrated() else { return };
    let conn = &mut store.connect();
    conn.run("CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint CHECK (balance > 0)); INSERT INTO accounts VALUES (1, 1)");
    for sql in [
        "INSERT INTO accounts VALUES (1, 1)",
        "INSERT INTO accounts VALUES (2, 0)",
        "INSERT INTO accounts VALUES (NULL, 1)",
        "INSERT INTO __metagraph_graphs (graph_type_id) VALUES (404)",
        "INSERT INTO nowhere VALUES (1)",
        "INSERT",
    ] {
        let error = Error::from(conn.batch_execute(sql).unwrap_err());
        assert!(!error.is_transient() && !error.is_connection_lost(), "{sql}: {error}");
    }
}

#[test]
fn a_database_for_reading_only_is_read_and_not_written() {
    let Some(store) = Postgres::migrated() else { return };
    let office = office(&mut store.connect());
    let conn = &mut store.connect();
    let before = conn.census();
    conn.run("SET default_transaction_read_only = on");
    let error = office.graph.insert(conn, &team("one")).unwrap_err();
    expect![[r#"
        MG4009: inserting a node: this database is open for reading only: cannot execute INSERT in a read-only transaction
        (open it for writing: SQLite without `mode=ro`, `immutable=1` and `PRAGMA query_only`, and with a file and a folder that may be written to; PostgreSQL on a server that is no standby, in a transaction that is not `READ ONLY` (see `default_transaction_read_only`))"#]].assert_eq(&told(&error));
    assert!(!error.is_transient() && std::error::Error::source(&error).is_some());
    assert!(matches!(office.graph.insert_many(conn, [team("one")]), Err(Error::ReadOnly { .. })));
    assert!(matches!(office.graph.delete(conn, office.ada), Err(Error::ReadOnly { .. })));
    metagraph::migrate(conn).unwrap();
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    assert_eq!(conn.census(), before);
    conn.run("SET default_transaction_read_only = off");
    office.graph.insert(conn, &team("one")).unwrap();
}

/// Somebody else has to be root to give the server a disk of its own.
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn a_full_disk_loses_nothing() {
    let Some(store) = Postgres::migrated() else { return };
    let (conn, name) = (&mut store.connect(), store.0.name());
    let folder = Path::new("/tmp").join(name);
    fs::create_dir_all(&folder).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).arg(&folder).output().is_ok_and(|output| output.status.success())
    };
    let owned = run("mount", &["-t", "tmpfs", "-o", "size=512k", "tmpfs"]) && run("chown", &["postgres"]);
    let space = format!("CREATE TABLESPACE {name} LOCATION '{}'", folder.display());
    if owned && conn.batch_execute(&space).is_ok() {
        let outcome = std::panic::catch_unwind(|| fill(&store, &folder));
        conn.run("DROP TABLE __metagraph_edges, __metagraph_nodes CASCADE");
        conn.run(&format!("DROP TABLESPACE {name}"));
        run("umount", &[]);
        outcome.unwrap();
    } else {
        run("umount", &[]);
        eprintln!("skipped: a test needs to be root, and on the server's machine, to mount a small disk");
    }
    fs::remove_dir_all(&folder).unwrap();
}

fn fill(store: &Postgres, folder: &Path) {
    let conn = &mut store.connect();
    let office = office(conn);
    conn.run(&format!("ALTER TABLE __metagraph_nodes SET TABLESPACE {}", store.0.name()));
    let long = |number: usize| team(format!("{number} {}", "x".repeat(900)));
    let mut written = 0;
    let full = loop {
        match office.graph.insert(conn, &long(written)) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(&full, Error::DiskFull { .. }) && !full.is_transient(), "{full:?}");
    assert!(full.to_string().contains("No space left on device"), "{full}");
    let before = conn.census();
    let many = office.graph.insert_many(conn, (0..3000).map(|number| long(10_000 + number))).unwrap_err();
    assert!(matches!(many, Error::DiskFull { .. }), "{many:?}");
    let own = conn.transaction::<(), Error, _>(|conn| {
        office.graph.rename(conn, "halfway")?;
        (0..3000).try_for_each(|number| office.graph.insert(conn, &long(20_000 + number)).map(drop))
    });
    assert!(matches!(own, Err(Error::DiskFull { .. })), "{own:?}");
    assert_eq!((conn.census(), store.connect().census()), (before.clone(), before), "nothing is half-written");
    assert_eq!(office.graph.info(conn).unwrap().name, "office");
    let grown = Command::new("mount").args(["-o", "remount,size=8m"]).arg(folder).status().unwrap();
    assert!(grown.success());
    office.graph.insert(conn, &long(written)).unwrap();
    assert_eq!(usize::try_from(office.graph.nodes::<Team>().count(conn).unwrap()).unwrap(), 3 + written);
}

//! The harness keeps its promises: databases are separate, templates are prepared once, nothing is left behind.

#![allow(clippy::unwrap_used, reason = "what the tests share may fail as the tests do")]

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use metagraph_testkit::Postgres;

const HOLD: &str = "METAGRAPH_TESTKIT_HOLD";

#[test]
fn databases_are_separate_and_go_with_their_values() {
    let Some(postgres) = Postgres::shared() else { return };
    let (one, other) = (postgres.database(), postgres.database());
    query(one.url(), "CREATE TABLE mine (id int)").unwrap();
    assert_eq!(query(one.url(), "SELECT count(*) FROM mine").unwrap(), "0");
    assert!(query(other.url(), "SELECT count(*) FROM mine").unwrap_err().contains("does not exist"));

    let gone = one.url().to_owned();
    drop(one);
    assert!(query(&gone, "SELECT 1").unwrap_err().contains("does not exist"));
    assert_eq!(query(other.url(), "SELECT 1").unwrap(), "1");
}

#[test]
fn a_database_holds_any_text_and_allows_many_connections() {
    let Some(postgres) = Postgres::shared() else { return };
    let database = postgres.database();
    assert_eq!(query(database.url(), "SHOW server_encoding").unwrap(), "UTF8");
    if postgres.directory().is_some() {
        assert_eq!(query(database.url(), "SHOW max_connections").unwrap(), "200");
        assert_eq!(query(database.url(), "SHOW listen_addresses").unwrap(), "");
    }
}

#[test]
fn a_template_is_prepared_once_and_copied() {
    let Some(postgres) = Postgres::shared() else { return };
    let prepared = AtomicU32::new(0);
    let copy = || {
        postgres.database_from("numbers", |url| {
            prepared.fetch_add(1, Ordering::Relaxed);
            query(url, "CREATE TABLE number AS SELECT generate_series(1, 10) AS id").unwrap();
        })
    };
    let copies = thread::scope(|scope| {
        let copying: Vec<_> = (0..4).map(|_| scope.spawn(copy)).collect();
        copying.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(prepared.load(Ordering::Relaxed), 1);

    query(copies[0].url(), "DELETE FROM number").unwrap();
    assert_eq!(query(copies[0].url(), "SELECT count(*) FROM number").unwrap(), "0");
    assert_eq!(query(copies[1].url(), "SELECT count(*) FROM number").unwrap(), "10");
}

#[test]
fn a_template_whose_preparation_failed_is_prepared_anew() {
    let Some(postgres) = Postgres::shared() else { return };
    let failed = thread::spawn(|| postgres.database_from("fragile", |_| panic!("on purpose"))).join();
    assert!(failed.is_err());
    let database = postgres.database_from("fragile", |url| drop(query(url, "CREATE TABLE solid ()").unwrap()));
    assert_eq!(query(database.url(), "SELECT count(*) FROM solid").unwrap(), "0");
}

#[test]
fn a_killed_process_leaves_nothing_behind() {
    for signal in ["KILL", "INT", "TERM", "HUP"] {
        let Some((mut holder, held)) = hold_elsewhere() else { return };
        // The whole group, as a terminal or an impatient runner does it.
        let group = format!("-{}", holder.id());
        assert!(Command::new("kill").args(["-s", signal, "--", &group]).status().unwrap().success());
        holder.wait().unwrap();
        held.is_gone_soon(signal);
    }
}

#[test]
fn a_process_that_ends_leaves_nothing_behind() {
    let Some((mut holder, held)) = hold_elsewhere() else { return };
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    held.is_gone_soon("the end");
}

/// Not a test of its own: what runs in the processes that the tests above end.
#[allow(clippy::print_stdout, reason = "its output is how the other process learns about the server")]
#[test]
fn hold_a_server_in_another_process() {
    if env::var_os(HOLD).is_none() {
        return;
    }
    let postgres = Postgres::shared().unwrap();
    let _database = postgres.database();
    println!("\nholding {}", postgres.directory().unwrap().display());
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

struct Held {
    directory: PathBuf,
    postmaster: String,
}

impl Held {
    fn is_gone_soon(&self, after: &str) {
        let start = Instant::now();
        while self.directory.exists() || is_running(&self.postmaster) {
            assert!(start.elapsed() < Duration::from_secs(60), "the server is still there after {after}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn hold_elsewhere() -> Option<(Child, Held)> {
    // A server that was given to us is not ours to watch.
    Postgres::shared()?.directory()?;
    let mut holder = Command::new(env::current_exe().unwrap())
        .args(["hold_a_server_in_another_process", "--exact", "--nocapture"])
        .env(HOLD, "1")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let directory =
        lines.by_ref().map(Result::unwrap).find_map(|line| line.strip_prefix("holding ").map(PathBuf::from)).unwrap();
    let postmaster =
        fs::read_to_string(directory.join("data/postmaster.pid")).unwrap().lines().next().unwrap().to_owned();
    assert!(is_running(&postmaster));
    // Read to the end, or the other process fails when it reports its result.
    thread::spawn(move || lines.for_each(drop));
    Some((holder, Held { directory, postmaster }))
}

fn is_running(process: &str) -> bool {
    Command::new("kill").args(["-0", process]).stderr(Stdio::null()).status().unwrap().success()
}

fn query(url: &str, statement: &str) -> Result<String, String> {
    let output = Command::new(Postgres::shared().unwrap().psql())
        .args(["-X", "-q", "-A", "-t", "-w", "-c", statement, "-d", url])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

//! Child processes: the test binary once more, with something to do on a database of its parent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, fmt, io};

use super::{PATIENCE, within};
use crate::store::Store;
use crate::suite::race_rules::Race;
use crate::suite::{crowds, evolution, kills, large, loads};

const TASK: &str = "METAGRAPH_TEST_CHILD";
const READY: &str = ">ready";
const DONE: &str = ">done ";
const ACKNOWLEDGED: &str = ">committed ";

/// What a child does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// Migrates, and tells how many migrations it ran.
    Migrate,
    /// Asks a large graph, and tells how many kibibytes that took.
    AskLarge,
    /// Checks a large graph, and tells how many kibibytes that took.
    CheckLarge,
    /// Reads the whole of a large graph, and tells how many kibibytes that took.
    StreamLarge,
    /// Writes everything there is to write for a while, and tells how often.
    Crowd,
    /// Claims tasks and completes them until none is left, acknowledges each, and tells how many it completed.
    #[cfg(feature = "graphs")]
    ClaimTasks,
    /// Changes rows to the next revision of their type, and tells how many.
    Evolve,
    /// Loads a few rows, and tells how many kibibytes that took at most.
    LoadFew,
    /// Loads ten times as many.
    LoadMany,
    /// Goes on with a large import, acknowledges each batch, and tells how many rows there are.
    ResumeLoad,
    /// Imports all at once, acknowledges each batch as well, and tells how many rows there are.
    LoadAtOnce,
    /// Imports and commits each batch, acknowledges it, and tells how many rows there are.
    LoadEachBatch,
    /// Takes part in a race, and tells how often it won.
    Race(Race),
    /// Seals values with the current key, and tells how many.
    #[cfg(all(feature = "encryption", feature = "graphs"))]
    Rotate,
    /// Writes until it is killed, on from the transaction with its number, and acknowledges each.
    Write,
}

impl Work {
    /// The work of this name.
    fn named(name: &str) -> Self {
        let races = Race::ALL.iter().map(|race| Self::Race(*race));
        let others = [
            Self::Migrate,
            Self::AskLarge,
            Self::CheckLarge,
            Self::StreamLarge,
            Self::Crowd,
            #[cfg(feature = "graphs")]
            Self::ClaimTasks,
            Self::Evolve,
            Self::LoadFew,
            Self::LoadMany,
            Self::ResumeLoad,
            Self::LoadAtOnce,
            #[cfg(all(feature = "encryption", feature = "graphs"))]
            Self::Rotate,
            Self::LoadEachBatch,
            Self::Write,
        ];
        others.into_iter().chain(races).find(|work| work.to_string() == name).unwrap()
    }

    fn run<S: Store>(self, conn: &mut S::Conn, who: usize) -> usize {
        match self {
            Self::Migrate => metagraph::migrate(conn).unwrap().len(),
            Self::AskLarge => large::ask(conn),
            Self::CheckLarge => large::check(conn),
            Self::StreamLarge => large::stream(conn),
            Self::Crowd => crowds::write(conn, who),
            #[cfg(feature = "graphs")]
            Self::ClaimTasks => crate::suite::task_claims::work_on(conn, who, acknowledge),
            Self::Evolve => evolution::evolve(conn, acknowledge),
            Self::LoadFew => loads::load_pairs(conn, 5_000),
            Self::LoadMany => loads::load_pairs(conn, 50_000),
            Self::ResumeLoad => kills::resume(conn, acknowledge),
            Self::LoadAtOnce => kills::load_at_once(conn, acknowledge),
            Self::LoadEachBatch => kills::load_each_batch(conn, acknowledge),
            Self::Race(race) => race.run(conn, who),
            #[cfg(all(feature = "encryption", feature = "graphs"))]
            Self::Rotate => crate::suite::sealed::rotate(conn, acknowledge),
            Self::Write => kills::write_on(conn, who, acknowledge),
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// A process that has connected, and waits for the start.
pub(crate) struct Child {
    process: process::Child,
    start: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Child {
    /// Does `work` in `count` processes that begin together, and returns what each of them tells.
    pub(crate) fn at_once<S: Store>(store: &S, count: usize, work: Work) -> Vec<usize> {
        let children: Vec<_> = (0..count).map(|who| Self::spawn(store, who, work)).collect();
        within(PATIENCE, move || {
            let mut children: Vec<_> = children.into_iter().map(Self::ready).collect();
            for child in &mut children {
                child.start.write_all(b"go\n").unwrap();
            }
            children.into_iter().map(Self::outcome).collect()
        })
    }

    fn spawn<S: Store>(store: &S, who: usize, work: Work) -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "works_for_its_parent", "--nocapture"])
            .env(TASK, format!("{}\n{work}\n{who}\n{}", S::NAME, store.url()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let start = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, start, output }
    }

    /// Begins work of which it acknowledges every commit.
    pub(crate) fn begun<S: Store>(store: &S, who: usize, work: Work) -> Self {
        let mut child = Self::spawn(store, who, work).ready();
        child.start.write_all(b"go\n").unwrap();
        child
    }

    /// Waits for the next commit that the child acknowledges; `None` when it has ended.
    pub(crate) fn acknowledged(&mut self) -> Option<usize> {
        let lines = self.output.by_ref().lines().map_while(Result::ok);
        lines.into_iter().find_map(|line| line.strip_prefix(ACKNOWLEDGED)?.parse().ok())
    }

    /// Kills the child, and returns the last commit that it could acknowledge.
    pub(crate) fn kill(mut self) -> Option<usize> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::iter::from_fn(|| self.acknowledged()).last()
    }

    fn ready(mut self) -> Self {
        let lines = self.output.by_ref().lines().map(Result::unwrap);
        assert!(lines.into_iter().any(|line| line == READY), "a child ended before it was ready");
        self
    }

    fn outcome(mut self) -> usize {
        let mut said = String::new();
        self.output.read_to_string(&mut said).unwrap();
        assert!(self.process.wait().unwrap().success(), "a child failed: {said}");
        said.lines().find_map(|line| line.strip_prefix(DONE)).unwrap().parse().unwrap()
    }
}

/// Does what the environment asks of a child process; nothing in a parent.
pub(crate) fn obey() {
    let Ok(task) = env::var(TASK) else { return };
    let task: Vec<_> = task.splitn(4, '\n').collect();
    let work = Work::named(task[1]);
    let who = task[2].parse().unwrap();
    match task[0] {
        #[cfg(feature = "postgres")]
        crate::store::Postgres::NAME => obey_on::<crate::store::Postgres>(work, who, task[3]),
        _ => obey_on::<crate::store::Sqlite>(work, who, task[3]),
    }
}

fn obey_on<S: Store>(work: Work, who: usize, url: &str) {
    let mut conn = S::connect_to(url);
    say(READY);
    io::stdin().lines().next().unwrap().unwrap();
    say(&format!("{DONE}{}", work.run::<S>(&mut conn, who)));
}

fn acknowledge(number: usize) {
    say(&format!("{ACKNOWLEDGED}{number}"));
}

fn say(line: &str) {
    // The harness may have begun a line of its own.
    let mut out = io::stdout().lock();
    writeln!(out, "\n{line}").unwrap();
    out.flush().unwrap();
}

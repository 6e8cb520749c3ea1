//! Workers that share tasks: none twice, none lost.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use metagraph::graphs::task::{
    self, Claim, Dependency, Priority, Status, Task, TaskError, TaskGraph, TaskInput, TaskQueue, Tasks,
};
use metagraph::prelude::*;
use metagraph::{Error, GraphBackend as _, Transient as _};

use super::tasks::tasks;
use crate::harness::{Child, Log, Work, at_once};
use crate::store::{Inspect, Store};

const MANY: usize = 10_000;
const WORKERS: usize = 16;

fn keys(tasks: &[Node<Task>]) -> Vec<&str> {
    tasks.iter().map(|task| task.key.as_str()).collect()
}

fn attempts(tasks: &[Node<Task>]) -> Vec<u32> {
    tasks.iter().map(|task| task.value.claim.as_ref().unwrap().attempt).collect()
}

fn status(conn: &mut impl GraphConnection, graph: &Graph<Tasks>, key: &str) -> Option<Status> {
    graph.get_by_key::<Task>(conn, key).unwrap().unwrap().value.status
}

fn noon() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

/// A queue of a worker at so many seconds past noon, with leases of a minute.
fn worker<'g>(graph: &'g Graph<Tasks>, name: &str, seconds: i64) -> TaskQueue<'g, Tasks> {
    let now = noon().checked_add(SignedDuration::from_secs(seconds)).unwrap();
    TaskQueue::new(graph, name).lease(Duration::from_secs(60)).at(now)
}

/// Does it again while the database is busy: sixteen that never rest are more than SQLite's lock is fair to.
fn patiently<T>(mut work: impl FnMut() -> Result<T, TaskError>) -> T {
    loop {
        match work() {
            Err(error) if error.is_transient() => {}
            outcome => return outcome.unwrap(),
        }
    }
}

pub(crate) fn sixteen_workers_claim_ten_thousand_tasks_once_each<S: Store>(store: &S) {
    let graph = tasks(&mut store.connect());
    let all = (0..MANY).map(|number| Task::pending(format!("task {number}"), "One of many"));
    graph.insert_many(&mut store.connect(), all).unwrap();
    let began = Instant::now();
    let shared = graph.clone();
    // Nobody goes on before everybody has something: SQLite gives its lock to whom it likes.
    let gate = Arc::new(Barrier::new(WORKERS));
    let done = at_once(store, WORKERS, move |conn, who| {
        let queue = TaskQueue::new(&shared, format!("worker {who}"));
        let mut done = Vec::new();
        loop {
            let claimed = patiently(|| queue.claim(conn, 25));
            if done.is_empty() {
                gate.wait();
            }
            if claimed.is_empty() {
                return done;
            }
            patiently(|| queue.complete_all(conn, &claimed));
            done.extend(claimed.into_iter().map(|task| task.key));
        }
    });
    let took = began.elapsed();
    let mut times: HashMap<String, usize> = HashMap::new();
    for key in done.iter().flatten() {
        *times.entry(key.clone()).or_default() += 1;
    }
    assert_eq!(times.len(), MANY, "some were lost");
    assert!(times.values().all(|times| *times == 1), "some were claimed twice");
    let busy = done.iter().filter(|done| !done.is_empty()).count();
    assert_eq!(busy, WORKERS, "somebody got nothing");

    let conn = &mut store.connect();
    let rows = graph.nodes::<Task>().load(conn).unwrap();
    assert!(rows.iter().all(|row| row.value.status == Some(Status::Completed)));
    assert!(rows.iter().all(|row| row.version == 3), "inserted, claimed, completed");
    let name = <S::Conn as GraphConnection>::Db::NAME;
    let seconds = took.as_secs_f64();
    let line = format!("task-claims: db={name} tasks={MANY} workers={WORKERS} busy={busy} seconds={seconds:.1}");
    // The harness captures the print macros only, and this line is to be read.
    writeln!(io::stdout().lock(), "\n{line}").unwrap();
}

/// Tasks, and what was made of each: a receipt, which there can be once.
#[derive(Debug, GraphType)]
#[graph(name = "workshop")]
#[allow(clippy::large_enum_variant, reason = "no value of it is made")]
enum Workshop {
    Receipt(Receipt),
    #[graph(import)]
    Tasks(Tasks),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Receipt {
    #[graph(key)]
    task: String,
}

const LEASE: Duration = Duration::from_millis(400);

/// Works until nothing is left, and acknowledges every task that it completed.
pub(crate) fn work_on<C: GraphConnection>(conn: &mut C, who: usize, mut acknowledge: impl FnMut(usize)) -> usize {
    let graph = Graph::<Workshop>::open(conn, "workshop").unwrap();
    let queue = TaskQueue::new(&graph, format!("worker {who}")).lease(LEASE).attempts(1000);
    let mut done = 0;
    loop {
        let claimed = patiently(|| queue.claim(conn, 3));
        for task in &claimed {
            // So long the work takes.
            std::thread::sleep(LEASE / 80);
            let finished = conn.transaction::<_, TaskError, _>(|conn| {
                queue.complete(conn, task)?;
                graph.insert(conn, &Receipt { task: task.key.clone() })?;
                Ok(())
            });
            match finished {
                Ok(()) => {
                    done += 1;
                    acknowledge(task.key.parse().unwrap());
                }
                // It was away for longer than its lease.
                Err(TaskError::ClaimLost { .. }) => {}
                Err(error) if error.is_transient() => {}
                Err(error) => panic!("{error}"),
            }
        }
        if claimed.is_empty() {
            if graph.nodes::<Receipt>().count(conn).unwrap() == graph.nodes::<Task>().count(conn).unwrap() {
                return done;
            }
            std::thread::sleep(LEASE / 8);
        }
    }
}

pub(crate) fn killed_workers_lose_no_task_and_none_is_done_twice<S: Store>(store: &S) {
    const TASKS: usize = 400;
    const KILLS: usize = 8;
    let conn = &mut store.connect();
    metagraph::sync::<Workshop, _>(conn).unwrap();
    let graph = Graph::<Workshop>::open_or_create(conn, "workshop").unwrap();
    // Every second task waits for the one before it.
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let before = (number % 2 == 1).then(|| (number - 1).to_string());
            let mut input = TaskInput::new(number.to_string(), "One of some", before);
            input.status = Status::Pending.into();
            input
        })
        .collect();
    TaskGraph::from_tasks(&tasks).strict().unwrap().save(conn, &graph).unwrap();

    let (mut acknowledged, mut left) = (Vec::new(), 0);
    for kill in 0..KILLS {
        let mut worker = Child::begun(store, kill, Work::ClaimTasks);
        for _ in 0..5 {
            acknowledged.push(worker.acknowledged().expect("the worker ended by itself"));
        }
        worker.kill();
        left += graph.nodes::<Task>().filter(|task| task.status.eq(Status::InProgress)).count(conn).unwrap();
    }
    Child::at_once(store, 3, Work::ClaimTasks);
    assert!(left > 0, "no kill left anything behind: they prove nothing");

    let tasks = graph.nodes::<Task>().load(conn).unwrap();
    assert!(tasks.iter().all(|task| task.value.status == Some(Status::Completed)), "some were lost");
    // A receipt's key is its task: a second one would have been refused, and the worker with it.
    assert_eq!(graph.nodes::<Receipt>().count(conn).unwrap(), i64::try_from(TASKS).unwrap());
    for task in acknowledged {
        assert!(graph.get_by_key::<Receipt>(conn, &task.to_string()).unwrap().is_some(), "{task} was acknowledged");
    }
    assert!(metagraph::integrity::check(conn).unwrap().is_clean());
}

pub(crate) fn racing_workers_have_one_winner_each_time<S: Store>(store: &S) {
    let graph = tasks(&mut store.connect());
    for round in 0..20 {
        graph.insert(&mut store.connect(), &Task::pending(format!("only {round}"), "One for two")).unwrap();
        let shared = graph.clone();
        let won = at_once(store, 2, move |conn, who| {
            TaskQueue::new(&shared, format!("worker {who}")).claim(conn, 5).unwrap().len()
        });
        assert_eq!(won.iter().sum::<usize>(), 1, "{won:?}");
    }
}

pub(crate) fn what_waits_is_not_claimed(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let [a, b, c] = ["a", "b", "c"].map(|id| graph.insert(conn, &Task::pending(id, id.to_uppercase())).unwrap());
    graph.connect_many(conn, [(a, c, Dependency::default()), (b, c, Dependency::default())]).unwrap();
    let queue = worker(&graph, "w", 0);
    let claimed = queue.claim(conn, 10).unwrap();
    assert_eq!(keys(&claimed), ["a", "b"]);
    assert!(task::ready(conn, &graph).unwrap().is_empty());
    queue.complete(conn, &claimed[0]).unwrap();
    assert!(queue.claim(conn, 10).unwrap().is_empty());
    assert_eq!(keys(&task::blocked_by(conn, &graph, "c").unwrap()), ["b"]);
    queue.fail(conn, &claimed[1]).unwrap();
    assert!(queue.claim(conn, 10).unwrap().is_empty(), "what failed still blocks");
    graph.update(conn, b, |task| task.status = Some(Status::Completed)).unwrap();
    assert_eq!(keys(&queue.claim(conn, 10).unwrap()), ["c"]);
    assert!(matches!(task::blocked_by(conn, &graph, "d"), Err(TaskError::NotFound { .. })));
}

pub(crate) fn tasks_are_claimed_in_order(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let of = |id: &str, priority| Task { priority, ..Task::pending(id, "Something") };
    let all = [
        of("low", Some(Priority::Low)),
        of("none", None),
        of("medium", Some(Priority::Medium)),
        of("critical 1", Some(Priority::Critical)),
        of("high", Some(Priority::High)),
        of("critical 2", Some(Priority::Critical)),
    ];
    graph.insert_many(conn, all).unwrap();
    let queue = worker(&graph, "w", 0);
    let mut order = Vec::new();
    while let Some(task) = queue.claim(conn, 1).unwrap().pop() {
        order.push(task.key);
    }
    assert_eq!(order, ["critical 1", "critical 2", "high", "medium", "none", "low"]);
    // What was left to its lease comes first.
    let mut again = worker(&graph, "v", 61).claim(conn, 2).unwrap();
    assert_eq!(again.len(), 2);
    assert_eq!(attempts(&again), [2, 2]);
    again.clear();
    assert!(queue.claim(conn, 0).unwrap().is_empty());
}

pub(crate) fn a_lease_that_runs_out_is_taken_over(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    graph.insert(conn, &Task::pending("a", "A")).unwrap();
    let first = worker(&graph, "first", 0);
    let mut claimed = first.claim(conn, 1).unwrap().remove(0);
    let until = noon().checked_add(SignedDuration::from_secs(60)).unwrap();
    assert_eq!(claimed.value.claim, Some(Claim { worker: "first".into(), since: noon(), until, attempt: 1 }));
    assert!(worker(&graph, "second", 59).claim(conn, 1).unwrap().is_empty());
    worker(&graph, "first", 30).renew(conn, &mut claimed).unwrap();
    assert!(worker(&graph, "second", 89).claim(conn, 1).unwrap().is_empty());

    let second = worker(&graph, "second", 90);
    let taken = second.claim(conn, 1).unwrap().remove(0);
    assert_eq!(attempts(std::slice::from_ref(&taken)), [2]);
    let before = graph.get(conn, taken.id).unwrap().unwrap();
    for lost in [
        first.complete(conn, &claimed),
        first.fail(conn, &claimed),
        first.release(conn, &claimed),
        first.renew(conn, &mut claimed.clone()),
        first.retry(conn, &claimed, Duration::ZERO).map(drop),
        first.complete_all(conn, std::slice::from_ref(&claimed)),
    ] {
        assert!(matches!(lost, Err(TaskError::ClaimLost { ref task, ref worker }) if task == "a" && worker == "first"));
    }
    // Not the same claim, though the same worker.
    assert!(matches!(second.complete(conn, &claimed), Err(TaskError::ClaimLost { .. })));
    assert_eq!(graph.get(conn, taken.id).unwrap().unwrap().version, before.version);
    second.complete(conn, &taken).unwrap();
    assert!(matches!(second.complete(conn, &taken), Err(TaskError::ClaimLost { .. })), "it is done once");
    assert_eq!(status(conn, &graph, "a"), Some(Status::Completed));
    graph.delete(conn, taken.id).unwrap();
    assert!(matches!(second.complete(conn, &taken), Err(TaskError::ClaimLost { .. })), "it is gone");
}

pub(crate) fn tasks_are_completed_together_or_not_at_all(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    graph.insert_many(conn, (0..200).map(|number| Task::pending(format!("{number:03}"), "One of some"))).unwrap();
    let queue = worker(&graph, "w", 0);
    let claimed = queue.claim(conn, 200).unwrap();
    queue.release(conn, &claimed[7]).unwrap();
    let lost = queue.complete_all(conn, &claimed);
    assert!(matches!(lost, Err(TaskError::ClaimLost { ref task, .. }) if task == "007"), "{lost:?}");
    let completed = graph.nodes::<Task>().filter(|task| task.status.eq(Status::Completed));
    assert_eq!(completed.clone().count(conn).unwrap(), 0);

    let again = queue.claim(conn, 1).unwrap();
    let all: Vec<_> = claimed.iter().filter(|task| task.key != "007").chain(&again).cloned().collect();
    let log = Log::of(conn);
    queue.complete_all(conn, &all).unwrap();
    let statements = log.queries().len();
    assert!(statements < 50, "{statements} statements for {} tasks", all.len());
    assert_eq!(completed.count(conn).unwrap(), 200);
    queue.complete_all(conn, &[]).unwrap();
}

pub(crate) fn a_task_is_not_tried_for_ever(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let id = graph.insert(conn, &Task::pending("a", "A")).unwrap();
    let mut first = None;
    for attempt in 1..=3 {
        let claimed = worker(&graph, "w", 100 * i64::from(attempt)).claim(conn, 1).unwrap();
        assert_eq!(attempts(&claimed), [attempt]);
        first = first.or(claimed[0].value.claim.clone());
    }
    assert_eq!(worker(&graph, "w", 350).give_up(conn).unwrap(), 0, "the last attempt is under way");
    assert!(worker(&graph, "w", 400).claim(conn, 1).unwrap().is_empty());
    let failed = graph.get(conn, id).unwrap().unwrap().value;
    assert_eq!(
        (failed.status, failed.claim.map(|claim| (claim.worker, claim.attempt))),
        (Some(Status::Failed), Some(("w".into(), 3)))
    );
    assert_eq!(worker(&graph, "w", 500).give_up(conn).unwrap(), 0);

    // Somebody looked at it; the first attempt now is not the first one then.
    let forgotten =
        Node { value: Task { claim: first, ..Task::new("a", "A") }, ..graph.get(conn, id).unwrap().unwrap() };
    graph.update(conn, id, |task| (task.status, task.claim) = (Some(Status::Pending), None)).unwrap();
    assert_eq!(attempts(&worker(&graph, "w", 600).claim(conn, 1).unwrap()), [1]);
    let late = worker(&graph, "w", 601).complete(conn, &Node { version: 2, ..forgotten });
    assert!(matches!(late, Err(TaskError::ClaimLost { .. })), "{late:?}");
    assert_eq!(worker(&graph, "w", 700).attempts(1).give_up(conn).unwrap(), 1);
}

pub(crate) fn a_task_is_tried_again_after_a_pause(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    graph.insert(conn, &Task::pending("a", "A")).unwrap();
    let queue = worker(&graph, "w", 0).attempts(2);
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    assert_eq!(queue.retry(conn, &claimed, Duration::from_secs(10)).unwrap(), Status::Pending);
    assert!(worker(&graph, "v", 9).claim(conn, 1).unwrap().is_empty());
    let queue = worker(&graph, "v", 10).attempts(2);
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    assert_eq!(claimed.value.claim.as_ref().unwrap().attempt, 2);
    assert_eq!(queue.retry(conn, &claimed, Duration::ZERO).unwrap(), Status::Failed);
    assert_eq!(status(conn, &graph, "a"), Some(Status::Failed));
}

pub(crate) fn a_task_that_was_put_back_was_not_tried(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let id = graph.insert(conn, &Task::pending("a", "A")).unwrap();
    let queue = worker(&graph, "w", 0);
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    queue.release(conn, &claimed).unwrap();
    assert_eq!(graph.get(conn, id).unwrap().unwrap().value, Task::pending("a", "A"));
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    queue.retry(conn, &claimed, Duration::ZERO).unwrap();
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    queue.release(conn, &claimed).unwrap();
    assert_eq!(attempts(&queue.claim(conn, 1).unwrap()), [2], "the first attempt stays");
}

pub(crate) fn a_claim_survives_what_others_write(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let id = graph.insert(conn, &Task::pending("a", "A")).unwrap();
    let queue = worker(&graph, "w", 0);
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    graph.update(conn, id, |task| task.name = "A, of course".into()).unwrap();
    queue.complete(conn, &claimed).unwrap();
    let done = graph.get(conn, id).unwrap().unwrap().value;
    assert_eq!((done.status, done.name.as_str()), (Some(Status::Completed), "A, of course"));
    assert_eq!(done.claim, claimed.value.claim, "it tells who did it");
}

pub(crate) fn a_save_leaves_claims_alone(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let mut plan = TaskGraph::new();
    plan.add(Task::pending("a", "A")).unwrap();
    plan.add(Task::pending("b", "B")).unwrap();
    plan.save(conn, &graph).unwrap();
    let queue = worker(&graph, "w", 0);
    let claimed = queue.claim(conn, 1).unwrap().remove(0);
    plan.update("a", |task| task.name = "A, of course".into()).unwrap();
    plan.update("b", |task| task.status = Some(Status::Blocked)).unwrap();
    assert_eq!(plan.save(conn, &graph).unwrap().tasks.updated, 2);
    let stored = graph.get(conn, claimed.id).unwrap().unwrap().value;
    assert_eq!(stored, Task { name: "A, of course".into(), ..claimed.value.clone() });
    assert_eq!(status(conn, &graph, "b"), Some(Status::Blocked));
    queue.complete(conn, &claimed).unwrap();
    // The plan still says that it is pending.
    plan.save(conn, &graph).unwrap();
    plan.mirror(conn, &graph).unwrap();
    assert_eq!(status(conn, &graph, "a"), Some(Status::Completed));
    assert!(queue.claim(conn, 1).unwrap().is_empty());
    graph.update(conn, claimed.id, |task| task.claim = None).unwrap();
    plan.save(conn, &graph).unwrap();
    assert_eq!(keys(&queue.claim(conn, 1).unwrap()), ["a"], "somebody wants it done again");
}

pub(crate) fn nobody_claims_what_is_nobody_s(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    let of = |status: Option<Status>, id: &str| Task { status, ..Task::new(id, "Something") };
    let others = [
        of(None, "none"),
        of(Some(Status::Blocked), "blocked"),
        of(Some(Status::Failed), "failed"),
        of(Some(Status::Completed), "completed"),
        // Somebody does it by hand.
        of(Some(Status::InProgress), "in progress"),
    ];
    graph.insert_many(conn, others).unwrap();
    let queue = worker(&graph, "w", 1_000_000);
    assert!(queue.claim(conn, 10).unwrap().is_empty());
    assert_eq!(queue.give_up(conn).unwrap(), 0);
    assert_eq!(status(conn, &graph, "in progress"), Some(Status::InProgress));
    graph.set_status(conn, metagraph::row::GraphStatus::Archived).unwrap();
    assert!(matches!(queue.claim(conn, 1), Err(TaskError::Store(Error::GraphArchived { .. }))));
}

pub(crate) fn a_claim_shares_the_fate_of_its_transaction(conn: &mut impl GraphConnection) {
    let graph = tasks(conn);
    graph.insert(conn, &Task::pending("a", "A")).unwrap();
    let queue = worker(&graph, "w", 0);
    let undone = conn.transaction::<(), TaskError, _>(|conn| {
        assert_eq!(keys(&queue.claim(conn, 1)?), ["a"]);
        Err(TaskError::NotFound { task: "of my own".into() })
    });
    assert!(matches!(undone, Err(TaskError::NotFound { .. })));
    let claimed = queue.claim(conn, 1).unwrap();
    assert_eq!(attempts(&claimed), [1]);
}

/// A claim must not read what is done, of which there is more and more.
pub(crate) fn claims_read_the_index(conn: &mut impl Inspect) {
    let graph = tasks(conn);
    let done = |number: usize| Task { status: Some(Status::Completed), ..Task::new(format!("done {number}"), "Done") };
    graph.insert_many(conn, (0..2000).map(done)).unwrap();
    graph.insert(conn, &Task::pending("a", "A")).unwrap();
    for priority in [None, Some(Priority::High)] {
        let pending = graph
            .nodes::<Task>()
            .filter(|task| task.status.eq(Status::Pending) & task.priority.eq(priority))
            .matching(Task::unblocked())
            .limit(5);
        let plan = pending.explain(conn).unwrap().to_string();
        assert!(plan.contains("status") || plan.contains("queue"), "{plan}");
    }
}

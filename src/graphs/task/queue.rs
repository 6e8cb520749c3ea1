//! Workers that share the tasks of a stored graph.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use metagraph::prelude::*;
use metagraph::query::Predicate;
use metagraph::{PartOf, Retry};

use super::TaskError;
use super::claim::Claim;
use super::kinds::{Priority, Status};
use super::stored::{Dependency, Task};

/// A worker's view of a stored graph: it claims tasks that can be begun, and says what became of them.
///
/// # What holds
/// - **No task twice.** Of workers that claim at once, each gets other tasks; none waits for another
///   ([`take`](metagraph::query::Query::take): `SKIP LOCKED` on PostgreSQL, the write lock on SQLite).
/// - **None lost.** A claim is a lease. Where a worker dies, its lease runs out, and the next one that claims gets the task.
/// - **One result.** Whoever lost a claim cannot finish the task: [`complete`](TaskQueue::complete) and its like refuse
///   with [`TaskError::ClaimLost`]. When it was taken and at which attempt tells claims apart, also of one worker.
/// - **No loop for ever.** A task that was taken [`attempts`](TaskQueue::attempts) times and left to its lease each time is
///   `failed`, and stays so for a human to see.
///
/// # What is kept
/// A task keeps its last [`Claim`] when it is completed or failed: who did it, and at which attempt. A task with a claim
/// belongs to the queue, and [`TaskGraph::save`](super::TaskGraph::save) leaves its status alone, so that files which still
/// say `pending` do not bring back what is done. To do it again, write it back to `pending` without a claim.
///
/// # In which order
/// First what others left to its lease; then what is pending by its priority, what has none behind `medium`; and of equal
/// priority the oldest first. A task without a status is nobody's: only who writes `pending` puts it into the queue.
///
/// # Which time it is
/// The time is the clock of the worker's process. Where clocks differ, a worker whose clock is fast takes leases over that
/// much too early, and one whose clock is slow that much too late; a task may then be worked on by two for a while, and
/// still has one result. So a lease is to be much longer than clocks differ. [`at`](TaskQueue::at) sets the time, for tests
/// and for who has a better clock.
///
/// # Exactly once
/// Work on the same database is done exactly once in a transaction with [`complete`](TaskQueue::complete): both are there, or
/// neither. Work elsewhere is done at least once, as with every queue.
///
/// ```
/// use metagraph::graphs::task::{Status, Task, TaskGraph, TaskQueue, Tasks};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Tasks, _>(conn)?;
/// let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
/// let mut graph = TaskGraph::new();
/// graph.add(Task::pending("schema", "Write the schema"))?;
/// graph.add(Task::pending("api", "Wire up the API"))?;
/// graph.depend("api", "schema")?;
/// graph.save(conn, &stored)?;
///
/// let queue = TaskQueue::new(&stored, "worker 1");
/// let mut done = Vec::new();
/// loop {
///     let tasks = queue.claim(conn, 10)?;
///     if tasks.is_empty() {
///         break;
///     }
///     for task in tasks {
///         done.push(task.key.clone());
///         queue.complete(conn, &task)?;
///     }
/// }
/// assert_eq!(done, ["schema", "api"], "the API waited for the schema");
/// # Ok(())
/// # }
/// ```
pub struct TaskQueue<'g, G> {
    pub(super) graph: &'g Graph<G>,
    pub(super) worker: String,
    pub(super) lease: Duration,
    pub(super) attempts: u32,
    now: Option<Timestamp>,
}

impl<G> fmt::Debug for TaskQueue<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("TaskQueue");
        debug.field("worker", &self.worker).field("lease", &self.lease).field("attempts", &self.attempts);
        debug.finish_non_exhaustive()
    }
}

impl<'g, G> TaskQueue<'g, G>
where
    Task: PartOf<G>,
    Dependency: PartOf<G>,
{
    /// The queue of a worker, whose name is told where it claims. Leases last five minutes and a task is taken three times,
    /// unless told otherwise.
    pub fn new(graph: &'g Graph<G>, worker: impl Into<String>) -> Self {
        Self { graph, worker: worker.into(), lease: Duration::from_secs(300), attempts: 3, now: None }
    }

    /// How long a claim lasts that is not [renewed](TaskQueue::renew): longer than a task takes, and much longer than clocks
    /// differ.
    #[must_use]
    pub const fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How many times a task is taken at most; once at least.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The time, instead of the process's clock.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use metagraph::graphs::task::{Task, TaskQueue, Tasks};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Tasks, _>(conn)?;
    /// # let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
    /// stored.insert(conn, &Task::pending("api", "Wire up the API"))?;
    /// let queue = |worker, time: &str| -> Result<_, jiff::Error> {
    ///     Ok(TaskQueue::new(&stored, worker).lease(Duration::from_secs(60)).at(time.parse()?))
    /// };
    /// let first = queue("first", "2026-11-29T12:00:00Z")?;
    /// let task = first.claim(conn, 1)?.remove(0);
    /// assert!(queue("second", "2026-11-29T12:00:59Z")?.claim(conn, 1)?.is_empty());
    ///
    /// // The first one is never heard of again.
    /// let second = queue("second", "2026-11-29T12:01:00Z")?;
    /// let again = second.claim(conn, 1)?.remove(0);
    /// assert_eq!(again.value.claim.as_ref().map(|claim| claim.attempt), Some(2));
    ///
    /// let late = first.complete(conn, &task).unwrap_err();
    /// assert_eq!(late.to_string(), "worker `first` has task `api` no longer: leave its result, and claim another");
    /// second.complete(conn, &again)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }

    /// Claims up to `most` tasks that can be begun; none when there are none.
    ///
    /// They are `in-progress` from then on, with a [`Claim`] of this worker.
    ///
    /// # Errors
    /// [`TaskError::Store`] when the store refuses or fails.
    pub fn claim<C: GraphConnection>(&self, conn: &mut C, most: u32) -> Result<Vec<Node<Task>>, TaskError> {
        // What has no priority comes behind `medium`.
        const ORDER: [Option<Priority>; 5] =
            [Some(Priority::Critical), Some(Priority::High), Some(Priority::Medium), None, Some(Priority::Low)];

        let now = self.now();
        let lease = (now, after(now, self.lease));
        Retry::default().transaction(conn, |conn| {
            let mut claimed = self.take(conn, self.left(now), most, lease)?;
            for priority in ORDER {
                let wanted = most.saturating_sub(u32::try_from(claimed.len()).unwrap_or(most));
                if wanted == 0 {
                    return Ok(claimed);
                }
                let pending = Task::F.status.eq(Status::Pending) & Task::F.priority.eq(priority);
                let free = until_of_claim().is_null() | until_of_claim().le(now);
                claimed.extend(self.take(conn, pending & free & Task::unblocked(), wanted, lease)?);
            }
            self.give_up_at(conn, now)?;
            Ok(claimed)
        })
    }

    /// Makes tasks `failed` that were left to their lease and have no attempts left, and tells how many. A claim that
    /// finds too little does so, too.
    ///
    /// # Errors
    /// [`TaskError::Store`] when the store refuses or fails.
    pub fn give_up<C: GraphConnection>(&self, conn: &mut C) -> Result<usize, TaskError> {
        Ok(self.give_up_at(conn, self.now())?)
    }

    fn give_up_at<C: GraphConnection>(&self, conn: &mut C, now: Timestamp) -> metagraph::Result<usize> {
        let left = expired(now) & attempt_of_claim().ge(self.attempts);
        let given_up =
            self.graph.nodes::<Task>().matching(left).take(conn, |task| task.status = Some(Status::Failed))?;
        Ok(given_up.len())
    }

    /// Tasks that others left to their lease, and that may be tried again.
    fn left(&self, now: Timestamp) -> Predicate<Task> {
        expired(now) & attempt_of_claim().lt(self.attempts)
    }

    fn take<C: GraphConnection>(
        &self,
        conn: &mut C,
        which: Predicate<Task>,
        most: u32,
        (since, until): (Timestamp, Timestamp),
    ) -> metagraph::Result<Vec<Node<Task>>> {
        self.graph.nodes::<Task>().matching(which).limit(most).take(conn, |task| {
            let attempt = task.claim.as_ref().map_or(0, |claim| claim.attempt).saturating_add(1);
            task.status = Some(Status::InProgress);
            task.claim = Some(Claim { worker: self.worker.clone(), since, until, attempt });
        })
    }
}

/// A time so much later, or the last one there is.
pub(super) fn after(now: Timestamp, pause: Duration) -> Timestamp {
    let later = SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok());
    later.unwrap_or(Timestamp::MAX)
}

fn until_of_claim() -> metagraph::Field<Task, Timestamp> {
    Task::F.claim.at("until")
}

fn attempt_of_claim() -> metagraph::Field<Task, u32> {
    Task::F.claim.at("attempt")
}

/// Tasks whose lease ran out; one without a claim is in somebody's hands who asked for none.
fn expired(now: Timestamp) -> Predicate<Task> {
    Task::F.status.eq(Status::InProgress) & until_of_claim().le(now)
}

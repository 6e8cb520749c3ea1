//! What became of claimed tasks.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use metagraph::prelude::*;
use metagraph::{Error, PartOf, Retry, query};

use super::TaskError;
use super::claim::Claim;
use super::kinds::Status;
use super::queue::{TaskQueue, after};
use super::stored::{Dependency, Task};

impl<G> TaskQueue<'_, G>
where
    Task: PartOf<G>,
    Dependency: PartOf<G>,
{
    /// Says that a claimed task is done.
    ///
    /// # Errors
    /// [`TaskError::ClaimLost`] when it is another's by now, and then nothing is written.
    pub fn complete<C: GraphConnection>(&self, conn: &mut C, task: &Node<Task>) -> Result<(), TaskError> {
        self.write(conn, task, complete)?;
        Ok(())
    }

    /// Says that claimed tasks are done, in one transaction and a few statements: all of them, or none.
    ///
    /// # Errors
    /// [`TaskError::ClaimLost`] for one that is another's by now, and then nothing is written.
    pub fn complete_all<C: GraphConnection>(&self, conn: &mut C, tasks: &[Node<Task>]) -> Result<(), TaskError> {
        let claimed: HashMap<&str, &Node<Task>> = tasks.iter().map(|task| (task.key.as_str(), task)).collect();
        Retry::default().transaction(conn, |conn| {
            let completed = RefCell::new(HashSet::new());
            let of_mine = self.graph.nodes::<Task>().matching(query::id().is_in(tasks.iter().map(|task| task.id)));
            let written = of_mine.update(conn, |task| {
                if claimed.get(task.id.as_str()).is_some_and(|claimed| self.is_claimed(task, &claimed.value)) {
                    complete(task);
                    completed.borrow_mut().insert(task.id.clone());
                }
            })?;
            if written == claimed.len() {
                return Ok(());
            }
            let completed = completed.into_inner();
            let lost = claimed.keys().filter(|key| !completed.contains(**key)).min();
            Err(self.lost(lost.copied().unwrap_or_default()))
        })
    }

    /// Gives a claimed task up: it is `failed`, for a human to see, and what depends on it stays blocked.
    ///
    /// # Errors
    /// As [`TaskQueue::complete`].
    pub fn fail<C: GraphConnection>(&self, conn: &mut C, task: &Node<Task>) -> Result<(), TaskError> {
        self.write(conn, task, |task| task.status = Some(Status::Failed))?;
        Ok(())
    }

    /// Puts a claimed task back, to be tried again after a pause; it is `failed` when its attempts are used up. Returns
    /// what it is now.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use metagraph::graphs::task::{Status, Task, TaskQueue, Tasks};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Tasks, _>(conn)?;
    /// # let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
    /// stored.insert(conn, &Task::pending("api", "Wire up the API"))?;
    /// let queue = TaskQueue::new(&stored, "worker 1").attempts(2);
    /// let task = queue.claim(conn, 1)?.remove(0);
    /// assert_eq!(queue.retry(conn, &task, Duration::ZERO)?, Status::Pending);
    /// let task = queue.claim(conn, 1)?.remove(0);
    /// assert_eq!(queue.retry(conn, &task, Duration::ZERO)?, Status::Failed);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`TaskQueue::complete`].
    pub fn retry<C: GraphConnection>(
        &self,
        conn: &mut C,
        task: &Node<Task>,
        pause: Duration,
    ) -> Result<Status, TaskError> {
        let used_up = task.value.claim.as_ref().is_some_and(|claim| claim.attempt >= self.attempts);
        let status = if used_up { Status::Failed } else { Status::Pending };
        let until = after(self.now(), pause);
        self.write(conn, task, |task| {
            task.status = Some(status);
            if let Some(claim) = &mut task.claim {
                claim.until = until;
            }
        })?;
        Ok(status)
    }

    /// Puts a claimed task back as if it had not been taken: for a worker that ends before it began.
    ///
    /// # Errors
    /// As [`TaskQueue::complete`].
    pub fn release<C: GraphConnection>(&self, conn: &mut C, task: &Node<Task>) -> Result<(), TaskError> {
        let now = self.now();
        self.write(conn, task, |task| {
            task.status = Some(Status::Pending);
            let before = task.claim.take().filter(|claim| claim.attempt > 1);
            task.claim = before.map(|claim| Claim { until: now, attempt: claim.attempt - 1, ..claim });
        })?;
        Ok(())
    }

    /// Makes a claim last a whole lease from now on.
    ///
    /// ```
    /// # use metagraph::graphs::task::{Task, TaskQueue, Tasks};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Tasks, _>(conn)?;
    /// # let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
    /// # stored.insert(conn, &Task::pending("api", "Wire up the API"))?;
    /// # let queue = TaskQueue::new(&stored, "worker 1");
    /// let mut task = queue.claim(conn, 1)?.remove(0);
    /// // … half of the work …
    /// queue.renew(conn, &mut task)?;
    /// // … the other half …
    /// queue.complete(conn, &task)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`TaskQueue::complete`].
    pub fn renew<C: GraphConnection>(&self, conn: &mut C, task: &mut Node<Task>) -> Result<(), TaskError> {
        let until = after(self.now(), self.lease);
        let renew = |task: &mut Task| {
            if let Some(claim) = &mut task.claim {
                claim.until = until;
            }
        };
        task.version = self.write(conn, task, renew)?;
        renew(&mut task.value);
        Ok(())
    }

    /// Changes a task while the claim holds with which it was read, and returns its version.
    fn write<C: GraphConnection>(
        &self,
        conn: &mut C,
        claimed: &Node<Task>,
        change: impl Fn(&mut Task),
    ) -> Result<i64, TaskError> {
        let mut version = claimed.version;
        loop {
            match self.graph.update_if(conn, claimed.id, version, &change) {
                Ok(version) => return Ok(version),
                Err(Error::Stale { .. } | Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            // Somebody wrote to it; the claim may hold all the same.
            let now = self.graph.get(conn, claimed.id)?;
            version = match now.filter(|now| self.is_claimed(&now.value, &claimed.value)) {
                Some(now) => now.version,
                None => return Err(self.lost(&claimed.key)),
            };
        }
    }

    fn lost(&self, task: &str) -> TaskError {
        TaskError::ClaimLost { task: task.to_owned(), worker: self.worker.clone() }
    }

    fn is_claimed(&self, now: &Task, claimed: &Task) -> bool {
        let same = |(now, claimed): (&Claim, &Claim)| {
            now.worker == self.worker && (now.since, now.attempt) == (claimed.since, claimed.attempt)
        };
        now.status == Some(Status::InProgress) && now.claim.as_ref().zip(claimed.claim.as_ref()).is_some_and(same)
    }
}

fn complete(task: &mut Task) {
    task.status = Some(Status::Completed);
}

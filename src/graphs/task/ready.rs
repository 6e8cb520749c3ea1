//! What can be done now, and what something waits for.

use metagraph::PartOf;
use metagraph::prelude::*;
use metagraph::query::{self, Predicate};

use super::TaskError;
use super::graph::TaskGraph;
use super::kinds::Status;
use super::stored::{Dependency, Task};

impl Task {
    /// Holds of stored tasks that wait for nothing: all they depend on is completed. For queries of your own.
    ///
    /// ```
    /// use metagraph::graphs::task::{Risk, Status, Task, Tasks};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> metagraph::Result<()> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Tasks, _>(conn)?;
    /// let graph = Graph::<Tasks>::open_or_create(conn, "release")?;
    /// graph.insert(conn, &Task { risk: Some(Risk::High), ..Task::pending("api", "Wire up the API") })?;
    /// let risky = graph.nodes::<Task>().matching(Task::unblocked()).filter(|t| t.risk.eq(Risk::High));
    /// assert_eq!(risky.count(conn)?, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unblocked() -> Predicate<Self> {
        !query::in_::<Dependency, Self, Self>().node(|before| before.status.ne(Status::Completed)).exists()
    }
}

/// The stored tasks that can be begun: pending, and all they depend on is completed. The oldest come first.
///
/// ```
/// use metagraph::graphs::task::{self, TaskGraph, Task, Tasks};
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
/// assert_eq!(task::ready(conn, &stored)?[0].key, "schema");
/// assert_eq!(task::blocked_by(conn, &stored, "api")?[0].key, "schema");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`TaskError::Store`] when the database fails.
pub fn ready<C: GraphConnection, G>(conn: &mut C, stored: &Graph<G>) -> Result<Vec<Node<Task>>, TaskError>
where
    Task: PartOf<G>,
    Dependency: PartOf<G>,
{
    let pending = stored.nodes::<Task>().filter(|task| task.status.eq(Status::Pending));
    Ok(pending.matching(Task::unblocked()).load(conn)?)
}

/// The stored tasks that a task waits for: those it depends on itself and that are not completed.
///
/// ```
/// # use metagraph::graphs::task::{self, Tasks};
/// # use metagraph::prelude::*;
/// # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Tasks, _>(conn)?;
/// # let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
/// let unknown = task::blocked_by(conn, &stored, "api").unwrap_err();
/// assert_eq!(unknown.to_string(), "there is no task `api`: add it first");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`TaskError::NotFound`] when there is no such task.
pub fn blocked_by<C: GraphConnection, G>(
    conn: &mut C,
    stored: &Graph<G>,
    id: &str,
) -> Result<Vec<Node<Task>>, TaskError>
where
    Task: PartOf<G>,
    Dependency: PartOf<G>,
{
    let task = stored.get_by_key::<Task>(conn, id)?.ok_or_else(|| TaskError::NotFound { task: id.to_owned() })?;
    let before = stored.from(task.id).in_::<Dependency>().to::<Task>();
    let open = before.filter(|before| before.status.ne(Status::Completed)).load(conn)?;
    Ok(open.into_iter().map(|reached| reached.node).collect())
}

impl TaskGraph {
    /// The tasks that can be begun: pending, and all they depend on is completed.
    ///
    /// ```
    /// use metagraph::graphs::task::{Status, Task, TaskGraph};
    ///
    /// let mut graph = TaskGraph::new();
    /// graph.add(Task::pending("schema", "Write the schema"))?;
    /// graph.add(Task::pending("api", "Wire up the API"))?;
    /// graph.depend("api", "schema")?;
    /// assert_eq!(graph.blocked_by("api")?, ["schema"]);
    /// graph.update("schema", |task| task.status = Some(Status::Completed))?;
    /// assert_eq!(graph.ready()[0].id, "api");
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn ready(&self) -> Vec<&Task> {
        let pending = self.tasks().enumerate().filter(|(_, task)| task.status == Some(Status::Pending));
        pending.filter(|(place, _)| self.waits_for(*place).next().is_none()).map(|(_, task)| task).collect()
    }

    /// Ids of what a task waits for: what it depends on itself and is not completed.
    ///
    /// # Errors
    /// [`TaskError::NotFound`] when there is no such task.
    pub fn blocked_by(&self, id: &str) -> Result<Vec<&str>, TaskError> {
        Ok(self.ids(self.waits_for(self.place(id)?)))
    }

    fn waits_for(&self, place: usize) -> impl Iterator<Item = usize> {
        let completed = |from: usize| self.task(from).is_some_and(|task| task.status == Some(Status::Completed));
        self.before(place).iter().copied().filter(move |&from| !completed(from))
    }
}

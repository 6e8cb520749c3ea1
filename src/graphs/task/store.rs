//! From the store into memory, and back.

use std::collections::{HashMap, HashSet};

use metagraph::prelude::*;
use metagraph::{Outcome, PartOf, Retry};

use super::TaskError;
use super::graph::TaskGraph;
use super::stored::{Dependency, Task};

/// What a save did with rows of one kind.
///
/// ```
/// use metagraph::graphs::task::Changes;
///
/// assert_eq!(Changes::default().created, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// How many were new.
    pub created: usize,
    /// How many were something else before.
    pub updated: usize,
    /// How many were there as they are.
    pub unchanged: usize,
    /// How many are gone; only [`TaskGraph::mirror`] removes any.
    pub removed: usize,
}

/// What a save did; given by [`TaskGraph::save`] and [`TaskGraph::mirror`].
///
/// ```
/// use metagraph::graphs::task::SavedTasks;
///
/// assert_eq!(SavedTasks::default().tasks.created, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SavedTasks {
    /// With tasks.
    pub tasks: Changes,
    /// With dependencies.
    pub dependencies: Changes,
}

impl TaskGraph {
    /// Reads all tasks and dependencies of a stored graph, in two statements.
    ///
    /// Where others write meanwhile, call it in a transaction that sees one state of the database.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput, Tasks};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Tasks, _>(conn)?;
    /// let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
    /// let tasks = [TaskInput::new("schema", "Schema", [""; 0]), TaskInput::new("api", "API", ["schema"])];
    /// let graph = TaskGraph::from_tasks(&tasks).strict()?;
    /// let saved = graph.save(conn, &stored)?;
    /// assert_eq!((saved.tasks.created, saved.dependencies.created), (2, 1));
    /// assert_eq!(TaskGraph::load(conn, &stored)?, graph);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Store`] when the database fails, or holds what is no task.
    pub fn load<C: GraphConnection, G>(conn: &mut C, stored: &Graph<G>) -> Result<Self, TaskError>
    where
        Task: PartOf<G>,
        Dependency: PartOf<G>,
    {
        let mut graph = Self::new();
        let mut places = HashMap::new();
        for node in stored.nodes::<Task>().load(conn)? {
            places.insert(node.id.raw(), graph.push(node.value));
        }
        for edge in stored.edges::<Dependency>().load(conn)? {
            // What came in between the two statements belongs to the next load.
            if let (Some(&from), Some(&to)) = (places.get(&edge.source.raw()), places.get(&edge.target.raw())) {
                graph.connect(from, to, edge.value.quality_retention);
            }
        }
        Ok(graph)
    }

    /// Stores all tasks and dependencies, in one transaction and a few statements; what is stored and not here stays.
    ///
    /// Workers may go on meanwhile: of a task that one of them took, the claim and the status stay as they are stored, also
    /// when it is done, so that files which still say `pending` do not bring it back.
    ///
    /// ```
    /// use metagraph::graphs::task::{Risk, Task, TaskGraph, Tasks};
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
    /// graph.save(conn, &stored)?;
    ///
    /// graph.update("api", |task| task.risk = Some(Risk::High))?;
    /// let saved = graph.save(conn, &stored)?;
    /// assert_eq!((saved.tasks.updated, saved.tasks.unchanged), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Store`] when the store refuses a task or fails; then nothing is stored.
    pub fn save<C: GraphConnection, G>(&self, conn: &mut C, stored: &Graph<G>) -> Result<SavedTasks, TaskError>
    where
        Task: PartOf<G>,
        Dependency: PartOf<G>,
    {
        Retry::default().transaction(conn, |conn| self.write(conn, stored).map(|(saved, _)| saved))
    }

    /// Stores all tasks and dependencies like [`save`](TaskGraph::save), and removes what is stored and not here: for a
    /// source that says it all, like a folder of task files.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput, Tasks};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> Result<(), metagraph::graphs::task::TaskError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Tasks, _>(conn)?;
    /// let stored = Graph::<Tasks>::open_or_create(conn, "release")?;
    /// let tasks = [TaskInput::new("schema", "Schema", [""; 0]), TaskInput::new("api", "API", ["schema"])];
    /// TaskGraph::from_tasks(&tasks).strict()?.save(conn, &stored)?;
    /// let saved = TaskGraph::from_tasks(&tasks[..1]).strict()?.mirror(conn, &stored)?;
    /// assert_eq!((saved.tasks.removed, saved.dependencies.removed), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`TaskGraph::save`].
    pub fn mirror<C: GraphConnection, G>(&self, conn: &mut C, stored: &Graph<G>) -> Result<SavedTasks, TaskError>
    where
        Task: PartOf<G>,
        Dependency: PartOf<G>,
    {
        Retry::default().transaction(conn, |conn| {
            let (mut saved, kept) = self.write(conn, stored)?;
            let edges = stored.edges::<Dependency>().load(conn)?;
            let ends = |edge: &Edge<Dependency>| (edge.source.raw(), edge.target.raw());
            let gone = edges.iter().filter(|edge| !kept.edges.contains(&ends(edge))).map(|edge| edge.id);
            saved.dependencies.removed = stored.delete_many(conn, gone)?;
            let tasks = stored.nodes::<Task>().select(|_| (metagraph::query::id(),)).load(conn)?;
            let gone =
                tasks.into_iter().map(|(id,)| NodeId::<Task>::from_raw(id)).filter(|id| !kept.tasks.contains(id));
            saved.tasks.removed = stored.delete_many(conn, gone)?;
            Ok(saved)
        })
    }

    fn write<C: GraphConnection, G>(&self, conn: &mut C, stored: &Graph<G>) -> Result<(SavedTasks, Kept), TaskError>
    where
        Task: PartOf<G>,
        Dependency: PartOf<G>,
    {
        let found = stored.find_or_insert_many(conn, self.tasks())?;
        let ids: Vec<NodeId<Task>> = found.iter().map(|row| row.id).collect();
        let known = self.tasks().zip(&found).filter(|(_, row)| row.outcome != Outcome::Created);
        let known: HashMap<&str, &Task> = known.map(|(task, _)| (task.id.as_str(), task)).collect();
        let mut saved = SavedTasks::default();
        if !known.is_empty() {
            let keys: Vec<String> = known.keys().map(|key| (*key).to_owned()).collect();
            saved.tasks.updated = stored.nodes::<Task>().filter(|task| task.id.is_in(keys)).update(conn, |task| {
                if let Some(&newer) = known.get(task.id.as_str()) {
                    *task = over(task, newer);
                }
            })?;
        }
        saved.tasks.created = self.len() - known.len();
        saved.tasks.unchanged = known.len() - saved.tasks.updated;

        let mut edges = Vec::new();
        for (&to, place) in ids.iter().zip(0..) {
            for &before in self.before(place) {
                if let Some(&from) = ids.get(before) {
                    edges.push((from, to, Dependency { quality_retention: self.retention(before, place) }));
                }
            }
        }
        let kept = Kept {
            tasks: ids.into_iter().collect(),
            edges: edges.iter().map(|(from, to, _)| (from.raw(), to.raw())).collect(),
        };
        for row in stored.upsert_edge_many(conn, edges)? {
            match row.outcome {
                Outcome::Created => saved.dependencies.created += 1,
                Outcome::Updated => saved.dependencies.updated += 1,
                _ => saved.dependencies.unchanged += 1,
            }
        }
        Ok((saved, kept))
    }
}

/// What a mirror does not remove.
struct Kept {
    tasks: HashSet<NodeId<Task>>,
    edges: HashSet<(i64, i64)>,
}

/// A stored task as it is written over: what has a claim belongs to the queue.
fn over(stored: &Task, newer: &Task) -> Task {
    let status = if stored.claim.is_some() { stored.status } else { newer.status };
    Task { status, claim: stored.claim.clone(), ..newer.clone() }
}

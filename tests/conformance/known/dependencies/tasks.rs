//! The tasks of a project, each with the tasks that have to be done before.

use metagraph::prelude::*;
use metagraph::query;
use serde_json::{Value, json};

use super::Answers;
use crate::known::load::Data;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Task {
    #[graph(key)]
    id: String,
    name: String,
    status: String,
    scope: String,
    risk: String,
    path: String,
    created: Option<String>,
    modified: Option<String>,
    impact: Option<String>,
    level: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Task, to = Task))]
pub(crate) struct DependsOn {}

#[derive(GraphType)]
#[graph(name = "tasks")]
#[allow(clippy::large_enum_variant, reason = "no value of it is made")]
pub(crate) enum Tasks {
    Task(Task),
    DependsOn(DependsOn),
}

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("tasks/taskgraph-ts")?;
    metagraph::sync::<Tasks, _>(conn).unwrap();
    let graph = Graph::<Tasks>::open_or_create(conn, "taskgraph").unwrap();
    data.insert::<_, Task>(conn, &graph, "task");
    data.connect::<_, DependsOn, Task, Task>(conn, &graph, "dependsOn");
    let acyclic = graph.find_cycle::<DependsOn, Task>(conn).unwrap().is_none();
    Some(Answers::from([
        ("TK-01", json!({"acyclic": acyclic, "levels": levels(conn, &graph)})),
        ("TK-02", longest_chain(conn, &graph)),
        ("TK-03", json!([most_wanted(conn, &graph)])),
    ]))
}

/// How many tasks can be done at once, one query a level: those that need nothing but what is done.
fn levels(conn: &mut impl GraphConnection, graph: &Graph<Tasks>) -> Vec<usize> {
    let mut levels = Vec::new();
    let mut done: Vec<NodeId<Task>> = Vec::new();
    loop {
        let missing = query::out::<DependsOn, Task, Task>().node(|_| query::id().not_in(done.clone()));
        let next = graph.nodes::<Task>().matching(query::id().not_in(done.clone()) & !missing.exists());
        let next = next.load(conn).unwrap();
        if next.is_empty() {
            return levels;
        }
        levels.push(next.len());
        done.extend(next.into_iter().map(|task| task.id));
    }
}

/// A walk that no other exceeds, found by asking for longer ones until there is none.
fn longest_chain(conn: &mut impl GraphConnection, graph: &Graph<Tasks>) -> Value {
    let walk = |conn: &mut _, hops: u32| {
        let later = graph.from_all(graph.nodes::<Task>()).in_::<DependsOn>().to::<Task>().depth(hops..=hops);
        later.walks(conn, 1).unwrap().pop()
    };
    let longest = (1..).map_while(|hops| walk(conn, hops)).last().unwrap();
    let tasks: Vec<_> = graph.get_many(conn, longest.nodes_as::<Task>()).unwrap().into_iter().flatten().collect();
    let (first, last) = (tasks.first().unwrap(), tasks.last().unwrap());
    json!({"tasks": tasks.len(), "first": first.key, "last": last.key})
}

/// The task that most others wait for; no order is about how much a task reaches, so all answers are compared here.
fn most_wanted(conn: &mut impl GraphConnection, graph: &Graph<Tasks>) -> (String, usize) {
    let tasks = graph.nodes::<Task>().load(conn).unwrap();
    let waiting = graph.from_many(tasks.iter().map(|task| task.id)).in_::<DependsOn>().to::<Task>().depth(1..);
    let waiting = waiting.load_each(conn, usize::MAX).unwrap();
    let counts = tasks.into_iter().zip(waiting).map(|(task, waiting)| (task.key, waiting.len()));
    counts.max_by_key(|(_, waiting)| *waiting).unwrap()
}

//! Task graphs: from files, records and JSON into the store and back, and what they answer.

mod figures;

use metagraph::Error;
use metagraph::graphs::task::{
    Dependency, DependencyEdge, Impact, Priority, Problem, Risk, Scope, Status, Task, TaskError, TaskGraph, TaskInput,
    Tasks,
};
use metagraph::prelude::*;
use serde_json::json;

pub(crate) use self::figures::{a_real_lock_file_is_read_leniently, real_tasks_give_the_known_figures};
use crate::harness::Log;
use crate::refusal::refused;
use crate::store::Inspect;

/// An empty graph of tasks.
pub(crate) fn tasks(conn: &mut impl GraphConnection) -> Graph<Tasks> {
    metagraph::sync::<Tasks, _>(conn).unwrap();
    Graph::<Tasks>::open_or_create(conn, "tasks").unwrap()
}

fn some() -> TaskGraph {
    let full = Task {
        priority: Some(Priority::High),
        scope: Some(Scope::System),
        risk: Some(Risk::Critical),
        impact: Some(Impact::Phase),
        level: Some(metagraph::graphs::task::Level::Research),
        ..Task::pending("port", "Port it")
    };
    let tasks = [full, Task::new("docs", "Write it down"), Task::new("a", "After all")];
    let free = DependencyEdge { quality_retention: Some(1.0), ..DependencyEdge::new("port", "a") };
    TaskGraph::from_records(tasks, [DependencyEdge::new("docs", "a"), free]).strict().unwrap()
}

pub(crate) fn a_graph_comes_back_as_it_was_saved(conn: &mut impl GraphConnection) {
    let stored = tasks(conn);
    let mut graph = some();
    let saved = graph.save(conn, &stored).unwrap();
    assert_eq!((saved.tasks.created, saved.dependencies.created), (3, 2));
    assert_eq!(TaskGraph::load(conn, &stored).unwrap(), graph);

    let again = graph.save(conn, &stored).unwrap();
    assert_eq!((again.tasks.unchanged, again.dependencies.unchanged), (3, 2));
    assert_eq!((again.tasks.updated, again.tasks.created, again.dependencies.updated), (0, 0, 0));

    graph.update("docs", |task| task.status = Some(Status::Blocked)).unwrap();
    graph.retain("docs", "a", Some(0.25)).unwrap();
    graph.add(Task::new("more", "And more")).unwrap();
    let changed = graph.save(conn, &stored).unwrap();
    assert_eq!((changed.tasks.updated, changed.tasks.created, changed.dependencies.updated), (1, 1, 1));
    let read = TaskGraph::load(conn, &stored).unwrap();
    assert_eq!(read, graph);
    assert_eq!(TaskGraph::from_json(&read.to_json()).unwrap().strict().unwrap(), graph);
}

pub(crate) fn a_save_takes_few_statements(conn: &mut impl GraphConnection) {
    let stored = tasks(conn);
    let many: Vec<_> = (0..3000)
        .map(|number: u32| {
            let before = [number / 2, number / 3].into_iter().filter(|before| *before < number);
            TaskInput::new(format!("task {number:04}"), "One of many", before.map(|number| format!("task {number:04}")))
        })
        .collect();
    let graph = TaskGraph::from_tasks(&many).strict().unwrap();
    let log = Log::of(conn);
    graph.save(conn, &stored).unwrap();
    let saved = log.queries().len();
    assert!(saved < 130, "{saved} statements for {} tasks", graph.len());
    let read = TaskGraph::load(conn, &stored).unwrap();
    assert_eq!(log.queries().len(), 2);
    assert_eq!(read, graph);
}

pub(crate) fn a_mirror_removes_what_is_gone(conn: &mut impl GraphConnection) {
    let stored = tasks(conn);
    let mut graph = some();
    graph.mirror(conn, &stored).unwrap();
    assert!(graph.remove_dependency("docs", "a"));
    assert!(graph.remove("port"));
    assert!(!graph.remove("port"));
    graph.save(conn, &stored).unwrap();
    assert_eq!(TaskGraph::load(conn, &stored).unwrap(), some());
    let mirrored = graph.mirror(conn, &stored).unwrap();
    assert_eq!((mirrored.tasks.removed, mirrored.dependencies.removed), (1, 2));
    assert_eq!(TaskGraph::load(conn, &stored).unwrap(), graph);
}

pub(crate) fn what_a_task_cannot_be_is_refused(conn: &mut impl Inspect) {
    let stored = tasks(conn);
    let [a, b] = [Task::new("a", "A"), Task::new("b", "B")].map(|task| stored.insert(conn, &task).unwrap());
    let half = Dependency { quality_retention: Some(1.5) };
    let refusal = refused(conn, |conn| stored.connect(conn, a, b, &half));
    assert!(refusal.contains("/qualityRetention: 1.5 is greater than the maximum of 1"), "{refusal}");
    let own = refused(conn, |conn| stored.connect(conn, a, a, &Dependency::default()));
    assert!(own.contains("self loop") || own.contains("itself"), "{own}");
    let done = refused(conn, |conn| stored.patch(conn, a, &json!({"status": "done"})));
    assert!(done.contains("/status"), "{done}");

    let mut graph = TaskGraph::new();
    graph.add(Task::new("nul \0", "Nothing")).unwrap();
    assert!(matches!(graph.validate().as_slice(), [Problem::Field { field, .. }] if field == "id"));
    assert!(matches!(graph.save(conn, &stored), Err(TaskError::Store(Error::InvalidKey { .. }))));
}

pub(crate) fn cycles_are_stored_and_told_of(conn: &mut impl GraphConnection) {
    let stored = tasks(conn);
    let round = [TaskInput::new("a", "A", ["c"]), TaskInput::new("b", "B", ["a"]), TaskInput::new("c", "C", ["b"])];
    TaskGraph::from_tasks(&round).strict().unwrap().save(conn, &stored).unwrap();
    let read = TaskGraph::load(conn, &stored).unwrap();
    assert_eq!(read.validate(), [Problem::Cycle { tasks: ["a", "b", "c"].map(str::to_owned).to_vec() }]);
    assert!(matches!(read.generations(), Err(TaskError::Cycles { cycles }) if cycles.len() == 1));
    assert!(stored.find_cycle::<Dependency, Task>(conn).unwrap().is_some());
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Person {
    #[graph(key)]
    name: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Task))]
struct WorksOn;

#[derive(Debug, GraphType)]
#[graph(name = "office")]
#[allow(clippy::large_enum_variant, reason = "no value of it is made")]
enum Office {
    Person(Person),
    WorksOn(WorksOn),
    #[graph(import)]
    Tasks(Tasks),
}

pub(crate) fn tasks_are_part_of_a_graph_type_of_somebody_else(conn: &mut impl GraphConnection) {
    metagraph::sync::<Office, _>(conn).unwrap();
    let office = Graph::<Office>::open_or_create(conn, "office").unwrap();
    some().save(conn, &office).unwrap();
    let port = metagraph::graphs::task::ready(conn, &office).unwrap().remove(0);
    assert_eq!(port.key, "port");
    let mara = office.insert(conn, &Person { name: "Mara".into() }).unwrap();
    office.connect(conn, mara, port.id, &WorksOn).unwrap();
    let queue = metagraph::graphs::task::TaskQueue::new(&office, "Mara");
    assert_eq!(queue.claim(conn, 9).unwrap().len(), 1);
    let waits: Vec<_> = metagraph::graphs::task::blocked_by(conn, &office, "a").unwrap();
    assert_eq!(waits.iter().map(|task| task.key.as_str()).collect::<Vec<_>>(), ["docs", "port"]);
}

pub(crate) fn attributes_are_stored_as_the_typescript_package_writes_them(conn: &mut impl Inspect) {
    let stored = tasks(conn);
    some().save(conn, &stored).unwrap();
    let attributes = |conn: &mut _, table: &str, which: &str| -> serde_json::Value {
        let sql = format!("SELECT CAST(attributes AS text) AS answer FROM __metagraph_{table} WHERE {which}");
        serde_json::from_str(&Inspect::texts(conn, &sql)[0]).unwrap()
    };
    let full = json!({
        "id": "port", "name": "Port it", "status": "pending", "priority": "high", "scope": "system", "risk": "critical",
        "impact": "phase", "level": "research",
    });
    assert_eq!(attributes(conn, "nodes", "key = 'port'"), full);
    assert_eq!(attributes(conn, "nodes", "key = 'docs'"), json!({"id": "docs", "name": "Write it down"}));
    assert_eq!(
        attributes(conn, "edges", "attributes IS NOT NULL AND CAST(attributes AS text) LIKE '%1%'"),
        json!({"qualityRetention": 1.0})
    );
}

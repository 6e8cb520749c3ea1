//! Figures of real tasks, counted by others, once the tasks went through files and the store.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::{fs, iter};

use metagraph::GraphBackend as _;
use metagraph::graphs::task::{
    Dependency, DependencyEdge, Problem, Propagation, Risk, Scope, Status, Task, TaskFolder, TaskGraph, TaskInput,
    WorkflowCostOptions,
};
use metagraph::prelude::*;
use metagraph_testkit::json_lines;
use serde_json::{Value, json};

use super::tasks;

const TASKS: &str = "tasks/taskgraph-ts";

/// Figures by name: ours, and the known one.
type Figures = BTreeMap<&'static str, (Value, Value)>;

pub(crate) fn real_tasks_give_the_known_figures<C: GraphConnection>(conn: &mut C) {
    let (Some(nodes), Some(edges), Some(known)) =
        (json_lines(format!("{TASKS}/nodes.jsonl.gz")), json_lines(format!("{TASKS}/edges.jsonl.gz")), known())
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), &nodes, &edges);
    let files = TaskFolder::read(folder.path()).unwrap();
    let complaints = files.complaints();

    let mut figures = of_files(&files.lenient());
    figures.insert("files", (json!(files.files.len()), json!(44)));
    figures.insert("complaints", (json!(complaints.len()), json!(1)));
    assert!(complaints[0].contains("task `review/schemas-and-errors`, status: `done` is no status"), "{complaints:?}");

    let stored = tasks(conn);
    TaskGraph::from_tasks(&files.lenient()).strict().unwrap().save(conn, &stored).unwrap();
    let lenient = TaskGraph::load(conn, &stored).unwrap();
    figures.extend(of_the_lenient(&lenient));
    figures.extend(of_the_known(conn, &stored, &lenient, &known));
    let strict = TaskGraph::from_tasks(&files.strict()).strict().unwrap();
    strict.mirror(conn, &stored).unwrap();
    figures.extend(of_the_strict(&files.strict(), &TaskGraph::load(conn, &stored).unwrap()));

    let wrong: Vec<_> = figures.iter().filter(|(_, (ours, known))| ours != known).collect();
    let line =
        format!("task-graph: db={} figures={} equal={}", C::Db::NAME, figures.len(), figures.len() - wrong.len());
    // The harness captures the print macros only, and this line is to be read.
    writeln!(io::stdout().lock(), "\n{line}").unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The tasks as their authors wrote them: `depends_on` as a block, everything unquoted.
fn write_files(folder: &Path, nodes: &[Value], edges: &[Value]) {
    for node in nodes {
        let attributes = node["attributes"].as_object().unwrap();
        let mut text = format!("---\nid: {}\n", node["id"].as_str().unwrap());
        for (name, value) in attributes.iter().filter(|(name, _)| *name != "path") {
            writeln!(text, "{name}: {}", value.as_str().unwrap()).unwrap();
        }
        let before: Vec<_> = edges.iter().filter(|edge| edge["from"][1] == node["id"]).collect();
        text.push_str(if before.is_empty() { "depends_on: []\n" } else { "depends_on:\n" });
        for edge in before {
            writeln!(text, "  - {}", edge["to"][1].as_str().unwrap()).unwrap();
        }
        text.push_str("---\n\n## Description\n");
        let path = folder.join(attributes["path"].as_str().unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(folder.join("tasks/notes.txt"), "no task").unwrap();
}

fn known() -> Option<BTreeMap<String, Value>> {
    let path = metagraph_testkit::shared_data("known-answers.json")?;
    let all: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let named = all.into_iter().map(|mut known| (known["id"].as_str().unwrap().to_owned(), known["expected"].take()));
    Some(named.collect())
}

/// What the files themselves hold.
fn of_files(inputs: &[TaskInput]) -> Figures {
    let count = |which: &dyn Fn(&TaskInput) -> bool| json!(inputs.iter().filter(|input| which(input)).count());
    let ids: BTreeSet<_> = inputs.iter().map(|input| input.id.as_str()).collect();
    let dangling = inputs.iter().flat_map(|input| &input.depends_on).filter(|id| !ids.contains(id.as_str()));
    Figures::from([
        ("ids", (json!(ids.len()), json!(44))),
        ("dangling", (json!(dangling.count()), json!(0))),
        ("impact and level", (count(&|i| !i.impact.is_absent() && !i.level.is_absent()), json!(28))),
        ("created and modified", (count(&|i| !i.created.is_absent() && !i.modified.is_absent()), json!(16))),
        ("priority", (count(&|i| !i.priority.is_absent()), json!(0))),
        ("tags", (count(&|i| i.tags.is_some()), json!(0))),
        ("assignee or due", (count(&|i| !i.assignee.is_absent() || !i.due.is_absent()), json!(0))),
        ("ids with a path", (count(&|i| i.id.contains('/')), json!(44))),
    ])
}

fn of_the_lenient(graph: &TaskGraph) -> Figures {
    let status = |status| json!(graph.tasks().filter(|task| task.status == status).count());
    let scope = |scope| json!(graph.tasks().filter(|task| task.scope == Some(scope)).count());
    let risks = graph.risk_distribution();
    let all = graph.workflow_cost(&WorkflowCostOptions { include_completed: true, ..Default::default() }).unwrap();
    let open = graph.workflow_cost(&WorkflowCostOptions::default()).unwrap();
    let alone =
        WorkflowCostOptions { include_completed: true, propagation: Propagation::Independent, ..Default::default() };
    let alone = graph.workflow_cost(&alone).unwrap();
    let effective = |id: &str| rounded(all.tasks.iter().find(|task| task.task_id == id).unwrap().p_effective, 6);
    let narrow = graph.bottlenecks();
    let bottleneck = |place: usize| json!([narrow[place].task_id, rounded(narrow[place].score, 6)]);
    let path = graph.critical_path().unwrap();
    let alone_equal = alone.tasks.iter().all(|task| (task.p_effective - task.p_intrinsic).abs() < f64::EPSILON);
    Figures::from([
        ("tasks", (json!(graph.len()), json!(44))),
        ("edges", (json!(graph.edges().count()), json!(80))),
        ("completed", (status(Some(Status::Completed)), json!(42))),
        ("pending", (status(Some(Status::Pending)), json!(1))),
        ("without status", (status(None), json!(1))),
        ("narrow", (scope(Scope::Narrow), json!(30))),
        ("moderate", (scope(Scope::Moderate), json!(10))),
        ("single", (scope(Scope::Single), json!(2))),
        ("broad", (scope(Scope::Broad), json!(2))),
        ("low", (json!(risks.low.len()), json!(21))),
        ("medium", (json!(risks.medium.len()), json!(13))),
        ("high", (json!(risks.high.len()), json!(5))),
        ("trivial", (json!(risks.trivial.len()), json!(5))),
        ("critical", (json!(risks.critical.len() + risks.unspecified.len()), json!(0))),
        ("generations", (sizes(graph), json!([13, 8, 3, 3, 7, 5, 3, 1, 1]))),
        ("problems", (json!(graph.validate().len()), json!(0))),
        (
            "critical path",
            (json!([path.len(), path[0], path[8]]), json!([9, "setup/project-init", "review/complete-library"])),
        ),
        ("risk path", (rounded(graph.risk_path().unwrap().total_risk, 6), json!(2.78))),
        ("cost of all", (rounded(all.total_ev, 6), json!(158.5))),
        ("public exports", (effective("api/public-exports"), json!(0.670_715))),
        ("complete library", (effective("review/complete-library"), json!(0.803_699))),
        ("each alone", (json!([alone.tasks.len(), alone_equal]), json!([44, true]))),
        ("cost of what is open", (json!([open.tasks.len(), rounded(open.total_ev, 6)]), json!([2, 16.0]))),
        ("mean cost of what is open", (rounded(open.average_ev, 6), json!(8.0))),
        ("first bottleneck", (bottleneck(0), json!(["graph/taskgraph-class", 0.028_099]))),
        ("second bottleneck", (bottleneck(1), json!(["graph/queries", 0.010_710]))),
        ("bottlenecks", (json!(narrow.len()), json!(44))),
        ("most dependencies", (most(graph, true), json!([16, "api/public-exports"]))),
        ("most dependents", (most(graph, false), json!([8, "graph/queries"]))),
        ("to decompose", (json!(graph.to_decompose().len()), to_decompose(graph))),
    ])
}

/// High risk or broad scope, counted another way.
fn to_decompose(graph: &TaskGraph) -> Value {
    let risky = [Some(Risk::High), Some(Risk::Critical)];
    let wide = [Some(Scope::Broad), Some(Scope::System)];
    json!(graph.tasks().filter(|task| risky.contains(&task.risk) || wide.contains(&task.scope)).count())
}

fn of_the_strict(inputs: &[TaskInput], graph: &TaskGraph) -> Figures {
    let dangling = |problem: &Problem| matches!(problem, Problem::DanglingReference { task, .. } if task == "review/schemas-and-errors");
    let problems = graph.validate();
    Figures::from([
        ("strict: files", (json!(inputs.len()), json!(43))),
        ("strict: tasks", (json!(graph.len()), json!(44))),
        ("strict: edges", (json!(graph.edges().count()), json!(74))),
        ("strict: generations", (sizes(graph), json!([14, 8, 3, 3, 6, 5, 3, 1, 1]))),
        ("strict: critical path", (json!(graph.critical_path().unwrap().len()), json!(9))),
        ("strict: orphans", (json!([problems.len(), problems.iter().all(dangling)]), json!([1, true]))),
        ("strict: most dependencies", (most(graph, true), json!([16, "api/public-exports"]))),
        ("strict: most dependents", (most(graph, false), json!([8, "graph/queries"]))),
    ])
}

/// The questions that others answered, asked of the store where it has a verb for them.
fn of_the_known<C: GraphConnection>(
    conn: &mut C,
    stored: &Graph<metagraph::graphs::task::Tasks>,
    graph: &TaskGraph,
    known: &BTreeMap<String, Value>,
) -> Figures {
    let acyclic = stored.find_cycle::<Dependency, Task>(conn).unwrap().is_none() && !graph.has_cycles();
    let path = graph.critical_path().unwrap();
    let ends = json!({"tasks": path.len(), "first": path[0], "last": path[path.len() - 1]});
    let mut reach = Vec::new();
    for node in stored.nodes::<Task>().load(conn).unwrap() {
        reach.push((stored.descendants::<Dependency, _>(conn, node.id).unwrap().len(), node.key));
    }
    let (widest, task) = reach.into_iter().max().unwrap();
    let order = stored.topological_order::<Dependency, Task>(conn).unwrap();
    Figures::from([
        ("TK-01", (json!({"acyclic": acyclic, "levels": sizes(graph)}), known["TK-01"].clone())),
        ("TK-02", (ends, known["TK-02"].clone())),
        ("TK-03", (json!([[task, widest]]), known["TK-03"].clone())),
        ("order", (json!(order.len()), json!(44))),
    ])
}

fn sizes(graph: &TaskGraph) -> Value {
    json!(graph.generations().unwrap().iter().map(Vec::len).collect::<Vec<_>>())
}

fn most(graph: &TaskGraph, before: bool) -> Value {
    let degree = |task: &Task| {
        let around = if before { graph.dependencies(&task.id) } else { graph.dependents(&task.id) };
        around.unwrap().len()
    };
    let (degree, id) = graph.tasks().map(|task| (degree(task), task.id.as_str())).max().unwrap();
    json!([degree, id])
}

fn rounded(number: f64, digits: i32) -> Value {
    let scale = 10_f64.powi(digits);
    json!((number * scale).round() / scale)
}

/// A lock file with a package that needs itself, which a task graph cannot hold.
pub(crate) fn a_real_lock_file_is_read_leniently(conn: &mut impl GraphConnection) {
    let lines = |file: &str| json_lines(format!("tasks/cargo-rust-analyzer/{file}.jsonl.gz"));
    let (Some(nodes), Some(edges), Some(known)) = (lines("nodes"), lines("edges"), known()) else { return };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tasks_of = nodes.iter().map(|node| Task::new(text(&node["id"]), text(&node["attributes"]["name"])));
    let edges_of = edges.iter().map(|edge| DependencyEdge::new(text(&edge["to"][1]), text(&edge["from"][1])));
    let read = TaskGraph::from_records(tasks_of, edges_of);
    assert_eq!(read.problems, [Problem::DependsOnItself { task: "cfg@0.0.0#path".into() }]);
    assert_eq!(known["CG-01"], json!(["cfg@0.0.0#path"]));
    assert!(read.clone().strict().is_err());

    let graph = read.lenient();
    assert_eq!((graph.len(), graph.edges().count()), (377, 1155));
    let stored = tasks(conn);
    graph.save(conn, &stored).unwrap();
    let loaded = TaskGraph::load(conn, &stored).unwrap();
    assert_eq!(loaded, graph);
    assert!(!loaded.has_cycles());
    let generations = loaded.generations().unwrap();
    assert_eq!(generations.len(), loaded.critical_path().unwrap().len());
    assert_eq!(generations.iter().map(Vec::len).sum::<usize>(), 377);
    let places: BTreeMap<_, _> = iter::zip(loaded.topological_order().unwrap(), 0..).collect();
    assert!(loaded.edges().all(|edge| places[edge.from.as_str()] < places[edge.to.as_str()]));
}

//! The graph as JSON, in the form of graphology, as the TypeScript package reads and writes it.

use serde_json::{Map, Value, json};

use super::TaskError;
use super::fields;
use super::graph::TaskGraph;
use super::input::DependencyEdge;
use super::problem::{Checked, Problem};

impl TaskGraph {
    /// Reads a graph from JSON, as [`to_json`](TaskGraph::to_json) and the TypeScript package write it.
    ///
    /// ```
    /// use metagraph::graphs::task::TaskGraph;
    /// use serde_json::json;
    ///
    /// let read = TaskGraph::from_json(&json!({
    ///     "attributes": {},
    ///     "options": {"type": "directed", "multi": false, "allowSelfLoops": false},
    ///     "nodes": [
    ///         {"key": "schema", "attributes": {"name": "Write the schema", "risk": "huge"}},
    ///         {"key": "api", "attributes": {"name": "Wire up the API"}},
    ///     ],
    ///     "edges": [{"key": "schema->api", "source": "schema", "target": "api", "attributes": {"qualityRetention": 2}}],
    /// }))?;
    /// let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
    /// assert_eq!(told, [
    ///     "task `schema`, risk: `huge` is no risk: write trivial, low, medium, high or critical",
    ///     "task `schema->api`, qualityRetention: it is to be a number from 0 to 1",
    /// ]);
    /// assert_eq!(read.lenient().edges().count(), 1);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Invalid`] when it has no list of `nodes`: then there is nothing that could be kept.
    pub fn from_json(json: &Value) -> Result<Checked<Self>, TaskError> {
        let Some(nodes) = json.get("nodes").and_then(Value::as_array) else {
            return Err(Problem::field("", "nodes", "a graph has a list of `nodes`", json.get("nodes")).into());
        };
        let mut problems = options(json.get("options"));
        let mut graph = Self::new();
        let none = Map::new();
        for node in nodes {
            let Some(key) = node.get("key").and_then(Value::as_str) else {
                problems.push(Problem::field("", "key", "a node needs a `key`, which is a text", Some(node)));
                continue;
            };
            let attributes = node.get("attributes").and_then(Value::as_object).unwrap_or(&none);
            let read = fields::task(key, attributes);
            problems.extend(read.problems);
            if graph.add(read.value).is_err() {
                problems.push(Problem::DuplicateTask { task: key.to_owned() });
            }
        }
        let mut edges = Vec::new();
        match json.get("edges") {
            Some(Value::Array(items)) => edges.extend(items.iter().filter_map(|edge| read_edge(edge, &mut problems))),
            other => problems.push(Problem::field("", "edges", "a graph has a list of `edges`", other)),
        }
        graph.add_records(edges, &mut problems);
        Ok(Checked { value: graph, problems })
    }

    /// The graph as JSON, in the form of graphology.
    ///
    /// ```
    /// use metagraph::graphs::task::{TaskGraph, TaskInput};
    ///
    /// let graph = TaskGraph::from_tasks([&TaskInput::new("api", "Wire up the API", ["schema"])]).strict()?;
    /// let json = graph.to_json();
    /// assert_eq!(json["edges"][0]["key"], "schema->api");
    /// assert_eq!(TaskGraph::from_json(&json)?.strict()?, graph);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    pub fn to_json(&self) -> Value {
        let nodes = self.tasks().map(|task| {
            let mut attributes = serde_json::to_value(task).unwrap_or_default();
            if let Some(attributes) = attributes.as_object_mut() {
                attributes.remove("id");
            }
            json!({"key": task.id, "attributes": attributes})
        });
        let edges = self.edges().map(|edge| {
            let key = edge.to_string();
            json!({"key": key, "source": edge.from, "target": edge.to, "attributes": edge.attributes()})
        });
        json!({
            "attributes": {},
            "options": {"type": "directed", "multi": false, "allowSelfLoops": false},
            "nodes": nodes.collect::<Vec<_>>(),
            "edges": edges.collect::<Vec<_>>(),
        })
    }
}

/// What is said of the graph as a whole can only be one thing.
fn options(given: Option<&Value>) -> Vec<Problem> {
    let fixed = [("type", json!("directed")), ("multi", json!(false)), ("allowSelfLoops", json!(false))];
    let said = |name| given.and_then(|given| given.get(name));
    let wrong = fixed.iter().filter(|(name, value)| said(name) != Some(value));
    wrong
        .map(|(name, value)| {
            let field = format!("options.{name}");
            Problem::field("", &field, format!("a task graph says {value}"), said(name))
        })
        .collect()
}

fn read_edge(edge: &Value, problems: &mut Vec<Problem>) -> Option<DependencyEdge> {
    let end = |name| edge.get(name).and_then(Value::as_str);
    let (Some(from), Some(to)) = (end("source"), end("target")) else {
        let message = "an edge needs a `source` and a `target`, which are texts";
        problems.push(Problem::field("", "edges", message, Some(edge)));
        return None;
    };
    let mut record = DependencyEdge::new(from, to);
    if let Some(given) = edge.get("attributes").and_then(|attributes| attributes.get("qualityRetention")) {
        record.quality_retention = given.as_f64().filter(|quality| (0.0..=1.0).contains(quality));
        if record.quality_retention.is_none() {
            let message = "it is to be a number from 0 to 1";
            problems.push(Problem::field(&record.to_string(), "qualityRetention", message, Some(given)));
        }
    }
    Some(record)
}

//! Tasks from JSON objects, field by field, so that everything that is wrong is told at once.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::input::{Nullable, TaskInput};
use super::kinds::UnknownWord;
use super::problem::{Checked, Problem};
use super::{Task, TaskError};

impl TaskInput {
    /// Reads a task from JSON, as the TypeScript package writes it; `depends_on` will do for `dependsOn`, and members that
    /// a task does not have are left out.
    ///
    /// ```
    /// use metagraph::graphs::task::{Risk, TaskInput};
    /// use serde_json::json;
    ///
    /// let read = TaskInput::from_json(&json!({"id": "api", "name": "API", "depends_on": ["schema"], "risk": "high"}))?;
    /// assert_eq!(read.strict()?.risk.value(), Some(Risk::High));
    ///
    /// let read = TaskInput::from_json(&json!({"id": "api", "dependsOn": "schema", "risk": 7}))?;
    /// assert_eq!(read.problems.len(), 3);
    /// # Ok::<(), metagraph::graphs::task::TaskError>(())
    /// ```
    ///
    /// # Errors
    /// [`TaskError::Invalid`] when it is no object with an `id`: then there is nothing that could be kept.
    pub fn from_json(json: &Value) -> Result<Checked<Self>, TaskError> {
        let object = json.as_object().ok_or_else(|| nameless("a task is an object", json))?;
        let id = match object.get("id") {
            Some(Value::String(id)) => id.clone(),
            Some(other) => return Err(nameless("its `id` is to be a text", other)),
            None => return Err(nameless("it needs an `id`: write one that no other task has", json)),
        };
        let mut fields = Fields::new(&id, object);
        let dependencies = if object.contains_key("dependsOn") { "dependsOn" } else { "depends_on" };
        let value = Self {
            name: fields.name(),
            depends_on: fields.texts(dependencies, true).unwrap_or_default(),
            status: fields.word("status"),
            scope: fields.word("scope"),
            risk: fields.word("risk"),
            impact: fields.word("impact"),
            level: fields.word("level"),
            priority: fields.word("priority"),
            tags: fields.texts("tags", false),
            assignee: fields.text("assignee"),
            due: fields.text("due"),
            created: fields.text("created"),
            modified: fields.text("modified"),
            id: id.clone(),
        };
        Ok(Checked { value, problems: fields.problems })
    }
}

fn nameless(message: &str, value: &Value) -> TaskError {
    Problem::field("", "id", message, Some(value)).into()
}

/// A task of a graph in JSON, whose id is its key.
pub(super) fn task(id: &str, attributes: &Map<String, Value>) -> Checked<Task> {
    let mut fields = Fields::new(id, attributes);
    let value = Task {
        name: fields.name(),
        status: fields.assessed("status"),
        priority: fields.assessed("priority"),
        scope: fields.assessed("scope"),
        risk: fields.assessed("risk"),
        impact: fields.assessed("impact"),
        level: fields.assessed("level"),
        claim: fields.claim(),
        id: id.to_owned(),
    };
    Checked { value, problems: fields.problems }
}

/// The members of an object, and what was wrong with those that were read.
struct Fields<'a> {
    task: &'a str,
    object: &'a Map<String, Value>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    fn new(task: &'a str, object: &'a Map<String, Value>) -> Self {
        Self { task, object, problems: Vec::new() }
    }

    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        let problem = Problem::field(self.task, field, message, self.object.get(field));
        self.problems.push(problem);
    }

    /// The name; the id stands for one that is missing.
    fn name(&mut self) -> String {
        match self.object.get("name") {
            Some(Value::String(name)) => return name.clone(),
            Some(_) => self.wrong("name", "it is to be a text; quote what could be read as something else"),
            None => self.wrong("name", "it is missing: say in a line what is to be done"),
        }
        self.task.to_owned()
    }

    fn text(&mut self, field: &str) -> Nullable<String> {
        match self.object.get(field) {
            None => Nullable::Absent,
            Some(Value::Null) => Nullable::Null,
            Some(Value::String(text)) => Nullable::Value(text.clone()),
            Some(_) => {
                self.wrong(field, "it is to be a text; quote what could be read as something else");
                Nullable::Absent
            }
        }
    }

    fn word<T: FromStr<Err = UnknownWord>>(&mut self, field: &str) -> Nullable<T> {
        match self.text(field) {
            Nullable::Absent => Nullable::Absent,
            Nullable::Null => Nullable::Null,
            Nullable::Value(word) => match word.parse() {
                Ok(kind) => Nullable::Value(kind),
                Err(unknown) => {
                    self.wrong(field, unknown.to_string());
                    Nullable::Absent
                }
            },
        }
    }

    /// A word that may be missing but not null, as stored attributes have them.
    fn assessed<T: FromStr<Err = UnknownWord>>(&mut self, field: &str) -> Option<T> {
        let word = self.word(field);
        if matches!(word, Nullable::Null) {
            self.wrong(field, "it is null: leave it out where nobody assessed it");
        }
        word.value()
    }

    fn texts(&mut self, field: &str, required: bool) -> Option<Vec<String>> {
        match self.object.get(field) {
            Some(Value::Array(items)) => {
                let texts: Vec<String> = items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                if texts.len() < items.len() {
                    self.wrong(field, "all of its items are to be texts");
                }
                return Some(texts);
            }
            Some(_) => self.wrong(field, "it is to be a list of texts"),
            None if required => self.wrong("dependsOn", "it is missing: write `[]` where there are none"),
            None => {}
        }
        None
    }

    fn claim<T: serde::de::DeserializeOwned>(&mut self) -> Option<T> {
        let value = self.object.get("claim")?;
        match T::deserialize(value) {
            Ok(claim) => Some(claim),
            Err(error) => {
                self.wrong("claim", format!("it is no claim: {error}"));
                None
            }
        }
    }
}

//! Task files: Markdown with a task in front of it, as YAML 1.2 between two lines of three dashes.

use saphyr::{LoadableYamlNode as _, Mapping, Scalar, Yaml, YamlEmitter};
use serde_json::{Map, Number, Value};

use super::TaskError;
use super::input::TaskInput;
use super::problem::Checked;

/// A task, and the Markdown behind it.
///
/// ```
/// use metagraph::graphs::task::{Scope, TaskFile};
///
/// let text = "\
/// ---
/// id: api/exports
/// name: Wire up the public API
/// status: pending
/// depends_on:
///   - schema/enums
/// scope: narrow
/// risk: null
/// ---
///
/// The exports of every part.
/// ";
/// let file = TaskFile::parse(text)?.strict()?;
/// assert_eq!(file.task.depends_on, ["schema/enums"]);
/// assert_eq!(file.task.scope.value(), Some(Scope::Narrow));
/// assert_eq!(file.body, "\nThe exports of every part.\n");
/// assert_eq!(TaskFile::parse(&file.to_string())?.strict()?, file);
/// # Ok::<(), metagraph::graphs::task::TaskError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaskFile {
    /// What the front says.
    pub task: TaskInput,
    /// What comes after it.
    pub body: String,
}

impl TaskFile {
    /// Reads a task file. Keys that a task does not have are left out; `depends_on` and `dependsOn` are the same.
    ///
    /// ```
    /// use metagraph::graphs::task::TaskFile;
    ///
    /// let refused = TaskFile::parse("# Wire up the API\n").unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "this is no task file: its first line is not `---`: write the task in YAML between two such lines",
    /// );
    /// ```
    ///
    /// # Errors
    /// [`TaskError::NoTaskFile`] when there is no front, or one that is no YAML mapping; [`TaskError::Invalid`] when it
    /// has no `id`.
    pub fn parse(text: &str) -> Result<Checked<Self>, TaskError> {
        let (front, body) = split(text)?;
        let documents =
            Yaml::load_from_str(front).map_err(|error| no_task_file(format!("its YAML is broken: {error}")))?;
        let json = match documents.as_slice() {
            [Yaml::Mapping(mapping)] => object(mapping)?,
            [] => {
                return Err(no_task_file(
                    "there is nothing between its two lines `---`: write `id: ..` and `name: ..`",
                ));
            }
            _ => return Err(no_task_file("its front is to be one mapping: write `id: ..` and `name: ..`")),
        };
        let read = TaskInput::from_json(&Value::Object(json))?;
        Ok(Checked { value: Self { task: read.value, body: body.to_owned() }, problems: read.problems })
    }
}

/// The order in which fields are written.
const FIELDS: [&str; 14] = [
    "id",
    "name",
    "status",
    "dependsOn",
    "scope",
    "risk",
    "impact",
    "level",
    "priority",
    "tags",
    "assignee",
    "due",
    "created",
    "modified",
];

/// The file as a text: every field that is there, a null as well.
impl std::fmt::Display for TaskFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Ok(json) = serde_json::to_value(&self.task) else { return Err(std::fmt::Error) };
        let fields =
            FIELDS.iter().filter_map(|field| Some((Yaml::Value(Scalar::String((*field).into())), json.get(field)?)));
        let mapping = Yaml::Mapping(fields.map(|(field, value)| (field, yaml(value))).collect());
        let mut front = String::new();
        let Ok(()) = YamlEmitter::new(&mut front).dump(&mapping) else { return Err(std::fmt::Error) };
        let end = if front.ends_with('\n') { "" } else { "\n" };
        write!(f, "{front}{end}---\n{}", self.body)
    }
}

fn no_task_file(reason: impl Into<String>) -> TaskError {
    TaskError::NoTaskFile { reason: reason.into() }
}

/// What is between the first line and the next of three dashes, and what comes after.
fn split(text: &str) -> Result<(&str, &str), TaskError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if !is_fence(first) {
        return Err(no_task_file("its first line is not `---`: write the task in YAML between two such lines"));
    }
    let rest = text.get(first.len()..).unwrap_or_default();
    let mut place = 0;
    for line in lines {
        if is_fence(line) {
            let (front, body) = rest.split_at_checked(place).unwrap_or((rest, ""));
            return Ok((front, body.get(line.len()..).unwrap_or_default()));
        }
        place += line.len();
    }
    Err(no_task_file("its front does not end: write a second line `---` behind it"))
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

fn object(mapping: &Mapping<'_>) -> Result<Map<String, Value>, TaskError> {
    mapping
        .iter()
        .map(|(key, value)| match key {
            Yaml::Value(Scalar::String(key)) => Ok((key.clone().into_owned(), json(value)?)),
            _ => Err(no_task_file("a key is no text: quote what could be read as something else")),
        })
        .collect()
}

fn json(yaml: &Yaml<'_>) -> Result<Value, TaskError> {
    Ok(match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(flag)) => Value::Bool(*flag),
        Yaml::Value(Scalar::Integer(number)) => Value::from(*number),
        Yaml::Value(Scalar::FloatingPoint(number)) => Number::from_f64(number.0).map_or(Value::Null, Value::Number),
        Yaml::Value(Scalar::String(text)) => Value::from(text.as_ref()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        Yaml::Mapping(mapping) => Value::Object(object(mapping)?),
        Yaml::Tagged(_, inner) => json(inner)?,
        _ => return Err(no_task_file("a value of its front cannot be read")),
    })
}

fn yaml(json: &Value) -> Yaml<'_> {
    match json {
        Value::Null => Yaml::Value(Scalar::Null),
        Value::Bool(flag) => Yaml::Value(Scalar::Boolean(*flag)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Yaml::Value(Scalar::Integer(number)),
            (None, Some(number)) => Yaml::Value(Scalar::FloatingPoint(number.into())),
            (None, None) => Yaml::Value(Scalar::Null),
        },
        Value::String(text) => Yaml::Value(Scalar::String(text.into())),
        Value::Array(items) => Yaml::Sequence(items.iter().map(yaml).collect()),
        // A task has none.
        Value::Object(_) => Yaml::BadValue,
    }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::Status;
    use super::super::problem::Problem;
    use super::*;

    fn told(text: &str) -> String {
        TaskFile::parse(text).and_then(Checked::strict).unwrap_err().to_string()
    }

    #[test]
    fn a_front_has_two_fences_of_three_dashes() {
        let parsed = |text: &str| TaskFile::parse(text).map(|file| (file.value.task.id, file.value.body)).ok();
        let a = |body: &str| Some(("a".to_owned(), body.to_owned()));
        assert_eq!(parsed("---\nid: a\n---\nbody\n---\nmore"), a("body\n---\nmore"));
        assert_eq!(parsed("\u{feff}---\r\nid: a\r\n---\r\nbody"), a("body"));
        assert_eq!(parsed("---  \nid: a\n---"), a(""));
        assert_eq!(parsed("---\nid: a\n----\n---\n"), None, "four dashes are YAML that is broken");
        for no_front in ["", "----\nid: a\n---\n", "id: a\n---\n", "\n---\nid: a\n---\n", " ---\nid: a\n---\n"] {
            assert!(told(no_front).contains("its first line is not `---`"), "{no_front:?}");
        }
        assert!(told("---\nid: a\n").contains("does not end"));
        assert!(told("---\n---\n").contains("nothing between"));
    }

    #[test]
    fn a_front_is_one_mapping_of_texts() {
        assert!(told("---\n- id: a\n---\n").contains("one mapping"));
        assert!(told("---\njust text\n---\n").contains("one mapping"));
        assert!(told("---\nid: [a\n---\n").contains("its YAML is broken"));
        assert!(told("---\nid: a\nid: b\n---\n").contains("its YAML is broken"), "a key is there twice");
        assert!(told("---\n1: a\nid: b\n---\n").contains("a key is no text"));
        assert_eq!(told("---\nname: A\n---\n"), "id: it needs an `id`: write one that no other task has");
    }

    #[test]
    fn everything_that_does_not_hold_is_told() {
        let text =
            "---\nid: a\nname: 42\nstatus: done\nscope: 7\ndepends_on: [b, 3]\ndue: 2026-11-29\ntags: x\nown: 1\n---\n";
        let read = TaskFile::parse(text).unwrap();
        let fields = read.problems.iter().map(|problem| match problem {
            Problem::Field { field, .. } => field.as_str(),
            other => panic!("{other}"),
        });
        assert_eq!(fields.collect::<Vec<_>>(), ["name", "depends_on", "status", "scope", "tags"]);
        let kept = read.lenient().task;
        assert_eq!((kept.name.as_str(), kept.depends_on.as_slice()), ("a", ["b".to_owned()].as_slice()));
        assert_eq!(kept.due.value().as_deref(), Some("2026-11-29"), "a date is a text in YAML 1.2");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let hard = [
            "no",
            "~",
            "",
            " a ",
            "1.5",
            "a: b",
            "- a",
            "# a",
            "'\"",
            "a\nb\n",
            "---",
            "\u{1f600}\u{feff}",
            "[a]",
            "\u{85}",
        ];
        for text in hard {
            let mut task = TaskInput::new(text, text, [text]);
            task.tags = Some(vec![text.to_owned()]);
            task.assignee = text.to_owned().into();
            task.status = Status::InProgress.into();
            task.risk = super::super::input::Nullable::Null;
            let file = TaskFile { task, body: format!("{text}\n---\n") };
            let written = file.to_string();
            assert_eq!(TaskFile::parse(&written).unwrap().strict().unwrap(), file, "{written}");
            assert!(written.contains("risk: ~") || written.contains("risk: null"), "{written}");
        }
    }
}

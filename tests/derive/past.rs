//! What a type was before is found in the compiled type, and an upgrade runs on JSON.

use metagraph::definition::{Past, RenamedAttribute, RenamedValue};
use metagraph::document::CompiledType;
use metagraph::{EdgeType, GraphType, NodeType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a task was in the first release.
#[derive(Deserialize, JsonSchema)]
struct OldTask {
    titel: String,
    done: bool,
}

/// And before that, when it was only a mark.
#[derive(Deserialize, JsonSchema)]
struct Mark;

fn from_old(old: OldTask) -> Task {
    Task { title: old.titel, status: if old.done { Status::Done } else { Status::Todo } }
}

impl Task {
    fn from_mark(_: Mark) -> Result<Self, String> {
        Err("a mark has no title".to_owned())
    }
}

impl TryFrom<u8> for Task {
    type Error = std::num::TryFromIntError;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        i8::try_from(number).map(|number| Self { title: number.to_string(), status: Status::Todo })
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Status {
    Todo,
    Done,
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "camelCase")]
#[graph(node, renamed_from = "todo", upgrade = from_old, upgrade = Task::from_mark)]
#[graph(renamed_from = "to-do", upgrade = <Task as TryFrom<u8>>::try_from)]
struct Task {
    #[graph(renamed_from = "titel", renamed_from = "name", index)]
    title: String,
    #[graph(renamed_value(from = "open", to = "todo"), renamed_value(from = "closed", to = "done",))]
    status: Status,
}

#[derive(Deserialize, JsonSchema)]
struct Weighted {
    #[allow(dead_code, reason = "only read")]
    weight: f64,
}

fn unweighted(_: Weighted) -> Needs {
    Needs
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Task, to = Task), renamed_from = "blocks", upgrade = unweighted)]
struct Needs;

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Task, to = Task))]
struct Follows;

#[derive(GraphType)]
#[graph(name = "tasks")]
enum Tasks {
    Task(Task),
    Needs(Needs),
    Follows(Follows),
}

fn upgraded(past: &Past, place: usize, value: Value) -> Result<Value, String> {
    (past.upgrades[place].run)(value)
}

#[test]
fn names_are_found_in_the_compiled_type() {
    let compiled = CompiledType::of::<Tasks>().unwrap();
    let past = &compiled.past().nodes["task"];
    assert_eq!(past.names, ["todo", "to-do"]);
    let title = |before| RenamedAttribute { name: "title", before };
    assert_eq!(past.attributes, [title("titel"), title("name")]);
    let status = |before, name| RenamedValue { attribute: "status", name, before };
    assert_eq!(past.values, [status("open", "todo"), status("closed", "done")]);
    assert_eq!(compiled.past().edges["needs"].names, ["blocks"]);
    let nothing = &compiled.past().edges["follows"];
    assert!(nothing.names.is_empty() && nothing.attributes.is_empty() && nothing.upgrades.is_empty());
}

#[test]
fn nothing_of_it_is_stored() {
    let text = CompiledType::of::<Tasks>().unwrap().text().to_owned();
    for before in ["to-do", "titel", "blocks", "open"] {
        assert!(!text.contains(before), "{before} is in {text}");
    }
}

#[test]
fn functions_are_named_as_they_were_written() {
    let names: Vec<_> = Task::DEFINITION.element.past.upgrades.iter().map(|upgrade| upgrade.function).collect();
    assert_eq!(names, ["from_old", "Task::from_mark", "<Task as TryFrom<u8>>::try_from"]);
}

#[test]
fn an_upgrade_reads_the_earlier_type_and_writes_the_new_one() {
    let past = &Task::DEFINITION.element.past;
    let task = upgraded(past, 0, json!({"titel": "write", "done": true})).unwrap();
    assert_eq!(task, json!({"title": "write", "status": "done"}));
    let refused = upgraded(past, 0, json!({"titel": "write"})).unwrap_err();
    assert_eq!(refused, "not a value of `derive::past::OldTask`: missing field `done`");
    let refused = upgraded(past, 0, json!({})).unwrap_err();
    assert_eq!(refused, "not a value of `derive::past::OldTask`: missing field `titel`");
}

#[test]
fn what_a_function_refuses_comes_back_in_its_words() {
    let past = &Task::DEFINITION.element.past;
    assert_eq!(upgraded(past, 1, json!({})).unwrap_err(), "a mark has no title");
    assert_eq!(upgraded(past, 2, json!(200)).unwrap_err(), "out of range integral type conversion attempted");
    assert!(upgraded(past, 1, json!({"a": 1})).unwrap_err().starts_with("not a value of `derive::past::Mark`"));
}

#[test]
fn a_unit_struct_is_an_empty_object_on_both_sides() {
    let (task, needs) = (Task::DEFINITION.element.past, Needs::DEFINITION.element.past);
    assert_eq!(upgraded(&needs, 0, json!({"weight": 0.5})).unwrap(), json!({}));
    let from = (task.upgrades[1].from)();
    assert_eq!((&from["type"], &from["additionalProperties"]), (&json!("object"), &json!(false)));
}

#[test]
fn the_earlier_schema_is_as_it_would_be_stored() {
    let from = (Task::DEFINITION.element.past.upgrades[0].from)();
    assert_eq!(from["required"], json!(["done", "titel"]));
    assert_eq!(from.get("$schema"), None);
}

#[derive(Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, renamed_from = "todo", renamed_from = "task")]
struct Chore {
    title: String,
}

#[derive(GraphType)]
#[graph(name = "chores")]
enum Chores {
    Task(Task),
    Chore(Chore),
}

#[test]
fn nobody_was_what_another_is_or_was() {
    let refused = CompiledType::of::<Chores>().unwrap_err().to_string();
    expect_test::expect![[r#"
        the graph type `chores` cannot be stored
          `chore`: `renamed_from = "task"` is not clear, for another type has this name now; of stored rows nobody could say whose they are
          `task`: `renamed_from = "todo"` is not clear, for `chore` says the same; of stored rows nobody could say whose they are"#]]
    .assert_eq(&refused);
}

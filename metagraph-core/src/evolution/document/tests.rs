//! A small graph type as it is now, and what was stored before.

use serde_json::{Value, json};

use super::*;
use crate::definition::{
    Direction, EdgeDefinition, EdgeRules, ElementDefinition, FieldDefinition, GraphDefinition, GraphRules,
    IndexDefinition, Member, NodeDefinition, OnDelete, Parallel, RenamedAttribute, RenamedValue, Scope, Shape,
};
use crate::document::IndexDocument;

const TASK: NodeDefinition = NodeDefinition {
    element: ElementDefinition {
        name: "task",
        shape: Shape::Object,
        fields: &[FieldDefinition { name: "title", rust_name: "title", sealed: false, written_otherwise: false }],
        key: Some("title"),
        indexes: &[IndexDefinition { name: "title", fields: &["title"], unique: true }],
        schema: task,
        rust_type: || "Task",
        past: Past {
            names: &["todo", "item"],
            attributes: &[RenamedAttribute { name: "title", before: "name" }],
            values: &[RenamedValue { attribute: "status", name: "finished", before: "done" }],
            upgrades: &[UpgradeDefinition { function: "from_note", from: note, run: Ok }],
        },
    },
    on_delete: OnDelete::Cascade,
};

const NEEDS: EdgeDefinition = EdgeDefinition {
    element: ElementDefinition {
        name: "needs",
        shape: Shape::Unit,
        fields: &[],
        key: None,
        indexes: &[],
        schema: || json!({"title": "Needs", "type": "null"}),
        rust_type: || "Needs",
        past: Past { names: &["waits_for"], ..Past::NONE },
    },
    from: &[&[&TASK]],
    to: &[&[&TASK]],
    rules: EdgeRules { parallel: None, one_out: false, one_in: false, undirected: false, acyclic: true },
};

const TASKS: GraphDefinition = GraphDefinition {
    name: "tasks",
    version: 2,
    scope: Scope::User,
    rules: GraphRules {
        direction: Direction::Directed,
        parallel: Parallel::Unique,
        simple: false,
        self_loops: false,
        acyclic: false,
    },
    members: &[Member::Node(&TASK), Member::Edge(&NEEDS)],
    description: "What is to be done.",
    rust_type: || "Tasks",
};

fn task() -> Value {
    json!({
        "type": "object",
        "required": ["title", "status"],
        "properties": {
            "title": {"type": "string"},
            "status": {"$ref": "#/$defs/Status"},
            "past": {"type": "array", "items": {"$ref": "#/$defs/Status"}},
        },
        "$defs": {"Status": {"type": "string", "enum": ["open", "finished"]}},
    })
}

fn note() -> Value {
    json!({"title": "Note", "type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}})
}

/// The changes in words, after the stored document was made other than the type is now.
#[track_caller]
fn lines(change: impl FnOnce(&mut GraphDocument)) -> Vec<String> {
    let (_, diff) = changed(change);
    diff.to_string().lines().map(str::to_owned).collect()
}

fn changed(change: impl FnOnce(&mut GraphDocument)) -> (GraphDocument, TypeDiff) {
    let compiled = CompiledType::new(&TASKS).unwrap();
    let mut stored = compiled.document().clone();
    change(&mut stored);
    let diff = TypeDiff::between(&stored, &compiled);
    (stored, diff)
}

fn schema(document: &mut GraphDocument) -> &mut Value {
    &mut document.nodes.get_mut("task").unwrap().schema
}

#[test]
fn nothing_changed() {
    assert!(lines(|_| ()).is_empty());
}

#[test]
fn what_the_graph_type_says_of_itself_is_harmless() {
    let lines = lines(|stored| {
        stored.version = 1;
        "system".clone_into(&mut stored.scope);
        stored.description.clear();
        schema(stored)["properties"]["title"]["description"] = json!("In short.");
    });
    assert_eq!(
        lines,
        [
            "the graph type: version 1 became 2 (compatible)",
            "the graph type: the scope `system` became `user` (compatible)",
            "the graph type: its description changed (compatible)",
            "`task`: its description changed (compatible)",
        ]
    );
}

#[test]
fn types_come_and_go() {
    assert_eq!(lines(|stored| stored.edges.clear()), ["`needs`: it is new (compatible)"]);
    let lines = lines(|stored| {
        let task = stored.nodes["task"].clone();
        stored.nodes.insert("person".into(), task);
        stored.edges.get_mut("needs").unwrap().from.push("person".into());
    });
    assert_eq!(
        lines,
        [
            "`person`: it is gone (breaking)",
            "`needs`: edges may not start at `person` any more (undecidable: the rows decide)",
        ]
    );
}

#[test]
fn rules_tighten_and_loosen() {
    let tightened = lines(|stored| {
        stored.config.multi = true;
        stored.config.allow_self_loops = true;
        let needs = stored.edges.get_mut("needs").unwrap();
        (needs.rules.multi, needs.rules.self_loops) = (true, true);
        needs.rules.acyclic.clear();
    });
    assert_eq!(
        tightened,
        [
            "the graph type: an edge may not end where it starts any more (undecidable: the rows decide)",
            "the graph type: only one edge may run between two nodes now (undecidable: the rows decide)",
            "`needs`: an edge may not end where it starts any more (undecidable: the rows decide)",
            "`needs`: only one edge may run between two nodes now (undecidable: the rows decide)",
            "`needs`: edges of the set `edge:needs` may close no cycle now (undecidable: the rows decide)",
        ]
    );
    let loosened = lines(|stored| {
        "undirected".clone_into(&mut stored.config.direction);
        let needs = stored.edges.get_mut("needs").unwrap();
        needs.rules.undirected = true;
        (needs.rules.simple, needs.rules.one_in, needs.rules.one_out) = (true, true, true);
        needs.rules.acyclic.push("graph:tasks".into());
        needs.to.clear();
    });
    assert_eq!(
        loosened,
        [
            "the graph type: it was undirected and is directed (undecidable: the rows decide)",
            "`needs`: its edges have a direction now (undecidable: the rows decide)",
            "`needs`: an edge need not be the only one between two nodes any more (compatible)",
            "`needs`: edges of the set `graph:tasks` may close a cycle now (compatible)",
            "`needs`: any number of edges may leave a node now (compatible)",
            "`needs`: any number of edges may enter a node now (compatible)",
            "`needs`: edges may end at `task` now (compatible)",
        ]
    );
}

#[test]
fn keys_indexes_and_deletions_change() {
    let index = |name: &str, attributes: &[&str], unique| IndexDocument {
        name: name.to_owned(),
        attributes: attributes.iter().map(|&attribute| attribute.to_owned()).collect(),
        unique,
    };
    let lines = lines(|stored| {
        let task = stored.nodes.get_mut("task").unwrap();
        task.key = None;
        task.restrict_delete = true;
        task.indexes = vec![index("by_status", &["status"], false), index("title", &["title"], false)];
    });
    assert_eq!(
        lines,
        [
            "`task`: with a node, its edges are deleted now (compatible)",
            "`task`: its key is `title` now, and was generated (undecidable: the rows decide)",
            "`task`: the index on [\"status\"] is gone (compatible)",
            "`task`: the index on [\"title\"] is gone (compatible)",
            "`task`: there is a new unique rule on [\"title\"] (undecidable: the rows decide)",
        ]
    );
    let class = |attributes: &[&str]| {
        let (_, diff) =
            changed(|stored| stored.nodes.get_mut("task").unwrap().indexes = vec![index("title", attributes, true)]);
        diff.class()
    };
    assert_eq!((class(&["status"]), class(&[])), (Class::Undecidable, Class::Compatible));
}

#[test]
fn types_attributes_and_values_are_renamed() {
    let (stored, diff) = changed(|stored| {
        let mut task = stored.nodes.remove("task").unwrap();
        task.key = Some("name".into());
        task.indexes = vec![IndexDocument { name: "name".into(), attributes: vec!["name".into()], unique: true }];
        task.schema["required"] = json!(["name", "status"]);
        let title = task.schema["properties"].as_object_mut().unwrap().remove("title").unwrap();
        task.schema["properties"]["name"] = title;
        task.schema["$defs"]["Status"]["enum"] = json!(["open", "done"]);
        stored.nodes.insert("todo".into(), task);
        let mut needs = stored.edges.remove("needs").unwrap();
        (needs.from, needs.to) = (vec!["todo".into()], vec!["todo".into()]);
        needs.rules.acyclic = vec!["edge:waits_for".into()];
        stored.edges.insert("waits_for".into(), needs);
    });
    assert_eq!(
        diff.to_string().lines().collect::<Vec<_>>(),
        [
            "`task`: it was called `todo`, and is `task` now (compatible)",
            "`task` /past/*: the value \"finished\" is new (compatible)",
            "`task` /past/*: the value \"done\" is gone (breaking: \"done\" was valid)",
            "`task` /status: the value \"done\" is called \"finished\" now (migratable)",
            "`task` /title: it was called `name`, and is `title` now (migratable)",
            "`needs`: it was called `waits_for`, and is `needs` now (compatible)",
        ]
    );
    assert_eq!(diff.renames.nodes["task"], "todo");
    assert_eq!(diff.renames.edges["needs"], "waits_for");
    assert_eq!(diff.renames.attributes[&Subject::Node("task".into())]["title"], "name");
    assert_eq!(diff.renames.values[&Subject::Node("task".into())][0].before, "done");
    assert!(stored.nodes.contains_key("todo") && !diff.renamed.nodes.contains_key("todo"));
    assert_eq!(diff.renamed.edges["needs"].rules.acyclic, ["edge:needs"]);
    assert_eq!(diff.renamed.nodes["task"].key.as_deref(), Some("title"));
}

#[test]
fn a_name_that_is_still_there_is_not_renamed() {
    let lines = lines(|stored| {
        let task = stored.nodes["task"].clone();
        stored.nodes.insert("todo".into(), task);
        schema(stored)["properties"]["name"] = json!({"type": "string"});
        schema(stored)["$defs"]["Status"]["enum"] = json!(["open", "finished", "done"]);
    });
    assert_eq!(
        lines,
        [
            "`task` /name: it is no longer named (compatible)",
            "`task` /past/*: the value \"done\" is gone (breaking: \"done\" was valid)",
            "`task` /status: the value \"done\" is gone (breaking: \"done\" was valid)",
            "`todo`: it is gone (breaking)",
        ]
    );
}

#[test]
fn an_upgrade_takes_what_is_stored_and_nothing_else() {
    let (_, diff) = changed(|stored| *schema(stored) = without_annotations(&note()));
    let subject = Subject::Node("task".into());
    assert_eq!(diff.upgrades[&subject].function, "from_note");
    assert!(diff.class() == Class::Migratable && diff.changes.len() > 1, "{diff}");
    let (_, diff) = changed(|stored| {
        *schema(stored) = note();
        schema(stored)["properties"]["text"]["maxLength"] = json!(5);
    });
    assert!(diff.upgrades.is_empty());
    assert_eq!(diff.class(), Class::Breaking);
    assert!(changed(|_| ()).1.upgrades.is_empty());
}

#[test]
fn a_stored_schema_that_is_none_is_undecidable() {
    assert_eq!(lines(|stored| *schema(stored) = json!({"$ref": "#/$defs/Nowhere"})).len(), 1);
}

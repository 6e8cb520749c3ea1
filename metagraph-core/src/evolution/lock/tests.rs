use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::document::{GraphConfig, NodeDocument};

fn document(name: &str) -> GraphDocument {
    let schema = json!({
        "type": "object",
        "properties": {"weight": {"type": "number", "minimum": 0.1}, "a \"b\"\n": {"enum": ["é", null, 1, {}, []]}},
        "required": ["weight"],
        "additionalProperties": false,
    });
    let node = NodeDocument { key: None, restrict_delete: false, indexes: Vec::new(), schema };
    GraphDocument {
        name: name.to_owned(),
        version: 1,
        scope: "system".to_owned(),
        description: "What\nit is.".to_owned(),
        config: GraphConfig {
            direction: "directed".to_owned(),
            multi: false,
            simple: false,
            allow_self_loops: true,
            acyclic: false,
        },
        nodes: BTreeMap::from([("thing".to_owned(), node)]),
        edges: BTreeMap::new(),
    }
}

fn lock() -> Lock {
    let documents = ["b", "a"].map(|name| (name.to_owned(), document(name)));
    Lock { documents: documents.into() }
}

fn refused(text: &str) -> String {
    Lock::parse(text).unwrap_err().to_string()
}

#[test]
fn what_was_written_is_read() {
    let text = lock().to_string();
    assert_eq!(Lock::parse(&text).unwrap(), lock());
    assert_eq!(Lock::parse(&text.replace('\n', "\r\n")).unwrap(), lock());
    assert_eq!(Lock::parse(&Lock::new().to_string()).unwrap(), Lock::new());
}

#[test]
fn every_member_and_element_has_a_line_and_keys_are_sorted() {
    let text = lock().to_string();
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    for line in ["\"a\": {", "\"weight\": {", "\"minimum\": 0.1,", "\"é\",", "null,", "{},", "[]", "\"weight\""] {
        assert!(lines.contains(&line), "{line} is no line of\n{text}");
    }
    let place = |line: &str| lines.iter().position(|other| *other == line).unwrap();
    assert!(place("\"a\": {") < place("\"b\": {"));
    assert!(place("\"allowSelfLoops\": true,") < place("\"type\": \"directed\""));
    assert!(text.ends_with("}\n"));
}

#[test]
fn a_change_of_one_member_is_a_change_of_its_line_and_of_the_hash() {
    let before = lock();
    let mut after = lock();
    after.documents.get_mut("a").unwrap().version = 2;
    let (before, after) = (before.to_string(), after.to_string());
    let changed: Vec<_> = before.lines().zip(after.lines()).filter(|(before, after)| before != after).collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert_eq!(changed[0].1.trim(), "\"version\": 2");
    assert!(changed[1].1.trim().starts_with("\"hash\": \""), "{changed:?}");
}

#[test]
fn another_text_is_no_lock() {
    assert_eq!(refused(""), "this is no lock: it begins with \"\" instead of \"# metagraph.lock, format 1\"");
    assert!(refused("# metagraph.lock, format one\n{}").starts_with("this is no lock"));
    assert!(refused("# metagraph.lock, format 99999999999\n{}").starts_with("this is no lock"));
}

#[test]
fn another_format_is_refused() {
    let text = lock().to_string().replacen("format 1", "format 12", 1);
    assert!(matches!(Lock::parse(&text), Err(LockError::Format { found: 12 })));
}

#[test]
fn a_conflict_marker_is_named_with_its_line() {
    let text = lock().to_string();
    for marker in ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> branch"] {
        let (first, rest) = text.split_once('\n').unwrap();
        let merged = format!("{first}\n{marker}\n{rest}");
        assert!(matches!(Lock::parse(&merged), Err(LockError::ConflictMarker { line: 2 })), "{marker}");
    }
}

#[test]
fn a_hash_that_does_not_fit_is_refused() {
    let edited = lock().to_string().replacen("\"minimum\": 0.1", "\"minimum\": 0.2", 1);
    assert!(matches!(Lock::parse(&edited), Err(LockError::Hash { graph_type }) if graph_type == "a"));
}

#[test]
fn a_document_under_another_name_is_refused() {
    let renamed = lock().to_string().replacen("  \"a\": {", "  \"c\": {", 1);
    assert_eq!(refused(&renamed), "the document under `c` is that of `a`; write the lock anew");
}

#[test]
fn broken_json_is_told_with_its_line() {
    let text = lock().to_string();
    let cut: String = text.split_inclusive('\n').take(3).collect();
    assert!(refused(&cut).starts_with("line 4 is not what a lock has there: EOF"), "{}", refused(&cut));
    assert!(refused("# metagraph.lock, format 1.\n[]\n").starts_with("line 2 is not what a lock has there"));
}

#[test]
fn a_text_that_means_the_same_in_other_words_is_refused() {
    let text = lock().to_string();
    assert!(matches!(Lock::parse(&text.replace("  \"b\": {", "    \"b\": {")), Err(LockError::Altered { .. })));
    assert!(matches!(Lock::parse(&text.replacen("reviewed", "read", 1)), Err(LockError::Altered { line: 1 })));
    assert!(matches!(Lock::parse(text.trim_end()), Err(LockError::Altered { .. })));
    // The same type twice: the second would win.
    let (head, body) = text.split_once("{\n").unwrap();
    let first = body.split_once("  \"b\": {").unwrap().0;
    let twice = format!("{head}{{\n{first}{body}");
    assert!(matches!(Lock::parse(&twice), Err(LockError::Altered { .. })));
}

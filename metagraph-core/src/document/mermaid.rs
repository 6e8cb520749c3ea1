//! A graph type as a Mermaid class diagram, for READMEs and reviews.

use std::fmt::Write as _;

use serde_json::Value;

use super::GraphDocument;
use crate::query::source::Step;
use crate::schema::sealed;

impl GraphDocument {
    /// The graph type as a Mermaid class diagram: a class for every node type, an arrow for every pair of types that an
    /// edge type connects.
    ///
    /// ```
    /// # use metagraph_core::document::GraphDocument;
    /// let document: GraphDocument = serde_json::from_value(serde_json::json!({
    ///     "name": "packages", "version": 1, "scope": "system", "description": "",
    ///     "config": {"type": "directed", "multi": false, "simple": false, "allowSelfLoops": false, "acyclic": true},
    ///     "nodes": {"package": {"key": "id", "restrictDelete": false, "indexes": [], "schema": {
    ///         "type": "object", "properties": {"id": {"type": "string"}, "tags": {"type": ["array", "null"]}}
    ///     }}},
    ///     "edges": {"depends_on": {"key": null, "from": ["package"], "to": ["package"], "indexes": [], "rules": {
    ///         "undirected": false, "multi": false, "simple": false, "selfLoops": false, "oneOut": false,
    ///         "oneIn": false, "acyclic": ["graph:packages"]
    ///     }, "schema": {"type": "object"}}}
    /// })).unwrap();
    /// assert_eq!(document.to_mermaid(), "\
    /// classDiagram
    ///     class n0[\"package\"] {
    ///         id string, key
    ///         tags array or null
    ///     }
    ///     n0 --> n0 : depends_on
    /// ");
    /// ```
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("classDiagram\n");
        let place = |name: &String| self.nodes.keys().position(|node| node == name);
        for (number, (name, node)) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "    class n{number}[\"{name}\"] {{");
            let properties = node.schema.get("properties").and_then(Value::as_object);
            for (attribute, schema) in properties.into_iter().flatten() {
                let key = if node.key.as_ref() == Some(attribute) { ", key" } else { "" };
                let kind = match sealed(&node.schema, &[Step::Member(attribute.clone().into())]) {
                    Some(_) => "sealed".to_owned(),
                    None => type_of(schema),
                };
                let _ = writeln!(text, "        {} {kind}{key}", plain(attribute));
            }
            text.push_str("    }\n");
        }
        for (name, edge) in &self.edges {
            let arrow = if edge.rules.undirected { "--" } else { "-->" };
            for (source, target) in edge.from.iter().flat_map(|from| edge.to.iter().map(move |to| (from, to))) {
                if let (Some(source), Some(target)) = (place(source), place(target)) {
                    let _ = writeln!(text, "    n{source} {arrow} n{target} : {name}");
                }
            }
        }
        text
    }
}

/// The type of an attribute in a word or two.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return plain(reference.rsplit('/').next().unwrap_or(reference));
    }
    match schema.get("type") {
        Some(Value::String(one)) => one.clone(),
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => "any".to_owned(),
    }
}

/// A name without what Mermaid would read as syntax.
fn plain(name: &str) -> String {
    name.chars().map(|letter| if letter.is_alphanumeric() || "_.-".contains(letter) { letter } else { '_' }).collect()
}

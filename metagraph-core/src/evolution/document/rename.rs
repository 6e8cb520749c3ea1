//! Names that the author of the types says were others.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::{Aspect, Change, Class, How, Subject};
use super::{Found, past, values};
use crate::definition::{Past, RenamedValue};
use crate::document::{CompiledType, EdgeDocument, GraphDocument, IndexDocument, NodeDocument};
use crate::schema::walk::push;

/// What was renamed in a stored document; names of today lead to those that are stored.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
/// use metagraph_core::evolution::TypeDiff;
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// let diff = TypeDiff::between(compiled.document(), &compiled);
/// assert!(diff.renames.nodes.is_empty() && diff.renames.attributes.is_empty());
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// Node types.
    pub nodes: BTreeMap<String, String>,
    /// Edge types.
    pub edges: BTreeMap<String, String>,
    /// Attributes, by the type that has them.
    pub attributes: BTreeMap<Subject, BTreeMap<String, String>>,
    /// Values of attributes, by the type that has these; the attributes have the names of today.
    pub values: BTreeMap<Subject, Vec<RenamedValue>>,
}

impl Renames {
    /// The schema of a type as it is stored.
    pub(super) fn original<'d>(&self, stored: &'d GraphDocument, subject: &Subject) -> Option<&'d Value> {
        match subject {
            Subject::Graph => None,
            Subject::Node(name) => Some(&stored.nodes.get(self.nodes.get(name).unwrap_or(name))?.schema),
            Subject::Edge(name) => Some(&stored.edges.get(self.edges.get(name).unwrap_or(name))?.schema),
        }
    }
}

/// The stored document with the names of today.
pub(super) fn renamed(stored: &GraphDocument, compiled: &CompiledType, found: &mut Found) -> (GraphDocument, Renames) {
    let (now, past_of) = (compiled.document(), compiled.past());
    let mut document = stored.clone();
    let mut renames = Renames {
        nodes: types(&past_of.nodes, &names(&stored.nodes), &names(&now.nodes)),
        edges: types(&past_of.edges, &names(&stored.edges), &names(&now.edges)),
        ..Renames::default()
    };
    rename_types(&mut document, &renames);
    for (name, before) in &renames.nodes {
        found.renamed(&Subject::Node(name.clone()), String::new(), (before, name), Class::Compatible);
    }
    for (name, before) in &renames.edges {
        found.renamed(&Subject::Edge(name.clone()), String::new(), (before, name), Class::Compatible);
    }
    for (name, node) in &mut document.nodes {
        if let Some(new) = now.nodes.get(name) {
            let NodeDocument { schema, key, indexes, .. } = node;
            let subject = Subject::Node(name.clone());
            let parts = Parts { schema, key, indexes, now: &new.schema, past: past(compiled, &subject) };
            parts.rename(&subject, &mut renames, found);
        }
    }
    for (name, edge) in &mut document.edges {
        if let Some(new) = now.edges.get(name) {
            let EdgeDocument { schema, key, indexes, .. } = edge;
            let subject = Subject::Edge(name.clone());
            let parts = Parts { schema, key, indexes, now: &new.schema, past: past(compiled, &subject) };
            parts.rename(&subject, &mut renames, found);
        }
    }
    (document, renames)
}

fn names<T>(elements: &BTreeMap<String, T>) -> BTreeSet<&str> {
    elements.keys().map(String::as_str).collect()
}

/// Types that are stored under a name that only they had.
fn types(past: &BTreeMap<String, Past>, stored: &BTreeSet<&str>, now: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut free: BTreeSet<&str> = stored.difference(now).copied().collect();
    let mut renames = BTreeMap::new();
    for (name, past) in past.iter().filter(|(name, _)| !stored.contains(name.as_str())) {
        if let Some(before) = past.names.iter().find(|before| free.remove(**before)) {
            renames.insert(name.clone(), (*before).to_owned());
        }
    }
    renames
}

fn rename_types(document: &mut GraphDocument, renames: &Renames) {
    for (name, before) in &renames.nodes {
        if let Some(node) = document.nodes.remove(before) {
            document.nodes.insert(name.clone(), node);
        }
    }
    for (name, before) in &renames.edges {
        if let Some(edge) = document.edges.remove(before) {
            document.edges.insert(name.clone(), edge);
        }
    }
    let replace = |text: &mut String, prefix: &str, names: &BTreeMap<String, String>| {
        let found = names.iter().find(|(_, before)| text.strip_prefix(prefix) == Some(before.as_str()));
        if let Some((name, _)) = found {
            *text = format!("{prefix}{name}");
        }
    };
    for edge in document.edges.values_mut() {
        for ends in [&mut edge.from, &mut edge.to] {
            for end in &mut *ends {
                replace(end, "", &renames.nodes);
            }
            ends.sort_unstable();
        }
        for set in &mut edge.rules.acyclic {
            replace(set, "edge:", &renames.edges);
        }
    }
}

/// The parts of a type in which attributes have names.
struct Parts<'d> {
    schema: &'d mut Value,
    key: &'d mut Option<String>,
    indexes: &'d mut Vec<IndexDocument>,
    now: &'d Value,
    past: Past,
}

impl Parts<'_> {
    fn rename(self, subject: &Subject, renames: &mut Renames, found: &mut Found) {
        for renamed in self.past.attributes {
            let is_renamed = values::has_attribute(self.schema, renamed.before)
                && !values::has_attribute(self.schema, renamed.name)
                && !values::has_attribute(self.now, renamed.before);
            if !is_renamed {
                continue;
            }
            rename_attribute(self.schema, renamed.before, renamed.name);
            let attributes =
                self.indexes.iter_mut().flat_map(|index| index.attributes.iter_mut()).chain(self.key.as_mut());
            for attribute in attributes.filter(|attribute| *attribute == renamed.before) {
                renamed.name.clone_into(attribute);
            }
            for index in self.indexes.iter_mut().filter(|index| index.name == renamed.before) {
                // An index without a name of its own has its attribute's.
                if matches!(index.attributes.as_slice(), [only] if only == renamed.name) {
                    renamed.name.clone_into(&mut index.name);
                }
            }
            let names = renames.attributes.entry(subject.clone()).or_default();
            names.insert(renamed.name.to_owned(), renamed.before.to_owned());
            found.renamed(subject, path(renamed.name), (renamed.before, renamed.name), Class::Migratable);
        }
        self.indexes.sort_by(|one, other| one.name.cmp(&other.name));
        for renamed in self.past.values {
            if values::rename(self.schema, self.now, renamed) {
                renames.values.entry(subject.clone()).or_default().push(*renamed);
                found.renamed(subject, path(renamed.attribute), (renamed.before, renamed.name), Class::Migratable);
            }
        }
    }
}

fn path(attribute: &str) -> String {
    let mut path = String::new();
    push(&mut path, attribute);
    path
}

/// Renames a member wherever the schema speaks of the members of the whole value.
pub(super) fn rename_attribute(schema: &mut Value, before: &str, name: &str) {
    let Value::Object(keywords) = schema else { return };
    for keyword in ["properties", "dependentRequired", "dependentSchemas"] {
        if let Some(Value::Object(members)) = keywords.get_mut(keyword)
            && let Some(member) = members.remove(before)
        {
            members.insert(name.to_owned(), member);
        }
    }
    if let Some(Value::Array(required)) = keywords.get_mut("required") {
        for member in required.iter_mut().filter(|member| *member == before) {
            *member = name.into();
        }
        required.sort_unstable_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in keywords.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            rename_attribute(part, before, name);
        }
    }
}

impl Found {
    fn renamed(&mut self, subject: &Subject, path: String, (before, after): (&str, &str), class: Class) {
        self.changes.push(Change {
            subject: subject.clone(),
            path,
            aspect: Aspect::Name,
            how: How::Changed,
            before: Some(before.into()),
            after: Some(after.into()),
            class,
            counterexample: None,
        });
    }
}

/// The members of an object.
pub(super) fn members(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

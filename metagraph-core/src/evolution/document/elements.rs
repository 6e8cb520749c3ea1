//! Node and edge types: which there are, their schemas, keys and indexes.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

use serde_json::{Value, json};

use super::super::{Aspect, Change, Class, How, SchemaDiff, Subject};
use super::Found;
use crate::document::{GraphDocument, IndexDocument};
use crate::query::source::Step;
use crate::schema::sealed_content;
use crate::schema::walk::{push, visit};

/// The types that both documents have, with their schemas.
pub(super) fn schemas<'d>(
    before: &'d GraphDocument,
    after: &'d GraphDocument,
) -> impl Iterator<Item = (Subject, &'d Value, &'d Value)> {
    let nodes = before
        .nodes
        .iter()
        .filter_map(|(name, node)| Some((Subject::Node(name.clone()), &node.schema, &after.nodes.get(name)?.schema)));
    let edges = before
        .edges
        .iter()
        .filter_map(|(name, edge)| Some((Subject::Edge(name.clone()), &edge.schema, &after.edges.get(name)?.schema)));
    nodes.chain(edges)
}

impl Found {
    /// Compares the schemas of a type; answers which changes these are.
    pub(super) fn compare_schemas(&mut self, subject: &Subject, before: &Value, after: &Value) -> Range<usize> {
        let first = self.changes.len();
        if before == after {
            return first..first;
        }
        self.compare_sealed(subject, before, after);
        if let Ok(diff) = SchemaDiff::between(before, after) {
            for change in diff.changes {
                self.changes.push(Change { subject: subject.clone(), ..change });
            }
        } else {
            // Nothing can be said of a schema that is none.
            let said = (Some(before.clone()), Some(after.clone()));
            self.push(subject, Aspect::Rule, How::Changed, said, Class::Undecidable);
        }
        let end = self.changes.len();
        if explanations(before) != explanations(after) {
            let said = (before.get("description").cloned(), after.get("description").cloned());
            self.push(subject, Aspect::Description, How::Changed, said, Class::Compatible);
        }
        first..end
    }

    /// A function makes new values of old ones, whatever became of the schema.
    /// What is sealed is judged by no schema: only who has the key can say whether it is of the other type.
    fn compare_sealed(&mut self, subject: &Subject, before: &Value, after: &Value) {
        for name in after.get("properties").and_then(Value::as_object).into_iter().flat_map(|members| members.keys()) {
            let steps = [Step::Member(name.clone().into())];
            let (said, says) = (sealed_content(before, &steps), sealed_content(after, &steps));
            if said.is_some() && says.is_some() && said != says {
                let mut path = String::new();
                push(&mut path, name);
                let (subject, how, class) = (subject.clone(), How::Changed, Class::Undecidable);
                let aspect = Aspect::Sealed;
                let (before, after) = (said, says);
                self.changes.push(Change { subject, path, aspect, how, before, after, class, counterexample: None });
            }
        }
    }

    pub(super) fn upgraded(&mut self, changes: Range<usize>) {
        for change in self.changes.get_mut(changes).into_iter().flatten() {
            change.class = change.class.min(Class::Migratable);
        }
    }

    pub(super) fn compare_elements(&mut self, before: &GraphDocument, after: &GraphDocument) {
        self.compare_names(before.nodes.keys(), |name| after.nodes.contains_key(name), Subject::Node, How::Removed);
        self.compare_names(after.nodes.keys(), |name| before.nodes.contains_key(name), Subject::Node, How::Added);
        self.compare_names(before.edges.keys(), |name| after.edges.contains_key(name), Subject::Edge, How::Removed);
        self.compare_names(after.edges.keys(), |name| before.edges.contains_key(name), Subject::Edge, How::Added);
        for (name, old) in &before.nodes {
            let Some(new) = after.nodes.get(name) else { continue };
            let subject = Subject::Node(name.clone());
            self.compare_keys(&subject, old.key.as_deref(), new.key.as_deref());
            self.compare_indexes(&subject, &old.indexes, &new.indexes);
            if old.restrict_delete != new.restrict_delete {
                let how = if new.restrict_delete { How::Added } else { How::Removed };
                let word = |restrict: bool| Some(json!(if restrict { "restrict" } else { "cascade" }));
                let said = (word(old.restrict_delete), word(new.restrict_delete));
                self.push(&subject, Aspect::OnDelete, how, said, Class::Compatible);
            }
        }
        for (name, old) in &before.edges {
            let Some(new) = after.edges.get(name) else { continue };
            let subject = Subject::Edge(name.clone());
            self.compare_keys(&subject, old.key.as_deref(), new.key.as_deref());
            self.compare_indexes(&subject, &old.indexes, &new.indexes);
            self.compare_edges(&subject, old, new);
        }
    }

    fn compare_names<'d>(
        &mut self,
        names: impl Iterator<Item = &'d String>,
        is_there: impl Fn(&str) -> bool,
        subject: impl Fn(String) -> Subject,
        how: How,
    ) {
        for name in names.filter(|name| !is_there(name)) {
            let (said, class) = match how {
                How::Added => ((None, Some(json!(name))), Class::Compatible),
                _ => ((Some(json!(name)), None), Class::Breaking),
            };
            self.push(&subject(name.clone()), Aspect::Element, how, said, class);
        }
    }

    fn compare_keys(&mut self, subject: &Subject, before: Option<&str>, after: Option<&str>) {
        let how = match (before, after) {
            (before, after) if before == after => return,
            (None, _) => How::Added,
            (_, None) => How::Removed,
            _ => How::Changed,
        };
        let said = (before.map(Into::into), after.map(Into::into));
        self.push(subject, Aspect::Key, how, said, Class::Undecidable);
    }

    fn compare_indexes(&mut self, subject: &Subject, before: &[IndexDocument], after: &[IndexDocument]) {
        let by_name = |indexes: &[IndexDocument]| -> BTreeMap<String, IndexDocument> {
            indexes.iter().map(|index| (index.name.clone(), index.clone())).collect()
        };
        let (before, after) = (by_name(before), by_name(after));
        let aspect = |index: &IndexDocument| if index.unique { Aspect::Unique } else { Aspect::Index };
        let on = |index: &IndexDocument| Some(json!(index.attributes));
        for (name, old) in &before {
            let Some(new) = after.get(name).filter(|new| new.unique == old.unique) else {
                self.push(subject, aspect(old), How::Removed, (on(old), None), Class::Compatible);
                continue;
            };
            if old.attributes != new.attributes {
                // What differs in some attributes differs in more.
                let follows = old.attributes.iter().all(|attribute| new.attributes.contains(attribute));
                let class = if new.unique && !follows { Class::Undecidable } else { Class::Compatible };
                self.push(subject, aspect(new), How::Changed, (on(old), on(new)), class);
            }
        }
        for (name, new) in &after {
            if before.get(name).is_none_or(|old| old.unique != new.unique) {
                let class = if new.unique { Class::Undecidable } else { Class::Compatible };
                self.push(subject, aspect(new), How::Added, (None, on(new)), class);
            }
        }
    }
}

/// What is explained anywhere in a schema, by its place.
fn explanations(schema: &Value) -> BTreeMap<String, [Option<Value>; 2]> {
    let mut found = BTreeMap::new();
    let _ = visit::<()>(schema, &mut String::new(), &mut |pointer, part| {
        let said = ["title", "description"].map(|keyword| part.get(keyword).cloned());
        if said.iter().any(Option::is_some) {
            found.insert(pointer.to_owned(), said);
        }
        ControlFlow::Continue(())
    });
    found
}

//! What changed between the stored document of a graph type and the program's.

mod elements;
mod rename;
mod rules;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

pub use rename::Renames;

use super::{Aspect, Change, Class, How, SchemaDiff, Subject};
use crate::definition::{Past, UpgradeDefinition};
use crate::document::{CompiledType, GraphDocument};
use crate::schema::{canonical, without_annotations};

/// Every change between a stored graph type and the one of this program.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
/// use metagraph_core::evolution::{Class, TypeDiff};
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// let mut stored = compiled.document().clone();
/// assert!(TypeDiff::between(&stored, &compiled).changes.is_empty());
///
/// stored.nodes.get_mut("package").unwrap().schema["properties"]["id"]["maxLength"] = 64.into();
/// stored.edges.get_mut("depends_on").unwrap().rules.multi = true;
/// let diff = TypeDiff::between(&stored, &compiled);
/// assert_eq!(diff.class(), Class::Undecidable);
/// assert_eq!(
///     diff.to_string(),
///     "`package` /id: no longer: at most 64 letters (compatible)\n\
///      `depends_on`: only one edge may run between two nodes now (undecidable: the rows decide)"
/// );
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct TypeDiff {
    /// By their subject, then by their place and what they are about.
    pub changes: Vec<Change>,
    /// The stored document with the names of today.
    pub renamed: GraphDocument,
    /// What was renamed in it.
    pub renames: Renames,
    /// The functions that upgrade the rows of a type, by its name today: what is stored is what they take. Where there
    /// is one, it does all that becomes of a row's attributes, and renames are only for reading the changes.
    pub upgrades: BTreeMap<Subject, UpgradeDefinition>,
}

impl TypeDiff {
    /// Compares what is stored with what the program says, after what was renamed.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    /// use metagraph_core::evolution::{Aspect, TypeDiff};
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// let mut stored = compiled.document().clone();
    /// stored.version = 0;
    /// let diff = TypeDiff::between(&stored, &compiled);
    /// assert_eq!(diff.changes[0].aspect, Aspect::Version);
    /// # }
    /// ```
    pub fn between(stored: &GraphDocument, compiled: &CompiledType) -> Self {
        let now = compiled.document();
        let mut found = Found::default();
        let (document, renames) = rename::renamed(stored, compiled, &mut found);
        let mut upgrades = BTreeMap::new();
        for (subject, before, schema) in elements::schemas(&document, now) {
            let changed = found.compare_schemas(&subject, before, schema);
            let past = past(compiled, &subject);
            let original = renames.original(stored, &subject);
            if let Some(upgrade) = original.and_then(|original| upgrade(&past, original, schema)) {
                found.upgraded(changed);
                upgrades.insert(subject, upgrade);
            }
        }
        found.compare_elements(&document, now);
        found.compare_graphs(&document, now);
        Self { changes: found.sorted(), renamed: document, renames, upgrades }
    }

    /// The worst class of all changes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    /// use metagraph_core::evolution::{Class, TypeDiff};
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// let mut stored = compiled.document().clone();
    /// stored.edges.clear();
    /// assert_eq!(TypeDiff::between(&stored, &compiled).class(), Class::Compatible);
    /// # }
    /// ```
    pub fn class(&self) -> Class {
        self.changes.iter().map(|change| change.class).max().unwrap_or(Class::Compatible)
    }
}

impl fmt::Display for TypeDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::words::lines(f, &self.changes)
    }
}

fn past(compiled: &CompiledType, subject: &Subject) -> Past {
    let past = match subject {
        Subject::Graph => None,
        Subject::Node(name) => compiled.past().nodes.get(name),
        Subject::Edge(name) => compiled.past().edges.get(name),
    };
    past.copied().unwrap_or(Past::NONE)
}

/// The function that takes what is stored, where the type has one and needs it.
fn upgrade(past: &Past, stored: &Value, now: &Value) -> Option<UpgradeDefinition> {
    if means_the_same(stored, now) {
        return None;
    }
    past.upgrades.iter().find(|upgrade| means_the_same(stored, &(upgrade.from)())).copied()
}

fn means_the_same(one: &Value, other: &Value) -> bool {
    let plain = |schema: &Value| without_annotations(&canonical::normalized(schema));
    plain(one) == plain(other) || SchemaDiff::between(one, other).is_ok_and(|diff| diff.changes.is_empty())
}

/// The changes that were found.
#[derive(Debug, Default)]
struct Found {
    changes: Vec<Change>,
}

impl Found {
    fn push(
        &mut self,
        subject: &Subject,
        aspect: Aspect,
        how: How,
        said: (Option<Value>, Option<Value>),
        class: Class,
    ) {
        let (before, after) = said;
        let (subject, path) = (subject.clone(), String::new());
        self.changes.push(Change { subject, path, aspect, how, before, after, class, counterexample: None });
    }

    /// Something that is there or not, and is harmless where it is there, or where it is not.
    fn switched(&mut self, subject: &Subject, aspect: Aspect, is: (bool, bool), harmless: How) {
        let (before, after) = is;
        if before != after {
            let how = if after { How::Added } else { How::Removed };
            let class = if how == harmless { Class::Compatible } else { Class::Undecidable };
            self.push(subject, aspect, how, (Some(before.into()), Some(after.into())), class);
        }
    }

    fn sorted(mut self) -> Vec<Change> {
        self.changes.sort_by_cached_key(|change| {
            let said = [&change.before, &change.after].map(|said| said.as_ref().map(crate::schema::canonical_text));
            (change.subject.clone(), change.path.clone(), change.aspect, change.how, said)
        });
        self.changes
    }
}

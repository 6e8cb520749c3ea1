//! Relation models: which relations there are, and what each is made of.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::RelationError;

/// What a relation is made of.
///
/// ```
/// use metagraph::graphs::acl::relations::Rewrite;
///
/// let viewer: Rewrite = serde_json::from_str(r#"{"union": [{"direct": ["user"]}, {"from": ["parent", "viewer"]}]}"#)?;
/// assert!(matches!(viewer, Rewrite::Union(parts) if parts.len() == 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rewrite {
    /// Tuples say so; their subjects are of these forms: `user`, `user:*`, `group#member`.
    Direct(Vec<String>),
    /// Whoever has this other relation to the same object.
    Computed(String),
    /// Whoever has the second relation to what the first relation of the object points at.
    From(String, String),
    /// Whoever has it by any of these.
    Union(Vec<Self>),
    /// Whoever has it by all of these; refused, as no reachability answers it.
    Intersection(Vec<Self>),
    /// Whoever has it by the first and not by the second; refused likewise.
    Exclusion(Vec<Self>),
}

/// A type and one of its relations.
pub(super) type Pair = (String, String);

/// What a relation is made of, taken apart.
#[derive(Debug, Clone, Default)]
struct Parts {
    direct: BTreeSet<String>,
    computed: BTreeSet<String>,
    from: BTreeSet<(String, String)>,
}

/// A relation model of types with relations, checked and ready to be used.
///
/// What can be answered exactly by reachability is taken: tuples, other relations of the same object, relations that come
/// from an object pointed at, unions of them, usersets, and all objects of a type. What cannot is refused with its name.
///
/// ```
/// use metagraph::graphs::acl::relations::RelationModel;
///
/// let model = RelationModel::from_json(r#"{
///     "user": {},
///     "group": {"member": {"direct": ["user", "group#member"]}},
///     "folder": {"viewer": {"direct": ["user", "user:*", "group#member"]}},
///     "document": {
///         "parent": {"direct": ["folder"]},
///         "owner": {"direct": ["user"]},
///         "viewer": {"union": [{"computed": "owner"}, {"from": ["parent", "viewer"]}]}
///     }
/// }"#)?;
/// assert_eq!(model.relations().count(), 5);
/// # Ok::<(), metagraph::graphs::acl::relations::RelationError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RelationModel {
    types: BTreeMap<String, BTreeMap<String, Parts>>,
    /// The relations of an object that imply one of its relations, that one among them.
    implying: BTreeMap<Pair, BTreeSet<String>>,
    /// Those whose holders may turn out to be subjects of something else.
    groups: BTreeSet<Pair>,
}

impl RelationModel {
    /// Reads a model as JSON: types, their relations, and what each is made of.
    ///
    /// # Errors
    /// [`RelationError::NoModel`], and as [`RelationModel::new`].
    pub fn from_json(json: &str) -> Result<Self, RelationError> {
        let types = serde_json::from_str(json).map_err(|error| RelationError::NoModel { reason: error.to_string() })?;
        Self::new(types)
    }

    /// Checks a model.
    ///
    /// # Errors
    /// [`RelationError::Unsupported`] for an intersection or exclusion, [`RelationError::Pointer`] for a `from` that could
    /// mean several things, [`RelationError::Unknown`] for a name that is nothing.
    pub fn new(types: BTreeMap<String, BTreeMap<String, Rewrite>>) -> Result<Self, RelationError> {
        let mut model = Self { types: BTreeMap::new(), implying: BTreeMap::new(), groups: BTreeSet::new() };
        for (kind, relations) in types {
            let known = model.types.entry(kind.clone()).or_default();
            for (relation, rewrite) in relations {
                let mut parts = Parts::default();
                take_apart(rewrite, &mut parts).map_err(|construct| RelationError::Unsupported {
                    relation: format!("{kind}#{relation}"),
                    construct,
                })?;
                known.insert(relation, parts);
            }
        }
        model.check()?;
        for (kind, relation) in model.pairs() {
            let implying = model.closed_over_computed(&kind, &relation);
            model.implying.insert((kind, relation), implying);
        }
        model.find_groups();
        Ok(model)
    }

    /// All relations, each with its type.
    pub fn relations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.types.iter().flat_map(|(kind, relations)| relations.keys().map(|name| (kind.as_str(), name.as_str())))
    }

    fn pairs(&self) -> Vec<Pair> {
        self.relations().map(|(kind, relation)| (kind.to_owned(), relation.to_owned())).collect()
    }

    fn parts(&self, kind: &str, relation: &str) -> Option<&Parts> {
        self.types.get(kind)?.get(relation)
    }

    fn check(&self) -> Result<(), RelationError> {
        for (kind, relations) in &self.types {
            for (relation, parts) in relations {
                for form in &parts.direct {
                    self.check_form(form)?;
                }
                for other in parts.computed.iter().chain(parts.from.iter().map(|(pointer, _)| pointer)) {
                    self.known(kind, other)?;
                }
                for (pointer, there) in &parts.from {
                    self.check_pointer(kind, pointer, there).map_err(|reason| RelationError::Pointer {
                        relation: format!("{kind}#{relation}"),
                        pointer: pointer.clone(),
                        reason,
                    })?;
                }
            }
        }
        Ok(())
    }

    fn check_form(&self, form: &str) -> Result<(), RelationError> {
        match form.split_once('#') {
            Some((kind, relation)) => self.known(kind, relation),
            None if self.types.contains_key(form.strip_suffix(":*").unwrap_or(form)) => Ok(()),
            None => Err(RelationError::Unknown { name: form.to_owned(), known: self.types.keys().cloned().collect() }),
        }
    }

    /// A pointer leads from one object to others: nothing else has one meaning everywhere.
    fn check_pointer(&self, kind: &str, pointer: &str, there: &str) -> Result<(), String> {
        let Some(parts) = self.parts(kind, pointer) else { return Ok(()) };
        if !parts.computed.is_empty() || !parts.from.is_empty() {
            return Err("is made of other relations".to_owned());
        }
        // Where the other type has no such relation, nothing is there in any reading.
        let leads = |form: &&String| {
            let other = form.split_once('#').map(|(kind, _)| kind).or_else(|| form.strip_suffix(":*"));
            other.is_some_and(|other| self.parts(other, there).is_some())
        };
        parts.direct.iter().find(leads).map_or(Ok(()), |form| Err(format!("may be `{form}`")))
    }

    /// Refuses what the model does not have.
    pub(super) fn known(&self, kind: &str, relation: &str) -> Result<(), RelationError> {
        let Some(relations) = self.types.get(kind) else {
            return Err(RelationError::Unknown { name: kind.to_owned(), known: self.types.keys().cloned().collect() });
        };
        if relations.contains_key(relation) {
            return Ok(());
        }
        let known = relations.keys().map(|name| format!("{kind}#{name}")).collect();
        Err(RelationError::Unknown { name: format!("{kind}#{relation}"), known })
    }

    fn closed_over_computed(&self, kind: &str, relation: &str) -> BTreeSet<String> {
        let (mut known, mut open) = (BTreeSet::from([relation.to_owned()]), vec![relation.to_owned()]);
        while let Some(here) = open.pop() {
            let computed = self.parts(kind, &here).into_iter().flat_map(|parts| &parts.computed);
            open.extend(computed.filter(|other| known.insert((*other).clone())).cloned());
        }
        known
    }

    /// Finds the relations whose holders may be subjects: those that stand in a direct list, and those that lead to one of
    /// these by a pointer.
    fn find_groups(&mut self) {
        let forms = self.types.values().flat_map(BTreeMap::values).flat_map(|parts| &parts.direct);
        let usersets = forms.filter_map(|form| form.split_once('#'));
        let mut groups: BTreeSet<Pair> = usersets
            .flat_map(|(kind, relation)| {
                self.implying(kind, relation).map(move |other| (kind.to_owned(), other.clone()))
            })
            .collect();
        loop {
            let mut more = BTreeSet::new();
            for (kind, relation) in &groups {
                for (pointer, there) in self.parts(kind, relation).into_iter().flat_map(|parts| &parts.from) {
                    let kinds = self.parts(kind, pointer).into_iter().flat_map(|parts| &parts.direct);
                    for other in kinds.filter(|form| !form.contains(['#', '*'])) {
                        let implying = self.implying(other, there).map(|relation| (other.clone(), relation.clone()));
                        more.extend(implying.filter(|pair| !groups.contains(pair)));
                    }
                }
            }
            if more.is_empty() {
                break;
            }
            groups.extend(more);
        }
        self.groups = groups;
    }

    /// The relations of an object that imply one, that one among them; none where the type has no such relation.
    pub(super) fn implying(&self, kind: &str, relation: &str) -> impl Iterator<Item = &String> + use<'_> {
        self.implying.get(&(kind.to_owned(), relation.to_owned())).into_iter().flatten()
    }

    /// Whether holders of the relation may be subjects of something else.
    pub(super) fn is_group(&self, kind: &str, relation: &str) -> bool {
        self.groups.contains(&(kind.to_owned(), relation.to_owned()))
    }

    /// The forms of subjects that tuples of the relation may have.
    pub(super) fn allowed(&self, kind: &str, relation: &str) -> Option<&BTreeSet<String>> {
        self.parts(kind, relation).map(|parts| &parts.direct)
    }

    /// The relations of a type that come from what a pointer leads to, with the relation they come from.
    pub(super) fn coming_from<'m>(
        &'m self,
        kind: &str,
        pointer: &'m str,
    ) -> impl Iterator<Item = (&'m String, &'m String)> {
        self.types.get(kind).into_iter().flatten().flat_map(move |(relation, parts)| {
            parts.from.iter().filter(move |(by, _)| by == pointer).map(move |(_, there)| (relation, there))
        })
    }
}

/// Takes a relation apart, or tells what it is that has no parts.
fn take_apart(rewrite: Rewrite, parts: &mut Parts) -> Result<(), &'static str> {
    match rewrite {
        Rewrite::Direct(forms) => parts.direct.extend(forms),
        Rewrite::Computed(relation) => _ = parts.computed.insert(relation),
        Rewrite::From(pointer, relation) => _ = parts.from.insert((pointer, relation)),
        Rewrite::Union(members) => members.into_iter().try_for_each(|member| take_apart(member, parts))?,
        Rewrite::Intersection(_) => return Err("intersection"),
        Rewrite::Exclusion(_) => return Err("exclusion"),
    }
    Ok(())
}

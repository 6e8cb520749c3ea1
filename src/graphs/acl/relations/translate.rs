//! Tuples as edges: a tuple has edges of its own, so that adding or removing it touches nothing else.
//!
//! Relations whose holders may be subjects of something else are roles, the others are resources. Then every way from a
//! subject to a relation goes along memberships first, over one grant, and down containment: what the check of the graph
//! looks for, from both sides, and never into all that a user can see or all who can see a document.

use std::collections::BTreeSet;

use super::super::edges::{BelongsTo, Contains, Holds};
use super::super::stored::{Principal, Resource};
use super::{Object, RelationError, RelationModel, Subject, Tuple};

/// Who has a relation, or a relation of an object, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A principal: a subject itself, or a relation whose holders may be subjects.
    Principal(String),
    /// Any other relation.
    Resource(String),
}

/// Key of the principal that a subject itself is.
pub(super) fn subject_key(name: &str) -> String {
    Principal::account(name).id
}

/// An edge that a tuple has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Made {
    pub(super) from: Place,
    pub(super) to: Place,
    pub(super) tuple: String,
}

impl RelationModel {
    /// Where a relation of an object is stored.
    pub(super) fn place(&self, object: &Object, relation: &str) -> Place {
        if self.is_group(object.kind(), relation) {
            Place::Principal(Principal::role(format!("{object}#{relation}")).id)
        } else {
            Place::Resource(format!("{}#{relation}:{}", object.kind(), object.id()))
        }
    }

    /// The type of resource that a relation of a type is stored as, unless it is stored as principals.
    pub(super) fn resource_type(&self, kind: &str, relation: &str) -> Option<String> {
        (!self.is_group(kind, relation)).then(|| format!("{kind}#{relation}"))
    }

    /// The edges that a tuple has.
    pub(super) fn edges(&self, tuple: &Tuple) -> Result<BTreeSet<Made>, RelationError> {
        let Tuple { subject, relation, object } = tuple;
        self.known(object.kind(), relation)?;
        let allowed = self.allowed(object.kind(), relation);
        if !allowed.is_some_and(|allowed| allowed.contains(&subject.form())) {
            return Err(RelationError::NotAllowed {
                tuple: tuple.to_string(),
                relation: format!("{}#{relation}", object.kind()),
                allowed: allowed.into_iter().flatten().map(|form| format!("`{form}`")).collect(),
            });
        }
        let text = tuple.to_string();
        let made = |from: Place, to: Place| Made { from, to, tuple: text.clone() };
        let to = self.place(object, relation);
        let mut edges = BTreeSet::new();
        match subject {
            Subject::Userset(other, userset) => {
                let implying = self.implying(other.kind(), userset);
                edges.extend(implying.map(|implying| made(self.place(other, implying), to.clone())));
            }
            Subject::All(_) => _ = edges.insert(made(Place::Principal(subject_key(&subject.to_string())), to)),
            Subject::Object(other) => {
                edges.insert(made(Place::Principal(subject_key(&other.to_string())), to));
                for (coming, there) in self.coming_from(object.kind(), relation) {
                    let implying = self.implying(other.kind(), there);
                    edges.extend(implying.map(|there| made(self.place(other, there), self.place(object, coming))));
                }
            }
        }
        edges.retain(|edge| edge.from != edge.to);
        Ok(edges)
    }
}

/// Edges by what they are stored as.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) belongs: Vec<(String, String, BelongsTo)>,
    pub(super) holds: Vec<(String, String, Holds)>,
    pub(super) contains: Vec<(String, String, Contains)>,
}

impl Sorted {
    pub(super) fn new(edges: impl IntoIterator<Item = Made>) -> Self {
        let mut sorted = Self::default();
        for Made { from, to, tuple } in edges {
            match (from, to) {
                (Place::Principal(from), Place::Principal(to)) => {
                    let edge = BelongsTo::of(&from, &to, &tuple);
                    sorted.belongs.push((from, to, edge));
                }
                (Place::Principal(from), Place::Resource(to)) => {
                    let edge = Holds::of(&from, &to, &tuple);
                    sorted.holds.push((from, to, edge));
                }
                (Place::Resource(from), Place::Resource(to)) => {
                    let edge = Contains::of(&from, &to, &tuple);
                    sorted.contains.push((from, to, edge));
                }
                // Whatever leads to a role is a role itself.
                (Place::Resource(_), Place::Principal(_)) => {}
            }
        }
        sorted
    }

    /// The principals and resources at the ends.
    pub(super) fn ends(&self) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let (mut principals, mut resources) = (BTreeSet::new(), BTreeSet::new());
        for (from, to, _) in &self.belongs {
            principals.extend([from.as_str(), to.as_str()]);
        }
        for (from, to, _) in &self.holds {
            principals.insert(from.as_str());
            resources.insert(to.as_str());
        }
        for (from, to, _) in &self.contains {
            resources.extend([from.as_str(), to.as_str()]);
        }
        (principals, resources)
    }
}

/// The principal with this key.
pub(super) fn principal(key: &str) -> Principal {
    match key.split_once(':') {
        Some(("role", id)) => Principal::role(id),
        Some((_, id)) => Principal::account(id),
        None => Principal::account(key),
    }
}

/// The resource with this key.
pub(super) fn resource(key: &str) -> Result<Resource, RelationError> {
    Ok(Resource::named(key)?)
}

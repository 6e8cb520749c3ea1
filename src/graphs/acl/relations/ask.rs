//! Has a subject a relation to an object, why, and to which objects.

use std::collections::BTreeSet;

use metagraph::prelude::*;
use metagraph::query;
use metagraph::traverse::{Between, Closure};

use super::super::circle::Circle;
use super::super::decide::containers;
use super::super::decision::{Decision, Grant};
use super::super::edges::{BelongsTo, Contains, Holds};
use super::super::places::Places;
use super::super::stored::{Acl, Principal, Resource};
use super::super::why::{Step, Why};
use super::translate::{Place, subject_key};
use super::{Object, RelationError, Relations, Subject};

impl Relations {
    /// Whether a subject has a relation to an object; asked of `user:*`, whether everybody has.
    ///
    /// # Errors
    /// [`RelationError::Unknown`] for a type or relation that the model does not have, [`RelationError::InvalidName`] for a
    /// text that names nothing.
    pub fn check(
        &self,
        conn: &mut impl GraphConnection,
        subject: &str,
        relation: &str,
        object: &str,
    ) -> Result<bool, RelationError> {
        let (subject, object): (Subject, Object) = (subject.parse()?, object.parse()?);
        self.model.known(object.kind(), relation)?;
        Ok(self.is_itself(&subject, relation, &object) || self.decide(conn, &subject, relation, &object)?.is_allowed())
    }

    /// By which tuples a subject has a relation to an object, by a shortest way; nothing where it has not.
    ///
    /// # Errors
    /// As [`check`](Relations::check).
    pub fn why(
        &self,
        conn: &mut impl GraphConnection,
        subject: &str,
        relation: &str,
        object: &str,
    ) -> Result<Option<Why>, RelationError> {
        let (subject, object): (Subject, Object) = (subject.parse()?, object.parse()?);
        self.model.known(object.kind(), relation)?;
        if self.is_itself(&subject, relation, &object) {
            return Ok(Some(Why { steps: Vec::new() }));
        }
        let decision = self.decide(conn, &subject, relation, &object)?;
        Ok(decision.why(|principal, relation, tuple| Step::Holds { principal, relation, tuple }))
    }

    /// The objects of a type to which a subject has a relation, in order.
    ///
    /// A list is a handful of statements, and others may write between them: who acts on a single entry checks it.
    ///
    /// # Errors
    /// As [`check`](Relations::check).
    pub fn list_objects(
        &self,
        conn: &mut impl GraphConnection,
        subject: &str,
        relation: &str,
        kind: &str,
    ) -> Result<Vec<String>, RelationError> {
        let subject: Subject = subject.parse()?;
        self.model.known(kind, relation)?;
        let (principals, resource) = self.starts(&subject);
        let graph = self.acl.graph();
        conn.transaction(|conn| {
            let circle = Circle::new(members(graph, &principals).load(conn)?)?;
            let starts: Vec<i64> = principals.iter().filter_map(|key| circle.id(key)).collect();
            let reached: Vec<i64> = circle.reach(&starts, false, |_| false).ids().into_iter().collect();
            let holders = reached.iter().map(|id| NodeId::<Principal>::from_raw(*id));
            let mut held = graph.from_many(holders).out::<Holds>().to::<Resource>().ids(conn)?;
            if let Some(key) = &resource {
                let named = graph.nodes::<Resource>().filter(|_| query::key().eq(key.as_str()));
                held.extend(named.load(conn)?.into_iter().map(|node| node.id));
            }
            let inside = graph.from_many(held).closure().out::<Contains>().load(conn)?;

            let mut objects = BTreeSet::new();
            for implying in self.model.implying(kind, relation) {
                if let Some(resource_type) = self.model.resource_type(kind, implying) {
                    let of_type = inside.nodes.iter().filter(|node| node.value.resource_type == resource_type);
                    objects.extend(of_type.map(|node| format!("{kind}:{}", node.value.resource_id)));
                } else {
                    let keys = reached.iter().map(|id| circle.key(*id));
                    let roles = keys.filter_map(|key| key.strip_prefix("role:")?.strip_suffix(implying.as_str()));
                    let roles = roles.filter_map(|object| object.strip_suffix('#')?.parse::<Object>().ok());
                    objects.extend(roles.filter(|object| object.kind() == kind).map(|object| object.to_string()));
                }
                if let Subject::Userset(object, userset) = &subject
                    && object.kind() == kind
                    && userset == implying
                {
                    objects.insert(object.to_string());
                }
            }
            Ok(objects.into_iter().collect())
        })
    }

    /// Whether the subject is whoever has the relation: that needs no tuple.
    fn is_itself(&self, subject: &Subject, relation: &str, object: &Object) -> bool {
        match subject {
            Subject::Userset(other, userset) => {
                other == object && self.model.implying(object.kind(), relation).any(|implying| implying == userset)
            }
            _ => false,
        }
    }

    /// The principals at which a subject begins, and the resource, where it is a relation whose holders are no subjects.
    fn starts(&self, subject: &Subject) -> (Vec<String>, Option<String>) {
        let own = subject_key(&subject.to_string());
        match subject {
            Subject::Object(object) => {
                (vec![own, subject_key(&Subject::All(object.kind().to_owned()).to_string())], None)
            }
            Subject::All(_) => (vec![own], None),
            Subject::Userset(object, userset) => match self.model.place(object, userset) {
                Place::Principal(key) => (vec![key], None),
                Place::Resource(key) => (Vec::new(), Some(key)),
            },
        }
    }

    fn decide<C: GraphConnection>(
        &self,
        conn: &mut C,
        subject: &Subject,
        relation: &str,
        object: &Object,
    ) -> Result<Decision, RelationError> {
        let graph = self.acl.graph();
        let (principals, resource) = self.starts(subject);
        let goals = self.model.implying(object.kind(), relation).map(|implying| self.model.place(object, implying));
        let (mut roles, mut resources) = (Vec::new(), Vec::new());
        for goal in goals {
            match goal {
                Place::Principal(key) => roles.push(key),
                Place::Resource(key) => resources.push(key),
            }
        }
        let far = containers(graph, resources.clone());
        let Between { near, far, between } = members(graph, &principals).meeting::<Holds, _>(far).load(conn)?;
        let grants = between.into_iter().map(|edge| Grant::new(&edge, edge.value.tuple.clone())).collect();
        let asked: Vec<&str> = resources.iter().map(String::as_str).collect();
        let starts: Vec<&str> = principals.iter().map(String::as_str).collect();
        let decision = Decision::new(Circle::new(near)?, Places::new(far, &asked)?, grants).of(&starts, false, None);
        Ok(decision.or_being(&roles).or_containing(resource.as_deref()))
    }
}

/// The closure of these principals along memberships; a delegation delegates no relation.
fn members<'g>(graph: &'g Graph<Acl>, keys: &[String]) -> Closure<'g, Acl, Principal> {
    let named = graph.nodes::<Principal>().filter(|_| query::key().is_in(keys.iter().cloned()));
    graph.from_all(named).closure().out::<BelongsTo>()
}

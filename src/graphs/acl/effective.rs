//! What a principal has altogether: its own, what its groups have, and what was delegated to it.

use std::collections::{BTreeSet, HashMap};

use metagraph::prelude::*;

use super::circle::{Circle, around, held};
use super::edges::{CanExecute, CanRead, CanWrite, Delegates};
use super::kinds::Action;
use super::stored::{Acl, Principal, Resource, Resources};
use super::{AclError, Authorizer, Identity};

/// An action by resource.
type Granted = (String, String);

impl Authorizer {
    /// The scopes that a principal has: its own, those of its groups, and those that were delegated to it as far as the
    /// delegator may still delegate them. A suspended or unknown principal has none.
    ///
    /// ```
    /// use metagraph::graphs::acl::{Acl, Authorizer, Delegates, Principal};
    ///
    /// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Acl, _>(conn)?;
    /// let acl = Authorizer::open(conn, "production")?;
    /// acl.add(conn, &Principal::account("mara").with_scopes(["call:read", "call:write"]))?;
    /// acl.add(conn, &Principal::service("ci"))?;
    /// acl.delegate(conn, "account:mara", "service:ci", &Delegates::scopes(["call:read"]))?;
    /// assert_eq!(acl.scopes(conn, "service:ci")?, ["call:read"]);
    ///
    /// acl.set_scopes(conn, "account:mara", &["call:write"])?;
    /// assert!(acl.scopes(conn, "service:ci")?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn scopes(&self, conn: &mut impl GraphConnection, principal: &str) -> Result<Vec<String>, AclError> {
        let circle = Circle::new(around(conn, &self.graph, &[principal])?)?;
        Ok(scopes_of(&circle, principal, false).into_iter().collect())
    }

    /// What a principal has for the flat [`check`](super::check()): its scopes, and its actions by resource, granted ones
    /// among them. What is inside of a granted resource is not listed; the graph knows it.
    ///
    /// It is as large as there are resources that it was granted: to ask about one of them,
    /// [`Authorizer::check`] is the way.
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn identity(&self, conn: &mut impl GraphConnection, principal: &str) -> Result<Identity, AclError> {
        let (circle, granted) = self.granted(conn, principal)?;
        let resources = resources_of(&circle, principal, false, &granted);
        let mut listed = Resources::new();
        for (resource, action) in resources {
            listed.entry(resource).or_default().push(action);
        }
        Ok(Identity {
            id: principal.to_owned(),
            scopes: scopes_of(&circle, principal, false).into_iter().collect(),
            resources: (!listed.is_empty()).then_some(listed),
        })
    }

    /// The principals around one, and what each of them was granted itself. What links them is read before and behind the
    /// grants, so that nothing is put together that was never there at once.
    pub(super) fn granted<C: GraphConnection>(
        &self,
        conn: &mut C,
        principal: &str,
    ) -> Result<(Circle, HashMap<i64, BTreeSet<Granted>>), AclError> {
        let before = around(conn, &self.graph, &[principal])?;
        let ids: Vec<NodeId<Principal>> = before.nodes.iter().map(|node| node.id).collect();
        let mut granted = HashMap::new();
        self.granted_by::<C, CanRead>(conn, &ids, Action::Read, &mut granted)?;
        self.granted_by::<C, CanWrite>(conn, &ids, Action::Write, &mut granted)?;
        self.granted_by::<C, CanExecute>(conn, &ids, Action::Execute, &mut granted)?;
        let circle = if granted.is_empty() { before } else { held(around(conn, &self.graph, &[principal])?, &before) };
        Ok((Circle::new(circle)?, granted))
    }

    fn granted_by<C: GraphConnection, E>(
        &self,
        conn: &mut C,
        ids: &[NodeId<Principal>],
        action: Action,
        granted: &mut HashMap<i64, BTreeSet<Granted>>,
    ) -> Result<(), AclError>
    where
        E: Connects<Principal, Resource> + PartOf<Acl>,
    {
        for (principal, (_, resource)) in
            self.graph.from_many(ids.iter().copied()).out::<E>().to::<Resource>().rows().load(conn)?
        {
            let granted = granted.entry(principal.id.raw()).or_default();
            granted.insert((resource.key, action.as_str().to_owned()));
        }
        Ok(())
    }
}

/// The scopes that a principal has, or that it may delegate on.
pub(super) fn scopes_of(circle: &Circle, principal: &str, onward: bool) -> BTreeSet<String> {
    let Some(id) = circle.id(principal) else { return BTreeSet::new() };
    let narrowed = |delegates: &Delegates, scopes: &BTreeSet<String>| {
        delegates.narrowed_scopes.iter().filter(|scope| scopes.contains(*scope)).cloned().collect()
    };
    circle.effective((id, onward), |_, principal| principal.scopes.iter().cloned().collect(), narrowed)
}

/// The actions by resource that a principal has, or that it may delegate on.
pub(super) fn resources_of(
    circle: &Circle,
    principal: &str,
    onward: bool,
    granted: &HashMap<i64, BTreeSet<Granted>>,
) -> BTreeSet<Granted> {
    let Some(id) = circle.id(principal) else { return BTreeSet::new() };
    let own = |id: i64, principal: &Principal| {
        let mut own = granted.get(&id).cloned().unwrap_or_default();
        own.extend(listed(principal.resources.as_ref()));
        own
    };
    let narrowed = |delegates: &Delegates, held: &BTreeSet<Granted>| {
        let narrowed: Vec<Granted> = listed(delegates.narrowed_resources.as_ref()).collect();
        let pairs = held.iter().flat_map(|held| narrowed.iter().map(move |narrowed| (held, narrowed)));
        pairs.filter_map(|(held, narrowed)| both(held, narrowed)).collect()
    };
    circle.effective((id, onward), own, narrowed)
}

/// Actions by resource, one by one.
pub(super) fn listed(resources: Option<&Resources>) -> impl Iterator<Item = Granted> {
    let resources = resources.into_iter().flatten();
    resources.flat_map(|(key, actions)| actions.iter().map(move |action| (key.clone(), action.clone())))
}

/// What two entries have in common: a type stands for all resources of it.
pub(super) fn both((one, action): &Granted, (other, same): &Granted) -> Option<Granted> {
    let of_type = |key: &str, kind: &str| key.split_once(':').is_some_and(|(of, _)| of == kind);
    if action != same {
        return None;
    }
    let key = if one == other || of_type(one, other) {
        one
    } else if of_type(other, one) {
        other
    } else {
        return None;
    };
    Some((key.clone(), action.clone()))
}

//! May somebody do something with something, and why.

use metagraph::prelude::*;
use metagraph::query;
use metagraph::traverse::{Between, Closure};

use super::circle::{Circle, closure};
use super::decision::{Covered, Decision, Grant};
use super::edges::{CanExecute, CanRead, CanWrite, Contains};
use super::kinds::Action;
use super::places::Places;
use super::stored::{Acl, Principal, Resource};
use super::why::{Step, Why};
use super::{AclError, Authorizer};

impl Authorizer {
    /// Whether a principal may do something with a resource: by a grant on it or on a container of it, to the principal, to
    /// a group it belongs to, or to somebody who delegated it.
    ///
    /// It is one statement whatever the depth, so what it finds was all true at one moment. It costs as much as there are
    /// groups and delegators of the principal times containers of the resource, and nothing for how many grants they have.
    /// Who or what is unknown is denied, and so is who is suspended.
    ///
    /// The [`resources`](Principal::resources) that a principal lists for the flat check are no grants here.
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn check(
        &self,
        conn: &mut impl GraphConnection,
        principal: &str,
        action: Action,
        resource: &str,
    ) -> Result<bool, AclError> {
        Ok(self.decide(conn, (principal, false), action, resource)?.is_allowed())
    }

    /// Refuses what [`check`](Authorizer::check) denies.
    ///
    /// ```
    /// # use metagraph::graphs::acl::{Acl, Action, Authorizer, Principal};
    /// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Acl, _>(conn)?;
    /// # let acl = Authorizer::open(conn, "production")?;
    /// let denied = acl.require(conn, "account:mara", Action::Read, "document:roadmap").unwrap_err();
    /// assert_eq!(denied.to_string(), "`account:mara` may not read `document:roadmap`");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`AclError::Denied`].
    pub fn require(
        &self,
        conn: &mut impl GraphConnection,
        principal: &str,
        action: Action,
        resource: &str,
    ) -> Result<(), AclError> {
        if self.check(conn, principal, action, resource)? {
            return Ok(());
        }
        Err(AclError::Denied { principal: principal.to_owned(), action, resource: resource.to_owned() })
    }

    /// By which way a principal may do something with a resource, a shortest one; nothing where it may not.
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn why(
        &self,
        conn: &mut impl GraphConnection,
        principal: &str,
        action: Action,
        resource: &str,
    ) -> Result<Option<Why>, AclError> {
        let decision = self.decide(conn, (principal, false), action, resource)?;
        Ok(decision.why(|principal, resource, _| Step::May { principal, action, resource }))
    }

    /// Whether a principal may do something, or, where it is asked `onward`, may delegate it on.
    pub(super) fn decide<C: GraphConnection>(
        &self,
        conn: &mut C,
        asked: (&str, bool),
        action: Action,
        resource: &str,
    ) -> Result<Decision, AclError> {
        let near = closure(&self.graph, &[asked.0]);
        let far = containers(&self.graph, vec![resource.to_owned()]);
        let about = (action, resource);
        match action {
            Action::Read => decided::<C, CanRead>(conn, near, far, asked, about),
            Action::Write => decided::<C, CanWrite>(conn, near, far, asked, about),
            Action::Execute => decided::<C, CanExecute>(conn, near, far, asked, about),
        }
    }
}

/// The closure of these resources: what contains them.
pub(super) fn containers(graph: &Graph<Acl>, keys: Vec<String>) -> Closure<'_, Acl, Resource> {
    let named = graph.nodes::<Resource>().filter(|_| query::key().is_in(keys));
    graph.from_all(named).closure().in_::<Contains>()
}

fn decided<C: GraphConnection, E>(
    conn: &mut C,
    near: Closure<'_, Acl, Principal>,
    far: Closure<'_, Acl, Resource>,
    (principal, onward): (&str, bool),
    (action, resource): (Action, &str),
) -> Result<Decision, AclError>
where
    E: Connects<Principal, Resource> + PartOf<Acl>,
{
    let Between { near, far, between } = near.meeting::<E, _>(far).load(conn)?;
    let places = Places::new(far, &[resource])?;
    let covered = Covered::new(action, places.names());
    let grants = between.iter().map(|edge| Grant::new(edge, None)).collect();
    Ok(Decision::new(Circle::new(near)?, places, grants).of(&[principal], onward, Some(covered)))
}

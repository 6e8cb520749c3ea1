//! Delegations: no more than the delegator has, when they are written and ever after.

use metagraph::prelude::*;
use metagraph::{Error, Outcome};

use super::edges::Delegates;
use super::effective::{both, listed, resources_of, scopes_of};
use super::kinds::Action;
use super::stored::Principal;
use super::{AclError, Authorizer};

impl Authorizer {
    /// Lets a principal act for another, within what the delegation names; in place of an earlier delegation between them.
    /// Returns whether there was none before.
    ///
    /// What the delegator has not, or has by a delegation that is not narrowable, is refused. What it loses later, the
    /// delegate loses with it: a delegation is narrowed anew whenever it is used, so it does not matter who writes first.
    ///
    /// ```
    /// use metagraph::graphs::acl::{Acl, Action, Authorizer, Delegates, Principal};
    ///
    /// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Acl, _>(conn)?;
    /// # let acl = Authorizer::open(conn, "production")?;
    /// acl.add(conn, &Principal::account("mara").with_scopes(["call:read"]))?;
    /// acl.add(conn, &Principal::service("ci"))?;
    /// acl.grant(conn, "account:mara", Action::Read, "document:roadmap")?;
    ///
    /// let reads = Delegates::scopes(["call:read"]).with("document", ["read"]);
    /// acl.delegate(conn, "account:mara", "service:ci", &reads)?;
    /// assert!(acl.check(conn, "service:ci", Action::Read, "document:roadmap")?);
    ///
    /// let refused = acl.delegate(conn, "account:mara", "service:ci", &Delegates::scopes(["call:write"])).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "`account:mara` cannot delegate call:write: it has none of that, or may not delegate it on",
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`AclError::Beyond`] with all that is too much, [`AclError::UnknownPrincipal`].
    pub fn delegate(
        &self,
        conn: &mut impl GraphConnection,
        delegator: &str,
        delegate: &str,
        delegates: &Delegates,
    ) -> Result<bool, AclError> {
        let (circle, granted) = self.granted(conn, delegator)?;
        if circle.id(delegator).is_none() {
            return Err(AclError::UnknownPrincipal { principal: delegator.to_owned() });
        }
        let scopes = scopes_of(&circle, delegator, true);
        let missing = delegates.narrowed_scopes.iter().filter(|scope| !scopes.contains(*scope));
        let mut beyond: Vec<String> = missing.cloned().collect();

        let held = resources_of(&circle, delegator, true, &granted);
        for (resource, action) in listed(delegates.narrowed_resources.as_ref()) {
            let entry = (resource, action);
            if held.iter().any(|held| both(held, &entry).is_some()) {
                continue;
            }
            // It may be inside of what was granted.
            let word = Action::ALL.into_iter().find(|action| action.as_str() == entry.1);
            let inside = match word {
                Some(action) => self.decide(conn, (delegator, true), action, &entry.0)?.is_allowed(),
                None => false,
            };
            if !inside {
                beyond.push(format!("{} {}", entry.1, entry.0));
            }
        }
        if !beyond.is_empty() {
            return Err(AclError::Beyond { delegator: delegator.to_owned(), beyond });
        }
        let ends = (NodeKey::<Principal>::new(delegator), NodeKey::<Principal>::new(delegate));
        match self.graph.upsert_edge(conn, ends.0, ends.1, delegates) {
            Err(Error::EndpointNotFound { .. }) => Err(AclError::UnknownPrincipal { principal: delegate.to_owned() }),
            written => Ok(written?.outcome == Outcome::Created),
        }
    }

    /// Takes a delegation back, and with it what was delegated on; returns whether there was one.
    ///
    /// # Errors
    /// [`AclError::Store`] when the store refuses or fails.
    pub fn undelegate(
        &self,
        conn: &mut impl GraphConnection,
        delegator: &str,
        delegate: &str,
    ) -> Result<bool, AclError> {
        let ends = (NodeKey::<Principal>::new(delegator), NodeKey::<Principal>::new(delegate));
        match self.graph.disconnect::<Delegates, _, _>(conn, ends.0, ends.1) {
            // Who is not there delegates nothing.
            Err(Error::EndpointNotFound { .. }) => Ok(false),
            taken => Ok(taken? > 0),
        }
    }
}

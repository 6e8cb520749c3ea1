//! The ACL graph with its usual verbs: who is there, what is granted, and what is taken back.

use metagraph::prelude::*;
use metagraph::{Error, Outcome, Retry, query};

use super::edges::{BelongsTo, CanExecute, CanRead, CanWrite, Contains};
use super::kinds::{Action, IdentityType, PrincipalStatus};
use super::stored::{Acl, Principal, Resource};
use super::{AclError, Resources};

type Result<T, E = AclError> = std::result::Result<T, E>;

/// A graph of principals and resources, with the verbs that change and ask it.
///
/// Principals and resources are named by their keys: `account:mara`, `document:roadmap`. Every verb shares the caller's
/// transaction, and what it took back is gone for every check behind it, in the same transaction too.
///
/// ```
/// use metagraph::graphs::acl::{Acl, Action, Authorizer, Principal};
///
/// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
/// let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(conn)?;
/// metagraph::sync::<Acl, _>(conn)?;
/// let acl = Authorizer::open(conn, "production")?;
///
/// acl.add(conn, &Principal::account("mara"))?;
/// acl.add(conn, &Principal::role("editor"))?;
/// acl.join(conn, "account:mara", "role:editor")?;
/// acl.grant(conn, "role:editor", Action::Write, "folder:plans")?;
/// acl.place(conn, "document:roadmap", "folder:plans")?;
/// assert!(acl.check(conn, "account:mara", Action::Write, "document:roadmap")?);
///
/// acl.leave(conn, "account:mara", "role:editor")?;
/// assert!(!acl.check(conn, "account:mara", Action::Write, "document:roadmap")?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Authorizer {
    pub(super) graph: Graph<Acl>,
}

impl Authorizer {
    /// Opens the graph of this name, or creates it; the type must be there by `metagraph::sync::<Acl, _>`.
    ///
    /// # Errors
    /// [`AclError::Store`] when the type is not there, or the database fails.
    pub fn open(conn: &mut impl GraphConnection, name: &str) -> Result<Self> {
        Ok(Self { graph: Graph::open_or_create(conn, name)? })
    }

    /// The graph itself, for queries of your own.
    pub const fn graph(&self) -> &Graph<Acl> {
        &self.graph
    }

    /// Adds a principal, or gives the one with its key these scopes and resources; who is suspended stays so.
    ///
    /// ```
    /// use metagraph::graphs::acl::{Acl, Authorizer, Principal};
    ///
    /// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Acl, _>(conn)?;
    /// let acl = Authorizer::open(conn, "production")?;
    /// acl.add(conn, &Principal::account("mara"))?;
    /// acl.suspend(conn, "account:mara")?;
    /// acl.add(conn, &Principal::account("mara").with_scopes(["call:read"]))?;
    /// assert!(acl.scopes(conn, "account:mara")?.is_empty());
    ///
    /// acl.reinstate(conn, "account:mara")?;
    /// assert_eq!(acl.scopes(conn, "account:mara")?, ["call:read"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`AclError::Store`] when the store refuses or fails.
    pub fn add(&self, conn: &mut impl GraphConnection, principal: &Principal) -> Result<NodeId<Principal>> {
        Retry::default().transaction(conn, |conn| {
            let added = self.graph.find_or_insert(conn, principal)?;
            if added.outcome != Outcome::Created {
                self.change(conn, &principal.id, |known| {
                    known.scopes.clone_from(&principal.scopes);
                    known.resources.clone_from(&principal.resources);
                })?;
            }
            Ok(added.id)
        })
    }

    /// Removes a principal with its grants, memberships and delegations; returns whether it was there.
    ///
    /// # Errors
    /// [`AclError::Store`] when the store refuses or fails.
    pub fn remove(&self, conn: &mut impl GraphConnection, principal: &str) -> Result<bool> {
        Ok(self.graph.nodes::<Principal>().filter(|_| query::key().eq(principal)).delete(conn)? > 0)
    }

    /// Suspends a principal: from now on it has nothing, and gives nothing to members and delegates.
    ///
    /// # Errors
    /// [`AclError::UnknownPrincipal`].
    pub fn suspend(&self, conn: &mut impl GraphConnection, principal: &str) -> Result<()> {
        self.change(conn, principal, |principal| principal.status = PrincipalStatus::Suspended)
    }

    /// Ends a suspension: it has again what it was granted.
    ///
    /// # Errors
    /// [`AclError::UnknownPrincipal`].
    pub fn reinstate(&self, conn: &mut impl GraphConnection, principal: &str) -> Result<()> {
        self.change(conn, principal, |principal| principal.status = PrincipalStatus::Active)
    }

    /// Gives a principal these scopes, in place of its own ones.
    ///
    /// # Errors
    /// [`AclError::UnknownPrincipal`].
    pub fn set_scopes(&self, conn: &mut impl GraphConnection, principal: &str, scopes: &[&str]) -> Result<()> {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.change(conn, principal, |principal| principal.scopes.clone_from(&scopes))
    }

    /// Gives a principal these actions by resource, for the flat check, in place of its own ones.
    ///
    /// # Errors
    /// [`AclError::UnknownPrincipal`].
    pub fn set_resources(&self, conn: &mut impl GraphConnection, principal: &str, resources: &Resources) -> Result<()> {
        self.change(conn, principal, |principal| principal.resources = Some(resources.clone()))
    }

    fn change(&self, conn: &mut impl GraphConnection, key: &str, change: impl Fn(&mut Principal)) -> Result<()> {
        let named = self.graph.nodes::<Principal>().filter(|_| query::key().eq(key));
        let written = named.update(conn, change)?;
        if written == 0 { self.known(conn, key) } else { Ok(()) }
    }

    /// Refuses what is no principal; what was the same before is written by nobody.
    fn known(&self, conn: &mut impl GraphConnection, principal: &str) -> Result<()> {
        if self.graph.nodes::<Principal>().filter(|_| query::key().eq(principal)).exists(conn)? {
            return Ok(());
        }
        Err(AclError::UnknownPrincipal { principal: principal.to_owned() })
    }

    /// Makes a principal a member of an organisation or a role; returns whether it was none before.
    ///
    /// # Errors
    /// [`AclError::NoGroup`] when the other has no members, [`AclError::Store`] when one is not there.
    pub fn join(&self, conn: &mut impl GraphConnection, member: &str, group: &str) -> Result<bool> {
        let of = group.split_once(':').and_then(|(word, _)| IdentityType::of(word));
        if !of.is_some_and(IdentityType::has_members) {
            return Err(AclError::NoGroup { group: group.to_owned() });
        }
        let ends = (NodeKey::<Principal>::new(member), NodeKey::<Principal>::new(group));
        let belongs = BelongsTo::plain(member, group);
        Ok(self.graph.find_or_connect(conn, ends.0, ends.1, &belongs)?.outcome == Outcome::Created)
    }

    /// Ends a membership; returns whether there was one.
    ///
    /// What a tuple of a [relation model](super::relations) says stays: remove the tuple.
    ///
    /// # Errors
    /// [`AclError::Store`] when the store refuses or fails.
    pub fn leave(&self, conn: &mut impl GraphConnection, member: &str, group: &str) -> Result<bool> {
        let id = BelongsTo::plain(member, group).id;
        Ok(self.graph.edges::<BelongsTo>().filter(|_| query::key().eq(id)).delete(conn)? > 0)
    }

    /// Puts a resource into another, so that who may do something with the other may do it with this one; both become known
    /// by it. Returns whether it was not there before.
    ///
    /// # Errors
    /// [`AclError::InvalidName`] for a name without a type.
    pub fn place(&self, conn: &mut impl GraphConnection, resource: &str, container: &str) -> Result<bool> {
        let both = [Resource::named(container)?, Resource::named(resource)?];
        let contains = Contains::plain(container, resource);
        Retry::default().transaction(conn, |conn| {
            let ids = self.graph.find_or_insert_many::<_, Resource>(conn, &both)?;
            let [container, resource] = ids.as_slice() else { return Ok(false) };
            Ok(self.graph.find_or_connect(conn, container.id, resource.id, &contains)?.outcome == Outcome::Created)
        })
    }

    /// Takes a resource out of another; returns whether it was there.
    ///
    /// # Errors
    /// [`AclError::Store`] when the store refuses or fails.
    pub fn take_out(&self, conn: &mut impl GraphConnection, resource: &str, container: &str) -> Result<bool> {
        let id = Contains::plain(container, resource).id;
        Ok(self.graph.edges::<Contains>().filter(|_| query::key().eq(id)).delete(conn)? > 0)
    }

    /// Lets a principal do something with a resource, which becomes known by it; returns whether it was not granted before.
    ///
    /// # Errors
    /// [`AclError::InvalidName`] for a resource without a type, [`AclError::UnknownPrincipal`].
    pub fn grant(
        &self,
        conn: &mut impl GraphConnection,
        principal: &str,
        action: Action,
        resource: &str,
    ) -> Result<bool> {
        let resource = Resource::named(resource)?;
        let granted = Retry::default().transaction(conn, |conn| {
            let resource = self.graph.find_or_insert(conn, &resource)?.id;
            let principal = NodeKey::<Principal>::new(principal);
            match action {
                Action::Read => {
                    self.graph.find_or_connect(conn, principal, resource, &CanRead {}).map(|row| row.outcome)
                }
                Action::Write => {
                    self.graph.find_or_connect(conn, principal, resource, &CanWrite {}).map(|row| row.outcome)
                }
                Action::Execute => {
                    self.graph.find_or_connect(conn, principal, resource, &CanExecute {}).map(|row| row.outcome)
                }
            }
        });
        match granted {
            Err(Error::EndpointNotFound { .. }) => Err(AclError::UnknownPrincipal { principal: principal.to_owned() }),
            granted => Ok(granted? == Outcome::Created),
        }
    }

    /// Takes a grant back; returns whether there was one. What the principal has by membership, containment or delegation
    /// stays: [`why`](Authorizer::why) tells of it.
    ///
    /// # Errors
    /// [`AclError::Store`] when the store refuses or fails.
    pub fn revoke(
        &self,
        conn: &mut impl GraphConnection,
        principal: &str,
        action: Action,
        resource: &str,
    ) -> Result<bool> {
        let ends = (NodeKey::<Principal>::new(principal), NodeKey::<Resource>::new(resource));
        let taken = match action {
            Action::Read => self.graph.disconnect::<CanRead, _, _>(conn, ends.0, ends.1),
            Action::Write => self.graph.disconnect::<CanWrite, _, _>(conn, ends.0, ends.1),
            Action::Execute => self.graph.disconnect::<CanExecute, _, _>(conn, ends.0, ends.1),
        };
        match taken {
            // Who is not there has nothing that could be taken back.
            Err(Error::EndpointNotFound { .. }) => Ok(false),
            taken => Ok(taken? > 0),
        }
    }
}

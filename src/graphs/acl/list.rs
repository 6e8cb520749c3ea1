//! What somebody may do something with, and who may do something with it.

use std::collections::{HashMap, HashSet};

use metagraph::prelude::*;
use metagraph::traverse::Closed;

use super::circle::{Circle, around, decoded};
use super::decide::containers;
use super::decision::Covered;
use super::edges::{BelongsTo, CanExecute, CanRead, CanWrite, Contains, Delegates};
use super::kinds::Action;
use super::places::Places;
use super::stored::{Acl, Principal, Resource};
use super::{AclError, Authorizer};

impl Authorizer {
    /// Keys of all resources that a principal may do something with, in order: [`check`](Authorizer::check) allows each.
    ///
    /// A list is a handful of statements, and others may write between them: who acts on a single entry checks it.
    ///
    /// ```
    /// use metagraph::graphs::acl::{Acl, Action, Authorizer, Principal};
    ///
    /// # fn main() -> Result<(), metagraph::graphs::acl::AclError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Acl, _>(conn)?;
    /// # let acl = Authorizer::open(conn, "production")?;
    /// acl.add(conn, &Principal::account("mara"))?;
    /// acl.grant(conn, "account:mara", Action::Read, "folder:plans")?;
    /// acl.place(conn, "document:roadmap", "folder:plans")?;
    /// let readable = acl.list_resources(conn, "account:mara", Action::Read)?;
    /// assert_eq!(readable, ["document:roadmap", "folder:plans"]);
    /// assert_eq!(acl.list_principals(conn, Action::Read, "document:roadmap")?, ["account:mara"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn list_resources(
        &self,
        conn: &mut impl GraphConnection,
        principal: &str,
        action: Action,
    ) -> Result<Vec<String>, AclError> {
        conn.transaction(|conn| match action {
            Action::Read => self.resources_of::<_, CanRead>(conn, principal, action),
            Action::Write => self.resources_of::<_, CanWrite>(conn, principal, action),
            Action::Execute => self.resources_of::<_, CanExecute>(conn, principal, action),
        })
    }

    /// Keys of all principals that may do something with a resource, in order; suspended ones are not among them.
    ///
    /// As [`list_resources`](Authorizer::list_resources), it is a handful of statements.
    ///
    /// # Errors
    /// [`AclError::Store`] when the database fails.
    pub fn list_principals(
        &self,
        conn: &mut impl GraphConnection,
        action: Action,
        resource: &str,
    ) -> Result<Vec<String>, AclError> {
        conn.transaction(|conn| match action {
            Action::Read => self.principals_of::<_, CanRead>(conn, action, resource),
            Action::Write => self.principals_of::<_, CanWrite>(conn, action, resource),
            Action::Execute => self.principals_of::<_, CanExecute>(conn, action, resource),
        })
    }

    fn resources_of<C: GraphConnection, E>(
        &self,
        conn: &mut C,
        principal: &str,
        action: Action,
    ) -> Result<Vec<String>, AclError>
    where
        E: Connects<Principal, Resource> + PartOf<Acl>,
    {
        let circle = Circle::new(around(conn, &self.graph, &[principal])?)?;
        let Some(start) = circle.id(principal) else { return Ok(Vec::new()) };
        let own = circle.reach(&[start], false, |_| false).ids();
        let all: Vec<_> = circle.reach(&[start], false, |_| true).ids().into_iter().map(NodeId::from_raw).collect();
        let delegated = all.len() > own.len();
        let grants: Vec<Edge<E>> = self.graph.from_many::<Principal>(all).out::<E>().load_edges(conn)?;
        let mut granted: HashMap<i64, HashSet<i64>> = HashMap::new();
        for grant in &grants {
            granted.entry(grant.target.raw()).or_default().insert(grant.source.raw());
        }
        let targets: Vec<NodeId<Resource>> = granted.keys().map(|id| NodeId::from_raw(*id)).collect();
        let inside = self.graph.from_many(targets).closure().out::<Contains>().load(conn)?;
        let mut keys: Vec<String> = if delegated {
            let named = inside.nodes.iter().map(|node| node.id);
            let places = Places::new(self.graph.from_many(named).closure().in_::<Contains>().load(conn)?, &[])?;
            let is_allowed = |id: i64| {
                let up = places.up(id);
                let covered = Covered::new(action, places.names_of(&up));
                let reach = circle.reach(&[start], false, |delegates| covered.pass(delegates)).ids();
                up.iter().filter_map(|place| granted.get(place)).any(|holders| !holders.is_disjoint(&reach))
            };
            inside.nodes.iter().filter(|node| is_allowed(node.id.raw())).map(|node| node.key.clone()).collect()
        } else {
            inside.nodes.into_iter().map(|node| node.key).collect()
        };
        keys.sort_unstable();
        Ok(keys)
    }

    fn principals_of<C: GraphConnection, E>(
        &self,
        conn: &mut C,
        action: Action,
        resource: &str,
    ) -> Result<Vec<String>, AclError>
    where
        E: Connects<Principal, Resource> + PartOf<Acl>,
    {
        let closed = containers(&self.graph, vec![resource.to_owned()]).load(conn)?;
        let ids: Vec<NodeId<Resource>> = closed.nodes.iter().map(|node| node.id).collect();
        let covered = Covered::new(action, Places::new(closed, &[])?.names());
        let holders = self.graph.from_many(ids).in_::<E>().to::<Principal>().ids(conn)?;
        let below = self.graph.from_many(holders.iter().copied()).closure().in_::<BelongsTo>().out::<Delegates>();
        Ok(having(below.load(conn)?, &holders, &covered)?)
    }
}

/// Keys of those among the principals that have what the holders have: their members, and whom they delegate it to.
fn having(
    below: Closed<Principal>,
    holders: &[NodeId<Principal>],
    covered: &Covered,
) -> metagraph::Result<Vec<String>> {
    let active: HashMap<i64, &str> = below
        .nodes
        .iter()
        .filter(|node| node.value.status.is_active())
        .map(|node| (node.id.raw(), node.key.as_str()))
        .collect();
    let mut members: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut delegates: HashMap<i64, Vec<(i64, bool)>> = HashMap::new();
    for edge in below.edges {
        if edge.edge_type == BelongsTo::NAME {
            members.entry(edge.target).or_default().push(edge.source);
        } else {
            let delegation: Delegates = decoded(edge.attributes)?;
            if covered.pass(&delegation) {
                delegates.entry(edge.source).or_default().push((edge.target, delegation.narrowable));
            }
        }
    }
    // Each as it has it: to delegate it on, or only to use it.
    let (mut known, mut open) = (HashSet::new(), holders.iter().map(|id| (id.raw(), true)).collect::<Vec<_>>());
    while let Some((id, onward)) = open.pop() {
        if !active.contains_key(&id) || known.contains(&(id, true)) || !known.insert((id, onward)) {
            continue;
        }
        open.extend(members.get(&id).into_iter().flatten().map(|member| (*member, onward)));
        if onward {
            open.extend(delegates.get(&id).into_iter().flatten().copied());
        }
    }
    let ids: HashSet<i64> = known.into_iter().map(|(id, _)| id).collect();
    let mut keys: Vec<String> = ids.iter().filter_map(|id| active.get(id)).map(|key| (*key).to_owned()).collect();
    keys.sort_unstable();
    Ok(keys)
}

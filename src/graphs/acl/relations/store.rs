//! A relation model over a stored graph: tuples are written and removed, each on its own.

use metagraph::prelude::*;
use metagraph::{Outcome, Retry, query};

use super::super::edges::{BelongsTo, Contains, Holds};
use super::super::stored::{Acl, Principal, Resource};
use super::super::{AclError, Authorizer};
use super::translate::{Made, Sorted, principal, resource};
use super::{RelationError, RelationModel, Tuple};

/// Tuples of a relation model in a graph of access, and the questions about them.
///
/// Each tuple has edges of its own, a few and known from the tuple alone, so adding or removing one writes these and nothing
/// else, whatever is stored. A check is one statement, whatever the depth.
///
/// ```
/// use metagraph::graphs::acl::relations::{RelationModel, Relations, Tuple};
/// use metagraph::graphs::acl::{Acl, Authorizer};
///
/// # fn main() -> Result<(), metagraph::graphs::acl::relations::RelationError> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Acl, _>(conn)?;
/// let model = RelationModel::from_json(r#"{
///     "user": {},
///     "group": {"member": {"direct": ["user"]}},
///     "folder": {"viewer": {"direct": ["user", "group#member"]}},
///     "document": {"parent": {"direct": ["folder"]}, "viewer": {"from": ["parent", "viewer"]}}
/// }"#)?;
/// let relations = Relations::new(Authorizer::open(conn, "production")?, model);
/// relations.add_many(conn, &[
///     Tuple::new("user:mara", "member", "group:eng")?,
///     Tuple::new("group:eng#member", "viewer", "folder:plans")?,
///     Tuple::new("folder:plans", "parent", "document:roadmap")?,
/// ])?;
/// assert!(relations.check(conn, "user:mara", "viewer", "document:roadmap")?);
/// assert_eq!(relations.list_objects(conn, "user:mara", "viewer", "document")?, ["document:roadmap"]);
///
/// let why = relations.why(conn, "user:mara", "viewer", "document:roadmap")?;
/// assert_eq!(why.map(|why| why.to_string()).as_deref(), Some("\
/// account:user:mara belongs to role:group:eng#member (by user:mara member group:eng)
/// role:group:eng#member holds folder#viewer:plans (by group:eng#member viewer folder:plans)
/// folder#viewer:plans contains document#viewer:roadmap (by folder:plans parent document:roadmap)"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Relations {
    pub(super) acl: Authorizer,
    pub(super) model: RelationModel,
}

impl Relations {
    /// A model over a graph.
    pub const fn new(acl: Authorizer, model: RelationModel) -> Self {
        Self { acl, model }
    }

    /// The graph below.
    pub const fn authorizer(&self) -> &Authorizer {
        &self.acl
    }

    /// The model.
    pub const fn model(&self) -> &RelationModel {
        &self.model
    }

    /// Adds a tuple; returns whether anything came of it that was not there.
    ///
    /// # Errors
    /// As [`add_many`](Relations::add_many).
    pub fn add(&self, conn: &mut impl GraphConnection, tuple: &Tuple) -> Result<bool, RelationError> {
        Ok(self.add_many(conn, std::slice::from_ref(tuple))? > 0)
    }

    /// Adds tuples, all or none, in a few statements; returns how many edges were not there.
    ///
    /// # Errors
    /// [`RelationError::NotAllowed`] for a subject that the relation does not take, [`RelationError::Unknown`] for a type or
    /// relation that the model does not have.
    pub fn add_many(&self, conn: &mut impl GraphConnection, tuples: &[Tuple]) -> Result<usize, RelationError> {
        let sorted = self.sorted(tuples)?;
        Retry::default().transaction(conn, |conn| {
            let graph = self.acl.graph();
            let (principals, resources) = sorted.ends();
            graph.find_or_insert_many::<_, Principal>(conn, principals.into_iter().map(principal))?;
            let resources: Vec<Resource> = resources.into_iter().map(resource).collect::<Result<_, _>>()?;
            graph.find_or_insert_many::<_, Resource>(conn, resources)?;
            let belongs = connected::<_, Principal, Principal, _>(conn, graph, &sorted.belongs)?;
            let holds = connected::<_, Principal, Resource, _>(conn, graph, &sorted.holds)?;
            Ok(belongs + holds + connected::<_, Resource, Resource, _>(conn, graph, &sorted.contains)?)
        })
    }

    /// Removes a tuple; returns whether it was there.
    ///
    /// # Errors
    /// As [`remove_many`](Relations::remove_many).
    pub fn remove(&self, conn: &mut impl GraphConnection, tuple: &Tuple) -> Result<bool, RelationError> {
        Ok(self.remove_many(conn, std::slice::from_ref(tuple))? > 0)
    }

    /// Removes tuples, in a few statements; returns how many edges are gone. Those that are not there are passed over.
    ///
    /// # Errors
    /// As [`add_many`](Relations::add_many).
    pub fn remove_many(&self, conn: &mut impl GraphConnection, tuples: &[Tuple]) -> Result<usize, RelationError> {
        let sorted = self.sorted(tuples)?;
        Retry::default().transaction(conn, |conn| {
            let graph = self.acl.graph();
            let belongs =
                removed::<_, BelongsTo>(conn, graph, sorted.belongs.iter().map(|(_, _, edge)| edge.id.clone()))?;
            let holds = removed::<_, Holds>(conn, graph, sorted.holds.iter().map(|(_, _, edge)| edge.id.clone()))?;
            let contains = sorted.contains.iter().map(|(_, _, edge)| edge.id.clone());
            Ok(belongs + holds + removed::<_, Contains>(conn, graph, contains)?)
        })
    }

    /// The tuples that are stored, in order, whatever model they were added with.
    ///
    /// A model is changed by reading them, removing them with the old one, and adding them with the new one.
    ///
    /// # Errors
    /// [`RelationError::Acl`] when the database fails.
    pub fn tuples(&self, conn: &mut impl GraphConnection) -> Result<Vec<Tuple>, RelationError> {
        let graph = self.acl.graph();
        let belongs = graph.edges::<BelongsTo>().select(|edge| (edge.tuple,)).load(conn)?;
        let holds = graph.edges::<Holds>().select(|edge| (edge.tuple,)).load(conn)?;
        let contains = graph.edges::<Contains>().select(|edge| (edge.tuple,)).load(conn)?;
        let told = [belongs, holds, contains].into_iter().flatten().filter_map(|(tuple,)| tuple);
        let mut tuples: Vec<Tuple> = told.filter_map(|tuple| Tuple::told(&tuple)).collect();
        tuples.sort_unstable();
        tuples.dedup();
        Ok(tuples)
    }

    fn sorted(&self, tuples: &[Tuple]) -> Result<Sorted, RelationError> {
        let edges = tuples.iter().map(|tuple| self.model.edges(tuple)).collect::<Result<Vec<_>, _>>()?;
        let mut edges: Vec<Made> = edges.into_iter().flatten().collect();
        edges.sort_unstable();
        edges.dedup();
        Ok(Sorted::new(edges))
    }
}

fn connected<C: GraphConnection, S, T, E>(
    conn: &mut C,
    graph: &Graph<Acl>,
    edges: &[(String, String, E)],
) -> Result<usize, AclError>
where
    S: NodeType,
    T: NodeType,
    E: Connects<S, T> + PartOf<Acl>,
{
    let edges = edges.iter().map(|(from, to, edge)| (NodeKey::<S>::new(from), NodeKey::<T>::new(to), edge));
    let done = graph.find_or_connect_many::<_, E, _, _>(conn, edges)?;
    Ok(done.iter().filter(|done| done.outcome == Outcome::Created).count())
}

fn removed<C: GraphConnection, E>(
    conn: &mut C,
    graph: &Graph<Acl>,
    ids: impl Iterator<Item = String>,
) -> Result<usize, AclError>
where
    E: EdgeType + PartOf<Acl>,
{
    let ids: Vec<String> = ids.collect();
    if ids.is_empty() {
        return Ok(0);
    }
    Ok(graph.edges::<E>().filter(|_| query::key().is_in(ids)).delete(conn)?)
}

//! What a variable of a read is to the rows of a query: the node or edge itself, or the node at an end of the edge.

use metagraph::prelude::*;
use metagraph::query::{self, Neighbours, Predicate};
use metagraph::{EndsAt, Field, StartsAt};

use super::fields::{Properties, Property};
use super::model::{Any, Knows, Marries, Meets, Movies, Organisation, Person, StudyAt, WorkAt};
use super::predicate::{holds, patterned};
use super::syntax::{EdgePattern, Expression, NodePattern, Subquery, Way};

/// The variables of the rows, with what each is.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles {
    /// The row itself.
    pub(super) own: String,
    /// The node where the edge starts, and the one where it ends.
    pub(super) ends: Option<[NodePattern; 2]>,
}

impl Roles {
    pub(super) fn of(variable: &str) -> Self {
        Self { own: variable.to_owned(), ends: None }
    }

    /// The end that a variable is.
    fn end(&self, variable: &str) -> Option<(bool, &NodePattern)> {
        let [source, target] = self.ends.as_ref()?;
        [(true, source), (false, target)].into_iter().find(|(_, node)| node.variable == variable)
    }
}

/// An element whose rows a condition is about.
pub(super) trait Owner: Properties {
    /// The property of a variable; `None` where its type has none of this name.
    fn property_of(roles: &Roles, variable: &str, name: &str) -> Option<Property<Self>>;

    /// The id of what a variable is.
    fn id_of(roles: &Roles, variable: &str) -> Field<Self, i64>;

    /// How often a pattern that begins at a variable is found.
    fn count_of(roles: &Roles, pattern: &Subquery) -> Field<Self, i64>;

    /// Whether a pattern that begins at a variable is found.
    fn exists_of(roles: &Roles, pattern: &Subquery) -> Predicate<Self>;

    /// The node at an end has one of the labels.
    fn labelled(source: bool, labels: &[String]) -> Predicate<Self>;
}

/// Does the same for whatever node type has the label.
macro_rules! for_label {
    ($label:expr, $type:ident => $do:expr) => {
        match $label {
            "person" => {
                type $type = $crate::tinysnb::model::Person;
                $do
            }
            "organisation" => {
                type $type = $crate::tinysnb::model::Organisation;
                $do
            }
            "movies" => {
                type $type = $crate::tinysnb::model::Movies;
                $do
            }
            other => panic!("there are no nodes with the label `{other}`"),
        }
    };
}

/// Does the same for whatever edge type has the name.
macro_rules! for_edge {
    ($name:expr, $type:ident => $do:expr) => {
        match $name {
            "knows" => {
                type $type = $crate::tinysnb::model::Knows;
                $do
            }
            "studyAt" => {
                type $type = $crate::tinysnb::model::StudyAt;
                $do
            }
            "workAt" => {
                type $type = $crate::tinysnb::model::WorkAt;
                $do
            }
            "meets" => {
                type $type = $crate::tinysnb::model::Meets;
                $do
            }
            "marries" => {
                type $type = $crate::tinysnb::model::Marries;
                $do
            }
            other => panic!("there are no edges of the type `{other}`"),
        }
    };
}

pub(super) use {for_edge, for_label};

/// A node type of the model.
pub(super) trait Labelled: NodeType + Properties + Owner + MemberOf<Any> {}
impl<N: NodeType + Properties + Owner + MemberOf<Any>> Labelled for N {}

/// An edge type of the model.
pub(super) trait Linked:
    EdgeType + Owner + Connects<Any, Any> + metagraph::Joins<Any, Any> + PartOf<super::model::TinySnb>
{
}
impl<E> Linked for E where
    E: EdgeType + Owner + Connects<Any, Any> + metagraph::Joins<Any, Any> + PartOf<super::model::TinySnb>
{
}

macro_rules! owners {
    (nodes: $($node:ty),+; edges: $($edge:ty),+;) => {
        $(impl Owner for $node {
            fn property_of(roles: &Roles, variable: &str, name: &str) -> Option<Property<Self>> {
                assert_eq!(variable, roles.own, "the variables are of one node");
                Self::property(name)
            }

            fn id_of(roles: &Roles, variable: &str) -> Field<Self, i64> {
                assert_eq!(variable, roles.own, "the variables are of one node");
                query::id()
            }

            fn count_of(_: &Roles, pattern: &Subquery) -> Field<Self, i64> {
                counted(pattern)
            }

            fn exists_of(_: &Roles, pattern: &Subquery) -> Predicate<Self> {
                exists(pattern)
            }

            fn labelled(_: bool, _: &[String]) -> Predicate<Self> {
                panic!("a node has no ends")
            }
        })+
        $(impl Owner for $edge {
            fn property_of(roles: &Roles, variable: &str, name: &str) -> Option<Property<Self>> {
                let Some((source, node)) = roles.end(variable) else { return Self::property(name) };
                let label = node.labels.first().expect("an end whose properties are asked for has a label");
                for_label!(label.as_str(), N => N::property(name).map(|property| property.at_end(source)))
            }

            fn id_of(roles: &Roles, variable: &str) -> Field<Self, i64> {
                let Some((source, node)) = roles.end(variable) else { return query::id() };
                let label = node.labels.first().expect("an end whose id is asked for has a label");
                for_label!(label.as_str(), N => at_end::<N, Self>(&query::id(), source))
            }

            fn count_of(roles: &Roles, pattern: &Subquery) -> Field<Self, i64> {
                let (source, node) = roles.end(&pattern.path.start.variable).expect("a pattern begins at a node");
                let label = node.labels.first().expect("the node where a pattern begins has a label");
                for_label!(label.as_str(), N => at_end::<N, Self>(&counted(pattern), source))
            }

            fn exists_of(roles: &Roles, pattern: &Subquery) -> Predicate<Self> {
                Self::count_of(roles, pattern).ge(1)
            }

            fn labelled(source: bool, labels: &[String]) -> Predicate<Self> {
                Predicate::any(labels.iter().map(|label| {
                    for_label!(label.as_str(), N => at_end::<N, Self>(&query::id(), source).is_not_null())
                }))
            }
        })+
    };
}

owners! {
    nodes: Person, Organisation, Movies;
    edges: Knows, StudyAt, WorkAt, Meets, Marries;
}

fn at_end<N: NodeSet, E: StartsAt<N> + EndsAt<N>>(field: &Field<N, i64>, source: bool) -> Field<E, i64> {
    if source { field.at_source() } else { field.at_target() }
}

/// The edges of a node that a pattern is about: of its first hop, where what is behind it is found as well.
fn neighbours<N, E, T>(edge: &EdgePattern, far: &NodePattern, pattern: &Subquery) -> Neighbours<N, E, T>
where
    N: Labelled,
    E: Linked + Connects<N, T> + Connects<T, N>,
    T: Labelled,
{
    let found: Neighbours<N, E, T> = match edge.way {
        Way::Out => query::out(),
        Way::In => query::in_(),
        Way::Both => query::both(),
    };
    found.node(|_| patterned::<T>(far) & about::<T>(&far.variable, pattern))
}

/// What the condition of a pattern says of one of its two nodes.
fn about<N: Labelled>(variable: &str, pattern: &Subquery) -> Predicate<N> {
    let conditions = pattern.filter.as_ref().map(Expression::conjuncts).unwrap_or_default();
    let about = conditions.into_iter().filter(|condition| condition.variables().iter().any(|known| known == variable));
    about.fold(Predicate::all([]), |all, condition| all & holds::<N>(condition, &Roles::of(variable)))
}

fn hop(pattern: &Subquery) -> (&EdgePattern, &NodePattern) {
    let [(edge, far)] = pattern.path.hops.as_slice() else { panic!("the pattern is one hop: {pattern:?}") };
    let asked = pattern.filter.iter().flat_map(Expression::variables).any(|variable| variable == edge.variable);
    assert!(edge.properties.is_empty() && edge.depth.is_none() && !asked, "nothing is said of the edge");
    (edge, far)
}

fn counted<N: Labelled>(pattern: &Subquery) -> Field<N, i64> {
    let (edge, far) = hop(pattern);
    let label = far.labels.first().expect("a counted pattern leads to a label");
    let [name] = edge.types.as_slice() else { panic!("a counted pattern has one edge type") };
    for_edge!(name.as_str(), E => for_label!(label.as_str(), T => neighbours::<N, E, T>(edge, far, pattern).count()))
}

fn exists<N: Labelled>(pattern: &Subquery) -> Predicate<N> {
    let (edge, far) = hop(pattern);
    let label = far.labels.first().expect("a pattern leads to a label");
    let found = edge.types.iter().map(|name| {
        for_edge!(name.as_str(), E => for_label!(label.as_str(), T => neighbours::<N, E, T>(edge, far, pattern).exists()))
    });
    Predicate::any(found) & about::<N>(&pattern.path.start.variable, pattern)
}

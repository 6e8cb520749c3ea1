//! Nodes that are found by what must be unique of them.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;

use metagraph_core::query::literal::Literal;
use metagraph_core::query::source::{Path, Source};
use metagraph_core::query::unique::Held;
use metagraph_core::query::{Identifies, Selection};
use metagraph_core::schema::FIND;
use metagraph_core::{Element, NodeId, NodeType, PartOf};
use serde_json::{Map, Value, json};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::outcome::{Upserted, WhenFound};
use crate::read::{self, Node};
use crate::vocabulary::NodeKind;
use crate::write::upsert::find::find;
use crate::write::upsert::nodes::{Identity, many};

/// Nodes of the type `N` by attributes that are declared `#[graph(unique)]`; made by [`Graph::by`].
///
/// What must be unique is decided by its index: of writers that race to create one node, one does, and the others find it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::Outcome;
///
/// let by_email = graph.by::<Member, _>(|m| m.email);
/// let ann = Member { name: "Ann".into(), email: Some("ann@example.org".into()), table: None, chair: None };
/// let created = by_email.find_or_insert(&mut conn, &ann)?;
/// assert_eq!(created.outcome, Outcome::Created);
///
/// let renamed = Member { name: "Ann Lee".into(), ..ann };
/// assert_eq!(by_email.upsert(&mut conn, &renamed)?.outcome, Outcome::Updated);
/// assert_eq!(by_email.get(&mut conn, "ann@example.org")?.unwrap().value.name, "Ann Lee");
/// # Ok(())
/// # }
/// ```
#[must_use = "it finds nothing until it is asked"]
pub struct ByUnique<'g, N, F> {
    graph: OpenGraph<'g>,
    fields: F,
    of: PhantomData<fn() -> N>,
}

impl<N, F> fmt::Debug for ByUnique<'_, N, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByUnique").field("graph", &self.graph.id).finish_non_exhaustive()
    }
}

impl<G> Graph<G> {
    /// Nodes by attributes that are declared to be unique: one field, or a tuple of those that share a rule.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let ann = Member { name: "Ann".into(), email: None, table: Some(7), chair: Some("a".into()) };
    /// graph.insert(&mut conn, &ann)?;
    /// let found = graph.by::<Member, _>(|m| (m.table, m.chair)).get(&mut conn, (7, "a"))?;
    /// assert_eq!(found.unwrap().value, ann);
    ///
    /// let refused = graph.by::<Member, _>(|m| m.name).get(&mut conn, "Ann").unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "member has no `unique` rule on `name`; it has `email`, `table` with `chair`",
    /// );
    /// # Ok(())
    /// # }
    /// ```
    pub fn by<N, F>(&self, fields: impl FnOnce(N::Fields) -> F) -> ByUnique<'_, N, F>
    where
        N: NodeType + PartOf<G>,
        F: Selection<N>,
    {
        ByUnique { graph: self.opened(), fields: fields(N::F), of: PhantomData }
    }
}

impl<'g, N: NodeType, F: Selection<N>> ByUnique<'g, N, F> {
    /// The type, and the rule that is on just these attributes.
    fn rule(&self) -> Result<(&'g NodeKind, &'g [String])> {
        let kind = self.graph.vocabulary.node(<N as Element>::NAME)?;
        let sources = self.fields.sources();
        let names = sources.iter().map(|source| match source {
            Source::Attribute(Path::Attribute(name)) => Some(*name),
            _ => None,
        });
        let names: Option<Vec<&str>> = names.collect();
        let names = names.ok_or_else(|| Error::InvalidQuery {
            reason: "only attributes of the node itself are unique".to_owned(),
        })?;
        let same = |rule: &&Vec<String>| {
            rule.len() == names.len() && rule.iter().all(|attribute| names.contains(&attribute.as_str()))
        };
        match kind.unique.iter().find(same) {
            Some(rule) => Ok((kind, rule)),
            None => Err(Error::NotUnique {
                element: kind.name.clone(),
                attributes: names.into_iter().map(str::to_owned).collect(),
                declared: kind.unique.clone(),
            }),
        }
    }

    /// The node that has these values, if there is one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// assert!(graph.by::<Member, _>(|m| m.email).get(&mut conn, "ann@example.org")?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotUnique`] when no rule is on just these attributes, [`Error::AbsentIdentity`] for `None`,
    /// [`Error::Decode`] when stored attributes do not fit the type.
    pub fn get<C: GraphConnection, V>(&self, conn: &mut C, values: V) -> Result<Option<Node<N>>>
    where
        F: Identifies<N, V>,
    {
        Ok(self.get_many(conn, [values])?.pop().flatten())
    }

    /// The nodes that have these values, in the order given; `None` for what is not there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let ann = Member { name: "Ann".into(), email: Some("ann@example.org".into()), table: None, chair: None };
    /// graph.insert(&mut conn, &ann)?;
    /// let found = graph.by::<Member, _>(|m| m.email).get_many(&mut conn, ["bob@example.org", "ann@example.org"])?;
    /// assert!(found[0].is_none());
    /// assert_eq!(found[1].as_ref().unwrap().value, ann);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`ByUnique::get`].
    pub fn get_many<C: GraphConnection, V>(
        &self,
        conn: &mut C,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Vec<Option<Node<N>>>>
    where
        F: Identifies<N, V>,
    {
        let (kind, rule) = self.rule()?;
        let objects = values.into_iter().map(|values| object(kind, rule, self.fields.held(values)));
        let objects = objects.collect::<Result<Vec<_>>>()?;
        let vocabulary = self.graph.vocabulary;
        find(conn, self.graph, kind, rule, &objects, "", |row| read::node(vocabulary, row, 0))
    }

    /// Inserts a node, or finds the one with the same unique attributes and leaves it as it is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::{Error, Outcome};
    ///
    /// let by_email = graph.by::<Member, _>(|m| m.email);
    /// let ann = Member { name: "Ann".into(), email: Some("ann@example.org".into()), table: None, chair: None };
    /// assert_eq!(by_email.find_or_insert(&mut conn, &ann)?.outcome, Outcome::Created);
    /// assert_eq!(by_email.find_or_insert(&mut conn, &ann)?.outcome, Outcome::Found);
    ///
    /// let unknown = by_email.find_or_insert(&mut conn, &Member { email: None, ..ann });
    /// assert!(matches!(unknown, Err(Error::AbsentIdentity { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotUnique`], [`Error::AbsentIdentity`] where one of the attributes is missing or null; otherwise as
    /// [`Graph::insert`], also when another rule than this one refuses the node.
    pub fn find_or_insert<C: GraphConnection>(&self, conn: &mut C, node: &N) -> Result<Upserted<NodeId<N>>> {
        only(self.write(conn, [node], WhenFound::Keep)?)
    }

    /// Inserts a node, or brings the one with the same unique attributes to the same attributes, its key among them; a
    /// type without key attribute keeps its key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let by_seat = graph.by::<Member, _>(|m| (m.table, m.chair));
    /// let ann = Member { name: "Ann".into(), email: None, table: Some(7), chair: Some("a".into()) };
    /// let first = by_seat.upsert(&mut conn, &ann)?;
    /// let second = by_seat.upsert(&mut conn, &Member { email: Some("ann@example.org".into()), ..ann })?;
    /// assert_eq!(first.id, second.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`ByUnique::find_or_insert`].
    pub fn upsert<C: GraphConnection>(&self, conn: &mut C, node: &N) -> Result<Upserted<NodeId<N>>> {
        only(self.write(conn, [node], WhenFound::Update)?)
    }

    /// [`ByUnique::find_or_insert`] for many, all or none; the answer is in the order given. What is given twice is created
    /// by the first and found by the second.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let at = |name: &str, email: &str| Member { name: name.into(), email: Some(email.into()), table: None, chair: None };
    /// let members = [at("Ann", "ann@example.org"), at("Bob", "bob@example.org"), at("Nan", "ann@example.org")];
    /// let found = graph.by::<Member, _>(|m| m.email).find_or_insert_many(&mut conn, &members)?;
    /// assert_eq!(found[0].id, found[2].id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`ByUnique::find_or_insert`], for the first node that is refused.
    pub fn find_or_insert_many<C: GraphConnection>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
    ) -> Result<Vec<Upserted<NodeId<N>>>> {
        self.write(conn, nodes, WhenFound::Keep)
    }

    /// [`ByUnique::upsert`] for many, all or none; the answer is in the order given. What is given twice is created by the
    /// first and updated by the second.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/members.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// let at = |name: &str, email: &str| Member { name: name.into(), email: Some(email.into()), table: None, chair: None };
    /// let members = [at("Ann", "ann@example.org"), at("Ann Lee", "ann@example.org")];
    /// let upserted = graph.by::<Member, _>(|m| m.email).upsert_many(&mut conn, &members)?;
    /// assert_eq!([upserted[0].outcome, upserted[1].outcome], [Outcome::Created, Outcome::Updated]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`ByUnique::find_or_insert`], for the first node that is refused.
    pub fn upsert_many<C: GraphConnection>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
    ) -> Result<Vec<Upserted<NodeId<N>>>> {
        self.write(conn, nodes, WhenFound::Update)
    }

    fn write<C: GraphConnection>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
        when_found: WhenFound,
    ) -> Result<Vec<Upserted<NodeId<N>>>> {
        let (kind, rule) = self.rule()?;
        let encoded = match encode::all::<N>(&kind.check, nodes) {
            Ok(encoded) => encoded,
            Err(error) => {
                guard::explain(conn, self.graph.target())?;
                return Err(error);
            }
        };
        let upserted = many(conn, self.graph, kind, Identity::Unique(rule), &encoded, when_found)?;
        Ok(upserted.into_iter().map(|upserted| upserted.map(NodeId::from_raw)).collect())
    }
}

/// What a node has to hold, as an object.
fn object(kind: &NodeKind, rule: &[String], held: Vec<Held>) -> Result<Value> {
    let mut object = Map::new();
    for held in held {
        match held {
            Held::Value(name, literal) => {
                let value = match literal {
                    Literal::Text(text) => text.into(),
                    Literal::Integer(integer) => integer.into(),
                    Literal::Unsigned(integer) => integer.into(),
                    Literal::Float(float) => float.into(),
                    Literal::Flag(flag) => flag.into(),
                };
                object.insert(name.to_owned(), value);
            }
            Held::Tag(name, tag) => {
                object.insert(name.to_owned(), json!({ FIND: tag }));
            }
            Held::Absent(_) => {
                return Err(Error::AbsentIdentity { element: kind.name.clone(), attributes: rule.to_vec() });
            }
            Held::Invalid(reason) => return Err(Error::InvalidQuery { reason }),
        }
    }
    Ok(Value::Object(object))
}

/// The answer to one.
fn only<Id>(mut answers: Vec<Upserted<Id>>) -> Result<Upserted<Id>> {
    answers.pop().ok_or_else(|| Error::NotOne { element: "answer".to_owned(), several: false })
}

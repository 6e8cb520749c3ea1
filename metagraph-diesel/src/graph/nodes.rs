//! Verbs that insert nodes.

use std::borrow::Borrow;

use metagraph_core::{Keyed, NodeId, NodeType, PartOf};

use super::Graph;
use crate::backend::GraphConnection;
use crate::encode;
use crate::error::Result;
use crate::outcome::{Upserted, WhenFound};
use crate::write;
use crate::write::upsert::nodes::Identity;

impl<G> Graph<G> {
    /// Inserts a node.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::{Error, Rule};
    ///
    /// let serde = graph.insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().value.downloads, 7);
    ///
    /// let Error::Conflict(conflict) = graph.insert(&mut conn, &package("serde")).unwrap_err() else { panic!() };
    /// assert_eq!((conflict.rule, conflict.existing), (Rule::NodeKey, Some(serde.raw())));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when its key is taken, [`Error::Invalid`](crate::Error::Invalid)
    /// when it does not fit its schema, [`Error::InvalidKey`](crate::Error::InvalidKey),
    /// [`Error::NulCharacter`](crate::Error::NulCharacter) and [`Error::Encode`](crate::Error::Encode) when it cannot
    /// be stored as it is, [`Error::GraphNotFound`](crate::Error::GraphNotFound),
    /// [`Error::GraphArchived`](crate::Error::GraphArchived), [`Error::StaleSchema`](crate::Error::StaleSchema).
    pub fn insert<C: GraphConnection, N>(&self, conn: &mut C, node: &N) -> Result<NodeId<N>>
    where
        N: NodeType + PartOf<G>,
    {
        let kind = self.vocabulary.node(N::NAME)?;
        let encoded = encode::typed(&kind.check, node).or_else(|error| self.refused(conn, error))?;
        write::nodes::insert_one(conn, self.opened(), kind, &encoded).map(NodeId::from_raw)
    }

    /// Inserts nodes, all or none; the answer is in the order given.
    ///
    /// Two nodes with one key in the same call conflict, as they would in two calls; so do two with the same in attributes
    /// that are `unique`. Values or references to them come from any iterator, and are not cloned.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let ids: Vec<NodeId<Package>> = graph.insert_many(&mut conn, [package("app"), package("serde")])?;
    /// assert_eq!(graph.get(&mut conn, ids[1])?.unwrap().key, "serde");
    ///
    /// let refused = graph.insert_many::<_, Package>(&mut conn, [package("log"), package("app")]);
    /// assert!(refused.unwrap_err().is_conflict());
    /// assert!(graph.get_by_key::<Package>(&mut conn, "log")?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::insert`], for the first node that is refused.
    pub fn insert_many<C: GraphConnection, N>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
    ) -> Result<Vec<NodeId<N>>>
    where
        N: NodeType + PartOf<G>,
    {
        let kind = self.vocabulary.node(N::NAME)?;
        let encoded = encode::all(&kind.check, nodes).or_else(|error| self.refused(conn, error))?;
        let ids = write::nodes::insert(conn, self.opened(), kind, &encoded)?;
        Ok(ids.into_iter().map(NodeId::from_raw).collect())
    }

    /// Inserts a node, or brings the one with its key to the same attributes.
    ///
    /// What is stored already is not written again: the answer is then
    /// [`Outcome::Unchanged`](crate::Outcome::Unchanged), and the version stays.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// let first = graph.upsert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// let again = graph.upsert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// let newer = graph.upsert(&mut conn, &Package { id: "serde".into(), downloads: 8 })?;
    /// assert_eq!(
    ///     [first.outcome, again.outcome, newer.outcome],
    ///     [Outcome::Created, Outcome::Unchanged, Outcome::Updated],
    /// );
    /// assert_eq!(newer.id, first.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::insert`], without the conflict.
    pub fn upsert<C: GraphConnection, N>(&self, conn: &mut C, node: &N) -> Result<Upserted<NodeId<N>>>
    where
        N: Keyed + PartOf<G>,
    {
        let kind = self.vocabulary.node(N::NAME)?;
        let encoded = encode::typed(&kind.check, node).or_else(|error| self.refused(conn, error))?;
        Ok(write::nodes::upsert(conn, self.opened(), kind, &encoded, WhenFound::Update)?.map(NodeId::from_raw))
    }

    /// Inserts a node, or finds the one with its key and leaves it as it is.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// assert_eq!(graph.find_or_insert(&mut conn, &package("serde"))?.outcome, Outcome::Created);
    /// let found = graph.find_or_insert(&mut conn, &Package { id: "serde".into(), downloads: 7 })?;
    /// assert_eq!(found.outcome, Outcome::Found);
    /// assert_eq!(graph.get(&mut conn, found.id)?.unwrap().value.downloads, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::insert`], without the conflict.
    pub fn find_or_insert<C: GraphConnection, N>(&self, conn: &mut C, node: &N) -> Result<Upserted<NodeId<N>>>
    where
        N: Keyed + PartOf<G>,
    {
        let kind = self.vocabulary.node(N::NAME)?;
        let encoded = encode::typed(&kind.check, node).or_else(|error| self.refused(conn, error))?;
        Ok(write::nodes::upsert(conn, self.opened(), kind, &encoded, WhenFound::Keep)?.map(NodeId::from_raw))
    }

    /// Inserts nodes, or brings the ones with their keys to the same attributes, all or none; the answer is in the order
    /// given.
    ///
    /// Answers and rows are those of [`Graph::upsert`] for one node after another, in a few statements for a thousand
    /// nodes. A key that is given twice is created by the first and updated by the second. What is new gets its ids in the
    /// order of the keys.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// graph.insert(&mut conn, &package("serde"))?;
    /// let popular = Package { id: "serde".into(), downloads: 7 };
    /// let upserted = graph.upsert_many(&mut conn, [package("serde"), package("app"), popular])?;
    /// let outcomes: Vec<_> = upserted.iter().map(|upserted| upserted.outcome).collect();
    /// assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Created, Outcome::Updated]);
    /// assert_eq!(upserted[0].id, upserted[2].id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::upsert`], for the first node that is refused; whether each can be stored at all is asked before.
    pub fn upsert_many<C: GraphConnection, N>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
    ) -> Result<Vec<Upserted<NodeId<N>>>>
    where
        N: Keyed + PartOf<G>,
    {
        self.find_or_write_many(conn, nodes, WhenFound::Update)
    }

    /// Inserts nodes, or finds the ones with their keys and leaves them as they are, all or none; the answer is in the
    /// order given.
    ///
    /// A key that is given twice is created by the first and found by the second.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Outcome;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let named = graph.find_or_insert_many::<_, Package>(&mut conn, ["app", "serde", "app"].map(package))?;
    /// let outcomes: Vec<_> = named.iter().map(|found| found.outcome).collect();
    /// assert_eq!(outcomes, [Outcome::Created, Outcome::Found, Outcome::Found]);
    /// assert_eq!(named[1].id, serde);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::upsert_many`].
    pub fn find_or_insert_many<C: GraphConnection, N>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
    ) -> Result<Vec<Upserted<NodeId<N>>>>
    where
        N: Keyed + PartOf<G>,
    {
        self.find_or_write_many(conn, nodes, WhenFound::Keep)
    }

    fn find_or_write_many<C: GraphConnection, N>(
        &self,
        conn: &mut C,
        nodes: impl IntoIterator<Item = impl Borrow<N>>,
        when_found: WhenFound,
    ) -> Result<Vec<Upserted<NodeId<N>>>>
    where
        N: Keyed + PartOf<G>,
    {
        let kind = self.vocabulary.node(N::NAME)?;
        let encoded = encode::all(&kind.check, nodes).or_else(|error| self.refused(conn, error))?;
        let upserted = write::upsert::nodes::many(conn, self.opened(), kind, Identity::Key, &encoded, when_found)?;
        Ok(upserted.into_iter().map(|upserted| upserted.map(NodeId::from_raw)).collect())
    }
}

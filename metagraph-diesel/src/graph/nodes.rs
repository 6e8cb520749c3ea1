//! Verbs that insert nodes, and verbs for nodes and edges alike.

use std::borrow::Borrow;
use std::collections::HashMap;

use metagraph_core::{Key, Keyed, NodeId, NodeSet, NodeType, PartOf};
use serde_json::Value;

use super::Graph;
use super::handle::{Handle, Stored, WriteHandle};
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::{Error, Result};
use crate::outcome::Upserted;
use crate::query::{EdgeQuery, NodeQuery};
use crate::read::{self, Node};
use crate::statement::Statement;
use crate::write::{self, Table, delete, update};

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
    /// [`Error::Conflict`] when its key is taken, [`Error::Invalid`] when it does not fit its schema,
    /// [`Error::InvalidKey`], [`Error::NulCharacter`] and [`Error::Encode`] when it cannot be stored as it is,
    /// [`Error::GraphNotFound`], [`Error::GraphArchived`], [`Error::StaleSchema`].
    pub fn insert<C: GraphConnection, N>(&self, conn: &mut C, node: &N) -> Result<NodeId<N>>
    where
        N: NodeType + PartOf<G>,
    {
        Ok(self.insert_many(conn, [node])?.into_iter().next().unwrap_or(NodeId::from_raw(0)))
    }

    /// Inserts nodes, all or none; the answer is in the order given.
    ///
    /// Two nodes with one key in the same call conflict, as they would in two calls.
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
        let encoded =
            nodes.into_iter().map(|node| encode::typed(&kind.check, node.borrow())).collect::<Result<Vec<_>>>();
        let encoded = encoded.or_else(|error| self.refused(conn, error))?;
        let ids = write::nodes::insert(conn, self.scope(), kind, &encoded)?;
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
        Ok(write::nodes::upsert(conn, self.scope(), kind, &encoded)?.map(NodeId::from_raw))
    }

    /// The node of a type, or of a union, with this key; in a union the first member type that has it, in its order.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let node = graph.get_by_key::<Package>(&mut conn, "serde")?.unwrap();
    /// assert_eq!(node.id, serde);
    ///
    /// let node = graph.get_by_key::<Anything>(&mut conn, "serde")?.unwrap();
    /// assert_eq!(node.value, Anything::Package(package("serde")));
    /// assert!(graph.get_by_key::<Package>(&mut conn, "log")?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when the stored attributes do not fit the type.
    pub fn get_by_key<N>(&self, conn: &mut impl GraphConnection, key: &str) -> Result<Option<Node<N>>>
    where
        N: NodeSet + PartOf<G>,
    {
        // What cannot be a key is nobody's.
        let Ok(key) = Key::new(key) else { return Ok(None) };
        let mut nodes = self.nodes_with_key::<_, N>(conn, &key)?;
        if nodes.len() > 1 {
            nodes.truncate(1);
        }
        Ok(nodes.pop())
    }

    fn nodes_with_key<C: GraphConnection, N: NodeSet>(&self, conn: &mut C, key: &Key) -> Result<Vec<Node<N>>> {
        let kinds = read::member_ids::<N>(&self.vocabulary)?;
        let statement = read::nodes_of(self.id)
            .sql(" AND n.node_type_id")
            .one_of(kinds.as_slice())
            .sql(" AND n.key = ")
            .text(key.as_str());
        let statement = match kinds.as_slice() {
            [_] => statement,
            _ => statement
                .sql(" ORDER BY CASE n.node_type_id")
                .join((0..).zip(kinds), "", |statement, (place, kind)| {
                    statement.sql(" WHEN ").integer(kind).sql(" THEN ").integer(place)
                })
                .sql(" END"),
        };
        read::nodes(conn, &self.vocabulary, statement)
    }

    /// A query for the nodes of a type or of a union.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// graph.insert(&mut conn, &package("serde"))?;
    /// graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// assert_eq!(graph.nodes::<Package>().count(&mut conn)?, 1);
    /// assert_eq!(graph.nodes::<Anything>().count(&mut conn)?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodes<N>(&self) -> NodeQuery<'_, N>
    where
        N: NodeSet + PartOf<G>,
    {
        NodeQuery::new(self.scope())
    }

    /// A query for the edges of a type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.connect(&mut conn, app, serde, &DependsOn { optional: true })?;
    /// let edges = graph.edges::<DependsOn>().load(&mut conn)?;
    /// assert!(edges[0].value.optional);
    /// # Ok(())
    /// # }
    /// ```
    pub fn edges<E>(&self) -> EdgeQuery<'_, E>
    where
        E: metagraph_core::EdgeType + PartOf<G>,
    {
        EdgeQuery::new(self.scope())
    }

    /// The row behind a handle, or `None` when it is gone or belongs to another graph.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::row::NewGraph;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let node = graph.get(&mut conn, serde)?.unwrap();
    /// assert_eq!((node.key.as_str(), node.version), ("serde", 1));
    ///
    /// let other = Graph::<Packages>::create(&mut conn, &NewGraph::named("other"))?;
    /// assert!(other.get(&mut conn, serde)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Decode`] when the stored attributes do not fit the type.
    pub fn get<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<Option<H::Row>>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        Ok(H::load(conn, self.scope(), &[id.raw_id()])?.pop().map(|(_, row)| row))
    }

    /// The rows behind handles, in the order given and as often as given; `None` for what is not there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let app = graph.insert(&mut conn, &package("app"))?;
    /// let gone = graph.insert(&mut conn, &package("gone"))?;
    /// graph.delete(&mut conn, gone)?;
    /// let found = graph.get_many(&mut conn, [gone, app])?;
    /// assert!(found[0].is_none());
    /// assert_eq!(found[1].as_ref().unwrap().key, "app");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::get`].
    pub fn get_many<C: GraphConnection, H>(
        &self,
        conn: &mut C,
        ids: impl IntoIterator<Item = H>,
    ) -> Result<Vec<Option<H::Row>>>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        let ids: Vec<i64> = ids.into_iter().map(H::raw_id).collect();
        let mut answers: Vec<Option<H::Row>> = ids.iter().map(|_| None).collect();
        let mut places: HashMap<i64, Vec<usize>> = HashMap::new();
        for (place, id) in ids.into_iter().enumerate() {
            places.entry(id).or_default().push(place);
        }
        // A row fills one place: an id that was given twice is read twice.
        while !places.is_empty() {
            let wanted: Vec<i64> = places.keys().copied().collect();
            let rows = H::load(conn, self.scope(), &wanted)?;
            let mut left = HashMap::new();
            for (id, row) in rows {
                let Some(mut waiting) = places.remove(&id) else { continue };
                if let Some(answer) = waiting.pop().and_then(|place| answers.get_mut(place)) {
                    *answer = Some(row);
                }
                if !waiting.is_empty() {
                    left.insert(id, waiting);
                }
            }
            places = left;
        }
        Ok(answers)
    }

    /// Whether the row behind a handle is there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert!(graph.exists(&mut conn, serde)?);
    /// graph.delete(&mut conn, serde)?;
    /// assert!(!graph.exists(&mut conn, serde)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn exists<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<bool>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        let (select, of_type) = match H::TABLE {
            Table::Nodes => ("SELECT id FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id"),
            Table::Edges => ("SELECT id FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id"),
        };
        let statement = Statement::new(select)
            .integer(self.id)
            .sql(" AND id = ")
            .integer(id.raw_id())
            .sql(of_type)
            .one_of(H::kinds(&self.vocabulary)?);
        Ok(crate::run::optional::<C, i64>(conn, "looking for a row", statement)?.is_some())
    }

    /// Reads a row, lets `change` change it, and writes it if nobody else did meanwhile; returns the new version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// use metagraph::Error;
    ///
    /// let mut conn = metagraph::sqlite::connect("file:update?mode=memory&cache=shared")?;
    /// let mut other = metagraph::sqlite::connect("file:update?mode=memory&cache=shared")?;
    /// # metagraph::migrate(&mut conn)?;
    /// # metagraph::sync::<Packages, _>(&mut conn)?;
    /// # let graph = Graph::<Packages>::open_or_create(&mut conn, "app")?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert_eq!(graph.update(&mut conn, serde, |package| package.downloads += 1)?, 2);
    ///
    /// let overtaken = graph.update(&mut conn, serde, |package| {
    ///     graph.update(&mut other, serde, |package| package.downloads += 1).unwrap();
    ///     package.downloads = 0;
    /// });
    /// assert!(matches!(overtaken, Err(Error::Stale { expected: 2, found: 3, .. })));
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().value.downloads, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody else was faster, [`Error::NotFound`], [`Error::Invalid`] for the whole changed
    /// value, [`Error::Conflict`] when a changed key is taken, [`Error::GraphArchived`], [`Error::StaleSchema`].
    pub fn update<C: GraphConnection, H>(&self, conn: &mut C, id: H, change: impl FnOnce(&mut H::Value)) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        let stored = self.stored(conn, id)?;
        self.write_changed::<C, H>(conn, &stored, change)
    }

    /// Like [`Graph::update`], if the row is still at `version`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let shown = graph.get(&mut conn, serde)?.unwrap();
    /// graph.update(&mut conn, serde, |package| package.downloads += 1)?;
    ///
    /// let late = graph.update_if(&mut conn, serde, shown.version, |package| package.downloads = 0);
    /// assert!(matches!(late, Err(Error::Stale { expected: 1, found: 2, .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::update`].
    pub fn update_if<C: GraphConnection, H>(
        &self,
        conn: &mut C,
        id: H,
        version: i64,
        change: impl FnOnce(&mut H::Value),
    ) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        let stored = self.stored(conn, id)?;
        if stored.version != version {
            let kind = self.name_and_kind::<H>()?;
            return Err(update::stale(conn, self.scope(), H::TABLE, kind, stored.id, version)?);
        }
        self.write_changed::<C, H>(conn, &stored, change)
    }

    /// Replaces all attributes, whatever they are now; returns the new version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let version = graph.replace(&mut conn, serde, &Package { id: "serde_core".into(), downloads: 7 })?;
    /// assert_eq!(version, 2);
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().key, "serde_core");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::update`]; `Stale` only after losing many times in a row.
    pub fn replace<C: GraphConnection, H>(&self, conn: &mut C, id: H, value: &H::Value) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        let encoded = encode::typed(H::check(&self.vocabulary)?, value).or_else(|error| self.refused(conn, error))?;
        self.write_latest(conn, id, |_| {
            Ok(Encoded { key: encoded.key.clone(), attributes: encoded.attributes.clone() })
        })
    }

    /// Merges a JSON merge patch (RFC 7396) into the attributes; returns the new version.
    ///
    /// The whole result is judged, against the schema and by reading it into the Rust type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    /// use serde_json::json;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.patch(&mut conn, serde, &json!({"downloads": 7}))?;
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().value, Package { id: "serde".into(), downloads: 7 });
    ///
    /// // A null removes an attribute, and this one is required: the schema says so, or serde without `validate`.
    /// let refused = graph.patch(&mut conn, serde, &json!({"downloads": null})).unwrap_err();
    /// assert!(matches!(refused, Error::Invalid { .. } | Error::Decode { .. }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::replace`]; [`Error::Decode`] when the result does not fit the Rust type.
    pub fn patch<C: GraphConnection, H>(&self, conn: &mut C, id: H, patch: &Value) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        self.write_latest(conn, id, |stored| {
            let merged = crate::merge::patched::<H>(&stored.attributes, patch)?;
            #[cfg(feature = "validate")]
            return {
                let key = H::key_attribute(&self.vocabulary)?;
                let name = <H::Value as metagraph_core::Element>::NAME;
                let encoded = encode::json(H::check(&self.vocabulary)?, name, key, &merged)?;
                H::decode(&encoded.attributes)?;
                Ok(encoded)
            };
            #[cfg(not(feature = "validate"))]
            encode::typed(H::check(&self.vocabulary)?, &H::decode(&merged.to_string())?)
        })
    }

    /// Deletes a row; `false` when it was gone. The edges of a node go with it, unless its type restricts that.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// let edge = graph.connect(&mut conn, mara, serde, &Maintains)?;
    ///
    /// // `Person` says `on_delete = restrict`, `Package` does not.
    /// assert!(matches!(graph.delete(&mut conn, mara), Err(Error::Restricted { .. })));
    /// assert!(graph.delete(&mut conn, serde)?);
    /// assert!(!graph.delete(&mut conn, edge)?, "it went with the package");
    /// assert!(graph.delete(&mut conn, mara)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Restricted`], [`Error::GraphArchived`], [`Error::ForeignKeysOff`].
    pub fn delete<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<bool>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        Ok(self.delete_many(conn, [id])? > 0)
    }

    /// Deletes rows, all or none, and returns how many were there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let ids: Vec<NodeId<Package>> = graph.insert_many(&mut conn, [package("app"), package("serde")])?;
    /// assert_eq!(graph.delete_many(&mut conn, ids.clone())?, 2);
    /// assert_eq!(graph.delete_many(&mut conn, ids)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::delete`].
    pub fn delete_many<C: GraphConnection, H>(&self, conn: &mut C, ids: impl IntoIterator<Item = H>) -> Result<usize>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        let ids: Vec<i64> = ids.into_iter().map(H::raw_id).collect();
        let kinds = H::kinds(&self.vocabulary)?;
        delete::delete(conn, self.scope(), H::TABLE, &kinds, &H::restricted(&self.vocabulary), &ids)
    }

    /// The free metadata of a row; an empty object where nothing was set.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert_eq!(graph.metadata(&mut conn, serde)?, serde_json::json!({}));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`] when the row is gone.
    pub fn metadata<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<Value>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        write::metadata::get(conn, self.scope(), H::TABLE, &H::kinds(&self.vocabulary)?, id.raw_id())
    }

    /// Replaces the free metadata of a row; its version stays.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.set_row_metadata(&mut conn, serde, &serde_json::json!({"line": 12}))?;
    /// assert_eq!(graph.metadata(&mut conn, serde)?["line"], 12);
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().version, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::GraphArchived`], [`Error::NulCharacter`].
    pub fn set_row_metadata<C: GraphConnection, H>(&self, conn: &mut C, id: H, metadata: &Value) -> Result<()>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        write::metadata::set(conn, self.scope(), H::TABLE, &H::kinds(&self.vocabulary)?, id.raw_id(), metadata)
    }

    fn stored<C: GraphConnection, H: WriteHandle>(&self, conn: &mut C, id: H) -> Result<Stored> {
        if let Some(stored) = id.stored(conn, self.scope())? {
            Ok(stored)
        } else {
            let kind = self.name_and_kind::<H>()?;
            Err(update::stale(conn, self.scope(), H::TABLE, kind, id.raw_id(), 0)?)
        }
    }

    fn name_and_kind<H: WriteHandle>(&self) -> Result<(&'static str, i64)> {
        let kind = H::kinds(&self.vocabulary)?.first().copied().unwrap_or_default();
        Ok((<H::Value as metagraph_core::Element>::NAME, kind))
    }

    fn write_changed<C: GraphConnection, H: WriteHandle>(
        &self,
        conn: &mut C,
        stored: &Stored,
        change: impl FnOnce(&mut H::Value),
    ) -> Result<i64> {
        let mut value = H::decode(&stored.attributes)?;
        change(&mut value);
        let encoded = encode::typed(H::check(&self.vocabulary)?, &value).or_else(|error| self.refused(conn, error))?;
        H::write(conn, self.scope(), stored, stored.renamed(encoded.key.as_ref()), &encoded)
    }

    /// Writes what `encode` makes of the stored row, again while somebody else is faster.
    fn write_latest<C: GraphConnection, H: WriteHandle>(
        &self,
        conn: &mut C,
        id: H,
        encode: impl Fn(&Stored) -> Result<Encoded>,
    ) -> Result<i64> {
        let mut attempt = 1;
        loop {
            let stored = self.stored(conn, id)?;
            let encoded = encode(&stored).or_else(|error| self.refused(conn, error))?;
            match H::write(conn, self.scope(), &stored, stored.renamed(encoded.key.as_ref()), &encoded) {
                Err(Error::Stale { .. }) if attempt < write::ATTEMPTS => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    /// Puts what is wrong with the graph before what is wrong with a value.
    pub(super) fn refused<C: GraphConnection, T>(&self, conn: &mut C, error: Error) -> Result<T> {
        crate::guard::explain(conn, self.scope().target())?;
        Err(error)
    }
}

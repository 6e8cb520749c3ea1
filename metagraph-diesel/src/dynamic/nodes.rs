//! Nodes by type name.

use std::collections::HashMap;

use metagraph_core::Key;
use serde_json::Value;

use super::{DynamicGraph, Expect, write_over};
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::{Error, Result};
use crate::guard;
use crate::merge;
use crate::outcome::{Upserted, WhenFound};
use crate::read::{self, NodeRow, Raw};
use crate::row::{NewNode, Node, NodePatch};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::NodeKind;
use crate::write::upsert::nodes::Identity;
use crate::write::{self, Table, delete, update};

impl DynamicGraph {
    /// Inserts a node and returns its local id.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// use metagraph::{Error, row::NewNode};
    ///
    /// let serde = NewNode { node_type: "package".into(), attributes: json!({"id": "serde", "downloads": 7}) };
    /// graph.insert(&mut conn, &serde)?;
    /// assert!(graph.insert(&mut conn, &serde).unwrap_err().is_conflict());
    ///
    /// let unknown = NewNode { node_type: "parcel".into(), attributes: json!({}) };
    /// assert!(matches!(graph.insert(&mut conn, &unknown), Err(Error::UnknownType { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`], [`Error::Invalid`] with every violation and its path, [`Error::InvalidKey`],
    /// [`Error::Conflict`] when the key is taken, [`Error::GraphArchived`], [`Error::StaleSchema`].
    pub fn insert<C: GraphConnection>(&self, conn: &mut C, node: &NewNode) -> Result<i64> {
        let kind = self.vocabulary.node(&node.node_type)?;
        let encoded = self.judged(conn, encoded(kind, &node.attributes))?;
        write::nodes::insert_one(conn, self.opened(), kind, &encoded)
    }

    /// Inserts nodes of one type, all or none; the answer is in the order given.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// let people = graph.insert_many(&mut conn, "person", &[json!({"name": "Mara"}), json!({"name": "Noor"})])?;
    /// assert_eq!(graph.node(&mut conn, people[1])?.unwrap().attributes["name"], "Noor");
    ///
    /// assert!(graph.insert_many(&mut conn, "person", &[json!({"name": "Ada"}), json!({})]).is_err());
    /// assert_eq!(graph.count_nodes(&mut conn, "person")?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`DynamicGraph::insert`], for the first node that is refused.
    pub fn insert_many<C: GraphConnection>(
        &self,
        conn: &mut C,
        node_type: &str,
        attributes: &[Value],
    ) -> Result<Vec<i64>> {
        let kind = self.vocabulary.node(node_type)?;
        let encoded = attributes
            .iter()
            .map(|attributes| self.judged(conn, encoded(kind, attributes)))
            .collect::<Result<Vec<_>>>()?;
        write::nodes::insert(conn, self.opened(), kind, &encoded)
    }

    /// Inserts a node, or brings the one with its key to the same attributes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// use metagraph::{Error, Outcome, row::NewNode};
    ///
    /// let serde = NewNode { node_type: "package".into(), attributes: json!({"id": "serde", "downloads": 7}) };
    /// assert_eq!(graph.upsert(&mut conn, &serde)?.outcome, Outcome::Created);
    /// assert_eq!(graph.upsert(&mut conn, &serde)?.outcome, Outcome::Unchanged);
    ///
    /// let mara = NewNode { node_type: "person".into(), attributes: json!({"name": "Mara"}) };
    /// assert!(matches!(graph.upsert(&mut conn, &mara), Err(Error::NoIdentity { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NoIdentity`] when its type has no key attribute; otherwise as [`DynamicGraph::insert`], without the
    /// conflict.
    pub fn upsert<C: GraphConnection>(&self, conn: &mut C, node: &NewNode) -> Result<Upserted<i64>> {
        let kind = self.vocabulary.node(&node.node_type)?;
        let encoded = self.judged(conn, encoded(kind, &node.attributes))?;
        write::nodes::upsert(conn, self.opened(), kind, &encoded, WhenFound::Update)
    }

    /// Inserts nodes of one type, or brings the ones with their keys to the same attributes, all or none; the answer is in
    /// the order given. A key that is given twice is created by the first and updated by the second.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// use metagraph::Outcome;
    ///
    /// let packages = [json!({"id": "app", "downloads": 1}), json!({"id": "app", "downloads": 2})];
    /// let upserted = graph.upsert_many(&mut conn, "package", &packages)?;
    /// assert_eq!([upserted[0].outcome, upserted[1].outcome], [Outcome::Created, Outcome::Updated]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`DynamicGraph::upsert`], for the first node that is refused; all are validated before.
    pub fn upsert_many<C: GraphConnection>(
        &self,
        conn: &mut C,
        node_type: &str,
        attributes: &[Value],
    ) -> Result<Vec<Upserted<i64>>> {
        let kind = self.vocabulary.node(node_type)?;
        let encoded = attributes
            .iter()
            .map(|attributes| self.judged(conn, encoded(kind, attributes)))
            .collect::<Result<Vec<_>>>()?;
        write::upsert::nodes::many(conn, self.opened(), kind, Identity::Key, &encoded, WhenFound::Update)
    }

    /// The node with this local id, or `None` when it is gone or belongs to another graph.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// let node = graph.node(&mut conn, serde)?.unwrap();
    /// assert_eq!((node.node_type.as_str(), node.key.as_str(), node.version), ("package", "serde", 1));
    /// assert!(graph.node(&mut conn, 404)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn node<C: GraphConnection>(&self, conn: &mut C, id: i64) -> Result<Option<Node>> {
        self.stored_node(conn, id)?.map(|row| self.node_row(row)).transpose()
    }

    /// Nodes by local id, in the order given and as often as given; `None` for what is not there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// let found = graph.nodes_by_id(&mut conn, &[404, serde])?;
    /// assert!(found[0].is_none());
    /// assert_eq!(found[1].as_ref().unwrap().key, "serde");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn nodes_by_id<C: GraphConnection>(&self, conn: &mut C, ids: &[i64]) -> Result<Vec<Option<Node>>> {
        let statement = read::nodes_by_id(self.id, ids);
        let nodes = self.node_rows(conn, statement)?;
        let nodes: HashMap<i64, Node> = nodes.into_iter().map(|node| (node.id, node)).collect();
        Ok(ids.iter().map(|id| nodes.get(id).cloned()).collect())
    }

    /// The node of a type with this key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// assert_eq!(graph.node_by_key(&mut conn, "package", "serde")?.unwrap().id, serde);
    /// assert!(graph.node_by_key(&mut conn, "person", "serde")?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`].
    pub fn node_by_key<C: GraphConnection>(&self, conn: &mut C, node_type: &str, key: &str) -> Result<Option<Node>> {
        let kind = self.vocabulary.node(node_type)?;
        let Ok(key) = Key::new(key) else { return Ok(None) };
        let statement = read::nodes_of(self.id)
            .sql(" AND n.node_type_id = ")
            .integer(kind.id)
            .sql(" AND n.key = ")
            .text(key.as_str());
        Ok(self.node_rows(conn, statement)?.pop())
    }

    /// A page of the nodes of a type, oldest first: at most `limit`, with ids above `after`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let packages = ["app", "serde"].map(|id| json!({"id": id, "downloads": 0}));
    /// # let ids = graph.insert_many(&mut conn, "package", &packages)?;
    /// # let (app, serde) = (ids[0], ids[1]);
    /// let first = graph.nodes(&mut conn, "package", 0, 1)?;
    /// assert_eq!(first[0].key, "app");
    /// let second = graph.nodes(&mut conn, "package", first[0].id, 1)?;
    /// assert_eq!(second[0].key, "serde");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`].
    pub fn nodes<C: GraphConnection>(
        &self,
        conn: &mut C,
        node_type: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Node>> {
        let statement = read::nodes_of(self.id)
            .sql(" AND n.node_type_id = ")
            .integer(self.vocabulary.node(node_type)?.id)
            .sql(" AND n.id > ")
            .integer(after)
            .sql(" ORDER BY n.id LIMIT ")
            .integer(limit.into());
        self.node_rows(conn, statement)
    }

    /// How many nodes of a type there are.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// assert_eq!(graph.count_nodes(&mut conn, "package")?, 1);
    /// assert!(graph.count_nodes(&mut conn, "parcel").is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`].
    pub fn count_nodes<C: GraphConnection>(&self, conn: &mut C, node_type: &str) -> Result<i64> {
        let statement = Statement::new("SELECT count(*) FROM __metagraph_nodes WHERE graph_id = ")
            .integer(self.id)
            .sql(" AND node_type_id = ")
            .integer(self.vocabulary.node(node_type)?.id);
        Ok(run::optional(conn, "counting nodes", statement)?.unwrap_or(0))
    }

    /// Replaces all attributes of a node, whatever they are now; returns the new version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// use metagraph::Error;
    ///
    /// assert_eq!(graph.replace_node(&mut conn, serde, &json!({"id": "serde", "downloads": 8}))?, 2);
    /// // All attributes: what is left out is not kept.
    /// assert!(matches!(graph.replace_node(&mut conn, serde, &json!({"id": "serde"})), Err(Error::Invalid { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; otherwise as [`DynamicGraph::insert`].
    pub fn replace_node<C: GraphConnection>(&self, conn: &mut C, id: i64, attributes: &Value) -> Result<i64> {
        self.write_node(conn, id, Expect::Any, |_, _| Ok(attributes.clone()))
    }

    /// Replaces all attributes of a node that is still at `version`; returns the new version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// use metagraph::Error;
    ///
    /// let attributes = json!({"id": "serde", "downloads": 8});
    /// assert_eq!(graph.replace_node_if(&mut conn, serde, 1, &attributes)?, 2);
    /// let late = graph.replace_node_if(&mut conn, serde, 1, &attributes);
    /// assert!(matches!(late, Err(Error::Stale { expected: 1, found: 2, .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not; otherwise as [`DynamicGraph::replace_node`].
    pub fn replace_node_if<C: GraphConnection>(
        &self,
        conn: &mut C,
        id: i64,
        version: i64,
        attributes: &Value,
    ) -> Result<i64> {
        self.write_node(conn, id, Expect::Version(version), |_, _| Ok(attributes.clone()))
    }

    /// Merges a JSON merge patch (RFC 7396) into the attributes of a node and judges the whole; returns the new
    /// version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// use metagraph::row::NodePatch;
    ///
    /// graph.patch_node(&mut conn, serde, &NodePatch { attributes: json!({"downloads": 8}) })?;
    /// assert_eq!(graph.node(&mut conn, serde)?.unwrap().attributes, json!({"id": "serde", "downloads": 8}));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`DynamicGraph::replace_node`].
    pub fn patch_node<C: GraphConnection>(&self, conn: &mut C, id: i64, patch: &NodePatch) -> Result<i64> {
        self.write_node(conn, id, Expect::Any, |kind, stored| {
            kind.check.refuse_unknown(&kind.name, stored, &patch.attributes)?;
            merge::patched_text(stored, &patch.attributes, &kind.name)
        })
    }

    /// Deletes a node, and its edges unless its type restricts that; `false` when it was gone.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # use serde_json::json;
    /// # let (mut conn, _) = example()?;
    /// # let graph = metagraph::DynamicGraph::open(&mut conn, "packages", "app")?;
    /// # let ids = graph.insert_many(&mut conn, "package", &[json!({"id": "serde", "downloads": 7})])?;
    /// # let serde = ids[0];
    /// assert!(graph.delete_node(&mut conn, serde)?);
    /// assert!(!graph.delete_node(&mut conn, serde)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Restricted`], [`Error::GraphArchived`], [`Error::ForeignKeysOff`].
    pub fn delete_node<C: GraphConnection>(&self, conn: &mut C, id: i64) -> Result<bool> {
        let (kinds, restricted) = self.vocabulary.node_kinds();
        Ok(delete::delete(conn, self.opened(), Table::Nodes, &kinds, &restricted, &[id])? > 0)
    }

    fn write_node<C: GraphConnection>(
        &self,
        conn: &mut C,
        id: i64,
        expect: Expect,
        attributes: impl Fn(&NodeKind, &str) -> Result<Value>,
    ) -> Result<i64> {
        write_over(conn, expect, |conn| {
            let missing = || Error::NotFound { element: "node".to_owned(), id: id.to_string() };
            let Some(stored) = self.stored_node(conn, id)? else {
                guard::explain(conn, self.opened().target())?;
                return Err(missing());
            };
            let kind = self.vocabulary.node_by_id(stored.node_type).ok_or_else(missing)?;
            if let Expect::Version(version) = expect
                && version != stored.version
            {
                return Err(update::stale(conn, self.opened(), Table::Nodes, (&kind.name, kind.id), id, version)?);
            }
            let value = self.judged(conn, attributes(kind, &stored.attributes.0))?;
            let value = self.judged(conn, encoded(kind, &value))?;
            let renamed = value.key.as_ref().map(Key::as_str).filter(|key| *key != stored.key);
            update::write_node(conn, self.opened(), kind, id, stored.version, renamed, &value)
        })
    }

    fn stored_node<C: GraphConnection>(&self, conn: &mut C, id: i64) -> Result<Option<NodeRow<Raw>>> {
        let statement = read::nodes_by_id(self.id, &[id]);
        run::optional(conn, "reading a node", statement)
    }

    fn node_rows<C: GraphConnection>(&self, conn: &mut C, statement: Statement<'_, C::Db>) -> Result<Vec<Node>> {
        let rows: Vec<NodeRow<Raw>> = run::all(conn, "reading nodes", statement)?;
        rows.into_iter().map(|row| self.node_row(row)).collect()
    }

    fn node_row(&self, row: NodeRow<Raw>) -> Result<Node> {
        let node_type = self.vocabulary.node_name(row.node_type).unwrap_or_default().to_owned();
        let attributes = serde_json::from_str(&row.attributes.0)
            .map_err(|source| Error::Decode { element: node_type.clone(), source })?;
        Ok(Node {
            id: row.id,
            node_type,
            key: row.key,
            attributes,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn encoded(kind: &NodeKind, attributes: &Value) -> Result<Encoded> {
    encode::json(&kind.check, &kind.name, kind.key.as_deref(), attributes)
}

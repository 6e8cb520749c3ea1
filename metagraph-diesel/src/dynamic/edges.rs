//! Edges by type name.

use metagraph_core::Key;
use serde_json::Value;

use super::{DynamicGraph, Expect, write_over};
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::{Error, Result};
use crate::guard;
use crate::merge;
use crate::outcome::{Upserted, WhenFound};
use crate::read::{self, EdgeRow, Raw};
use crate::row::{Edge, EdgePatch, NewEdge};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;
use crate::write::edges::NewEdge as Checked;
use crate::write::{self, Table, delete, update};

impl DynamicGraph {
    /// Inserts an edge and returns its local id.
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
    /// use metagraph::{Error, row::NewEdge};
    ///
    /// let edge = NewEdge {
    ///     edge_type: "depends_on".into(),
    ///     source: app,
    ///     target: serde,
    ///     attributes: json!({"optional": false}),
    /// };
    /// graph.connect(&mut conn, &edge)?;
    /// let back = NewEdge { source: serde, target: app, ..edge };
    /// assert!(matches!(graph.connect(&mut conn, &back), Err(Error::Cycle { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`], [`Error::Invalid`] with every violation and its path, [`Error::EndpointNotFound`],
    /// [`Error::EndpointType`], [`Error::SelfLoop`], [`Error::Conflict`], [`Error::Cycle`], [`Error::GraphArchived`],
    /// [`Error::StaleSchema`].
    pub fn connect<C: GraphConnection>(&self, conn: &mut C, edge: &NewEdge) -> Result<i64> {
        let kind = self.vocabulary.edge(&edge.edge_type)?;
        let value = self.judged(conn, encoded(kind, &edge.attributes))?;
        let checked = Checked { source: edge.source, target: edge.target, value: &value };
        write::edges::insert_one(conn, self.opened(), kind, &checked)
    }

    /// Inserts edges (source, target, attributes) of one type, all or none; the answer is in the order given.
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
    /// let edges = [(app, serde, json!({"place": "README.md:7"})), (app, serde, json!({"place": "README.md:9"}))];
    /// let ids = graph.connect_many(&mut conn, "mentions", &edges)?;
    /// assert_eq!(graph.edge(&mut conn, ids[1])?.unwrap().key.as_deref(), Some("README.md:9"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`DynamicGraph::connect`], for the first edge that is refused.
    pub fn connect_many<C: GraphConnection>(
        &self,
        conn: &mut C,
        edge_type: &str,
        edges: &[(i64, i64, Value)],
    ) -> Result<Vec<i64>> {
        let kind = self.vocabulary.edge(edge_type)?;
        let values = edges
            .iter()
            .map(|(_, _, attributes)| self.judged(conn, encoded(kind, attributes)))
            .collect::<Result<Vec<_>>>()?;
        let checked: Vec<_> = edges
            .iter()
            .zip(&values)
            .map(|((source, target, _), value)| Checked { source: *source, target: *target, value })
            .collect();
        write::edges::insert(conn, self.opened(), kind, &checked)
    }

    /// Inserts an edge, or brings the stored one, by its key or between its ends, to the same attributes.
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
    /// use metagraph::{Outcome, row::NewEdge};
    ///
    /// let edge = NewEdge {
    ///     edge_type: "depends_on".into(),
    ///     source: app,
    ///     target: serde,
    ///     attributes: json!({"optional": false}),
    /// };
    /// assert_eq!(graph.upsert_edge(&mut conn, &edge)?.outcome, Outcome::Created);
    /// let optional = NewEdge { attributes: json!({"optional": true}), ..edge };
    /// assert_eq!(graph.upsert_edge(&mut conn, &optional)?.outcome, Outcome::Updated);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NoIdentity`], [`Error::EndpointsMoved`]; otherwise as [`DynamicGraph::connect`].
    pub fn upsert_edge<C: GraphConnection>(&self, conn: &mut C, edge: &NewEdge) -> Result<Upserted<i64>> {
        let kind = self.vocabulary.edge(&edge.edge_type)?;
        let value = self.judged(conn, encoded(kind, &edge.attributes))?;
        let checked = Checked { source: edge.source, target: edge.target, value: &value };
        write::edges::upsert(conn, self.opened(), kind, &checked, WhenFound::Update)
    }

    /// Inserts edges (source, target, attributes) of one type, or brings the stored ones to the same attributes, all or
    /// none; the answer is in the order given. An edge that is given twice is created by the first and updated by the
    /// second.
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
    /// use metagraph::Outcome;
    ///
    /// let edges = [(app, serde, json!({"optional": true})), (app, serde, json!({"optional": false}))];
    /// let upserted = graph.upsert_edge_many(&mut conn, "depends_on", &edges)?;
    /// assert_eq!([upserted[0].outcome, upserted[1].outcome], [Outcome::Created, Outcome::Updated]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`DynamicGraph::upsert_edge`], for the first edge that is refused; all are validated before.
    pub fn upsert_edge_many<C: GraphConnection>(
        &self,
        conn: &mut C,
        edge_type: &str,
        edges: &[(i64, i64, Value)],
    ) -> Result<Vec<Upserted<i64>>> {
        let kind = self.vocabulary.edge(edge_type)?;
        let values = edges
            .iter()
            .map(|(_, _, attributes)| self.judged(conn, encoded(kind, attributes)))
            .collect::<Result<Vec<_>>>()?;
        let checked: Vec<_> = edges
            .iter()
            .zip(&values)
            .map(|((source, target, _), value)| Checked { source: *source, target: *target, value })
            .collect();
        write::upsert::edges::many(conn, self.opened(), kind, &checked, WhenFound::Update)
    }

    /// The edge with this local id, or `None` when it is gone or belongs to another graph.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// let found = graph.edge(&mut conn, edge)?.unwrap();
    /// assert_eq!((found.source, found.target), (app, serde));
    /// assert!(graph.edge(&mut conn, 404)?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn edge<C: GraphConnection>(&self, conn: &mut C, id: i64) -> Result<Option<Edge>> {
        self.stored_edge(conn, id)?.map(|row| self.edge_row(row)).transpose()
    }

    /// A page of the edges of a type, oldest first: at most `limit`, with ids above `after`.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// let page = graph.edges(&mut conn, "depends_on", 0, 20)?;
    /// assert_eq!(page[0].id, edge);
    /// assert!(graph.edges(&mut conn, "depends_on", edge, 20)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`].
    pub fn edges<C: GraphConnection>(
        &self,
        conn: &mut C,
        edge_type: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Edge>> {
        let statement = read::edges_of(self.id)
            .sql(" AND e.edge_type_id = ")
            .integer(self.vocabulary.edge(edge_type)?.id)
            .sql(" AND e.id > ")
            .integer(after)
            .sql(" ORDER BY e.id LIMIT ")
            .integer(limit.into());
        self.edge_rows(conn, statement)
    }

    /// The edges of any type that start or end at a node, oldest first.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// assert_eq!(graph.edges_of_node(&mut conn, serde)?[0].source, app);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Database`] when the database fails.
    pub fn edges_of_node<C: GraphConnection>(&self, conn: &mut C, node: i64) -> Result<Vec<Edge>> {
        let statement = read::edges_at(self.id, &[node]).sql(" ORDER BY e.id");
        self.edge_rows(conn, statement)
    }

    /// How many edges of a type there are.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// assert_eq!(graph.count_edges(&mut conn, "depends_on")?, 1);
    /// assert_eq!(graph.count_edges(&mut conn, "maintains")?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownType`].
    pub fn count_edges<C: GraphConnection>(&self, conn: &mut C, edge_type: &str) -> Result<i64> {
        let statement = Statement::new("SELECT count(*) FROM __metagraph_edges WHERE graph_id = ")
            .integer(self.id)
            .sql(" AND edge_type_id = ")
            .integer(self.vocabulary.edge(edge_type)?.id);
        Ok(run::optional(conn, "counting edges", statement)?.unwrap_or(0))
    }

    /// Replaces all attributes of an edge, whatever they are now; returns the new version. Its ends never move.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// assert_eq!(graph.replace_edge(&mut conn, edge, &json!({"optional": true}))?, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; otherwise as [`DynamicGraph::connect`].
    pub fn replace_edge<C: GraphConnection>(&self, conn: &mut C, id: i64, attributes: &Value) -> Result<i64> {
        self.write_edge(conn, id, Expect::Any, |_, _| Ok(attributes.clone()))
    }

    /// Replaces all attributes of an edge that is still at `version`; returns the new version.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// use metagraph::Error;
    ///
    /// graph.replace_edge(&mut conn, edge, &json!({"optional": true}))?;
    /// let late = graph.replace_edge_if(&mut conn, edge, 1, &json!({"optional": false}));
    /// assert!(matches!(late, Err(Error::Stale { expected: 1, found: 2, .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Stale`] when it is not; otherwise as [`DynamicGraph::replace_edge`].
    pub fn replace_edge_if<C: GraphConnection>(
        &self,
        conn: &mut C,
        id: i64,
        version: i64,
        attributes: &Value,
    ) -> Result<i64> {
        self.write_edge(conn, id, Expect::Version(version), |_, _| Ok(attributes.clone()))
    }

    /// Merges a JSON merge patch (RFC 7396) into the attributes of an edge and judges the whole; returns the new
    /// version.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// use metagraph::row::EdgePatch;
    ///
    /// graph.patch_edge(&mut conn, edge, &EdgePatch { attributes: json!({"optional": true}) })?;
    /// assert_eq!(graph.edge(&mut conn, edge)?.unwrap().attributes, json!({"optional": true}));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`DynamicGraph::replace_edge`].
    pub fn patch_edge<C: GraphConnection>(&self, conn: &mut C, id: i64, patch: &EdgePatch) -> Result<i64> {
        self.write_edge(conn, id, Expect::Any, |kind, stored| {
            kind.check.refuse_unknown(&kind.name, stored, &patch.attributes)?;
            merge::patched_text(stored, &patch.attributes, &kind.name)
        })
    }

    /// Deletes an edge; `false` when it was gone.
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
    /// # let edges = graph.connect_many(&mut conn, "depends_on", &[(app, serde, json!({"optional": false}))])?;
    /// # let edge = edges[0];
    /// assert!(graph.delete_edge(&mut conn, edge)?);
    /// assert!(!graph.delete_edge(&mut conn, edge)?);
    /// assert!(graph.node(&mut conn, app)?.is_some(), "nodes stay");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::GraphArchived`].
    pub fn delete_edge<C: GraphConnection>(&self, conn: &mut C, id: i64) -> Result<bool> {
        let kinds = self.vocabulary.edge_kinds();
        Ok(delete::delete(conn, self.opened(), Table::Edges, &kinds, &[], &[id])? > 0)
    }

    fn write_edge<C: GraphConnection>(
        &self,
        conn: &mut C,
        id: i64,
        expect: Expect,
        attributes: impl Fn(&EdgeKind, &str) -> Result<Value>,
    ) -> Result<i64> {
        write_over(conn, expect, |conn| {
            let missing = || Error::NotFound { element: "edge".to_owned(), id: id.to_string() };
            let Some(stored) = self.stored_edge(conn, id)? else {
                guard::explain(conn, self.opened().target())?;
                return Err(missing());
            };
            let kind = self.vocabulary.edge_by_id(stored.edge_type).ok_or_else(missing)?;
            if let Expect::Version(version) = expect
                && version != stored.version
            {
                return Err(update::stale(conn, self.opened(), Table::Edges, (&kind.name, kind.id), id, version)?);
            }
            let value = self.judged(conn, attributes(kind, &stored.attributes.0))?;
            let value = self.judged(conn, encoded(kind, &value))?;
            let renamed = value.key.as_ref().map(Key::as_str).filter(|key| stored.key.as_deref() != Some(*key));
            update::write_edge(conn, self.opened(), kind, id, stored.version, renamed, &value)
        })
    }

    fn stored_edge<C: GraphConnection>(&self, conn: &mut C, id: i64) -> Result<Option<EdgeRow<Raw>>> {
        let statement = read::edges_by_id(self.id, &[id]);
        run::optional(conn, "reading an edge", statement)
    }

    fn edge_rows<C: GraphConnection>(&self, conn: &mut C, statement: Statement<'_, C::Db>) -> Result<Vec<Edge>> {
        let rows: Vec<EdgeRow<Raw>> = run::all(conn, "reading edges", statement)?;
        rows.into_iter().map(|row| self.edge_row(row)).collect()
    }

    fn edge_row(&self, row: EdgeRow<Raw>) -> Result<Edge> {
        let kind = self.vocabulary.edge_by_id(row.edge_type);
        let edge_type = kind.map(|kind| kind.name.clone()).unwrap_or_default();
        let attributes = serde_json::from_str(&row.attributes.0)
            .map_err(|source| Error::Decode { element: edge_type.clone(), source })?;
        Ok(Edge {
            id: row.id,
            edge_type,
            key: row.key,
            source: row.source,
            target: row.target,
            undirected: kind.is_some_and(|kind| kind.rules.undirected),
            attributes,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn encoded(kind: &EdgeKind, attributes: &Value) -> Result<Encoded> {
    encode::json(&kind.check, &kind.name, kind.key.as_deref(), attributes)
}

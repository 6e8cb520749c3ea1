//! The rows of a graph type and of its members, as `sync` stores them.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use metagraph_core::document::GraphDocument;
use serde_json::Value;

use super::sql::{Script, delete, insert, require, update};
use super::{FolderError, literal};
use crate::backend::Seam;

/// Columns with what they hold, as SQL.
pub(super) type Values = Vec<(&'static str, String)>;

/// Prints what is stored of one graph type.
#[derive(Debug)]
pub(super) struct Rows<'d, Db> {
    document: &'d GraphDocument,
    hash: String,
    /// The name of the graph type.
    pub(super) name: String,
    /// Asks for the id of the graph type, which the database gave.
    pub(super) id: String,
    database: PhantomData<fn() -> Db>,
}

/// The kinds of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Node,
    Edge,
}

impl Kind {
    /// The table of types.
    pub(super) fn types(self) -> &'static str {
        match self {
            Self::Node => "__metagraph_node_types",
            Self::Edge => "__metagraph_edge_types",
        }
    }

    /// The table of what has such a type, and the column that says which.
    pub(super) fn rows(self) -> (&'static str, &'static str) {
        match self {
            Self::Node => ("__metagraph_nodes", "node_type_id"),
            Self::Edge => ("__metagraph_edges", "edge_type_id"),
        }
    }
}

/// Stores a graph type that was not stored, and takes it back where it has no graphs.
pub(super) fn register<Db: Seam>(document: &GraphDocument) -> Result<Script, FolderError> {
    let rows = Rows::<Db>::of(document)?;
    let mut graph_type = vec![("name", rows.name.clone()), ("revision", "1".to_owned())];
    graph_type.extend(rows.graph_type()?);
    let mut up = vec![Rows::<Db>::insert("__metagraph_graph_types", graph_type), rows.insert_version("1")?];
    up.extend(rows.members()?.iter().map(|((kind, name), values)| rows.insert_member(*kind, name, values)));

    let id = &rows.id;
    let unused = format!("NOT EXISTS (SELECT 1 FROM __metagraph_graphs WHERE graph_type_id = {id})");
    // Diesel's own tool does not enforce foreign keys on SQLite, so nothing is left to them.
    let of_type = format!("graph_type_id = {id}");
    let down = vec![
        require("There is no graph of the type", &unused),
        delete(Kind::Edge.types(), &of_type),
        delete(Kind::Node.types(), &of_type),
        delete("__metagraph_graph_type_versions", &of_type),
        delete("__metagraph_graph_types", &format!("name = {}", rows.name)),
    ];
    Ok(Script { title: format!("the graph type {}", document.name), up, down, is_of_tables: false })
}

impl<'d, Db: Seam> Rows<'d, Db> {
    pub(super) fn of(document: &'d GraphDocument) -> Result<Self, FolderError> {
        let name = literal::text::<Db>(&document.name, "name", &document.name)?;
        let id = format!("(SELECT id FROM __metagraph_graph_types WHERE name = {name})");
        let hash = literal::text::<Db>(&document.name, "hash", &document.hash())?;
        Ok(Self { document, hash, name, id, database: PhantomData })
    }

    /// Holds where this document is the stored one.
    pub(super) fn are_stored(&self) -> String {
        let Self { name, hash, id, .. } = self;
        format!(
            "EXISTS (SELECT 1 FROM __metagraph_graph_types WHERE name = {name} AND hash = {hash})\n    \
             AND NOT EXISTS (SELECT 1 FROM __metagraph_evolutions WHERE graph_type_id = {id})"
        )
    }

    /// What the row of a graph type says, apart from its name, its revision and when it was created.
    pub(super) fn graph_type(&self) -> Result<Values, FolderError> {
        let GraphDocument { name, description, config, scope, version, .. } = self.document;
        let config = serde_json::to_value(config).unwrap_or_default().to_string();
        Ok(vec![
            ("description", literal::text::<Db>(name, "description", description)?),
            ("config", literal::json::<Db>(name, "config", &config)?),
            ("scope", literal::text::<Db>(name, "scope", scope)?),
            ("version", version.to_string()),
            ("hash", self.hash.clone()),
        ])
    }

    /// What the row of a document says, apart from whose it is and when it was created.
    pub(super) fn version(&self) -> Result<Values, FolderError> {
        let text = self.document.canonical_text();
        Ok(vec![
            ("version", self.document.version.to_string()),
            ("hash", self.hash.clone()),
            ("document", literal::json::<Db>(&self.document.name, "document", &text)?),
        ])
    }

    pub(super) fn insert_version(&self, revision: &str) -> Result<String, FolderError> {
        let mut values = vec![("graph_type_id", self.id.clone()), ("revision", revision.to_owned())];
        values.extend(self.version()?);
        Ok(Self::insert("__metagraph_graph_type_versions", values))
    }

    /// What the rows of node and edge types say, by the names of these as SQL.
    pub(super) fn members(&self) -> Result<BTreeMap<(Kind, String), Values>, FolderError> {
        let mut members = BTreeMap::new();
        for (name, node) in &self.document.nodes {
            let literal = literal::text::<Db>(name, "name", name)?;
            members.insert((Kind::Node, literal), Self::member(name, &node.schema)?);
        }
        for (name, edge) in &self.document.edges {
            let names = |names: &[String]| Value::from(names).to_string();
            let mut values = Self::member(name, &edge.schema)?;
            for (column, names) in
                [("allowed_source_types", names(&edge.from)), ("allowed_target_types", names(&edge.to))]
            {
                values.push((column, literal::json::<Db>(name, column, &names)?));
            }
            members.insert((Kind::Edge, literal::text::<Db>(name, "name", name)?), values);
        }
        Ok(members)
    }

    fn member(name: &str, schema: &Value) -> Result<Values, FolderError> {
        let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
        Ok(vec![
            ("description", literal::text::<Db>(name, "description", description)?),
            ("schema", literal::json::<Db>(name, "schema", &schema.to_string())?),
        ])
    }

    pub(super) fn insert_member(&self, kind: Kind, name: &str, values: &Values) -> String {
        let mut row = vec![("graph_type_id", self.id.clone()), ("name", name.to_owned())];
        row.extend(values.iter().cloned());
        Self::insert(kind.types(), row)
    }

    fn insert(table: &str, mut values: Values) -> String {
        values.extend([("created_at", Db::NOW.to_owned()), ("updated_at", Db::NOW.to_owned())]);
        insert(table, &values)
    }

    /// Changes rows. Their programs may have clocks that are ahead of the database's.
    pub(super) fn update(table: &str, mut values: Values, rows: &str) -> String {
        let now = Db::NOW;
        values.push(("updated_at", format!("CASE WHEN {now} > created_at THEN {now} ELSE created_at END")));
        update(table, &values, rows)
    }

    /// Which row of the table of types is a member's.
    pub(super) fn is_member(&self, name: &str) -> String {
        format!("graph_type_id = {} AND name = {name}", self.id)
    }
}

//! Stored graph types: listed, read, described.
//!
//! Only reading lives here; [`sync`](crate::sync()) is what stores them.

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::document::GraphDocument;

use crate::backend::{GraphConnection, Seam};
use crate::encode::storable;
use crate::error::{Error, Result};
use crate::guard;
use crate::indexes;
use crate::record::{self, Record};
use crate::row::{EdgeType, GraphType, NodeType};
use crate::run;
use crate::statement::Statement;
use crate::stored_type::StoredType;

const SELECT: &str = "SELECT id, name, description, config, scope, version, revision, hash, metadata, created_at, \
                      updated_at FROM __metagraph_graph_types ";

impl Record for GraphType {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            name: record::text(row, 1)?,
            description: record::text(row, 2)?,
            config: record::json_value(row, 3)?,
            scope: record::text(row, 4)?,
            version: record::integer(row, 5)?,
            revision: record::integer(row, 6)?,
            hash: record::text(row, 7)?,
            metadata: record::json_value(row, 8)?,
            created_at: record::time(row, 9)?,
            updated_at: record::time(row, 10)?,
        })
    }
}

impl Record for NodeType {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            name: record::text(row, 1)?,
            description: record::text(row, 2)?,
            schema: record::json_value(row, 3)?,
            metadata: record::json_value(row, 4)?,
            created_at: record::time(row, 5)?,
            updated_at: record::time(row, 6)?,
        })
    }
}

impl Record for EdgeType {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        let names = |at| record::json::<Db, Vec<String>>(row, at, |text| Ok(serde_json::from_str(text)?));
        Ok(Self {
            id: record::integer(row, 0)?,
            name: record::text(row, 1)?,
            description: record::text(row, 2)?,
            schema: record::json_value(row, 3)?,
            allowed_source_types: names(4)?,
            allowed_target_types: names(5)?,
            metadata: record::json_value(row, 6)?,
            created_at: record::time(row, 7)?,
            updated_at: record::time(row, 8)?,
        })
    }
}

/// All stored graph types, by name.
///
/// ```
/// # use metagraph_diesel as metagraph;
/// # fn main() -> Result<(), metagraph::Error> {
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// assert!(metagraph::types::list(&mut conn)?.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn list<C: GraphConnection>(conn: &mut C) -> Result<Vec<GraphType>> {
    run::all(conn, "listing graph types", Statement::new(SELECT).sql("ORDER BY name"))
}

/// The stored graph type with this name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// let packages = metagraph::types::get(&mut conn, "packages")?.unwrap();
/// assert_eq!((packages.scope.as_str(), packages.revision), ("system", 1));
/// assert!(metagraph::types::get(&mut conn, "parcels")?.is_none());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn get<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Option<GraphType>> {
    let Ok(name) = storable("name", name) else { return Ok(None) };
    run::optional(conn, "reading a graph type", Statement::new(SELECT).sql("WHERE name = ").text(name))
}

/// The schema document that is stored for a graph type: its whole vocabulary, rules and schemas.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// let document = metagraph::types::describe(&mut conn, "packages")?;
/// assert_eq!(document.description, "Everything a lock file says, and who answers for it.");
/// assert_eq!(document.edges["maintains"].from, ["person"]);
/// assert!(document.edges["mentions"].rules.multi);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::UnknownGraphType`] when there is none.
pub fn describe<C: GraphConnection>(conn: &mut C, name: &str) -> Result<GraphDocument> {
    let stored = StoredType::require(conn, name)?;
    stored.document(conn)
}

/// The node types of a stored graph type, by name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// let types = metagraph::types::node_types(&mut conn, "packages")?;
/// assert_eq!(types[0].name, "package");
/// assert_eq!(types[0].schema["properties"]["downloads"]["format"], "uint32");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::UnknownGraphType`] when there is none.
pub fn node_types<C: GraphConnection>(conn: &mut C, graph_type: &str) -> Result<Vec<NodeType>> {
    let stored = StoredType::require(conn, graph_type)?;
    let statement = Statement::new(
        "SELECT id, name, description, schema, metadata, created_at, updated_at FROM __metagraph_node_types \
         WHERE graph_type_id = ",
    )
    .integer(stored.id)
    .sql(" ORDER BY name");
    run::all(conn, "listing node types", statement)
}

/// The edge types of a stored graph type, by name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, _) = example()?;
/// let types = metagraph::types::edge_types(&mut conn, "packages")?;
/// assert_eq!((types[1].name.as_str(), &types[1].allowed_source_types[..]), ("maintains", &["person".to_owned()][..]));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::UnknownGraphType`] when there is none.
pub fn edge_types<C: GraphConnection>(conn: &mut C, graph_type: &str) -> Result<Vec<EdgeType>> {
    let stored = StoredType::require(conn, graph_type)?;
    let statement = Statement::new(
        "SELECT id, name, description, schema, allowed_source_types, allowed_target_types, metadata, created_at, \
         updated_at FROM __metagraph_edge_types WHERE graph_type_id = ",
    )
    .integer(stored.id)
    .sql(" ORDER BY name");
    run::all(conn, "listing edge types", statement)
}

/// Deletes a stored graph type that has no graphs; `false` when there was none.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// use metagraph::{Error, types};
///
/// assert!(matches!(types::delete(&mut conn, "packages"), Err(Error::TypeInUse { graphs: 1, .. })));
/// graph.delete_graph(&mut conn)?;
/// assert!(types::delete(&mut conn, "packages")?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::TypeInUse`] when it has graphs.
pub fn delete<C: GraphConnection>(conn: &mut C, name: &str) -> Result<bool> {
    let Ok(name) = storable("name", name) else { return Ok(false) };
    let statement = Statement::new("DELETE FROM __metagraph_graph_types WHERE name = ").text(name).sql(
        " AND NOT EXISTS (SELECT 1 FROM __metagraph_graphs AS g WHERE g.graph_type_id = __metagraph_graph_types.id)",
    );
    // In a savepoint: a graph that is created meanwhile makes the foreign key refuse.
    let deleted = run::transaction(conn, |conn| {
        guard::begin_write(conn)?;
        // Nobody needs the indexes of a type that is gone; one that stays keeps them.
        let indexes = indexes::names_of(conn, name)?;
        let deleted = run::execute(conn, "deleting a graph type", statement)?;
        if deleted > 0 {
            indexes::drop_named(conn, &indexes)?;
        }
        Ok(deleted)
    });
    if matches!(deleted, Ok(1..)) {
        return Ok(true);
    }
    let count = Statement::new(
        "SELECT count(*) FROM __metagraph_graphs AS g JOIN __metagraph_graph_types AS t ON t.id = g.graph_type_id \
         WHERE t.name = ",
    )
    .text(name);
    match run::optional(conn, "counting graphs", count)? {
        Some(graphs @ 1..) => Err(Error::TypeInUse { graph_type: name.to_owned(), graphs }),
        _ => deleted.map(|_| false),
    }
}

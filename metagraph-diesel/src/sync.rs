//! Registers a compiled graph type, and tells when the stored one differs.

use std::sync::Arc;

use metagraph_core::GraphType;
use metagraph_core::document::{CompiledType, GraphDocument};
use serde_json::Value;

use crate::backend::{GraphConnection, Seam};
use crate::encode::storable;
use crate::error::{Error, Result};
use crate::guard;
use crate::indexes;
use crate::record::{self, Record};
use crate::run;
use crate::statement::{Microseconds, Statement};
use crate::vocabulary::Vocabulary;

/// What [`sync`] did.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::Synced;
///
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// if metagraph::sync::<Packages, _>(&mut conn)? == Synced::Registered {
///     println!("the first start on this database");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synced {
    /// The type was not stored before.
    Registered,
    /// The stored type is the compiled one.
    Unchanged,
    /// Only titles and descriptions differed; they were stored anew.
    Redescribed,
}

/// Stores the graph type `G` with its node and edge types, or finds it stored.
///
/// A type that is stored already costs one read, and two more where it declares indexes. The ones that the database lacks
/// are created: in PostgreSQL, writers wait meanwhile. Safe to call from several processes at once: one registers, the others
/// find it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::Synced;
///
/// let mut conn = metagraph::sqlite::connect(":memory:")?;
/// metagraph::migrate(&mut conn)?;
/// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Registered);
/// assert_eq!(metagraph::sync::<Packages, _>(&mut conn)?, Synced::Unchanged);
/// # Ok(())
/// # }
/// ```
///
/// A type that differs from the stored one is refused, with every place where it does:
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// use metagraph::Error;
///
/// /// What an older release called `packages`.
/// #[derive(GraphType)]
/// #[graph(name = "packages")]
/// # #[graph(crate = "metagraph_core")]
/// enum OlderPackages {
///     Package(Package),
///     DependsOn(DependsOn),
/// }
///
/// # let mut conn = metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(&mut conn)?;
/// metagraph::sync::<OlderPackages, _>(&mut conn)?;
/// let Err(Error::SchemaDrift { differences, .. }) = metagraph::sync::<Packages, _>(&mut conn) else { panic!() };
/// let pointers: Vec<_> = differences.iter().map(|difference| difference.pointer.as_str()).collect();
/// assert_eq!(pointers, ["/edges/maintains", "/edges/mentions", "/nodes/person"]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::InvalidSchema`] when the type cannot be stored, [`Error::SchemaDrift`] with every difference when another
/// version of it is.
pub fn sync<G: GraphType, C: GraphConnection>(conn: &mut C) -> Result<Synced> {
    let compiled = CompiledType::of::<G>()?;
    guard::begin_write_inside(conn)?;
    if let Some(stored) = StoredType::find(conn, &compiled.document().name)?
        && stored.hash == compiled.hash()
    {
        create_indexes(conn, &stored, &compiled)?;
        return Ok(Synced::Unchanged);
    }
    run::transaction(conn, |conn| {
        let synced = register(conn, &compiled)?;
        let stored = StoredType::require(conn, &compiled.document().name)?;
        create_indexes(conn, &stored, &compiled)?;
        Ok(synced)
    })
}

/// Creates the indexes that the type declares and the database lacks.
fn create_indexes<C: GraphConnection>(conn: &mut C, stored: &StoredType, compiled: &CompiledType) -> Result<()> {
    let document = compiled.document();
    let nodes = document.nodes.values().map(|node| &node.indexes);
    if nodes.chain(document.edges.values().map(|edge| &edge.indexes)).all(Vec::is_empty) {
        return Ok(());
    }
    let vocabulary = Vocabulary::load(conn, stored.id, stored.revision, document.clone())?;
    indexes::create_missing(conn, &vocabulary)
}

fn register<C: GraphConnection>(conn: &mut C, compiled: &CompiledType) -> Result<Synced> {
    let registered = insert_type(conn, compiled)?;
    if let Some(id) = registered {
        insert_members(conn, id, compiled)?;
        return Ok(Synced::Registered);
    }
    // Somebody has it, in this form or in another; the insert above made this transaction a writing one.
    let stored = StoredType::require(conn, &compiled.document().name)?;
    if stored.hash == compiled.hash() {
        return Ok(Synced::Unchanged);
    }
    let differences = stored.document(conn)?.differences(compiled.document());
    if differences.is_empty() {
        redescribe(conn, &stored, compiled)?;
        return Ok(Synced::Redescribed);
    }
    Err(Error::SchemaDrift { graph_type: compiled.document().name.clone(), differences })
}

/// The row of a graph type, as far as handles need it.
#[derive(Debug)]
pub(crate) struct StoredType {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) revision: i64,
    pub(crate) hash: String,
}

impl Record for StoredType {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            id: record::integer(row, 0)?,
            name: record::text(row, 1)?,
            revision: record::integer(row, 2)?,
            hash: record::text(row, 3)?,
        })
    }
}

impl StoredType {
    fn find<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Option<Self>> {
        // What cannot be stored is not stored.
        let Ok(name) = storable("name", name) else { return Ok(None) };
        let statement =
            Statement::new("SELECT id, name, revision, hash FROM __metagraph_graph_types WHERE name = ").text(name);
        run::optional(conn, "reading a graph type", statement)
    }

    pub(crate) fn require<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Self> {
        match Self::find(conn, name)? {
            Some(stored) => Ok(stored),
            None => Err(unknown(conn, name)?),
        }
    }

    pub(crate) fn document<C: GraphConnection>(&self, conn: &mut C) -> Result<GraphDocument> {
        let statement = Statement::new("SELECT document FROM __metagraph_graph_type_versions WHERE graph_type_id = ")
            .integer(self.id)
            .sql(" AND revision = ")
            .integer(self.revision);
        let text: Option<String> = run::optional(conn, "reading a schema document", statement)?;
        let Some(text) = text else { return Err(unknown(conn, &self.name)?) };
        serde_json::from_str(&text).map_err(|source| Error::Decode { element: "schema document".to_owned(), source })
    }

    /// The vocabulary of the compiled type `G`, whose stored document must mean the same.
    pub(crate) fn vocabulary_of<G: GraphType, C: GraphConnection>(conn: &mut C) -> Result<Arc<Vocabulary>> {
        let compiled = CompiledType::of::<G>()?;
        let stored = Self::require(conn, &compiled.document().name)?;
        if stored.hash != compiled.hash() {
            let differences = stored.document(conn)?.differences(compiled.document());
            if !differences.is_empty() {
                return Err(Error::SchemaDrift { graph_type: stored.name, differences });
            }
        }
        Vocabulary::load(conn, stored.id, stored.revision, compiled.document().clone()).map(Arc::new)
    }
}

fn unknown<C: GraphConnection>(conn: &mut C, name: &str) -> Result<Error> {
    let names = Statement::new("SELECT name FROM __metagraph_graph_types ORDER BY name");
    Ok(Error::UnknownGraphType { name: name.to_owned(), known: run::all(conn, "listing graph types", names)? })
}

fn insert_type<C: GraphConnection>(conn: &mut C, compiled: &CompiledType) -> Result<Option<i64>> {
    let document = compiled.document();
    let now = Microseconds::now();
    let config = serde_json::to_string(&document.config)
        .map_err(|source| Error::Encode { element: "graph type".to_owned(), source })?;
    let statement = Statement::new(
        "INSERT INTO __metagraph_graph_types \
         (name, description, config, scope, version, revision, hash, created_at, updated_at) VALUES (",
    )
    .text(&document.name)
    .sql(", ")
    .text(&document.description)
    .sql(", ")
    .json(config)
    .sql(", ")
    .text(&document.scope)
    .sql(", ")
    .integer(document.version.into())
    .sql(", 1, ")
    .text(compiled.hash())
    .sql(", ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(") ON CONFLICT DO NOTHING RETURNING id");
    run::optional(conn, "registering a graph type", statement)
}

fn insert_members<C: GraphConnection>(conn: &mut C, id: i64, compiled: &CompiledType) -> Result<()> {
    let document = compiled.document();
    let now = Microseconds::now();
    let version = Statement::new(
        "INSERT INTO __metagraph_graph_type_versions \
         (graph_type_id, revision, version, hash, document, created_at, updated_at) VALUES (",
    )
    .integer(id)
    .sql(", 1, ")
    .integer(document.version.into())
    .sql(", ")
    .text(compiled.hash())
    .sql(", ")
    .text(compiled.text())
    .sql(", ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(")");
    run::execute(conn, "storing a schema document", version)?;
    for (name, node) in &document.nodes {
        let statement = Statement::new(
            "INSERT INTO __metagraph_node_types \
             (graph_type_id, name, description, schema, created_at, updated_at) VALUES (",
        )
        .integer(id)
        .sql(", ")
        .text(name)
        .sql(", ")
        .text(description(&node.schema))
        .sql(", ")
        .json(node.schema.to_string())
        .sql(", ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(")");
        run::execute(conn, "registering a node type", statement)?;
    }
    for (name, edge) in &document.edges {
        let statement = Statement::new(
            "INSERT INTO __metagraph_edge_types (graph_type_id, name, description, schema, \
             allowed_source_types, allowed_target_types, created_at, updated_at) VALUES (",
        )
        .integer(id)
        .sql(", ")
        .text(name)
        .sql(", ")
        .text(description(&edge.schema))
        .sql(", ")
        .json(edge.schema.to_string())
        .sql(", ")
        .json(Value::from(edge.from.clone()).to_string())
        .sql(", ")
        .json(Value::from(edge.to.clone()).to_string())
        .sql(", ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(")");
        run::execute(conn, "registering an edge type", statement)?;
    }
    Ok(())
}

/// What the author wrote about a type: schemars takes it from the doc comment.
fn description(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

fn redescribe<C: GraphConnection>(conn: &mut C, stored: &StoredType, compiled: &CompiledType) -> Result<()> {
    let document = compiled.document();
    let now = Microseconds::now();
    let graph_type = Statement::new("UPDATE __metagraph_graph_types SET description = ")
        .text(&document.description)
        .sql(", hash = ")
        .text(compiled.hash())
        .sql(", updated_at = ")
        .time(now)
        .sql(" WHERE id = ")
        .integer(stored.id);
    run::execute(conn, "describing a graph type", graph_type)?;
    let version = Statement::new("UPDATE __metagraph_graph_type_versions SET document = ")
        .text(compiled.text())
        .sql(", hash = ")
        .text(compiled.hash())
        .sql(", updated_at = ")
        .time(now)
        .sql(" WHERE graph_type_id = ")
        .integer(stored.id)
        .sql(" AND revision = ")
        .integer(stored.revision);
    run::execute(conn, "describing a schema document", version)?;
    let nodes = document
        .nodes
        .iter()
        .map(|(name, node)| ("UPDATE __metagraph_node_types SET description = ", name, &node.schema));
    let edges = document
        .edges
        .iter()
        .map(|(name, edge)| ("UPDATE __metagraph_edge_types SET description = ", name, &edge.schema));
    for (update, name, schema) in nodes.chain(edges) {
        let statement = Statement::new(update)
            .text(description(schema))
            .sql(", schema = ")
            .json(schema.to_string())
            .sql(", updated_at = ")
            .time(now)
            .sql(" WHERE graph_type_id = ")
            .integer(stored.id)
            .sql(" AND name = ")
            .text(name);
        run::execute(conn, "describing a type", statement)?;
    }
    Ok(())
}

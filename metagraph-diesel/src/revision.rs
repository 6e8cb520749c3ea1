//! The rows of a graph type and of its members: stored first, described anew, and as the next revision.

#[cfg(feature = "validate")]
mod next;

use metagraph_core::document::{CompiledType, EdgeDocument, GraphDocument, NodeDocument};
use serde_json::Value;

#[cfg(feature = "validate")]
pub(crate) use self::next::{Moved, advance, graphs, hold_graphs, remove_members, set_of_graphs};
use crate::backend::GraphConnection;
use crate::error::{Error, Result};
use crate::run;
use crate::statement::{Microseconds, Statement};
use crate::stored_type::StoredType;

/// Stores a type that nobody stored before, and returns its id; `None` where somebody did.
pub(crate) fn insert<C: GraphConnection>(conn: &mut C, compiled: &CompiledType) -> Result<Option<i64>> {
    let document = compiled.document();
    let now = Microseconds::now();
    let config = config(compiled)?;
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
    let registered = run::optional(conn, "registering a graph type", statement)?;
    if let Some(id) = registered {
        insert_members(conn, id, compiled)?;
    }
    Ok(registered)
}

fn config(compiled: &CompiledType) -> Result<String> {
    serde_json::to_string(&compiled.document().config)
        .map_err(|source| Error::Encode { element: "graph type".to_owned(), source })
}

/// Keeps the document as a revision of the type.
fn insert_document<C: GraphConnection>(conn: &mut C, id: i64, revision: i64, compiled: &CompiledType) -> Result<()> {
    let now = Microseconds::now();
    let version = Statement::new(
        "INSERT INTO __metagraph_graph_type_versions \
         (graph_type_id, revision, version, hash, document, created_at, updated_at) VALUES (",
    )
    .integer(id)
    .sql(", ")
    .integer(revision)
    .sql(", ")
    .integer(compiled.document().version.into())
    .sql(", ")
    .text(compiled.hash())
    .sql(", ")
    .text(compiled.text())
    .sql(", ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(")");
    run::execute(conn, "storing a schema document", version).map(drop)
}

fn insert_members<C: GraphConnection>(conn: &mut C, id: i64, compiled: &CompiledType) -> Result<()> {
    let document = compiled.document();
    insert_document(conn, id, 1, compiled)?;
    document.nodes.iter().try_for_each(|(name, node)| insert_node_type(conn, id, name, node))?;
    document.edges.iter().try_for_each(|(name, edge)| insert_edge_type(conn, id, name, edge))
}

fn insert_node_type<C: GraphConnection>(conn: &mut C, of: i64, name: &str, node: &NodeDocument) -> Result<()> {
    let now = Microseconds::now();
    let statement = Statement::new(
        "INSERT INTO __metagraph_node_types \
         (graph_type_id, name, description, schema, created_at, updated_at) VALUES (",
    )
    .integer(of)
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
    run::execute(conn, "registering a node type", statement).map(drop)
}

fn insert_edge_type<C: GraphConnection>(conn: &mut C, of: i64, name: &str, edge: &EdgeDocument) -> Result<()> {
    let now = Microseconds::now();
    let statement = Statement::new(
        "INSERT INTO __metagraph_edge_types (graph_type_id, name, description, schema, \
         allowed_source_types, allowed_target_types, created_at, updated_at) VALUES (",
    )
    .integer(of)
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
    run::execute(conn, "registering an edge type", statement).map(drop)
}

/// What the author wrote about a type: schemars takes it from the doc comment.
fn description(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// Stores titles and descriptions anew.
pub(crate) fn redescribe<C: GraphConnection>(conn: &mut C, stored: &StoredType, compiled: &CompiledType) -> Result<()> {
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
    describe_members(conn, stored.id, document)
}

/// Writes what the document says of its members over what their rows say.
fn describe_members<C: GraphConnection>(conn: &mut C, id: i64, document: &GraphDocument) -> Result<()> {
    let now = Microseconds::now();
    let described = |update: &'static str, schema: &Value| {
        Statement::new(update)
            .text(description(schema).to_owned())
            .sql(", updated_at = ")
            .time(now)
            .sql(", schema = ")
            .json(schema.to_string())
    };
    for (name, node) in &document.nodes {
        let statement = described("UPDATE __metagraph_node_types SET description = ", &node.schema);
        let statement = statement.sql(" WHERE graph_type_id = ").integer(id).sql(" AND name = ").text(name);
        run::execute(conn, "describing a node type", statement)?;
    }
    for (name, edge) in &document.edges {
        let statement = described("UPDATE __metagraph_edge_types SET description = ", &edge.schema)
            .sql(", allowed_source_types = ")
            .json(Value::from(edge.from.clone()).to_string())
            .sql(", allowed_target_types = ")
            .json(Value::from(edge.to.clone()).to_string());
        let statement = statement.sql(" WHERE graph_type_id = ").integer(id).sql(" AND name = ").text(name);
        run::execute(conn, "describing an edge type", statement)?;
    }
    Ok(())
}

//! Writing over a stored row, if nobody else did since it was read.

use std::collections::HashSet;

use super::Table;
use super::unique::UniqueRules;
use crate::backend::{GraphConnection, Seam};
use crate::batch::guarded;
use crate::conflict::{Conflict, Rule};
use crate::encode::Encoded;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::{Bind, JsonText, Statement};
use crate::vocabulary::{EdgeKind, NodeKind};

/// Writes a node's attributes; `renamed` carries the key where it changes.
pub(crate) fn write_node<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    id: i64,
    version: i64,
    renamed: Option<&str>,
    node: &Encoded,
) -> Result<i64> {
    let target = graph.target();
    let statement = guarded::<C::Db>(target).sql(" UPDATE __metagraph_nodes SET attributes = ").json(&node.attributes);
    let statement = match renamed {
        Some(key) => statement.sql(", key = ").text(key),
        None => statement,
    };
    let write = |conn: &mut C| {
        let statement = conditions(statement, " AND 0 + node_type_id = ", graph.id, id, kind.id, version, target.now);
        run::optional(conn, "updating a node", statement)
    };
    let written = if renamed.is_none() && kind.unique.is_empty() { write(conn) } else { refusable(conn, write) };
    let written: Option<i64> = match written {
        Err(Error::Conflict(conflict)) => {
            let row = Row { graph: graph.id, table: Table::Nodes, element: &kind.name, kind: kind.id, id };
            let rules = UniqueRules::of_nodes(graph, kind);
            return Err(named(conn, &row, renamed, (rules, &node.attributes), *conflict)?.into());
        }
        written => written?,
    };
    match written {
        Some(version) => Ok(version),
        None => Err(stale(conn, graph, Table::Nodes, (&kind.name, kind.id), id, version)?),
    }
}

/// Writes an edge's attributes; `renamed` carries the key where it changes.
pub(crate) fn write_edge<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    id: i64,
    version: i64,
    renamed: Option<&str>,
    edge: &Encoded,
) -> Result<i64> {
    let target = graph.target();
    let statement = guarded::<C::Db>(target)
        .sql(" UPDATE __metagraph_edges SET attributes = ")
        .bind(Bind::OptionalJson(edge.edge_attributes().map(JsonText)));
    let statement = match renamed {
        Some(key) => statement.sql(", key = ").text(key),
        None => statement,
    };
    let write = |conn: &mut C| {
        let statement = conditions(statement, " AND edge_type_id = ", graph.id, id, kind.id, version, target.now);
        run::optional(conn, "updating an edge", statement)
    };
    let written = if renamed.is_none() && kind.unique.is_empty() { write(conn) } else { refusable(conn, write) };
    let written: Option<i64> = match written {
        Err(Error::Conflict(conflict)) => {
            let row = Row { graph: graph.id, table: Table::Edges, element: &kind.name, kind: kind.id, id };
            let rules = UniqueRules::of_edges(graph, kind);
            return Err(named(conn, &row, renamed, (rules, &edge.attributes), *conflict)?.into());
        }
        written => written?,
    };
    match written {
        Some(version) => Ok(version),
        None => Err(stale(conn, graph, Table::Edges, (&kind.name, kind.id), id, version)?),
    }
}

/// Runs a write in a savepoint: a key that refuses it must not end the caller's transaction.
fn refusable<C: GraphConnection, T>(conn: &mut C, write: impl FnOnce(&mut C) -> Result<T>) -> Result<T> {
    run::transaction(conn, write)
}

/// The row that was to be written.
struct Row<'a> {
    graph: i64,
    table: Table,
    element: &'a str,
    kind: i64,
    id: i64,
}

/// A conflict with the names that the database does not give; a taken key comes first, whichever key refused.
fn named<C: GraphConnection>(
    conn: &mut C,
    row: &Row<'_>,
    renamed: Option<&str>,
    (mut rules, attributes): (UniqueRules<'_>, &str),
    conflict: Conflict,
) -> Result<Conflict> {
    let rule = match row.table {
        Table::Nodes => Rule::NodeKey,
        Table::Edges => Rule::EdgeKey,
    };
    if let Some(key) = renamed
        && let Some(holder) = holder(conn, row, key)?
    {
        let (element, key) = (row.element.to_owned(), Some(key.to_owned()));
        return Ok(Conflict { rule, element, key, existing: Some(holder), ..conflict });
    }
    if let Some(found) = rules.conflict(conn, attributes, &HashSet::from([row.id]))? {
        return Ok(found);
    }
    // Whoever stood in the way is gone again.
    let key = renamed.filter(|_| conflict.rule == rule).map(str::to_owned);
    Ok(Conflict { element: row.element.to_owned(), key, ..conflict })
}

/// The row that has a key.
fn holder<C: GraphConnection>(conn: &mut C, row: &Row<'_>, key: &str) -> Result<Option<i64>> {
    let (select, of_type) = match row.table {
        Table::Nodes => ("SELECT id FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id = "),
        Table::Edges => ("SELECT id FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id = "),
    };
    let statement =
        Statement::new(select).integer(row.graph).sql(of_type).integer(row.kind).sql(" AND key = ").text(key);
    run::optional(conn, "looking for a conflict", statement)
}

/// The id finds the row; the type only has to be right, so it is written in a way that no index answers.
fn conditions<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    of_type: &'static str,
    graph: i64,
    id: i64,
    kind: i64,
    version: i64,
    now: crate::statement::Microseconds,
) -> Statement<'a, Db> {
    statement
        .sql(", version = version + 1, updated_at = ")
        .time(now)
        .sql(" WHERE graph_id = ")
        .integer(graph)
        .sql(" AND id = ")
        .integer(id)
        .sql(of_type)
        .integer(kind)
        .sql(" AND version = ")
        .integer(version)
        .sql(" AND EXISTS (SELECT 1 FROM guard) RETURNING version")
}

/// Says why an update found no row to write.
pub(crate) fn stale<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    table: Table,
    (element, kind): (&str, i64),
    id: i64,
    expected: i64,
) -> Result<Error> {
    guard::explain(conn, graph.target())?;
    let found = version(conn, graph.id, table, kind, id)?;
    Ok(match found {
        Some(found) => Error::Stale { element: element.to_owned(), id, expected, found },
        None => Error::NotFound { element: element.to_owned(), id: id.to_string() },
    })
}

fn version<C: GraphConnection>(conn: &mut C, graph: i64, table: Table, kind: i64, id: i64) -> Result<Option<i64>> {
    let (select, of_type) = match table {
        Table::Nodes => ("SELECT version FROM __metagraph_nodes WHERE graph_id = ", " AND 0 + node_type_id = "),
        Table::Edges => ("SELECT version FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id = "),
    };
    let statement = Statement::new(select).integer(graph).sql(" AND id = ").integer(id).sql(of_type).integer(kind);
    run::optional(conn, "reading a version", statement)
}

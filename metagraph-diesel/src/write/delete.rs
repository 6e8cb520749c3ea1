//! Deleting nodes and edges; what is not there is deleted already.

use super::Table;
use super::label::Labels;
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::batch::guarded;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// How many of many rows one statement deletes.
const TOGETHER: usize = 1000;

/// Deletes rows of the given types and returns how many there were; edges go with their nodes.
pub(crate) fn delete<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    table: Table,
    kinds: &[i64],
    restricted: &[i64],
    ids: &[i64],
) -> Result<usize> {
    if restricted.is_empty() {
        return delete_rows(conn, graph, table, kinds, ids);
    }
    run::transaction(conn, |conn| {
        guard::begin_write(conn)?;
        refuse_restricted(conn, graph, restricted, ids)?;
        delete_rows(conn, graph, table, kinds, ids)
    })
}

/// Deletes rows of types some of which restrict that, a thousand at a time, after all were asked.
pub(crate) fn restricting<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kinds: &[i64],
    restricted: &[i64],
    nodes: &[i64],
) -> Result<usize> {
    for some in nodes.chunks(TOGETHER) {
        refuse_restricted(conn, graph, restricted, some)?;
    }
    if nodes.is_empty() {
        return delete_rows(conn, graph, Table::Nodes, kinds, nodes);
    }
    let deleted = nodes.chunks(TOGETHER).map(|some| delete_rows(conn, graph, Table::Nodes, kinds, some));
    deleted.sum()
}

fn delete_rows<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    table: Table,
    kinds: &[i64],
    ids: &[i64],
) -> Result<usize> {
    let (delete, of_type) = match table {
        Table::Nodes => (" DELETE FROM __metagraph_nodes WHERE id", " AND 0 + node_type_id"),
        Table::Edges => (" DELETE FROM __metagraph_edges WHERE id", " AND 0 + edge_type_id"),
    };
    let statement = guarded::<C::Db>(graph.target())
        .sql(delete)
        .one_of(ids)
        .sql(" AND ")
        .sql(C::Db::NOT_BY)
        .sql("graph_id = ")
        .integer(graph.id)
        .sql(of_type)
        .of_types(kinds)
        .sql(" AND ")
        .sql(C::Db::FOREIGN_KEYS_ENFORCED)
        .sql(" AND EXISTS (SELECT 1 FROM guard)");
    let deleted = run::execute(conn, "deleting", statement)?;
    if deleted == 0 {
        guard::explain(conn, graph.target())?;
        guard::require_foreign_keys(conn)?;
    }
    Ok(deleted)
}

/// Refuses to delete nodes of restricting types that have edges; the nodes stay locked until the transaction ends.
fn refuse_restricted<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    restricted: &[i64],
    ids: &[i64],
) -> Result<()> {
    // A writer that is about to connect one of these nodes holds it, or waits for it: what is read next stays true.
    let statement = Statement::new("SELECT n.id FROM __metagraph_nodes AS n WHERE n.id")
        .one_of(ids)
        .sql(" AND ")
        .sql(C::Db::NOT_BY)
        .sql("n.graph_id = ")
        .integer(graph.id)
        .sql(" AND 0 + n.node_type_id")
        .of_types(restricted)
        .sql(" ORDER BY n.id")
        .sql(C::Db::HOLD_ROWS);
    let held: Vec<i64> = run::all(conn, "holding nodes", statement)?;
    let arm = |statement: Statement<'static, C::Db>, end: FoundBy| {
        let statement = statement.sql("SELECT ids.id AS node_id, e.id, e.edge_type_id FROM ");
        statement.by_ids(end, graph.id, held.as_slice(), |statement| statement)
    };
    let statement = arm(Statement::new("SELECT c.node_id, t.name, count(*) FROM ("), FoundBy::Source).sql(" UNION ");
    let statement = arm(statement, FoundBy::Target).sql(
        ") AS c JOIN __metagraph_edge_types AS t ON t.id = c.edge_type_id \
         GROUP BY c.node_id, t.name ORDER BY c.node_id, t.name",
    );
    let counts: Vec<(i64, String, i64)> = run::all(conn, "counting edges", statement)?;
    let Some(&(node, ..)) = counts.first() else { return Ok(()) };
    guard::explain(conn, graph.target())?;
    let of_node = counts.into_iter().filter(|(counted, ..)| *counted == node);
    let edges = of_node.map(|(_, edge_type, count)| (edge_type, count)).collect();
    let node = Labels::read(conn, graph, vec![node])?.label(node);
    Err(Error::Restricted { node, edges })
}

/// Deletes all nodes of a graph, and with them all edges.
pub(crate) fn all<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>) -> Result<usize> {
    let statement = guarded::<C::Db>(graph.target())
        .sql(" DELETE FROM __metagraph_nodes WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND ")
        .sql(C::Db::FOREIGN_KEYS_ENFORCED)
        .sql(" AND EXISTS (SELECT 1 FROM guard)");
    let deleted = run::execute(conn, "clearing a graph", statement)?;
    if deleted == 0 {
        guard::explain(conn, graph.target())?;
        guard::require_foreign_keys(conn)?;
    }
    Ok(deleted)
}

/// Deletes the edges of a type from one node to another, and returns how many there were.
pub(crate) fn between<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    source: i64,
    target: i64,
) -> Result<usize> {
    let (source, target) =
        if kind.rules.undirected { (source.min(target), source.max(target)) } else { (source, target) };
    let statement = guarded::<C::Db>(graph.target())
        .sql(" DELETE FROM __metagraph_edges WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND source_id = ")
        .integer(source)
        .sql(" AND edge_type_id = ")
        .integer(kind.id)
        .sql(" AND target_id = ")
        .integer(target)
        .sql(" AND EXISTS (SELECT 1 FROM guard)");
    let deleted = run::execute(conn, "disconnecting nodes", statement)?;
    if deleted == 0 {
        guard::explain(conn, graph.target())?;
    }
    Ok(deleted)
}

//! Deleting nodes and edges; what is not there is deleted already.

use super::label::Labels;
use super::{Scope, Table};
use crate::backend::{self, GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::guard;
use crate::run;
use crate::statement::Statement;

/// Deletes rows of the given types and returns how many there were; edges go with their nodes.
pub(crate) fn delete<C: GraphConnection>(
    conn: &mut C,
    scope: Scope<'_>,
    table: Table,
    kinds: &[i64],
    restricted: &[i64],
    ids: &[i64],
) -> Result<usize> {
    if restricted.is_empty() {
        return delete_rows(conn, scope, table, kinds, ids);
    }
    run::transaction(conn, |conn| {
        guard::begin_write(conn)?;
        refuse_restricted(conn, scope, restricted, ids)?;
        delete_rows(conn, scope, table, kinds, ids)
    })
}

fn delete_rows<C: GraphConnection>(
    conn: &mut C,
    scope: Scope<'_>,
    table: Table,
    kinds: &[i64],
    ids: &[i64],
) -> Result<usize> {
    let (delete, of_type) = match table {
        Table::Nodes => (" DELETE FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id"),
        Table::Edges => (" DELETE FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id"),
    };
    let statement = guard::open::<C::Db>(scope.target())
        .sql(delete)
        .integer(scope.graph)
        .sql(" AND id")
        .one_of(ids)
        .sql(of_type)
        .one_of(kinds)
        .sql(" AND ")
        .sql(C::Db::FOREIGN_KEYS_ENFORCED)
        .sql(" AND EXISTS (SELECT 1 FROM guard)");
    let deleted = run::execute(conn, "deleting", statement)?;
    if deleted == 0 {
        guard::explain(conn, scope.target())?;
        backend::require_foreign_keys(conn)?;
    }
    Ok(deleted)
}

/// Refuses to delete nodes of restricting types that have edges; the nodes stay locked until the transaction ends.
fn refuse_restricted<C: GraphConnection>(
    conn: &mut C,
    scope: Scope<'_>,
    restricted: &[i64],
    ids: &[i64],
) -> Result<()> {
    // A writer that is about to connect one of these nodes holds it, or waits for it: what is read next stays true.
    let statement = Statement::new("SELECT id FROM __metagraph_nodes WHERE graph_id = ")
        .integer(scope.graph)
        .sql(" AND id")
        .one_of(ids)
        .sql(" AND node_type_id")
        .one_of(restricted)
        .sql(" ORDER BY id")
        .sql(C::Db::HOLD_ROWS);
    let held: Vec<i64> = run::all(conn, "holding nodes", statement)?;
    for node in held {
        let count = Statement::new(
            "SELECT t.name, count(*) FROM __metagraph_edges AS e \
             JOIN __metagraph_edge_types AS t ON t.id = e.edge_type_id WHERE e.graph_id = ",
        )
        .integer(scope.graph)
        .sql(" AND (e.source_id = ")
        .integer(node)
        .sql(" OR e.target_id = ")
        .integer(node)
        .sql(") GROUP BY t.name ORDER BY t.name");
        let edges: Vec<(String, i64)> = run::all(conn, "counting edges", count)?;
        if !edges.is_empty() {
            let node = Labels::read(conn, scope, vec![node])?.label(node);
            return Err(Error::Restricted { node, edges });
        }
    }
    Ok(())
}

/// Deletes all nodes of a graph, and with them all edges.
pub(crate) fn all<C: GraphConnection>(conn: &mut C, scope: Scope<'_>) -> Result<usize> {
    let statement = guard::open::<C::Db>(scope.target())
        .sql(" DELETE FROM __metagraph_nodes WHERE graph_id = ")
        .integer(scope.graph)
        .sql(" AND ")
        .sql(C::Db::FOREIGN_KEYS_ENFORCED)
        .sql(" AND EXISTS (SELECT 1 FROM guard)");
    let deleted = run::execute(conn, "clearing a graph", statement)?;
    if deleted == 0 {
        guard::explain(conn, scope.target())?;
        backend::require_foreign_keys(conn)?;
    }
    Ok(deleted)
}

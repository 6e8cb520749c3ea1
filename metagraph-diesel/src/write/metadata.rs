//! The consumer's free JSON beside a node or an edge.

use diesel::deserialize;
use diesel::row::Row;
use serde_json::Value;

use super::Table;
use crate::backend::{GraphConnection, Seam};
use crate::batch::guarded;
use crate::encode::free_json;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

struct Metadata(Value);

impl Record for Metadata {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        record::json_value(row, 0).map(Self)
    }
}

pub(crate) fn get<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    table: Table,
    kinds: &[i64],
    id: i64,
) -> Result<Value> {
    let (select, of_type) = match table {
        Table::Nodes => ("SELECT metadata FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id"),
        Table::Edges => ("SELECT metadata FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id"),
    };
    let statement = Statement::new(select).integer(graph.id).sql(" AND id = ").integer(id).sql(of_type).of_types(kinds);
    match run::optional(conn, "reading metadata", statement)? {
        Some(Metadata(metadata)) => Ok(metadata),
        None => Err(missing(table, id)),
    }
}

pub(crate) fn set<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    table: Table,
    kinds: &[i64],
    id: i64,
    metadata: &Value,
) -> Result<()> {
    let (update, of_type) = match table {
        Table::Nodes => (" UPDATE __metagraph_nodes SET metadata = ", " AND node_type_id"),
        Table::Edges => (" UPDATE __metagraph_edges SET metadata = ", " AND edge_type_id"),
    };
    let statement = guarded::<C::Db>(graph.target())
        .sql(update)
        .json(free_json("metadata", metadata)?)
        .sql(" WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND id = ")
        .integer(id)
        .sql(of_type)
        .of_types(kinds)
        .sql(" AND EXISTS (SELECT 1 FROM guard)");
    if run::execute(conn, "writing metadata", statement)? == 0 {
        guard::explain(conn, graph.target())?;
        return Err(missing(table, id));
    }
    Ok(())
}

fn missing(table: Table, id: i64) -> Error {
    let element = match table {
        Table::Nodes => "node",
        Table::Edges => "edge",
    };
    Error::NotFound { element: element.to_owned(), id: id.to_string() }
}

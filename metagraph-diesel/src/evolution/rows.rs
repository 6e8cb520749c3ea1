//! The rows that a step is about, in the order of their ids.

use metagraph_core::query::source::Step as Place;
use serde_json::Value;

use super::prepare::Step;
use crate::backend::{GraphConnection, Seam};
use crate::encode;
use crate::error::{Error, Result};
use crate::graph::handle::Stored;
use crate::read::{self, EdgeRow, NodeRow, Raw};
use crate::run;
use crate::statement::Statement;
use crate::write::Table;

/// The ids of a graph's rows after `last`; where members are named, only of rows that have one of them.
pub(super) fn ids<C: GraphConnection>(
    conn: &mut C,
    graph: i64,
    step: &Step,
    only: Option<&[String]>,
    last: i64,
) -> Result<Vec<i64>> {
    let (select, of_type) = match step.table {
        Table::Nodes => ("SELECT id FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id = "),
        Table::Edges => ("SELECT id FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id = "),
    };
    let statement = Statement::new(select).integer(graph).sql(of_type).integer(step.kind).sql(" AND id > ");
    let mut statement = statement.integer(last);
    if let Some(names) = only {
        let no_steps: [Place; 0] = [];
        for (place, name) in names.iter().enumerate() {
            let (before, after) = C::Db::has_member("attributes", &no_steps);
            statement = statement.sql(if place == 0 { " AND (" } else { " OR " });
            statement = statement.printed(before).text(name.clone()).printed(after);
        }
        statement = statement.sql(if names.is_empty() { " AND 1 = 0" } else { ")" });
    }
    // Sorted here: no planner has to be believed about which index has this order.
    let mut ids: Vec<i64> = run::all(conn, "listing rows to change", statement)?;
    ids.sort_unstable();
    Ok(ids)
}

/// Reads rows by their ids, in that order.
pub(super) fn read<C: GraphConnection>(conn: &mut C, graph: i64, table: Table, ids: &[i64]) -> Result<Vec<Stored>> {
    let mut rows: Vec<Stored> = match table {
        Table::Nodes => {
            let rows: Vec<NodeRow<Raw>> = run::all(conn, "reading nodes to change", read::nodes_by_id(graph, ids))?;
            rows.into_iter().map(Stored::from).collect()
        }
        Table::Edges => {
            let rows: Vec<EdgeRow<Raw>> = run::all(conn, "reading edges to change", read::edges_by_id(graph, ids))?;
            rows.into_iter().map(Stored::from).collect()
        }
    };
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows)
}

/// The attributes of a row.
pub(super) fn attributes(element: &str, row: &Stored) -> Result<Value> {
    encode::parse(&row.attributes).map_err(|source| Error::Decode { element: element.to_owned(), source })
}

//! Updates of many rows, written as inserts that meet each row by its id.
//!
//! An update joins its table in whichever way the planner likes: without statistics it believes that a graph has few rows
//! and reads them all, and in a plan that it keeps it believes that lists are short and compares each with each. What an
//! insert meets is found by the primary key. The rows are there and held, so that none is inserted.

use diesel::pg::Pg;

use super::insert;
use crate::batch::{RowBatch, guarded};
use crate::statement::{Bind, Columns, IntegerList, JsonText, Statement};
use crate::write::Table;

/// What a table's rows are inserted as, and as what they are read; the type only has to be right.
struct Words {
    insert: &'static str,
    found: &'static str,
    of_type: &'static str,
}

const NODES: Words = Words {
    insert: " INSERT INTO __metagraph_nodes AS r \
             (graph_id, id, node_type_id, created_at, version, attributes, key, updated_at) \
             SELECT o.graph_id, o.id, o.node_type_id, o.created_at, o.version + 1, v.attributes, ",
    found: " CROSS JOIN guard CROSS JOIN LATERAL (SELECT * FROM __metagraph_nodes AS o WHERE o.graph_id = ",
    of_type: " AND 0 + o.node_type_id = ",
};

const EDGES: Words = Words {
    insert: " INSERT INTO __metagraph_edges AS r \
             (graph_id, id, edge_type_id, source_id, target_id, undirected, reversed, slot, simple, one_out, one_in, \
             created_at, version, attributes, key, updated_at) \
             SELECT o.graph_id, o.id, o.edge_type_id, o.source_id, o.target_id, o.undirected, o.reversed, o.slot, \
             o.simple, o.one_out, o.one_in, o.created_at, o.version + 1, v.attributes, ",
    found: " CROSS JOIN guard CROSS JOIN LATERAL (SELECT * FROM __metagraph_edges AS o WHERE o.graph_id = ",
    of_type: " AND 0 + o.edge_type_id = ",
};

pub(super) fn rows(batch: RowBatch<'_>) -> Statement<'_, Pg> {
    let RowBatch { target, table, kind, keys, rows } = batch;
    let words = match table {
        Table::Nodes => NODES,
        Table::Edges => EDGES,
    };
    let count = rows.len();
    let mut ids = Vec::with_capacity(count);
    let mut versions = Vec::with_capacity(count);
    let mut attributes = Vec::with_capacity(count);
    let mut texts = Vec::with_capacity(count);
    for row in rows {
        ids.push(row.id);
        versions.push(row.version);
        attributes.push(row.attributes.map(JsonText));
        texts.push(row.key);
    }
    let ids = Bind::Integers(IntegerList(ids));
    let versions = Bind::Integers(IntegerList(versions));
    let attributes = Bind::Columns(Columns::OptionalJsons(attributes));
    let statement =
        guarded(target).sql(words.insert).sql(if keys { "v.key, " } else { "o.key, " }).time(target.now).sql(" FROM ");
    let statement = if keys {
        let columns = [ids, versions, attributes, Bind::Columns(Columns::OptionalTexts(texts))];
        insert::rows(statement, columns, ["id", "version", "attributes", "key"])
    } else {
        insert::rows(statement, [ids, versions, attributes], ["id", "version", "attributes"])
    };
    statement
        .sql(words.found)
        .integer(target.graph)
        .sql(" AND o.id = v.id AND o.version = v.version")
        .sql(words.of_type)
        .integer(kind)
        .sql(
            " FOR NO KEY UPDATE) AS o ON CONFLICT (graph_id, id) DO UPDATE SET attributes = excluded.attributes, \
             version = excluded.version, updated_at = excluded.updated_at",
        )
        .sql(if keys { ", key = excluded.key" } else { "" })
        .sql(" RETURNING r.id")
}

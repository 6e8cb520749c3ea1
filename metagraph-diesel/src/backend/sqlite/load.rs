//! What the loader does its own way on SQLite.

use diesel::sqlite::Sqlite;

use super::super::Rebuild;
use crate::batch::{EdgeBatch, Target, guarded};
use crate::statement::{Bind, JsonText, Statement};

/// Dropping an index is part of the transaction here, and others read the old snapshot meanwhile.
pub(super) const REBUILD: Option<Rebuild> = Some(Rebuild {
    indexes: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ",
    last_id: "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ",
});

pub(super) fn edges(batch: EdgeBatch<'_>) -> Statement<'_, Sqlite> {
    const NEXT: &str =
        "(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '__metagraph_edges') + v.column1";
    let Target { now, .. } = batch.target;
    let keyed = batch.edges.iter().any(|edge| edge.key.is_some());
    // Columns of the rows: place, source, target, reversed, attributes, and a key where the type has one.
    guarded(batch.target)
        .sql(
            " INSERT INTO __metagraph_edges (id, graph_id, edge_type_id, source_id, target_id, undirected, reversed, \
             attributes, version, created_at, updated_at, slot, simple, one_out, one_in, key) SELECT ",
        )
        .sql(NEXT)
        .sql(", guard.id, ")
        .integer(batch.edge_type)
        .sql(", v.column2, v.column3, ")
        .bind(Bind::Flag(batch.undirected))
        .sql(", v.column4, v.column5, 1, ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(", ")
        .sql(if batch.multi { NEXT } else { "0" })
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.simple))
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.one_out))
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.one_in))
        .sql(if keyed { ", v.column6 FROM (VALUES " } else { ", NULL FROM (VALUES " })
        .join((1..).zip(batch.edges), ", ", |statement, (place, edge)| {
            let statement = statement
                .sql("(")
                .integer(place)
                .sql(", ")
                .integer(edge.source)
                .sql(", ")
                .integer(edge.target)
                .sql(", ")
                .bind(Bind::Flag(edge.reversed))
                .sql(", ")
                .bind(Bind::OptionalJson(edge.attributes.map(JsonText)));
            let statement = if keyed { statement.sql(", ").bind(Bind::OptionalText(edge.key)) } else { statement };
            statement.sql(")")
        })
        .sql(") AS v CROSS JOIN guard WHERE true ON CONFLICT DO NOTHING")
}

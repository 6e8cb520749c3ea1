//! What the loader does its own way on PostgreSQL.

use diesel::pg::Pg;

use super::numbered;
use crate::batch::{EdgeBatch, Target};
use crate::statement::{Bind, Columns, IntegerList, JsonText, Statement};

pub(super) fn edges(batch: EdgeBatch<'_>) -> Statement<'_, Pg> {
    let EdgeBatch { target: Target { now, .. }, edges, .. } = batch;
    let count = edges.len();
    let mut sources = Vec::with_capacity(count);
    let mut targets = Vec::with_capacity(count);
    let mut reversed = Vec::with_capacity(count);
    let mut keys = Vec::with_capacity(count);
    let mut attributes = Vec::with_capacity(count);
    for edge in edges {
        sources.push(edge.source);
        targets.push(edge.target);
        reversed.push(edge.reversed);
        keys.push(edge.key);
        attributes.push(edge.attributes.map(JsonText));
    }
    // The foreign keys hold the ends, and fail on one that is gone.
    numbered(batch.target, count, "nextval('__metagraph_edges_id_seq')")
        .sql(
            " INSERT INTO __metagraph_edges (id, graph_id, edge_type_id, key, source_id, target_id, undirected, \
             reversed, attributes, version, created_at, updated_at, slot, simple, one_out, one_in) \
             SELECT ids.id, guard.id, ",
        )
        .integer(batch.edge_type)
        .sql(", v.key, v.source_id, v.target_id, ")
        .bind(Bind::Flag(batch.undirected))
        .sql(", v.reversed, v.attributes, 1, ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(if batch.multi { ", ids.id, " } else { ", 0, " })
        .bind(Bind::OptionalInteger(batch.simple))
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.one_out))
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.one_in))
        .sql(" FROM unnest(")
        .bind(Bind::Integers(IntegerList(sources)))
        .sql(", ")
        .bind(Bind::Integers(IntegerList(targets)))
        .sql(", ")
        .bind(Bind::Columns(Columns::Flags(reversed)))
        .sql(", ")
        .bind(Bind::Columns(Columns::OptionalTexts(keys)))
        .sql(", ")
        .bind(Bind::Columns(Columns::OptionalJsons(attributes)))
        .sql(
            ") WITH ORDINALITY AS v (source_id, target_id, reversed, key, attributes, n) \
             JOIN ids ON ids.n = v.n CROSS JOIN guard ON CONFLICT DO NOTHING",
        )
}

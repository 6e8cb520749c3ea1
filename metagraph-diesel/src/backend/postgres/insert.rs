//! Inserts, whose rows are bound as columns.

use diesel::pg::Pg;

use crate::batch::{EdgeBatch, EdgeDraft, NodeBatch, Target, guarded};
use crate::statement::{Bind, Columns, IntegerList, JsonText, Statement, TextList};

pub(super) fn nodes(batch: NodeBatch<'_>) -> Statement<'_, Pg> {
    let now = batch.target.now;
    let count = batch.nodes.len();
    let (keys, attributes): (Vec<_>, Vec<_>) =
        batch.nodes.into_iter().map(|node| (node.key, JsonText(node.attributes))).unzip();
    let statement = numbered(batch.target, count, "nextval('__metagraph_nodes_id_seq')")
        .sql(
            " INSERT INTO __metagraph_nodes \
             (id, graph_id, node_type_id, key, attributes, version, created_at, updated_at) SELECT ids.id, guard.id, ",
        )
        .integer(batch.node_type)
        .sql(", v.key, v.attributes, 1, ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(" FROM ");
    let columns = [Bind::Texts(TextList(keys)), Bind::Columns(Columns::Jsons(attributes))];
    rows(statement, columns, ["key", "attributes"])
        .sql(" JOIN ids ON ids.n = v.n CROSS JOIN guard ON CONFLICT DO NOTHING RETURNING id")
}

pub(super) fn edges(batch: EdgeBatch<'_>) -> Statement<'_, Pg> {
    let (from, to, graph, undirected) = (batch.from, batch.to, batch.target.graph, batch.undirected);
    let ordered = |statement: Statement<'static, Pg>| {
        if !undirected {
            return statement.sql("v.reversed");
        }
        // Whichever order fits the types is the one that readers see; where both fit, the one that was given.
        let statement = fits(statement.sql("CASE WHEN NOT "), from, to).sql(" THEN true WHEN NOT ");
        fits(statement, to, from).sql(" THEN false ELSE v.reversed END")
    };
    let statement = inserted(batch, ["s.id", "t.id"], ordered(Statement::new("")))
        .sql(
            " CROSS JOIN LATERAL (SELECT n.id, n.node_type_id FROM __metagraph_nodes AS n \
             WHERE n.id = v.source_id AND n.graph_id = ",
        )
        .integer(graph)
        // An end that is being deleted is waited for and then left out, before a foreign key fails on it. The lock
        // also keeps the planner from joining in another order.
        .sql(
            " FOR KEY SHARE) AS s CROSS JOIN LATERAL (SELECT n.id, n.node_type_id FROM __metagraph_nodes AS n \
             WHERE n.id = v.target_id AND n.graph_id = ",
        )
        .integer(graph)
        .sql(" FOR KEY SHARE) AS t WHERE ");
    let statement = fits(statement, from, to);
    let statement = if undirected { fits(statement.sql(" OR "), to, from) } else { statement };
    statement.sql(" ON CONFLICT DO NOTHING RETURNING id")
}

/// The foreign keys hold the ends, and fail on one that is gone.
pub(super) fn edges_with_known_ends(batch: EdgeBatch<'_>) -> Statement<'_, Pg> {
    inserted(batch, ["v.source_id", "v.target_id"], Statement::new("v.reversed")).sql(" ON CONFLICT DO NOTHING")
}

/// Begins to insert edges between these ends, from their rows `v`.
fn inserted<'a>(
    batch: EdgeBatch<'a>,
    [source, target]: [&'static str; 2],
    reversed: Statement<'a, Pg>,
) -> Statement<'a, Pg> {
    let Target { now, .. } = batch.target;
    let statement = numbered(batch.target, batch.edges.len(), "nextval('__metagraph_edges_id_seq')")
        .sql(
            " INSERT INTO __metagraph_edges (id, graph_id, edge_type_id, key, source_id, target_id, undirected, \
             reversed, attributes, version, created_at, updated_at, slot, simple, one_out, one_in) \
             SELECT ids.id, guard.id, ",
        )
        .integer(batch.edge_type)
        .sql(", v.key, ")
        .sql(source)
        .sql(", ")
        .sql(target)
        .sql(", ")
        .bind(Bind::Flag(batch.undirected))
        .sql(", ")
        .append(reversed)
        .sql(", v.attributes, 1, ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(if batch.multi { ", ids.id, " } else { ", 0, " })
        .bind(Bind::OptionalInteger(batch.simple))
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.one_out))
        .sql(", ")
        .bind(Bind::OptionalInteger(batch.one_in))
        .sql(" FROM ");
    rows(statement, columns(batch.edges), ["source_id", "target_id", "reversed", "key", "attributes"])
        .sql(" JOIN ids ON ids.n = v.n CROSS JOIN guard")
}

fn columns(edges: Vec<EdgeDraft<'_>>) -> [Bind<'_>; 5] {
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
    [
        Bind::Integers(IntegerList(sources)),
        Bind::Integers(IntegerList(targets)),
        Bind::Columns(Columns::Flags(reversed)),
        Bind::Columns(Columns::OptionalTexts(keys)),
        Bind::Columns(Columns::OptionalJsons(attributes)),
    ]
}

/// Begins a statement with the graph it may write to, and with as many new ids as it has rows, in their order.
fn numbered<'a>(target: Target, rows: usize, next: &'static str) -> Statement<'a, Pg> {
    let statement = guarded(target);
    if rows == 1 {
        return statement.sql(", ids AS MATERIALIZED (SELECT 1 AS n, ").sql(next).sql(" AS id)");
    }
    statement
        .sql(", ids AS MATERIALIZED (SELECT n, ")
        .sql(next)
        .sql(" AS id FROM generate_series(1, ")
        .integer(i64::try_from(rows).unwrap_or(i64::MAX))
        .sql(") AS n)")
}

/// Appends the rows of a batch as `v`, with their places as `n`. One row is said without lists: PostgreSQL keeps no plan
/// of a list that it believes to be longer than it is.
pub(super) fn rows<'a, const COLUMNS: usize>(
    statement: Statement<'a, Pg>,
    columns: [Bind<'a>; COLUMNS],
    names: [&'static str; COLUMNS],
) -> Statement<'a, Pg> {
    if columns.iter().all(|column| column.length() == Some(1)) {
        let cells = columns.into_iter().flat_map(Bind::into_cells).zip(names);
        let cell = |statement: Statement<'a, Pg>, (cell, name)| statement.bind(cell).sql(" AS ").sql(name);
        return statement.sql("(SELECT ").join(cells, ", ", cell).sql(", 1 AS n) AS v");
    }
    let statement = statement.sql("unnest(").join(columns, ", ", Statement::bind);
    let statement = statement.sql(") WITH ORDINALITY AS v (").join(names, ", ", Statement::sql);
    statement.sql(", n)")
}

fn fits<'a>(statement: Statement<'a, Pg>, from: &[i64], to: &[i64]) -> Statement<'a, Pg> {
    // The ends are found by their ids, and nothing else may look like a way to them.
    statement.sql("(0 + s.node_type_id").of_types(from).sql(" AND 0 + t.node_type_id").of_types(to).sql(")")
}

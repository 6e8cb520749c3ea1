//! How far a load of a name has come, stored with the rows it is about.

use std::collections::HashMap;

use super::loaded::Ranges;
use crate::backend::{GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::record::{self, Record};
use crate::run;
use crate::statement::{Microseconds, Statement};

/// What is stored of one step.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) element: String,
    pub(super) loaded: u64,
    pub(super) ids: Ranges,
}

struct Row(i64, Stored);

impl Record for Row {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        let loaded = u64::try_from(record::integer(row, 2)?)?;
        let ids = record::json::<Db, _>(row, 3, |text| Ok(Ranges::of(serde_json::from_str(text)?)))?;
        Ok(Self(record::integer(row, 0)?, Stored { element: record::text(row, 1)?, loaded, ids }))
    }
}

/// A step of a load that has a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position<'n> {
    pub(super) load: &'n str,
    pub(super) step: usize,
    pub(super) element: &'n str,
}

/// All steps of a load, by number.
pub(super) fn read<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    load: &str,
) -> Result<HashMap<usize, Stored>> {
    let statement = Statement::new("SELECT step, element, loaded, ids FROM __metagraph_loads WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND name = ")
        .text(load);
    let rows: Vec<Row> = run::all(conn, "reading how far a load has come", statement)?;
    Ok(rows.into_iter().map(|Row(step, stored)| (usize::try_from(step).unwrap_or_default(), stored)).collect())
}

/// Moves a step on from `before` rows to `after`: who does it stores the rows between.
///
/// Another who is about to do the same waits here, and then finds it done.
pub(super) fn claim<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    position: Position<'_>,
    before: u64,
    after: u64,
) -> Result<()> {
    let Position { load, step, element } = position;
    let now = Microseconds::now();
    let statement = if before == 0 {
        Statement::new(
            "INSERT INTO __metagraph_loads (graph_id, name, step, element, loaded, ids, created_at, updated_at) VALUES (",
        )
        .integer(graph.id)
        .sql(", ")
        .text(load)
        .sql(", ")
        .integer(number(step as u64))
        .sql(", ")
        .text(element)
        .sql(", ")
        .integer(number(after))
        .sql(", '[]', ")
        .time(now)
        .sql(", ")
        .time(now)
        .sql(") ON CONFLICT DO NOTHING")
    } else {
        let statement = Statement::new("UPDATE __metagraph_loads SET loaded = ")
            .integer(number(after))
            .sql(", updated_at = ")
            .time(now);
        of_step(statement, graph, position).sql(" AND loaded = ").integer(number(before))
    };
    match run::execute(conn, "moving a load on", statement)? {
        0 => Err(Error::LoadTaken { load: load.to_owned(), step, row: before }),
        _ => Ok(()),
    }
}

/// Stores which nodes a step has, after its rows were stored.
pub(super) fn store_ids<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    position: Position<'_>,
    ids: &Ranges,
) -> Result<()> {
    let ids = serde_json::to_string(ids.as_pairs())
        .map_err(|source| Error::Encode { element: position.element.to_owned(), source })?;
    let statement = Statement::new("UPDATE __metagraph_loads SET ids = ").json(ids);
    run::execute(conn, "storing the ids of a load", of_step(statement, graph, position)).map(drop)
}

fn of_step<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    graph: OpenGraph<'_>,
    position: Position<'a>,
) -> Statement<'a, Db> {
    statement
        .sql(" WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND name = ")
        .text(position.load)
        .sql(" AND step = ")
        .integer(number(position.step as u64))
}

/// Forgets a load; `false` where there is none of this name.
pub(super) fn forget<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, load: &str) -> Result<bool> {
    let statement = Statement::new("DELETE FROM __metagraph_loads WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND name = ")
        .text(load);
    Ok(run::execute(conn, "forgetting a load", statement)? > 0)
}

fn number(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

//! How far an evolution has come, stored with the rows it is about.

use serde::{Deserialize, Serialize};

use super::prepare::Options;
use crate::backend::{GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::record::{self, Record};
use crate::run;
use crate::statement::{Microseconds, Statement};

/// Where an evolution is: rows up to here are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) graph: i64,
    pub(super) step: i64,
    pub(super) last: i64,
}

impl Position {
    pub(super) const START: Self = Self { graph: 0, step: 0, last: i64::MIN };
}

/// What was done so far, and what is left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Done {
    /// How many rows have to be looked at.
    pub(super) of: u64,
    pub(super) seen: u64,
    pub(super) rewritten: u64,
    pub(super) deleted: u64,
    pub(super) lost: u64,
}

/// An evolution that is under way.
#[derive(Debug)]
pub(super) struct UnderWay {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) options: Options,
    pub(super) position: Position,
    pub(super) done: Done,
}

impl Record for UnderWay {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            from: record::integer(row, 0)?,
            to: record::integer(row, 1)?,
            options: record::json::<Db, _>(row, 2, |text| Ok(serde_json::from_str(text)?))?,
            position: Position {
                graph: record::integer(row, 3)?,
                step: record::integer(row, 4)?,
                last: record::integer(row, 5)?,
            },
            done: record::json::<Db, _>(row, 6, |text| Ok(serde_json::from_str(text)?))?,
        })
    }
}

/// The evolution of a type that is under way, if there is one.
pub(super) fn read<C: GraphConnection>(conn: &mut C, graph_type: i64) -> Result<Option<UnderWay>> {
    let statement = Statement::new(
        "SELECT from_revision, to_revision, options, graph_id, step, last_id, report FROM __metagraph_evolutions \
         WHERE graph_type_id = ",
    );
    run::optional(conn, "reading how far an evolution has come", statement.integer(graph_type))
}

/// Notes that rows are about to be changed.
pub(super) fn begin<C: GraphConnection>(
    conn: &mut C,
    graph_type: i64,
    (from, to): (i64, i64),
    options: &Options,
    done: Done,
) -> Result<()> {
    let Position { graph, step, last } = Position::START;
    let now = Microseconds::now();
    let statement = Statement::new(
        "INSERT INTO __metagraph_evolutions (graph_type_id, from_revision, to_revision, options, graph_id, step, \
         last_id, report, created_at, updated_at) VALUES (",
    )
    .integer(graph_type)
    .sql(", ")
    .integer(from)
    .sql(", ")
    .integer(to)
    .sql(", ")
    .json(json(options)?)
    .sql(", ")
    .integer(graph)
    .sql(", ")
    .integer(step)
    .sql(", ")
    .integer(last)
    .sql(", ")
    .json(json(&done)?)
    .sql(", ")
    .time(now)
    .sql(", ")
    .time(now)
    .sql(")");
    run::execute(conn, "beginning an evolution", statement).map(drop)
}

/// Moves on from `before`: who does it changes the rows between. `false` where somebody else did.
///
/// Another who is about to do the same waits here.
pub(super) fn claim<C: GraphConnection>(
    conn: &mut C,
    graph_type: i64,
    before: Position,
    after: Position,
) -> Result<bool> {
    let statement = Statement::new("UPDATE __metagraph_evolutions SET graph_id = ")
        .integer(after.graph)
        .sql(", step = ")
        .integer(after.step)
        .sql(", last_id = ")
        .integer(after.last)
        .sql(", updated_at = ")
        .time(Microseconds::now())
        .sql(" WHERE graph_type_id = ")
        .integer(graph_type)
        .sql(" AND graph_id = ")
        .integer(before.graph)
        .sql(" AND step = ")
        .integer(before.step)
        .sql(" AND last_id = ")
        .integer(before.last);
    Ok(run::execute(conn, "moving an evolution on", statement)? > 0)
}

/// Stores what was done, after it was.
pub(super) fn store<C: GraphConnection>(conn: &mut C, graph_type: i64, done: &Done) -> Result<()> {
    let statement = Statement::new("UPDATE __metagraph_evolutions SET report = ").json(json(done)?);
    run::execute(conn, "storing what was done", statement.sql(" WHERE graph_type_id = ").integer(graph_type)).map(drop)
}

/// Forgets an evolution that is done; `false` where somebody else did.
pub(super) fn end<C: GraphConnection>(conn: &mut C, graph_type: i64) -> Result<bool> {
    let statement = Statement::new("DELETE FROM __metagraph_evolutions WHERE graph_type_id = ").integer(graph_type);
    Ok(run::execute(conn, "ending an evolution", statement)? > 0)
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|source| Error::Encode { element: "evolution".to_owned(), source })
}

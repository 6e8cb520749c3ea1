//! The edges at many nodes at once, with what is at their other ends.

use diesel::deserialize;
use diesel::row::Row;

use super::chain::Resolved;
use super::expand::edges_found;
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::Result;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

/// An edge as it is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Neighbour {
    pub(crate) near: i64,
    pub(crate) far: i64,
    pub(crate) edge: i64,
}

impl Record for Neighbour {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self { near: record::integer(row, 0)?, far: record::integer(row, 1)?, edge: record::integer(row, 2)? })
    }
}

/// The edges that the step follows from these nodes, a self loop once; in the order of their ids.
pub(crate) fn neighbours<C: GraphConnection>(
    conn: &mut C,
    step: &Resolved<'_>,
    nodes: &[i64],
) -> Result<Vec<Neighbour>> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let Some(statement) = all_arms::<C::Db>(step, nodes)? else { return Ok(Vec::new()) };
    let mut found: Vec<Neighbour> = run::all(conn, "following edges", statement)?;
    found.sort_unstable();
    Ok(found)
}

fn all_arms<'a, Db: Seam>(step: &Resolved<'_>, nodes: &[i64]) -> Result<Option<Statement<'a, Db>>> {
    let mut arms = step.arms();
    let arm = |(near, far, kinds): (FoundBy, &'static str, &[i64])| {
        let statement = Statement::new("SELECT ids.id, ").sql(far).sql(", e.id FROM ").ids(nodes);
        edges_found(statement, step, near, kinds)
    };
    let Some(first) = arms.next() else { return Ok(None) };
    let statement = arm(first)?;
    Ok(Some(match arms.next() {
        None => statement,
        Some(second) => statement.sql(" UNION ALL ").append(arm(second)?).sql(" AND e.source_id <> e.target_id"),
    }))
}

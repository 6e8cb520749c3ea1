//! Nodes and edges of graphs that do not exist.
//!
//! Beside [`graphs`](crate::graphs), these are the only statements that span graphs.

use super::findings::{At, Findings};
use super::{Damage, Subject};
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

/// Rows of one graph that does not exist.
struct Stray {
    graph: i64,
    first: i64,
    rows: i64,
    /// How many there are, of all such graphs.
    all: i64,
}

impl Record for Stray {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self {
            graph: record::integer(row, 0)?,
            first: record::integer(row, 1)?,
            rows: record::integer(row, 2)?,
            all: record::integer(row, 3)?,
        })
    }
}

pub(super) fn check<C: GraphConnection>(conn: &mut C, findings: &mut Findings) -> Result<()> {
    for (subject, table) in [(Subject::Node, "__metagraph_nodes"), (Subject::Edge, "__metagraph_edges")] {
        let statement =
            Statement::new("SELECT r.graph_id, min(r.id), count(*), CAST(sum(count(*)) OVER () AS bigint) FROM ")
                .sql(table)
                .sql(
                    " AS r WHERE NOT EXISTS (SELECT 1 FROM __metagraph_graphs AS g WHERE g.id = r.graph_id) \
             GROUP BY r.graph_id ORDER BY r.graph_id LIMIT ",
                )
                .integer(findings.wanted());
        let strays: Vec<Stray> = run::all(conn, "looking for rows of no graph", statement)?;
        let at = At::of(subject);
        if let Some(first) = strays.first() {
            findings.count(Damage::MissingGraph, at, u64::try_from(first.all).unwrap_or(0));
        }
        for stray in strays {
            let at = At { graph: Some(stray.graph), id: Some(stray.first), ..at };
            findings.sample(Damage::MissingGraph, at, || {
                let several = if stray.rows == 1 { "" } else { "s" };
                format!("{} {subject}{several} of a graph that does not exist", stray.rows)
            });
        }
    }
    Ok(())
}

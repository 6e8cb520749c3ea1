//! Breadth first, one statement per level, with the whole frontier as one bound list.

use std::collections::HashMap;

use super::Way;
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::Result;
use crate::run;
use crate::statement::Statement;

/// The least depth of every node within `most` hops of the start, which has depth 0.
pub(super) fn depths<C: GraphConnection>(
    conn: &mut C,
    graph: i64,
    edge_type: i64,
    way: Way,
    start: &[i64],
    most: u32,
) -> Result<HashMap<i64, u32>> {
    let mut depths: HashMap<i64, u32> = start.iter().map(|&node| (node, 0)).collect();
    let mut frontier: Vec<i64> = depths.keys().copied().collect();
    let mut depth = 0;
    while depth < most && !frontier.is_empty() {
        depth += 1;
        let neighbours = neighbours::<C::Db>(graph, edge_type, way, std::mem::take(&mut frontier));
        let neighbours: Vec<i64> = run::all(conn, "following edges", neighbours)?;
        for node in neighbours {
            depths.entry(node).or_insert_with(|| {
                frontier.push(node);
                depth
            });
        }
    }
    Ok(depths)
}

const TARGETS: &str = "SELECT DISTINCT e.target_id FROM ";
const SOURCES: &str = "SELECT DISTINCT e.source_id FROM ";

fn neighbours<'a, Db: Seam>(graph: i64, edge_type: i64, way: Way, nodes: Vec<i64>) -> Statement<'a, Db> {
    let arm = |statement: Statement<'a, Db>, near: FoundBy, nodes: Vec<i64>| {
        statement.by_ids(near, graph, nodes, |statement| statement.sql(" AND e.edge_type_id = ").integer(edge_type))
    };
    match way {
        Way::Out => arm(Statement::new(TARGETS), FoundBy::Source, nodes),
        Way::In => arm(Statement::new(SOURCES), FoundBy::Target, nodes),
        Way::Both => {
            let targets = arm(Statement::new(TARGETS), FoundBy::Source, nodes.clone());
            arm(targets.sql(" UNION ").sql(SOURCES), FoundBy::Target, nodes)
        }
    }
}

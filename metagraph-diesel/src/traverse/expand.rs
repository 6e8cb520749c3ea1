//! Breadth first, one statement per level, with the whole frontier as one bound list.

use std::collections::HashMap;

use super::Way;
use crate::backend::{GraphConnection, Seam};
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

fn neighbours<'a, Db: Seam>(graph: i64, edge_type: i64, way: Way, nodes: Vec<i64>) -> Statement<'a, Db> {
    const OUT: (&str, &str) = ("SELECT DISTINCT target_id FROM __metagraph_edges WHERE graph_id = ", " AND source_id");
    const IN: (&str, &str) = ("SELECT DISTINCT source_id FROM __metagraph_edges WHERE graph_id = ", " AND target_id");
    // Two arms rather than one condition with OR: each follows its own index.
    let (first, second) = match way {
        Way::Out => (OUT, None),
        Way::In => (IN, None),
        Way::Both => (OUT, Some(IN)),
    };
    let arm = |statement: Statement<'a, Db>, ends: &'static str, nodes: Vec<i64>| {
        statement.integer(graph).sql(" AND edge_type_id = ").integer(edge_type).sql(ends).one_of(nodes)
    };
    match second {
        None => arm(Statement::new(first.0), first.1, nodes),
        Some(second) => {
            let statement = arm(Statement::new(first.0), first.1, nodes.clone()).sql(" UNION ").sql(second.0);
            arm(statement, second.1, nodes)
        }
    }
}

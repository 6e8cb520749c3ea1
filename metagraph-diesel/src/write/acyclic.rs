//! Whether a whole graph has a cycle, in memory that grows with its nodes and not with its edges.

use std::collections::{HashMap, HashSet};

use super::label::Labels;
use crate::backend::{FoundBy, GraphConnection};
use crate::error::{Error, Result};
use crate::open_graph::OpenGraph;
use crate::record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// From how many nodes edges are followed at once.
const AT_ONCE: usize = 1000;

/// Refuses a graph in which edges of the sets that `kind` is in close a cycle.
///
/// The caller has made other writers of the graph wait.
pub(crate) fn require<C: GraphConnection>(conn: &mut C, graph: OpenGraph<'_>, kind: &EdgeKind) -> Result<()> {
    for set in &kind.acyclic {
        let waiting = behind_a_cycle(conn, graph.id, set)?;
        if let Some(start) = waiting.iter().copied().min() {
            let cycle = walk_back(conn, graph.id, set, &waiting, start)?;
            let labels = Labels::read(conn, graph, cycle.clone())?;
            let path = cycle.into_iter().map(|id| labels.label(id)).collect();
            return Err(Error::Cycle { edge: kind.name.clone(), path });
        }
    }
    Ok(())
}

/// The nodes on cycles and behind them: what is left when nodes without edges into them are taken away, again and again.
fn behind_a_cycle<C: GraphConnection>(conn: &mut C, graph: i64, set: &[i64]) -> Result<HashSet<i64>> {
    let of_set = |statement: Statement<'static, C::Db>| statement.integer(graph).sql(" AND e.edge_type_id").one_of(set);
    let into = of_set(Statement::new("SELECT e.target_id, count(*) FROM __metagraph_edges AS e WHERE e.graph_id = "))
        .sql(" GROUP BY e.target_id");
    let into: Vec<(i64, i64)> = run::all(conn, "looking for a cycle", into)?;
    let mut into: HashMap<i64, i64> = into.into_iter().collect();
    let sources = of_set(Statement::new("SELECT DISTINCT e.source_id FROM __metagraph_edges AS e WHERE e.graph_id = "));
    let sources: Vec<i64> = run::all(conn, "looking for a cycle", sources)?;
    let mut free: Vec<i64> = sources.into_iter().filter(|node| !into.contains_key(node)).collect();
    while !free.is_empty() {
        let some = free.split_off(free.len().saturating_sub(AT_ONCE));
        let leaving = Statement::new("SELECT e.target_id FROM ")
            .by_ids(FoundBy::Source, graph, some, |statement| statement.sql(" AND e.edge_type_id").one_of(set));
        run::each(conn, "looking for a cycle", leaving, |row| {
            let target = record::integer::<C::Db>(row, 0)?;
            if let Some(count) = into.get_mut(&target) {
                *count -= 1;
                if *count == 0 {
                    into.remove(&target);
                    free.push(target);
                }
            }
            Ok(())
        })?;
    }
    Ok(into.into_keys().collect())
}

/// A cycle from which `start` can be reached: each waiting node has an edge from another.
fn walk_back<C: GraphConnection>(
    conn: &mut C,
    graph: i64,
    set: &[i64],
    waiting: &HashSet<i64>,
    start: i64,
) -> Result<Vec<i64>> {
    let mut path = vec![start];
    let mut places = HashMap::from([(start, 0)]);
    while let Some(&node) = path.last() {
        let before =
            Statement::new("SELECT e.source_id FROM ").by_ids(FoundBy::Target, graph, vec![node], |statement| {
                statement.sql(" AND e.edge_type_id").one_of(set)
            });
        let before: Vec<i64> = run::all(conn, "looking for a cycle", before)?;
        let Some(before) = before.into_iter().filter(|node| waiting.contains(node)).min() else { break };
        if let Some(&place) = places.get(&before) {
            path.drain(..place);
            break;
        }
        places.insert(before, path.len());
        path.push(before);
    }
    path.reverse();
    // The first is also the last.
    path.extend(path.first().copied());
    Ok(path)
}

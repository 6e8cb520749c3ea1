//! Many starts at once, with an answer for each.

use std::collections::{HashMap, HashSet};

use metagraph_core::NodeSet;

use super::answers::Reached;
use super::chain::{Beginning, Chain, Resolved};
use super::expand::{Frontier, edges_found, listed, nodes_found, passed, sorted};
use super::neighbours::neighbours;
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::Result;
use crate::query::Scope;
use crate::read::{self, Node};
use crate::record;
use crate::run;
use crate::statement::Statement;

pub(super) fn load_each<C: GraphConnection, N: NodeSet>(
    conn: &mut C,
    chain: &Chain<'_>,
    limit: usize,
) -> Result<Vec<Vec<Reached<N>>>> {
    let Beginning::Ids(starts) = &chain.beginning else {
        return Err(Scope::invalid("an answer for each start needs its starts as ids: begin with `from_many`"));
    };
    let mut found: HashMap<i64, Vec<Reached<N>>> = match chain.steps.as_slice() {
        [step] if step.is_single() => one_hop(conn, &Resolved::new(chain.graph, step)?, starts, limit)?,
        _ => several_hops(conn, chain, starts)?,
    };
    let mut answers: Vec<Vec<Reached<N>>> = Vec::with_capacity(starts.len());
    let mut answered: HashSet<i64> = HashSet::new();
    for start in starts {
        if answered.insert(*start) {
            let mut answer = found.remove(start).unwrap_or_default();
            answer.truncate(limit);
            answers.push(answer);
        } else {
            // Rows are not copied: a start that is given twice is read twice.
            let again = Chain { beginning: Beginning::Ids(vec![*start]), ..chain.clone() };
            answers.push(load_each(conn, &again, limit)?.pop().unwrap_or_default());
        }
    }
    Ok(answers)
}

/// One statement for all starts: the pairs, each with as much of its nodes as the limit leaves.
fn one_hop<C: GraphConnection, N: NodeSet>(
    conn: &mut C,
    step: &Resolved<'_>,
    starts: &[i64],
    limit: usize,
) -> Result<HashMap<i64, Vec<Reached<N>>>> {
    const COLUMNS: &str = "n.id, n.node_type_id, n.key, n.attributes, n.version, n.created_at, n.updated_at";
    let pairs = pairs::<C::Db>(step, starts)?;
    let Some(pairs) = pairs else { return Ok(HashMap::new()) };
    let statement = Statement::new("SELECT * FROM (SELECT ids.near, ").sql(COLUMNS);
    let statement = statement.sql(", row_number() OVER (PARTITION BY ids.near ORDER BY n.id) AS place FROM (");
    let statement = nodes_found(statement.append(pairs).sql(") AS ids"), step)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let statement = statement.sql(") AS placed WHERE place <= ").integer(limit).sql(" ORDER BY near, place");
    let rows = run::each(conn, "reading nodes for each start", statement, |row| {
        let node: Node<N> = read::node(step.graph.vocabulary, row, 1)?;
        Ok((record::integer::<C::Db>(row, 0)?, node))
    })?;
    let mut found: HashMap<i64, Vec<Reached<N>>> = HashMap::new();
    for (near, node) in rows {
        found.entry(near).or_default().push(Reached { node, depth: 1 });
    }
    Ok(found)
}

/// The different pairs of a start and a node behind one hop.
fn pairs<'a, Db: Seam>(step: &Resolved<'_>, starts: &[i64]) -> Result<Option<Statement<'a, Db>>> {
    let starts = sorted(starts.iter().copied().collect::<HashSet<_>>());
    let arm = |(near, far, kinds): (FoundBy, &'static str, &[i64])| {
        let statement = Statement::new("SELECT DISTINCT ids.id AS near, ").sql(far).sql(" AS id FROM ");
        edges_found(statement.ids(starts.as_slice()), step, near, kinds)
    };
    let mut arms = step.arms();
    let Some(first) = arms.next() else { return Ok(None) };
    let statement = arm(first)?;
    Ok(Some(match arms.next() {
        None => statement,
        Some(second) => statement.sql(" UNION ").append(arm(second)?),
    }))
}

/// Level by level for all starts together: each edge is looked up once, whoever comes by.
fn several_hops<C: GraphConnection, N: NodeSet>(
    conn: &mut C,
    chain: &Chain<'_>,
    starts: &[i64],
) -> Result<HashMap<i64, Vec<Reached<N>>>> {
    let mut sets: HashMap<i64, HashMap<i64, u32>> =
        starts.iter().map(|&start| (start, HashMap::from([(start, 0)]))).collect();
    for (place, step) in chain.steps.iter().enumerate() {
        let step = Resolved::new(chain.graph, step)?;
        sets = repeated(conn, &step, sets)?;
        if place + 1 < chain.steps.len() {
            let all = sorted(sets.values().flat_map(|set| set.keys().copied()).collect::<HashSet<_>>());
            let fits: HashSet<i64> = listed(conn, Frontier::Ids(all).filtered(&step)?)?.into_iter().collect();
            for set in sets.values_mut() {
                set.retain(|node, _| fits.contains(node));
            }
        }
    }
    let Some(last) = chain.steps.last() else { return Ok(HashMap::new()) };
    let last = Resolved::new(chain.graph, last)?;
    let mut answers = HashMap::new();
    for (start, set) in sets {
        let ids = Frontier::Ids(sorted(set.keys().copied()));
        let statement = nodes_found(ids.append(Statement::new(read::NODES)), &last)?;
        let nodes: Vec<Node<N>> = read::nodes(conn, chain.graph.vocabulary, statement)?;
        let mut reached: Vec<_> = nodes
            .into_iter()
            .filter_map(|node| set.get(&node.id.raw()).map(|&depth| Reached { node, depth }))
            .collect();
        reached.sort_unstable_by_key(|reached| (reached.depth, reached.node.id));
        answers.insert(start, reached);
    }
    Ok(answers)
}

/// What each set becomes by the hops of a step.
fn repeated<C: GraphConnection>(
    conn: &mut C,
    step: &Resolved<'_>,
    sets: HashMap<i64, HashMap<i64, u32>>,
) -> Result<HashMap<i64, HashMap<i64, u32>>> {
    let mut depths: HashMap<i64, HashMap<i64, u32>> = HashMap::new();
    let mut frontiers: HashMap<i64, Vec<i64>> = HashMap::new();
    for (start, set) in sets {
        frontiers.insert(start, set.keys().copied().collect());
        depths.insert(start, set.into_keys().map(|node| (node, 0)).collect());
    }
    let mut depth = 0;
    // A single hop may come back to where it began: only what was reached by it counts.
    let single = step.step.is_single();
    while depth < step.step.most() && frontiers.values().any(|frontier| !frontier.is_empty()) {
        depth += 1;
        let all = sorted(frontiers.values().flatten().copied().collect::<HashSet<_>>());
        let found = neighbours(conn, step, &all)?;
        let far = sorted(found.iter().map(|edge| edge.far).collect::<HashSet<_>>());
        let passed: HashSet<i64> = passed(conn, step, far)?.into_iter().collect();
        let mut behind: HashMap<i64, Vec<i64>> = HashMap::new();
        for edge in found.into_iter().filter(|edge| passed.contains(&edge.far)) {
            behind.entry(edge.near).or_default().push(edge.far);
        }
        for (start, frontier) in &mut frontiers {
            let Some(known) = depths.get_mut(start) else { continue };
            let reached: Vec<i64> =
                frontier.drain(..).flat_map(|node| behind.get(&node).into_iter().flatten().copied()).collect();
            if single {
                known.clear();
            }
            for node in reached {
                known.entry(node).or_insert_with(|| {
                    frontier.push(node);
                    depth
                });
            }
        }
    }
    for set in depths.values_mut() {
        set.retain(|_, depth| *depth >= step.step.least());
    }
    Ok(depths)
}

//! Following edges: sets of nodes that become other sets, in the database as far as one statement goes.

use std::collections::{HashMap, HashSet};

use metagraph_core::query::condition::Condition;
use metagraph_core::query::source::{Column, Source};

use super::chain::{Beginning, Chain, Resolved, of_edge_types};
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::Result;
use crate::open_graph::OpenGraph;
use crate::query::{Scope, found_of_types};
use crate::run;
use crate::statement::Statement;

/// Nodes on the way, as a list or as a statement that finds them.
pub(crate) enum Frontier<'a, Db> {
    Ids(Vec<i64>),
    /// With one column, `id`.
    Found(Statement<'a, Db>),
}

impl<'a, Db: Seam> Frontier<'a, Db> {
    /// Where a traversal begins.
    pub(crate) fn beginning(chain: &Chain<'_>) -> Result<Self> {
        match &chain.beginning {
            Beginning::Ids(ids) => Ok(Self::Ids(ids.clone())),
            Beginning::Query(plan) => {
                let found = plan.from(Statement::new("SELECT n.id FROM "), &plan.order_sources())?;
                Ok(Self::Found(if plan.is_bounded() { plan.ordered(found)? } else { found }))
            }
        }
    }

    /// Appends the nodes as the rows `ids`.
    pub(crate) fn append(self, statement: Statement<'a, Db>) -> Statement<'a, Db> {
        match self {
            Self::Ids(ids) => statement.ids(ids),
            Self::Found(found) => statement.sql("(").append(found).sql(") AS ids"),
        }
    }

    /// The nodes at the other end of a hop, each once, of whatever type.
    pub(crate) fn hop(self, step: &Resolved<'_>) -> Result<Self> {
        self.hop_by(step, "SELECT DISTINCT ")
    }

    /// The same on the way to others. Where edges are never parallel, those of one node lead to different nodes, and
    /// nobody has to look; if somebody else wrote such edges, a node is only visited twice.
    fn hop_on(self, step: &Resolved<'_>) -> Result<Self> {
        let different = matches!(&self, Self::Ids(ids) if ids.len() == 1)
            && matches!(step.kinds.as_slice(), [kind] if !kind.rules.multi);
        self.hop_by(step, if different { "SELECT " } else { "SELECT DISTINCT " })
    }

    fn hop_by(self, step: &Resolved<'_>, select: &'static str) -> Result<Self> {
        let mut arms = step.arms();
        let arm = |nodes: Self, (near, far, kinds): (FoundBy, &'static str, &[i64])| {
            let statement = Statement::new(select).sql(far).sql(" AS id FROM ");
            edges_found(nodes.append(statement), step, near, kinds)
        };
        let Some(first) = arms.next() else { return Ok(Self::Ids(Vec::new())) };
        Ok(Self::Found(match (arms.next(), self) {
            (None, nodes) => arm(nodes, first)?,
            (Some(second), Self::Ids(ids)) => {
                let found = arm(Self::Ids(ids.clone()), first)?.sql(" UNION ");
                found.append(arm(Self::Ids(ids), second)?)
            }
            // A statement is not run twice: whoever hops both ways has a list.
            (Some(_), Self::Found(_)) => return Err(Scope::invalid("a hop both ways begins at a list of nodes")),
        }))
    }

    /// Those of the nodes that the step can end at: of its types, and of which its conditions hold.
    pub(crate) fn filtered(self, step: &Resolved<'_>) -> Result<Self> {
        let statement = self.append(Statement::new("SELECT n.id FROM "));
        Ok(Self::Found(nodes_found(statement, step)?))
    }

    /// Those of the nodes of the step's types that it can go on from.
    fn passing(self, step: &Resolved<'_>) -> Result<Self> {
        let statement = self.append(Statement::new("SELECT n.id FROM "));
        Ok(Self::Found(nodes_passed(statement, step)?))
    }
}

/// Nodes of a frontier, as a list.
pub(crate) fn listed<C: GraphConnection>(conn: &mut C, nodes: Frontier<'_, C::Db>) -> Result<Vec<i64>> {
    match nodes {
        Frontier::Ids(ids) => Ok(ids),
        Frontier::Found(statement) => run::all(conn, "following edges", statement),
    }
}

/// Appends, behind the rows `ids`, the edges at these ends that the step follows, under the alias `e`.
pub(crate) fn edges_found<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    step: &Resolved<'_>,
    near: FoundBy,
    kinds: &[i64],
) -> Result<Statement<'a, Db>> {
    let (between, after) = Db::found_by(near);
    let statement = statement.sql(between).integer(step.graph.id).sql(" AND ");
    Ok(edge_condition(of_edge_types(statement, "e", kinds), step, "e")?.sql(after))
}

/// Appends what must hold of an edge of the step, which has one edge type where anything must.
pub(crate) fn edge_condition<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    step: &Resolved<'_>,
    alias: &str,
) -> Result<Statement<'a, Db>> {
    match step.kinds.as_slice() {
        [kind] => Scope::edge(step.graph, alias, kind).and_condition(statement, &step.step.edge_condition),
        _ => Ok(statement),
    }
}

/// Appends, behind the rows `ids`, the nodes that the step ends at, under the alias `n`.
pub(crate) fn nodes_found<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    step: &Resolved<'_>,
) -> Result<Statement<'a, Db>> {
    let nodes = Scope::node(step.graph, "n", &step.far);
    nodes.and_condition(nodes_passed(statement, step)?, &step.step.end_condition)
}

/// Whether ids are enough to tell where the step ends: every node that its edges reach is of its types, and nothing else
/// of a node is asked.
pub(crate) fn is_told_by_ids(step: &Resolved<'_>) -> bool {
    step.far_is_certain && asks_for_ids(&step.step.node_condition) && asks_for_ids(&step.step.end_condition)
}

fn asks_for_ids(condition: &Condition) -> bool {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => conditions.iter().all(asks_for_ids),
        Condition::Not(inner) => asks_for_ids(inner),
        Condition::Compare(source, ..) | Condition::OneOf(source, _) => *source == Source::Column(Column::Id),
        _ => false,
    }
}

/// Appends those of the nodes that the step ends at, as rows `n` that have nothing but an `id`.
pub(crate) fn ids_found<'a, Db: Seam>(
    statement: Statement<'a, Db>,
    nodes: Frontier<'a, Db>,
    step: &Resolved<'_>,
) -> Result<Statement<'a, Db>> {
    let statement = nodes.append(statement.sql("(SELECT ids.id FROM ")).sql(") AS n WHERE true");
    let scope = Scope::node(step.graph, "n", &step.far);
    let statement = scope.and_condition(statement, &step.step.node_condition)?;
    scope.and_condition(statement, &step.step.end_condition)
}

/// Appends, behind the rows `ids`, the nodes that the step goes on from, under the alias `n`.
fn nodes_passed<'a, Db: Seam>(statement: Statement<'a, Db>, step: &Resolved<'_>) -> Result<Statement<'a, Db>> {
    let (between, after) = Db::found_by(FoundBy::Node);
    let statement = found_of_types(statement.sql(between).integer(step.graph.id).sql(" AND "), "n", &step.far);
    let nodes = Scope::node(step.graph, "n", &step.far);
    Ok(nodes.and_condition(statement, &step.step.node_condition)?.sql(after))
}

/// Where a traversal ends, before the types of the last nodes were looked at.
pub(crate) enum Reach<'a, Db> {
    /// After one hop.
    Once(Frontier<'a, Db>),
    /// After as many hops as each node needs, within the range of the last step.
    Depths(HashMap<i64, u32>),
}

/// Follows all steps of a chain.
pub(crate) fn follow<C: GraphConnection>(conn: &mut C, chain: &Chain<'_>) -> Result<Reach<'static, C::Db>> {
    let mut nodes = Frontier::beginning(chain)?;
    let mut hops = 0;
    let last = chain.steps.len().saturating_sub(1);
    for (place, step) in chain.steps.iter().enumerate() {
        let step = Resolved::new(chain.graph, step)?;
        if hops >= C::Db::HOPS_PER_STATEMENT || step.arms().count() > 1 || !step.step.is_single() {
            nodes = Frontier::Ids(listed(conn, nodes)?);
            hops = 0;
        }
        if step.step.is_single() {
            if place == last {
                return Ok(Reach::Once(nodes.hop(&step)?));
            }
            nodes = nodes.hop_on(&step)?;
            hops += 1;
        } else {
            let start = listed(conn, nodes)?;
            let depths = depths(conn, &step, start)?;
            if place == last {
                return Ok(Reach::Depths(depths));
            }
            nodes = Frontier::Ids(sorted(depths.into_keys()));
        }
        if !step.far_is_certain || !step.step.ends_anywhere() {
            nodes = nodes.filtered(&step)?;
        }
    }
    Ok(Reach::Once(nodes))
}

/// A list that is the same for the same nodes.
pub(crate) fn sorted(ids: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    ids
}

/// The least number of hops of the step in which each node is reached from the start, as far as the range goes.
pub(crate) fn depths<C: GraphConnection>(
    conn: &mut C,
    step: &Resolved<'_>,
    start: Vec<i64>,
) -> Result<HashMap<i64, u32>> {
    let mut depths: HashMap<i64, u32> = start.iter().map(|&node| (node, 0)).collect();
    let mut frontier = start;
    let mut depth = 0;
    while depth < step.step.most() && !frontier.is_empty() {
        depth += 1;
        let reached = listed(conn, Frontier::Ids(std::mem::take(&mut frontier)).hop(step)?)?;
        let new: Vec<i64> = reached.into_iter().filter(|node| !depths.contains_key(node)).collect();
        let passed = passed(conn, step, new)?;
        for node in passed {
            depths.entry(node).or_insert_with(|| {
                frontier.push(node);
                depth
            });
        }
    }
    depths.retain(|_, depth| *depth >= step.step.least());
    Ok(depths)
}

/// Those of the nodes that the step goes on from: of other types, or of which its condition holds.
pub(crate) fn passed<C: GraphConnection>(conn: &mut C, step: &Resolved<'_>, nodes: Vec<i64>) -> Result<Vec<i64>> {
    if step.step.node_condition == Condition::ALWAYS || nodes.is_empty() {
        return Ok(nodes);
    }
    let judged: HashSet<i64> = listed(conn, Frontier::Ids(nodes.clone()).passing(step)?)?.into_iter().collect();
    if step.far_is_certain {
        return Ok(nodes.into_iter().filter(|node| judged.contains(node)).collect());
    }
    let of_type: HashSet<i64> = of_far_types(conn, step.graph, &step.far, nodes.clone())?.into_iter().collect();
    Ok(nodes.into_iter().filter(|node| judged.contains(node) || !of_type.contains(node)).collect())
}

/// Those of the nodes that are of these types.
pub(crate) fn of_far_types<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    types: &[i64],
    nodes: Vec<i64>,
) -> Result<Vec<i64>> {
    let statement = Statement::new("SELECT n.id FROM ")
        .by_ids(FoundBy::Node, graph.id, nodes, |statement| found_of_types(statement.sql(" AND "), "n", types));
    run::all(conn, "reading nodes", statement)
}

/// The nodes a chain leads to so far, as a list.
pub(crate) fn ends_of<C: GraphConnection>(conn: &mut C, chain: &Chain<'_>) -> Result<Vec<i64>> {
    let Some(last) = chain.steps.last() else { return listed(conn, Frontier::beginning(chain)?) };
    let nodes = match follow(conn, chain)? {
        Reach::Once(nodes) => nodes,
        Reach::Depths(depths) => Frontier::Ids(sorted(depths.into_keys())),
    };
    let nodes = nodes.filtered(&Resolved::new(chain.graph, last)?)?;
    Ok(sorted(listed(conn, nodes)?))
}

/// Begins a read of the edges that a step follows from these nodes, under the alias `e`; each edge once.
pub(crate) fn edges_at<'a, Db: Seam>(
    select: &'static str,
    step: &Resolved<'_>,
    nodes: Frontier<'a, Db>,
) -> Result<Statement<'a, Db>> {
    let mut arms = step.arms();
    let (first, second) = (arms.next(), arms.next());
    match (first, second, nodes) {
        (Some((near, _, kinds)), None, nodes) => edges_found(nodes.append(Statement::new(select)), step, near, kinds),
        // Two arms rather than one condition with OR: each follows its own index.
        (Some(first), Some(second), Frontier::Ids(ids)) => {
            let arm = |(near, _, kinds): (FoundBy, &'static str, &[i64])| {
                edges_found(Statement::new("SELECT e.id FROM ").ids(ids.as_slice()), step, near, kinds)
            };
            let found = arm(first)?.sql(" UNION ").append(arm(second)?);
            let (between, after) = Db::found_by(FoundBy::Edge);
            let edges = Frontier::Found(found).append(Statement::new(select));
            Ok(edges.sql(between).integer(step.graph.id).sql(after))
        }
        _ => Err(Scope::invalid("a hop both ways begins at a list of nodes")),
    }
}

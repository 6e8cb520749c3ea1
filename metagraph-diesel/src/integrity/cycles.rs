//! Cycles through edge types that must close none.
//!
//! What is held in memory grows with the nodes where such edges start, and not with the edges: 20 bytes for each, and 40
//! more for each on a cycle. Edges are asked for by their ends, each a fixed number of times.

use std::collections::{BTreeSet, HashMap};

use diesel::deserialize;
use diesel::row::Row;

use super::findings::Findings;
use super::scope::Scope;
use super::{Damage, Progress, Subject};
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::error::Result;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

/// How many ends of edges one statement looks up, or how many nodes it lists.
const BATCH: usize = 1_000;
const LISTED: i64 = 10_000;

/// How many nodes of a cycle are told.
const TOLD: usize = 10;

pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    scope: &Scope<'_>,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let Some(vocabulary) = scope.vocabulary else { return Ok(()) };
    let sets: BTreeSet<Vec<i64>> = vocabulary
        .all_edges()
        .flat_map(|kind| &kind.acyclic)
        .map(|set| {
            let mut set = set.clone();
            set.sort_unstable();
            set
        })
        .collect();
    for types in sets {
        let edges = Edges { graph: scope.graph, types: &types };
        if edges.run_one_way(conn)? {
            continue;
        }
        let mut left = Left::new(conn, edges)?;
        left.peel(conn, edges, FoundBy::Source)?;
        progress.report(findings);
        if left.is_empty() {
            continue;
        }
        // What remains is on a cycle or behind one; what is behind all of them is taken away from the other end.
        left.count_out(conn, edges)?;
        left.peel(conn, edges, FoundBy::Target)?;
        let mut names: Vec<_> = types.iter().filter_map(|id| scope.edge(*id).name).collect();
        names.sort_unstable();
        let names = names.join(", ");
        let at = super::findings::At { element: Some(&names), ..scope.at(Subject::Edge) };
        findings.count(Damage::Cycle, at, left.len());
        for cycle in left.cycles(conn, edges, findings.most_samples())? {
            findings.sample(Damage::Cycle, super::findings::At { id: None, ..at }, || told(&cycle));
        }
    }
    Ok(())
}

fn told(cycle: &[i64]) -> String {
    let shown = cycle.iter().take(TOLD).map(ToString::to_string).collect::<Vec<_>>().join(" → ");
    match cycle.len().saturating_sub(TOLD) {
        0 => format!("nodes {shown} → {}", cycle.first().copied().unwrap_or_default()),
        more => format!("nodes {shown} → … and {more} more"),
    }
}

/// The edges of a graph that must close no cycle; one from a node to itself is judged alone.
#[derive(Clone, Copy)]
struct Edges<'s> {
    graph: i64,
    types: &'s [i64],
}

impl Edges<'_> {
    /// Whether all edges run from smaller ids to larger ones, or all the other way, as most acyclic graphs are written.
    fn run_one_way<C: GraphConnection>(self, conn: &mut C) -> Result<bool> {
        for direction in [" AND source_id < target_id LIMIT 1", " AND source_id > target_id LIMIT 1"] {
            let statement = self
                .of(Statement::new("SELECT CAST(1 AS bigint) FROM __metagraph_edges WHERE graph_id = "))
                .sql(direction);
            if run::optional::<C, i64>(conn, "asking which way edges run", statement)?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Appends which edges, after `WHERE graph_id = `.
    fn of<Db: Seam>(self, statement: Statement<'_, Db>) -> Statement<'_, Db> {
        statement.integer(self.graph).sql(" AND edge_type_id").one_of(self.types)
    }

    /// The other ends of edges that are at these nodes, with these.
    fn at<C: GraphConnection>(
        self,
        conn: &mut C,
        nodes: Vec<i64>,
        found: FoundBy,
        mut other: impl FnMut(i64, i64),
    ) -> Result<()> {
        let columns = if found == FoundBy::Source { "e.source_id, e.target_id" } else { "e.target_id, e.source_id" };
        let statement =
            Statement::new("SELECT ").sql(columns).sql(" FROM ").by_ids(found, self.graph, nodes, |statement| {
                statement.sql(" AND e.source_id <> e.target_id AND e.edge_type_id").one_of(self.types)
            });
        run::each(conn, "looking for cycles", statement, |row| {
            other(record::integer::<C::Db>(row, 0)?, record::integer::<C::Db>(row, 1)?);
            Ok(())
        })
        .map(drop)
    }
}

/// A node and how many edges it has on one side.
struct Degree(i64, i64);

impl Record for Degree {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self(record::integer(row, 0)?, record::integer(row, 1)?))
    }
}

/// The nodes that may be on a cycle: those where edges start and end.
struct Left {
    /// In order.
    ids: Vec<i64>,
    /// How many edges from others of them each still has on the side that is looked at; 0 where it is taken away.
    degrees: Vec<u32>,
}

impl Left {
    /// All nodes where edges start, with how many edges enter them.
    fn new<C: GraphConnection>(conn: &mut C, edges: Edges<'_>) -> Result<Self> {
        let mut ids = Vec::new();
        let mut last = i64::MIN;
        loop {
            let statement = edges
                .of(Statement::new("SELECT source_id, count(*) FROM __metagraph_edges WHERE graph_id = "))
                .sql(" AND source_id <> target_id AND source_id > ")
                .integer(last)
                .sql(" GROUP BY source_id ORDER BY source_id LIMIT ")
                .integer(LISTED);
            let page: Vec<Degree> = run::all(conn, "listing where edges start", statement)?;
            let Some(Degree(id, _)) = page.last() else { break };
            last = *id;
            ids.extend(page.into_iter().map(|Degree(id, _)| id));
        }
        ids.shrink_to_fit();
        let mut left = Self { degrees: vec![0; ids.len()], ids };
        let mut last = i64::MIN;
        loop {
            let statement = edges
                .of(Statement::new("SELECT target_id, count(*) FROM __metagraph_edges WHERE graph_id = "))
                .sql(" AND source_id <> target_id AND target_id > ")
                .integer(last)
                .sql(" GROUP BY target_id ORDER BY target_id LIMIT ")
                .integer(LISTED);
            let page: Vec<Degree> = run::all(conn, "counting edges that end at a node", statement)?;
            let Some(Degree(id, _)) = page.last() else { return Ok(left) };
            last = *id;
            for Degree(id, count) in page {
                if let Some(degree) = left.degree(id) {
                    *degree = u32::try_from(count).unwrap_or(u32::MAX);
                }
            }
        }
    }

    fn place(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    fn degree(&mut self, id: i64) -> Option<&mut u32> {
        let place = self.place(id)?;
        self.degrees.get_mut(place)
    }

    fn holds(&self, id: i64) -> bool {
        self.place(id).and_then(|place| self.degrees.get(place)).is_some_and(|degree| *degree > 0)
    }

    fn held(&self) -> impl Iterator<Item = i64> {
        self.ids.iter().zip(&self.degrees).filter(|(_, degree)| **degree > 0).map(|(id, _)| *id)
    }

    fn len(&self) -> u64 {
        u64::try_from(self.held().count()).unwrap_or(u64::MAX)
    }

    fn is_empty(&self) -> bool {
        self.held().next().is_none()
    }

    /// Takes away the nodes that no edge enters, and then those that only these had edges to; where edges are found by
    /// their targets, the same the other way.
    fn peel<C: GraphConnection>(&mut self, conn: &mut C, edges: Edges<'_>, found: FoundBy) -> Result<()> {
        let free = self.ids.iter().zip(&self.degrees).filter(|(_, degree)| **degree == 0);
        let mut free: Vec<i64> = free.map(|(id, _)| *id).collect();
        while !free.is_empty() {
            let batch = free.split_off(free.len().saturating_sub(BATCH));
            edges.at(conn, batch, found, |_, other| {
                if let Some(degree) = self.degree(other).filter(|degree| **degree > 0) {
                    *degree -= 1;
                    if *degree == 0 {
                        free.push(other);
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Counts, for each node that is left, the edges to others that are left.
    fn count_out<C: GraphConnection>(&mut self, conn: &mut C, edges: Edges<'_>) -> Result<()> {
        self.keep_held();
        let ids = std::mem::take(&mut self.ids);
        let mut counts = vec![0_u32; ids.len()];
        for batch in ids.chunks(BATCH) {
            edges.at(conn, batch.to_vec(), FoundBy::Source, |node, other| {
                if ids.binary_search(&other).is_ok()
                    && let Some(count) = ids.binary_search(&node).ok().and_then(|place| counts.get_mut(place))
                {
                    *count = count.saturating_add(1);
                }
            })?;
        }
        (self.ids, self.degrees) = (ids, counts);
        Ok(())
    }

    fn keep_held(&mut self) {
        let held: Vec<_> = self.held().collect();
        self.degrees = vec![1; held.len()];
        self.ids = held;
    }

    /// As many cycles as are wanted, no two of which share a node: ways on to the smallest node, until one comes back.
    fn cycles<C: GraphConnection>(&mut self, conn: &mut C, edges: Edges<'_>, wanted: usize) -> Result<Vec<Vec<i64>>> {
        self.keep_held();
        let mut cycles = Vec::new();
        let mut visited = vec![false; self.ids.len()];
        // Each start leads somewhere; where it leads to what was seen, it is one that is not told.
        for place in 0..self.ids.len() {
            if cycles.len() >= wanted || place > wanted.saturating_mul(BATCH) {
                break;
            }
            let Some(&start) = self.ids.get(place) else { break };
            let mut way = Vec::new();
            let mut on_way = HashMap::new();
            let mut node = start;
            loop {
                if let Some(&begins) = on_way.get(&node) {
                    let mut cycle: Vec<i64> = way.split_off(begins);
                    let smallest = cycle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
                    cycle.rotate_left(smallest);
                    cycles.push(cycle);
                    break;
                }
                let Some(seen) = self.place(node).and_then(|place| visited.get_mut(place)) else { break };
                if std::mem::replace(seen, true) {
                    break;
                }
                on_way.insert(node, way.len());
                way.push(node);
                let mut next: Option<i64> = None;
                edges.at(conn, vec![node], FoundBy::Source, |_, other| {
                    if self.holds(other) {
                        next = Some(next.map_or(other, |known| known.min(other)));
                    }
                })?;
                match next {
                    Some(next) => node = next,
                    None => break,
                }
            }
        }
        Ok(cycles)
    }
}

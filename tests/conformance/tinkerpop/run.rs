//! Walkers sent through a database: every branch is one query, or one for each combination of edge types.

mod paths;
mod rows;

use metagraph::prelude::*;
use metagraph::{Field, NodeQuery};
use serde_json::Value;

use self::paths::{Kind, paths};
use self::rows::{alternatives, rows};
use super::bag::{Branch, Hop, Outcome, Place, Reason};
use super::condition::{Condition, Way, edge, named, node};
use super::vocabulary::{Created, Knows, Label, Person, Vertex, with_edge};
use super::world::World;

/// The rows that a walker came through.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) nodes: Vec<i64>,
    pub(super) edges: Vec<i64>,
}

/// All walks of a branch, as often as Gremlin has them.
pub(super) fn walks<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch) -> Outcome<Vec<Walk>> {
    let mut walks = match &branch.edges {
        Some(labels) => edges(conn, world, branch, labels)?,
        None if branch.hops.is_empty() => {
            let nodes = starts(world, branch).load(conn).unwrap();
            nodes.into_iter().map(|node| Walk { nodes: vec![node.id.raw()], edges: Vec::new() }).collect()
        }
        None => hops(conn, world, branch)?,
    };
    if branch.backwards {
        walks.reverse();
    }
    Ok(walks.iter().flat_map(|walk| std::iter::repeat_n(walk, branch.copies)).cloned().collect())
}

/// The query for the vertices where walks start; with its bounds only where nothing follows.
pub(super) fn starts<'g>(world: &'g World, branch: &Branch) -> NodeQuery<'g, Vertex> {
    let query = world.graph.nodes::<Vertex>().matching(node(&branch.start));
    let mut sorted = query;
    for (name, descending) in &branch.order {
        let name = named(name);
        let (text, number) = (Field::<Vertex, String>::new(name), Field::<Vertex, f64>::new(name));
        sorted = match (name, descending) {
            ("age", false) => sorted.sorted(number.asc()),
            ("age", true) => sorted.sorted(number.desc()),
            (_, false) => sorted.sorted(text.asc()),
            (_, true) => sorted.sorted(text.desc()),
        };
    }
    if !branch.hops.is_empty() {
        return sorted;
    }
    let limited = branch.limit.map_or(sorted.clone(), |limit| sorted.limit(limit));
    limited.offset(branch.offset)
}

fn edges<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch, labels: &[Label]) -> Outcome<Vec<Walk>> {
    if branch.is_bounded() || !branch.order.is_empty() {
        return Err(Reason::Walks);
    }
    let mut walks = Vec::new();
    for label in labels {
        with_edge!(label, E => {
            let found = world.graph.edges::<E>().filter(|_| edge::<E>(&branch.start)).load(conn).unwrap();
            walks.extend(found.into_iter().map(|edge| Walk {
                nodes: vec![edge.source.raw(), edge.target.raw()],
                edges: vec![edge.id.raw()],
            }));
        });
    }
    Ok(walks)
}

fn hops<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch) -> Outcome<Vec<Walk>> {
    let single = branch.hops.iter().all(Hop::is_single);
    let needs_rows = branch.offset > 0 || branch.hops.iter().any(|hop| hop.optional || hop.edge != Condition::ALWAYS);
    let plain = single && branch.hops.iter().all(|hop| hop.labels.len() == 1);
    if !branch.simple && (needs_rows || plain) {
        let branches = alternatives(world, branch);
        if !single || (branch.is_bounded() && branches.len() > 1) {
            return Err(Reason::Repeats);
        }
        let mut all = Vec::new();
        for branch in branches {
            all.extend(rows(conn, world, &branch)?);
        }
        return Ok(all);
    }
    if needs_rows {
        return Err(Reason::Walks);
    }
    if world.has_self_loops() && branch.hops.iter().any(|hop| hop.way == Way::Both) {
        return Err(Reason::Walks);
    }
    let limit = branch.limit.map_or(usize::MAX, |limit| limit as usize);
    paths(conn, world, branch, if branch.simple { Kind::Simple(limit) } else { Kind::Walks(limit) })
}

/// Where a walker stands on its walk.
pub(super) fn stop(branch: &Branch, walk: &Walk, place: Place) -> Outcome<Stop> {
    let single = branch.edges.is_some() || branch.hops.iter().all(Hop::is_single);
    match place {
        _ if place == branch.end() && branch.edges.is_none() => Ok(Stop::Node(*walk.nodes.last().unwrap())),
        Place::Node(0) => Ok(Stop::Node(walk.nodes[0])),
        Place::Node(at) if single => walk.nodes.get(at).map(|node| Stop::Node(*node)).ok_or(Reason::Patterns),
        Place::Edge(at) if single => walk.edges.get(at - 1).map(|edge| Stop::Edge(*edge)).ok_or(Reason::Patterns),
        _ => Err(Reason::Patterns),
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    Node(i64),
    Edge(i64),
}

/// A number or a text, of the first row in the order of the branch.
pub(super) fn first<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch, name: &str) -> Option<Value> {
    let found = starts(world, branch).first(conn).unwrap()?;
    world.node(found.id.raw()).attribute(name).cloned()
}

/// How many walkers there are that have not hopped.
pub(super) fn count<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch) -> Outcome<i64> {
    if branch.edges.is_some() || !branch.hops.is_empty() {
        return Err(Reason::Walks);
    }
    Ok(starts(world, branch).count(conn).unwrap() * i64::try_from(branch.copies).unwrap())
}

/// The sum or the mean of ages, which only people have.
pub(super) fn ages<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch, mean: bool) -> Value {
    let people = world.graph.nodes::<Person>().filter(|_| node(&branch.start));
    if mean {
        people.aggregate(conn, |person| person.age.avg()).unwrap().into()
    } else {
        people.aggregate(conn, |person| person.age.sum()).unwrap().into()
    }
}

/// The vertices where walks end, each once.
pub(super) fn ends<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch) -> Outcome<Vec<i64>> {
    if branch.here != branch.end()
        || branch.simple
        || branch.hops.iter().any(|hop| hop.optional || hop.edge != Condition::ALWAYS)
    {
        return Err(Reason::Walks);
    }
    let walks = paths(conn, world, branch, Kind::Ends)?;
    Ok(walks.into_iter().filter_map(|walk| walk.nodes.first().copied()).collect())
}

/// A shortest path from every start to every vertex.
pub(super) fn shortest<C: GraphConnection>(conn: &mut C, world: &World, branch: &Branch) -> Vec<Vec<i64>> {
    let graph = &world.graph;
    let starts = starts(world, branch).load(conn).unwrap();
    let targets = graph.nodes::<Vertex>().load(conn).unwrap();
    let mut paths = Vec::new();
    for (start, target) in starts.iter().flat_map(|start| targets.iter().map(move |target| (start.id, target.id))) {
        let path = graph.from(start).both::<(Knows, Created)>().to::<Vertex>().shortest_path(conn, target).unwrap();
        paths.extend(path.map(|path| path.nodes.iter().map(|node| node.raw()).collect()));
    }
    paths
}

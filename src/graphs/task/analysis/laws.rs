//! The analysis against slow and plain counting, on many small graphs.
#![allow(clippy::cast_precision_loss, reason = "the graphs are small")]

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::TaskGraph;
use super::super::input::DependencyEdge;
use super::super::stored::Task;

/// Graphs of up to six tasks whose dependencies are drawn by a generator of numbers; acyclic ones, if that is asked for.
fn graphs(acyclic: bool) -> impl Iterator<Item = TaskGraph> {
    (1..400_u64).map(move |seed| {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut draw = |limit: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % limit
        };
        let count = 2 + draw(5);
        let tasks = (0..count).map(|number| Task::new(format!("{number}"), "A task"));
        let mut edges = BTreeMap::new();
        for _ in 0..draw(12) {
            let (from, to) = (draw(count), draw(count));
            if from != to && (from < to || !acyclic) {
                edges.insert((from, to), DependencyEdge::new(from.to_string(), to.to_string()));
            }
        }
        TaskGraph::from_records(tasks, edges.into_values()).strict().unwrap()
    })
}

/// All ways from a task that come through no other twice, by their ids.
fn ways_from(graph: &TaskGraph, start: &str) -> Vec<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut place = 0;
    while let Some(way) = ways.get(place).cloned() {
        for next in graph.dependents(way.last().unwrap()).unwrap() {
            if !way.iter().any(|id| id == next) {
                ways.push(way.iter().cloned().chain([next.to_owned()]).collect());
            }
        }
        place += 1;
    }
    ways
}

fn all_ways(graph: &TaskGraph) -> Vec<Vec<String>> {
    graph.tasks().flat_map(|task| ways_from(graph, &task.id)).collect()
}

#[test]
fn bottlenecks_are_on_the_shortest_ways_of_others() {
    let mut above_zero = 0;
    for graph in graphs(false) {
        let mut shortest: BTreeMap<(String, String), Vec<Vec<String>>> = BTreeMap::new();
        for way in all_ways(&graph).into_iter().filter(|way| way.len() > 1) {
            let known = shortest.entry((way[0].clone(), way[way.len() - 1].clone())).or_default();
            if known.first().is_none_or(|other| way.len() < other.len()) {
                known.clear();
            }
            if known.first().is_none_or(|other| way.len() == other.len()) {
                known.push(way);
            }
        }
        let pairs = ((graph.len() - 1) * (graph.len() - 2)) as f64;
        for found in graph.bottlenecks() {
            let inner = |way: &&Vec<String>| way[1..way.len() - 1].contains(&found.task_id);
            let shares = shortest.values().map(|ways| ways.iter().filter(inner).count() as f64 / ways.len() as f64);
            let expected = if pairs > 0.0 { shares.sum::<f64>() / pairs } else { 0.0 };
            assert!((found.score - expected).abs() < 1e-12, "{found:?} {expected} {graph:?}");
            above_zero += usize::from(expected > 0.0);
        }
    }
    assert!(above_zero > 100);
}

#[test]
fn no_chain_is_heavier_than_the_critical_path() {
    let weight = |task: &Task| task.id.parse::<f64>().unwrap() + 1.0;
    for graph in graphs(true) {
        let weights = |way: &Vec<String>| way.iter().map(|id| weight(graph.get(id).unwrap())).sum::<f64>();
        let ways = all_ways(&graph);
        let longest = ways.iter().map(Vec::len).max().unwrap();
        let heaviest = ways.iter().map(weights).fold(0.0, f64::max);
        let critical = graph.weighted_critical_path(weight).unwrap();
        assert!(ways.contains(&critical.path) && ways.contains(&graph.critical_path().unwrap()));
        assert_eq!((critical.weight, graph.critical_path().unwrap().len()), (heaviest, longest));
        assert_eq!(graph.generations().unwrap().len(), longest);
    }
}

#[test]
fn cycles_are_what_keeps_tasks_from_an_order() {
    let mut cyclic = 0;
    for graph in graphs(false) {
        let before = |id: &str| -> BTreeSet<String> {
            let later = ways_from(&graph, id).into_iter().map(|way| way[way.len() - 1].clone());
            later.filter(|last| graph.dependents(last).unwrap().contains(&id)).collect()
        };
        let on_cycles = graph.tasks().filter(|task| !before(&task.id).is_empty()).count();
        let cycles = graph.find_cycles();
        assert_eq!(graph.has_cycles(), on_cycles > 0);
        assert_eq!(cycles.is_empty(), on_cycles == 0);
        assert_eq!(graph.topological_order().is_ok(), on_cycles == 0);
        for cycle in &cycles {
            let closed = cycle.iter().zip(cycle.iter().cycle().skip(1));
            assert!(
                closed.clone().all(|(from, to)| graph.dependents(from).unwrap().contains(&to.as_str())),
                "{cycle:?}"
            );
            assert_eq!(cycle.iter().collect::<BTreeSet<_>>().len(), cycle.len());
        }
        cyclic += usize::from(on_cycles > 0);
        // Every order has each task behind what it depends on.
        if let Ok(order) = graph.topological_order() {
            let place = |id: &str| order.iter().position(|other| *other == id).unwrap();
            assert!(graph.edges().all(|edge| place(&edge.from) < place(&edge.to)) && order.len() == graph.len());
        }
    }
    assert!((50..350).contains(&cyclic), "{cyclic}");
}

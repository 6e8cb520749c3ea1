//! Random small graphs: sets, paths and weights are those of a model that tries every way.

use std::cell::RefCell;
use std::collections::BTreeMap;

use metagraph::prelude::*;
use metagraph::query;
use metagraph::row::NewGraph;
use metagraph::traverse::Path;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::scenarios::{Network, Stop, Track, network};

#[derive(Debug, Clone)]
struct Drawn {
    open: Vec<bool>,
    /// Source, target, kilometres.
    tracks: Vec<(usize, usize, u8)>,
    start: usize,
    target: usize,
    way: u8,
    shorter_than: u8,
    only_open: bool,
    least: u32,
    most: u32,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (2..6_usize).prop_flat_map(|count| {
        let tracks = prop::collection::vec((0..count, 0..count, 1..6_u8), 0..12);
        let ends = (0..count, 0..count, 0..3_u8, 2..7_u8, any::<bool>(), 0..3_u32, 0..4_u32);
        (prop::collection::vec(prop::bool::weighted(0.8), count), tracks, ends).prop_map(
            |(open, tracks, (start, target, way, shorter_than, only_open, least, most))| Drawn {
                open,
                tracks,
                start,
                target,
                way,
                shorter_than,
                only_open,
                least,
                most,
            },
        )
    })
}

/// A way as the places of its nodes and edges.
type Way = Vec<(usize, usize)>;

impl Drawn {
    /// The edges that may be followed from a node, with where they lead.
    fn hops(&self, node: usize) -> Vec<(usize, usize)> {
        let mut hops = Vec::new();
        for (edge, &(source, target, km)) in self.tracks.iter().enumerate() {
            if km >= self.shorter_than {
                continue;
            }
            if self.way != 1 && source == node {
                hops.push((target, edge));
            }
            if self.way != 0 && target == node && !(self.way == 2 && source == target) {
                hops.push((source, edge));
            }
        }
        hops.retain(|(far, _)| self.passes(*far));
        hops.sort_unstable();
        hops
    }

    fn passes(&self, node: usize) -> bool {
        !self.only_open || self.open[node]
    }

    /// All walks of this many hops from the start.
    fn walks(&self, length: u32) -> Vec<Way> {
        let mut walks = vec![vec![(self.start, usize::MAX)]];
        for _ in 0..length {
            let longer = |walk: Way| {
                let node = walk.last().unwrap().0;
                self.hops(node).into_iter().map(move |hop| walk.iter().copied().chain([hop]).collect())
            };
            walks = walks.into_iter().flat_map(longer).collect();
        }
        walks
    }

    /// The walks in the range of depths, shortest first, that end where the traversal may end.
    fn ended(&self) -> Vec<Way> {
        let lengths = self.least..=self.most;
        let walks = lengths.flat_map(|length| self.walks(length));
        walks.filter(|walk| self.passes(walk.last().unwrap().0)).collect()
    }

    fn depths(&self) -> BTreeMap<usize, u32> {
        let mut depths = BTreeMap::new();
        for depth in 0..6 {
            for walk in self.walks(depth) {
                depths.entry(walk.last().unwrap().0).or_insert(depth);
            }
        }
        depths
    }

    /// A path of the least weight: its weight and its number of edges.
    fn lightest(&self) -> Option<(u32, usize)> {
        let walks = (0..6).flat_map(|length| self.walks(length));
        let ending = walks.filter(|walk| walk.last().unwrap().0 == self.target);
        let weight = |walk: &Way| walk[1..].iter().map(|(_, edge)| u32::from(self.tracks[*edge].2)).sum();
        ending.map(|walk| (weight(&walk), walk.len() - 1)).min()
    }
}

fn once<T: Ord>(items: impl Iterator<Item = T>) -> bool {
    let mut items: Vec<T> = items.collect();
    let all = items.len();
    items.sort_unstable();
    items.dedup();
    items.len() == all
}

fn check<C: GraphConnection>(conn: &mut C, graph: &Graph<Network>, drawn: &Drawn) {
    let stop = |(name, open): (usize, &bool)| Stop { name: name.to_string(), open: *open };
    let ids: Vec<NodeId<Stop>> = graph.insert_many(conn, drawn.open.iter().enumerate().map(stop)).unwrap();
    let track = |&(source, target, km): &(usize, usize, u8)| (ids[source], ids[target], Track { km: Some(km.into()) });
    let edges: Vec<EdgeId<Track>> = graph.connect_many(conn, drawn.tracks.iter().map(track)).unwrap();
    let as_ids = |way: &Way| {
        let nodes = way.iter().map(|(node, _)| ids[*node].raw()).collect::<Vec<_>>();
        (nodes, way[1..].iter().map(|(_, edge)| edges[*edge]).collect::<Vec<_>>())
    };
    let raw = |path: Path<Track>| (path.nodes.iter().map(|node| node.raw()).collect::<Vec<_>>(), path.edges);
    // The three ways are three types, so what is asked is written once for all of them.
    macro_rules! asked {
        ($way:ident) => {{
            let hop = || {
                let hop = graph
                    .from(ids[drawn.start])
                    .$way::<Track>()
                    .filter_edge(|track| track.km.lt(f64::from(drawn.shorter_than)));
                let to = hop.to::<Stop>();
                if drawn.only_open { to.filter(|stop| stop.open.eq(true)) } else { to }
            };
            let range = drawn.least..=drawn.most;
            let reached = hop().depth(range.clone()).load(conn).unwrap();
            let reached: BTreeMap<i64, u32> = reached.iter().map(|stop| (stop.id.raw(), stop.depth)).collect();
            let expected =
                drawn.depths().into_iter().filter(|(node, depth)| range.contains(depth) && drawn.passes(*node));
            assert_eq!(reached, expected.map(|(node, depth)| (ids[node].raw(), depth)).collect());

            let ended = drawn.ended();
            assert_eq!(hop().depth(range.clone()).count_walks(conn).unwrap(), ended.len() as u64);
            let walks: Vec<_> = hop().depth(range.clone()).walks(conn, 10_000).unwrap().into_iter().map(raw).collect();
            assert_eq!(walks, ended.iter().map(as_ids).collect::<Vec<_>>());
            let paths: Vec<_> = hop().depth(range.clone()).paths(conn, 10_000).unwrap().into_iter().map(raw).collect();
            let simple = ended.iter().filter(|way| once(way.iter().map(|(node, _)| *node)));
            assert_eq!(paths, simple.map(as_ids).collect::<Vec<_>>());
            let trails: Vec<_> =
                hop().depth(range.clone()).trails(conn, 10_000).unwrap().into_iter().map(raw).collect();
            let trailing = ended.iter().filter(|way| once(way[1..].iter().map(|(_, edge)| *edge)));
            assert_eq!(trails, trailing.map(as_ids).collect::<Vec<_>>());

            let shortest = hop().shortest_path(conn, ids[drawn.target]).unwrap().map(raw);
            let first =
                (0..6).flat_map(|length| drawn.walks(length)).find(|walk| walk.last().unwrap().0 == drawn.target);
            let expected = first.filter(|_| drawn.start == drawn.target || drawn.passes(drawn.target));
            assert_eq!(shortest, expected.as_ref().map(as_ids));
            let length = |path: &(Vec<i64>, Vec<EdgeId<Track>>)| u32::try_from(path.1.len()).unwrap();
            assert_eq!(hop().distance(conn, ids[drawn.target]).unwrap(), shortest.as_ref().map(length));
            let bounded = || hop().depth(range.clone());
            let path = bounded().shortest_path(conn, ids[drawn.target]).unwrap().map(raw);
            assert_eq!(bounded().distance(conn, ids[drawn.target]).unwrap(), path.as_ref().map(length));

            let known: Vec<i64> = reached.keys().copied().collect();
            assert_eq!(bounded().ids(conn).unwrap().iter().map(|id| id.raw()).collect::<Vec<_>>(), known);
            assert_eq!(usize::try_from(bounded().count(conn).unwrap()).unwrap(), known.len());
            assert_eq!(bounded().exists(conn).unwrap(), !known.is_empty());
            let others = bounded().filter_end(|_| query::id().ne(ids[drawn.start])).count(conn).unwrap();
            let expected = known.iter().filter(|id| **id != ids[drawn.start].raw()).count();
            assert_eq!(usize::try_from(others).unwrap(), expected);
            let lightest = hop().lightest_path(conn, ids[drawn.target], |track| track.km).unwrap();
            let lightest = lightest.map(|(path, weight)| (weight, path.len()));
            assert_eq!(lightest, drawn.lightest().map(|(weight, edges)| (f64::from(weight), edges)));

            let rows = hop().$way::<Track>().to::<Stop>().rows().count(conn).unwrap();
            let open_hops =
                |node: usize| Drawn { shorter_than: u8::MAX, only_open: false, ..drawn.clone() }.hops(node).len();
            let two: usize = drawn.hops(drawn.start).into_iter().map(|(node, _)| open_hops(node)).sum();
            assert_eq!(usize::try_from(rows).unwrap(), two);
            let each = graph
                .from_many(ids.iter().copied())
                .$way::<Track>()
                .to::<Stop>()
                .depth(range.clone())
                .load_each(conn, 99);
            for (start, answer) in ids.iter().zip(each.unwrap()) {
                assert_eq!(
                    answer,
                    graph.from(*start).$way::<Track>().to::<Stop>().depth(range.clone()).load(conn).unwrap()
                );
            }
            let each = graph.from_many(ids.iter().copied()).$way::<Track>().to::<Stop>().load_each(conn, 2);
            for (start, answer) in ids.iter().zip(each.unwrap()) {
                let alone = graph.from(*start).$way::<Track>().to::<Stop>().load(conn).unwrap();
                assert_eq!(answer, alone.into_iter().take(2).collect::<Vec<_>>());
            }
        }};
    }
    match drawn.way {
        0 => asked!(out),
        1 => asked!(in_),
        _ => asked!(both),
    }
}

pub(crate) fn ways_through_random_graphs_are_those_of_a_model<C: GraphConnection>(conn: &mut C) {
    let (graph, []) = network(conn, []);
    let conn = RefCell::new(conn);
    let number = RefCell::new(0);
    let config = Config { cases: 40, source_file: Some(file!()), ..Config::default() };
    let outcome = TestRunner::new(config).run(&drawn(), |drawn| {
        let mut conn = conn.borrow_mut();
        *number.borrow_mut() += 1;
        let graph = graph.duplicate(&mut **conn, &NewGraph::named(number.borrow().to_string())).unwrap();
        check(&mut **conn, &graph, &drawn);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

//! Ways through a graph: cycles, diamonds, filters on the way, equal ways, weights, and the part around a node.

use metagraph::prelude::*;
use metagraph::traverse::Path;
use metagraph::{Error, Reached};

use crate::refusal::told;
use crate::scenarios::{Depot, Lane, MemberOf, Network, Principal, ReportsTo, Spot, Stop, Track, network, office};

fn track(km: f64) -> Track {
    Track { km: Some(km) }
}

fn tracks<const N: usize>(
    conn: &mut impl GraphConnection,
    graph: &Graph<Network>,
    pairs: [(NodeId<Stop>, NodeId<Stop>); N],
) {
    graph.connect_many(conn, pairs.map(|(source, target)| (source, target, track(1.0)))).unwrap();
}

fn at_depths(reached: &[Reached<Stop>]) -> Vec<(u32, &str)> {
    reached.iter().map(|stop| (stop.depth, stop.key.as_str())).collect()
}

fn stops<E: metagraph::Joins<Stop, Stop>>(paths: &[Path<E>]) -> Vec<Vec<NodeId<Stop>>> {
    paths.iter().map(Path::nodes_as).collect()
}

pub(crate) fn a_cycle_ends_with_right_depths_and_paths(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c]) = network(conn, ["a", "b", "c"]);
    tracks(conn, &graph, [(a, b), (b, c), (c, a), (a, a)]);
    let from_a = || graph.from(a).out::<Track>().to::<Stop>();
    assert_eq!(at_depths(&from_a().depth(..).load(conn).unwrap()), [(0, "a"), (1, "b"), (2, "c")]);
    assert_eq!(at_depths(&from_a().depth(2..=9).load(conn).unwrap()), [(2, "c")]);
    assert_eq!(stops(&from_a().depth(1..=9).paths(conn, 99).unwrap()), [vec![a, b], vec![a, b, c]]);
    assert_eq!(from_a().depth(1..=9).trails(conn, 99).unwrap().len(), 8);
    assert_eq!(stops(&from_a().depth(0..=0).paths(conn, 99).unwrap()), [vec![a]]);
    assert!(from_a().depth(1..=9).paths(conn, 0).unwrap().is_empty());
    assert_eq!(from_a().depth(1_000..=1_000).walks(conn, 1).unwrap()[0].len(), 1_000);
    let endless = from_a().depth(1..).paths(conn, 1).unwrap_err();
    assert_eq!(
        told(&endless),
        "MG1007: this cannot be asked: paths need an upper bound: say how deep with `depth(..=3)`"
    );
}

pub(crate) fn a_diamond_is_one_node_and_two_paths(conn: &mut impl GraphConnection) {
    let (graph, [top, left, right, bottom]) = network(conn, ["top", "left", "right", "bottom"]);
    tracks(conn, &graph, [(top, left), (top, right), (left, bottom), (right, bottom)]);
    let down = || graph.from(top).out::<Track>().to::<Stop>().depth(2..=2);
    assert_eq!(at_depths(&down().load(conn).unwrap()), [(2, "bottom")]);
    assert_eq!(stops(&down().paths(conn, 9).unwrap()), [vec![top, left, bottom], vec![top, right, bottom]]);
    assert_eq!(down().count_walks(conn).unwrap(), 2);
}

pub(crate) fn namesakes_of_two_types_are_two_nodes(conn: &mut impl GraphConnection) {
    let (graph, [a, odd]) = network(conn, ["a", "|;'\"%_/\\"]);
    let depot = graph.insert(conn, &Depot { name: "a".into() }).unwrap();
    graph.connect(conn, a, depot, &track(1.0)).unwrap();
    graph.connect(conn, depot, odd, &track(1.0)).unwrap();
    let all = graph.from(a).out::<Track>().to::<Spot>().depth(1..).load(conn).unwrap();
    let all: Vec<_> = all.iter().map(|spot| (spot.depth, spot.id.raw(), spot.key.as_str())).collect();
    assert_eq!(all, [(1, depot.raw(), "a"), (2, odd.raw(), "|;'\"%_/\\")]);
    let only_stops = graph.from(a).out::<Track>().to::<Stop>().depth(1..).load(conn).unwrap();
    assert_eq!(at_depths(&only_stops), [(2, "|;'\"%_/\\")], "the depot is passed through");
}

pub(crate) fn filters_hold_at_each_step_not_after(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d]) = network(conn, ["a", "b", "c", "d"]);
    tracks(conn, &graph, [(a, b), (b, c)]);
    graph.connect(conn, a, d, &track(9.0)).unwrap();
    graph.connect(conn, d, c, &track(1.0)).unwrap();
    graph.update(conn, b, |stop| stop.open = false).unwrap();
    let open = || graph.from(a).out::<Track>().to::<Stop>().depth(1..).filter(|stop| stop.open.eq(true));
    assert_eq!(at_depths(&open().load(conn).unwrap()), [(1, "d"), (2, "c")]);
    assert!(open().filter_edge(|track| track.km.lt(5.0)).load(conn).unwrap().is_empty());
    let bounded = graph.from(a).out::<Track>().to::<Stop>().depth(1..=4).filter(|stop| stop.open.eq(true));
    assert_eq!(stops(&bounded.paths(conn, 9).unwrap()), [vec![a, d], vec![a, d, c]]);
    let short = || graph.from(a).out::<Track>().to::<Stop>();
    assert_eq!(short().shortest_path(conn, c).unwrap().unwrap().nodes_as::<Stop>(), [a, b, c]);
    let open_way = short().filter(|stop| stop.open.eq(true)).shortest_path(conn, c).unwrap();
    assert_eq!(open_way.unwrap().nodes_as::<Stop>(), [a, d, c]);
    assert!(short().filter(|stop| stop.open.eq(true)).shortest_path(conn, b).unwrap().is_none(), "b is closed");
}

pub(crate) fn a_subgraph_keeps_edges_with_both_ends_in_it(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d]) = network(conn, ["a", "b", "c", "d"]);
    tracks(conn, &graph, [(a, b), (b, c), (c, d), (c, a), (b, b)]);
    let depot = graph.insert(conn, &Depot { name: "depot".into() }).unwrap();
    graph.connect(conn, a, depot, &track(1.0)).unwrap();
    graph.connect(conn, depot, d, &track(1.0)).unwrap();
    let around = |conn: &mut _, depth: std::ops::RangeInclusive<u32>| {
        graph.from(a).out::<Track>().to::<Stop>().depth(depth).subgraph(conn).unwrap()
    };
    let near = around(conn, 0..=1);
    assert_eq!(at_depths(&near.nodes), [(0, "a"), (1, "b")]);
    assert_eq!(near.edges.len(), 2, "a to b, and b to itself");
    let two = around(conn, 0..=2);
    assert_eq!(at_depths(&two.nodes), [(0, "a"), (1, "b"), (2, "c"), (2, "d")], "the depot is passed through");
    assert_eq!(two.edges.len(), 5);
    assert_eq!(two.places().filter(|(source, target, _)| source == target).count(), 1);
    let nowhere = graph.from(NodeId::<Stop>::from_raw(999)).out::<Track>().to::<Stop>().depth(..=2).subgraph(conn);
    let nowhere = nowhere.unwrap();
    assert!(nowhere.nodes.is_empty() && nowhere.edges.is_empty());
}

pub(crate) fn of_equal_shortest_paths_the_smallest_ids_are_taken(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d, alone]) = network(conn, ["a", "b", "c", "d", "alone"]);
    tracks(conn, &graph, [(a, c), (c, d), (a, b), (b, d), (b, d)]);
    let path = graph.shortest_path::<Track, Stop>(conn, a, d).unwrap().unwrap();
    assert_eq!(path.nodes_as::<Stop>(), [a, b, d]);
    assert!(path.edges[1] < graph.edges_between::<Track, _, _>(conn, b, d).unwrap()[1].id, "the older of two edges");
    assert_eq!(graph.shortest_path::<Track, Stop>(conn, a, a).unwrap().unwrap().nodes_as::<Stop>(), [a]);
    assert!(graph.shortest_path::<Track, Stop>(conn, d, a).unwrap().is_none());
    assert!(graph.shortest_path::<Track, Stop>(conn, a, alone).unwrap().is_none());
    let gone = NodeId::<Stop>::from_raw(999);
    assert!(graph.shortest_path::<Track, Stop>(conn, gone, gone).unwrap().is_none());
    let elsewhere = Graph::<Network>::open_or_create(conn, "elsewhere").unwrap();
    assert!(elsewhere.shortest_path::<Track, Stop>(conn, a, a).unwrap().is_none());
    let (lightest, weight) =
        graph.from(a).out::<Track>().to::<Stop>().lightest_path(conn, d, |track| track.km).unwrap().unwrap();
    assert_eq!((lightest.nodes_as::<Stop>(), weight), (vec![a, b, d], 2.0));
}

pub(crate) fn unusable_weights_are_refused_by_name(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c]) = network(conn, ["a", "b", "c"]);
    graph.connect(conn, a, b, &track(1.5)).unwrap();
    let far = graph.connect(conn, c, c, &Track { km: None }).unwrap();
    let by_km = |conn: &mut _| graph.from(a).out::<Track>().to::<Stop>().lightest_path(conn, b, |track| track.km);
    let missing = by_km(conn).unwrap_err();
    assert_eq!(
        told(&missing),
        format!("MG3016: track {far} has no weight, and a shortest path needs weights of at least 0")
    );
    graph.update(conn, far, |track| track.km = Some(-0.5)).unwrap();
    let negative = by_km(conn).unwrap_err();
    assert!(
        matches!(&negative, Error::InvalidWeight { id, weight: Some(weight), .. } if *id == far.raw() && weight == "-0.5")
    );
    graph.update(conn, far, |track| track.km = Some(0.0)).unwrap();
    let (path, weight) = by_km(conn).unwrap().unwrap();
    assert_eq!((path.len(), weight), (1, 1.5));
    let bounded = graph.from(a).out::<Track>().to::<Stop>().depth(..=2).lightest_path(conn, b, |track| track.km);
    assert!(matches!(bounded, Err(Error::InvalidQuery { .. })));
    let filtered = graph.from(a).out::<Track>().to::<Stop>().filter_edge(|track| track.km.gt(1.0));
    graph.update(conn, far, |track| track.km = None).unwrap();
    assert!(filtered.lightest_path(conn, b, |track| track.km).unwrap().is_some(), "only what the filter leaves counts");
}

pub(crate) fn a_depth_bounds_the_length_of_a_shortest_path(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d]) = network(conn, ["a", "b", "c", "d"]);
    tracks(conn, &graph, [(a, b), (b, c), (a, c), (c, d), (d, a)]);
    let way = || graph.from(a).out::<Track>().to::<Stop>();
    assert_eq!(way().depth(2..).shortest_path(conn, d).unwrap().unwrap().len(), 2);
    assert!(way().depth(3..).shortest_path(conn, d).unwrap().is_none());
    assert!(way().depth(2..).shortest_path(conn, c).unwrap().is_none(), "nearer, as `load` sees it");
    assert!(way().depth(..2).shortest_path(conn, d).unwrap().is_none());
    assert!(way().depth(..).shortest_path(conn, a).unwrap().unwrap().is_empty());
    assert!(way().depth(1..).shortest_path(conn, a).unwrap().is_none());
    let bounded = way().depth(2..).lightest_path(conn, d, |track| track.km).unwrap_err();
    assert_eq!(
        told(&bounded),
        "MG1007: this cannot be asked: a path of the least weight may have any number of edges: leave `depth` out"
    );
}

pub(crate) fn edges_without_direction_are_ways_both_ways(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c]) = network(conn, ["a", "b", "c"]);
    graph.connect(conn, b, a, &Lane { km: Some(2.0) }).unwrap();
    graph.connect(conn, b, c, &Lane { km: Some(3.0) }).unwrap();
    graph.connect(conn, a, c, &track(9.0)).unwrap();
    let lanes = || graph.from(a).out::<Lane>().to::<Stop>();
    assert_eq!(stops(&lanes().depth(1..=2).paths(conn, 9).unwrap()), [vec![a, b], vec![a, b, c]]);
    let (path, weight) = lanes().lightest_path(conn, c, |lane| lane.km).unwrap().unwrap();
    assert_eq!((path.nodes_as::<Stop>(), weight), (vec![a, b, c], 5.0));
    let either = graph.from(a).out::<(Lane, Track)>().to::<Stop>();
    assert_eq!(either.shortest_path(conn, c).unwrap().unwrap().nodes_as::<Stop>(), [a, c]);
    let rows = graph.from(c).in_::<Lane>().to::<Stop>().rows().load(conn).unwrap();
    assert_eq!(rows.iter().map(|(_, (_, stop))| stop.id).collect::<Vec<_>>(), [b]);
}

pub(crate) fn an_end_is_filtered_without_closing_the_way(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c, d]) = network(conn, ["a", "b", "c", "d"]);
    tracks(conn, &graph, [(a, b), (b, c), (c, d)]);
    let to_c = || graph.from(a).out::<Track>().to::<Stop>().depth(1..=5).filter_end(|stop| stop.name.eq("c"));
    assert_eq!(at_depths(&to_c().load(conn).unwrap()), [(2, "c")]);
    assert_eq!(stops(&to_c().paths(conn, 9).unwrap()), [vec![a, b, c]]);
    assert_eq!(to_c().count_walks(conn).unwrap(), 1);
    assert_eq!(to_c().out::<Track>().to::<Stop>().ids(conn).unwrap(), [d]);
    assert_eq!(at_depths(&to_c().load_each(conn, 9).unwrap()[0]), [(2, "c")]);
    let either = || graph.from(a).out::<Track>().to::<Stop>().filter_end(|stop| stop.name.ne("b"));
    assert_eq!(either().rows().count(conn).unwrap(), 0);
    assert!(either().shortest_path(conn, b).unwrap().is_none());
}

pub(crate) fn a_way_goes_both_ways_between_different_types(conn: &mut impl GraphConnection) {
    let office = office(conn);
    office.graph.connect(conn, office.grace, office.kernel, &MemberOf { since: 1952 }).unwrap();
    let around = || office.graph.from(office.ada).both::<(MemberOf, ReportsTo)>().to_any_of::<Principal>();
    let path = around().shortest_path(conn, office.grace.widen()).unwrap().unwrap();
    let (ada, kernel, grace) = (office.ada.widen(), office.kernel.widen(), office.grace.widen());
    assert_eq!(path.nodes_as::<Principal>(), [ada, kernel, grace]);
    let reached = around().depth(1..).load(conn).unwrap();
    assert_eq!(reached.iter().map(|node| (node.depth, node.id)).collect::<Vec<_>>(), [(1, kernel), (2, grace)]);
}

pub(crate) fn ways_are_as_deep_as_one_likes(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c]) = network(conn, ["a", "b", "c"]);
    for (from, to) in [(a, b), (b, a), (b, c)] {
        graph.connect(conn, from, to, &Track { km: None }).unwrap();
    }
    let way = || graph.from(a).out::<Track>().to::<Stop>();
    assert_eq!(way().depth(1..=1_000_000_000).paths(conn, 9).unwrap().len(), 2);
    assert_eq!(way().depth(1..=1_000_000_000).trails(conn, 9).unwrap().len(), 3);
    assert_eq!(way().depth(1..=1_000_000_000).walks(conn, 9).unwrap().len(), 9);
    assert_eq!(way().depth(1..=20_000).count_walks(conn).unwrap(), 30_000);
    assert_eq!(way().depth(20_000..=20_000).walks(conn, 9).unwrap()[0].len(), 20_000);
    let last = || graph.from(b).out::<Track>().to::<Stop>().filter(|stop| stop.name.eq("c"));
    assert_eq!(last().depth(..=1_000_000_000).count_walks(conn).unwrap(), 1);
    assert_eq!(last().depth(..=1_000_000_000).walks(conn, 9).unwrap().len(), 1);
}

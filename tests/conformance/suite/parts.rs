//! A whole graph, read in one go: what it has by type, once each, and nothing of other graphs.

use metagraph::prelude::*;
use metagraph::{Part, row::NewGraph};

use crate::refusal::told;
use crate::scenarios::{Arena, Depot, Keyed, Lane, Network, Stop, Track, arena, network};
use crate::store::Inspect;

/// The node or edge as text, so that parts of different types can be compared.
fn line<G>(part: &Part<G>, text: impl Fn(&G) -> String) -> String {
    match part {
        Part::Node { id, key, value } => format!("{id} {key} {}", text(value)),
        Part::Edge { source, target, key, value } => format!("{source}->{target} {key:?} {}", text(value)),
    }
}

fn text(value: &Network) -> String {
    match value {
        Network::Stop(stop) => format!("{stop:?}"),
        Network::Depot(depot) => format!("{depot:?}"),
        Network::Track(track) => format!("{track:?}"),
        Network::Lane(lane) => format!("{lane:?}"),
    }
}

/// The same, read type by type.
fn by_type(conn: &mut impl GraphConnection, graph: &Graph<Network>) -> Vec<String> {
    let mut lines = Vec::new();
    for Node { id, key, value, .. } in graph.nodes::<Stop>().load(conn).unwrap() {
        lines.push(format!("{id} {key} {value:?}"));
    }
    for Node { id, key, value, .. } in graph.nodes::<Depot>().load(conn).unwrap() {
        lines.push(format!("{id} {key} {value:?}"));
    }
    for Edge { source, target, value, .. } in graph.edges::<Track>().load(conn).unwrap() {
        lines.push(format!("{source}->{target} None {value:?}"));
    }
    for Edge { source, target, value, .. } in graph.edges::<Lane>().load(conn).unwrap() {
        lines.push(format!("{source}->{target} None {value:?}"));
    }
    lines.sort_unstable();
    lines
}

pub(crate) fn a_whole_graph_is_read_with_each_node_and_edge_once(conn: &mut impl GraphConnection) {
    let (graph, [a, b, c]) = network(conn, ["a", "b", "c"]);
    // A graph with few of the rows is found in another way than one with most of them.
    let names = (0..60).map(|number| Stop { name: number.to_string(), open: false });
    let large = Graph::<Network>::create(conn, &NewGraph::named("large")).unwrap();
    let stops = large.insert_many(conn, names).unwrap();
    large.connect_many(conn, stops.windows(2).map(|pair| (pair[0], pair[1], Track { km: None }))).unwrap();
    let depot = graph.insert(conn, &Depot { name: "a".into() }).unwrap();
    for km in [None, Some(0.1)] {
        graph.connect(conn, a, b, &Track { km }).unwrap();
        graph.connect(conn, depot, a, &Lane { km }).unwrap();
        graph.connect(conn, c, c, &Lane { km }).unwrap();
    }
    for (graph, rows) in [(&graph, 10), (&large, 119)] {
        let wanted = by_type(conn, graph);
        assert_eq!(wanted.len(), rows);
        for page_size in [0, 1, 2, 3, 5, 1_000] {
            let parts: Vec<_> = graph.stream(conn, page_size).map(Result::unwrap).collect();
            let is_node = |part: &Part<_>| matches!(part, Part::Node { .. });
            assert!(parts.is_sorted_by_key(|part| !is_node(part)), "an edge came before a node");
            let mut lines: Vec<_> = parts.iter().map(|part| line(part, text)).collect();
            lines.sort_unstable();
            assert_eq!(lines, wanted, "in pages of {page_size}");
        }
    }
    graph.clear(conn).unwrap();
    assert!(graph.stream(conn, 1_000).next().is_none());
}

pub(crate) fn keys_of_edges_are_read_with_a_whole_graph(conn: &mut impl GraphConnection) {
    metagraph::sync::<Arena, _>(conn).unwrap();
    let (graph, seats) = arena(conn, 2);
    graph.connect(conn, seats[1], seats[0], &Keyed { number: 7 }).unwrap();
    let parts: Vec<_> = graph.stream(conn, 1_000).map(Result::unwrap).collect();
    let Part::Edge { source, target, key, value: Arena::Keyed(Keyed { number: 7 }) } = &parts[2] else {
        panic!("the third part is no such edge");
    };
    assert_eq!((*source, *target, key.as_deref()), (seats[1].widen(), seats[0].widen(), Some("7")));
}

pub(crate) fn a_whole_graph_with_a_type_of_others_is_not_read(conn: &mut impl Inspect) {
    let (graph, [_, _]) = network(conn, ["a", "b"]);
    conn.run(
        "INSERT INTO __metagraph_node_types (graph_type_id, name, description, schema, created_at, updated_at) \
         SELECT graph_type_id, 'later', '', schema, created_at, updated_at FROM __metagraph_node_types \
         WHERE name = 'stop'",
    );
    conn.run("UPDATE __metagraph_nodes SET node_type_id = 3 WHERE key = 'b'");
    let error = graph.stream(conn, 1).find_map(Result::err).unwrap();
    let told = told(&error);
    let wanted = "MG4001: a stored type 3 does not fit its Rust type: `type 3` is not a member of `network`";
    assert!(told.starts_with(wanted), "{told}");
}

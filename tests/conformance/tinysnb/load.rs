//! The nodes and edges of the data, through the typed API.

use std::collections::HashMap;

use metagraph::prelude::*;
use metagraph::{AnyNode, Joins, Keyed};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::model::{Any, Knows, Marries, Meets, Movies, Organisation, Person, StudyAt, TinySnb, WorkAt};

/// The handles of nodes by their type and id.
type Nodes = HashMap<(String, String), NodeId<Any>>;

/// A graph with all of the data, or `None` where the data is missing.
pub(super) fn load(conn: &mut impl GraphConnection) -> Option<Graph<TinySnb>> {
    let nodes = metagraph_testkit::json_lines("graphs/tinysnb/nodes.jsonl.gz")?;
    let edges = metagraph_testkit::json_lines("graphs/tinysnb/edges.jsonl.gz")?;
    metagraph::sync::<TinySnb, _>(conn).unwrap();
    let graph = Graph::<TinySnb>::open_or_create(conn, "tinysnb").unwrap();
    let mut known = Nodes::new();
    insert::<Person>(conn, &graph, &nodes, "ID", &mut known);
    insert::<Organisation>(conn, &graph, &nodes, "ID", &mut known);
    insert::<Movies>(conn, &graph, &nodes, "name", &mut known);
    let connected = connect::<Knows>(conn, &graph, &edges, &known)
        + connect::<StudyAt>(conn, &graph, &edges, &known)
        + connect::<WorkAt>(conn, &graph, &edges, &known)
        + connect::<Meets>(conn, &graph, &edges, &known)
        + connect::<Marries>(conn, &graph, &edges, &known);
    assert_eq!((known.len(), connected), (nodes.len(), edges.len()));
    Some(graph)
}

fn of_type<'a>(lines: &'a [Value], name: &str) -> impl Iterator<Item = &'a Value> {
    lines.iter().filter(move |line| line["type"] == name)
}

fn read<T: DeserializeOwned>(attributes: &Value) -> T {
    serde_json::from_value(attributes.clone()).unwrap()
}

/// Inserts the nodes of one type; kuzu's primary key becomes the attribute that it is there.
fn insert<N>(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, lines: &[Value], key: &str, known: &mut Nodes)
where
    N: Keyed + MemberOf<Any> + MemberOf<AnyNode> + PartOf<TinySnb>,
{
    let nodes = of_type(lines, N::NAME).map(|line| {
        let mut attributes = line["attributes"].clone();
        attributes[key] = line["id"].clone();
        read::<N>(&attributes)
    });
    let ids = graph.insert_many(conn, nodes).unwrap();
    for (line, id) in of_type(lines, N::NAME).zip(ids) {
        known.insert((N::NAME.to_owned(), line["id"].to_string()), id.widen());
    }
}

fn connect<E>(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, lines: &[Value], known: &Nodes) -> usize
where
    E: EdgeType + Connects<Any, Any> + Joins<Any, Any> + PartOf<TinySnb>,
{
    let end = |end: &Value| known[&(end[0].as_str().unwrap().to_owned(), end[1].to_string())];
    let edges = of_type(lines, E::NAME);
    let edges = edges.map(|line| (end(&line["from"]), end(&line["to"]), read::<E>(&line["attributes"])));
    graph.connect_many(conn, edges).unwrap().len()
}

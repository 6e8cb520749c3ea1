//! The graph `modern` of `TinkerPop`: who knows whom, and who created what.

use metagraph::prelude::*;
use serde_json::json;

use super::answers::Answers;
use super::load::Data;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Person {
    #[graph(key)]
    id: u64,
    name: String,
    age: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Software {
    #[graph(key)]
    id: u64,
    name: String,
    lang: String,
}

/// Every node of the graph.
#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Vertex {
    Person(Person),
    Software(Software),
}

impl Vertex {
    fn name(self) -> String {
        match self {
            Self::Person(person) => person.name,
            Self::Software(software) => software.name,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Vertex, to = Vertex))]
pub(crate) struct Knows {
    weight: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Vertex, to = Vertex))]
pub(crate) struct Created {
    weight: f64,
}

#[derive(GraphType)]
#[graph(name = "modern")]
pub(crate) enum Modern {
    Person(Person),
    Software(Software),
    Knows(Knows),
    Created(Created),
}

type AnyEdge = (Knows, Created);

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("graphs/modern")?;
    metagraph::sync::<Modern, _>(conn).unwrap();
    let graph = Graph::<Modern>::open_or_create(conn, "modern").unwrap();
    data.insert::<_, Person>(conn, &graph, "person");
    data.insert::<_, Software>(conn, &graph, "software");
    data.connect::<_, Knows, Vertex, Vertex>(conn, &graph, "knows");
    data.connect::<_, Created, Vertex, Vertex>(conn, &graph, "created");
    Some(Answers::from([
        ("MO-01", json!(behind_marko(conn, &graph))),
        ("MO-02", json!(two_hops_away(conn, &graph))),
        ("MO-03", json!(creators_with_marko(conn, &graph))),
        ("MO-04", json!(total_weight(conn, &graph))),
    ]))
}

fn marko(graph: &Graph<Modern>) -> metagraph::NodeQuery<'_, Person> {
    graph.nodes::<Person>().filter(|person| person.name.eq("marko"))
}

fn behind_marko(conn: &mut impl GraphConnection, graph: &Graph<Modern>) -> Vec<String> {
    let behind = graph.from_all(marko(graph)).out::<AnyEdge>().to::<Vertex>().load(conn).unwrap();
    in_order(behind.into_iter().map(|reached| reached.node.value.name()))
}

/// Every walk counts, so the ends come from walks, and their names from the nodes.
fn two_hops_away(conn: &mut impl GraphConnection, graph: &Graph<Modern>) -> Vec<String> {
    let two = graph.from_all(graph.nodes::<Vertex>()).out::<AnyEdge>().to::<Vertex>().depth(2..=2);
    let ends = two.walks(conn, usize::MAX).unwrap().into_iter().map(|walk| {
        let end = walk.nodes.last().unwrap();
        NodeId::<Vertex>::from_raw(end.raw())
    });
    let ends: Vec<_> = ends.collect();
    in_order(graph.get_many(conn, ends).unwrap().into_iter().map(|node| node.unwrap().value.name()))
}

fn creators_with_marko(conn: &mut impl GraphConnection, graph: &Graph<Modern>) -> Vec<String> {
    let created = graph.from_all(marko(graph)).out::<Created>().to::<Software>();
    let others = created.in_::<Created>().to::<Person>().filter(|person| person.name.ne("marko"));
    in_order(others.load(conn).unwrap().into_iter().map(|reached| reached.node.value.name))
}

fn total_weight(conn: &mut impl GraphConnection, graph: &Graph<Modern>) -> Option<f64> {
    graph.edges::<Created>().aggregate(conn, |created| created.weight.sum()).unwrap()
}

/// What a traversal reaches comes by depth and age; the known answers come by name.
fn in_order(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

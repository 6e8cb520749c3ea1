//! The graph `sink` of `TinkerPop`: edges that end where they start.

use metagraph::prelude::*;
use metagraph::query;
use metagraph::{EndsAt, Field, StartsAt};
use serde_json::json;

use super::answers::Answers;
use super::load::Data;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Message {
    #[graph(key)]
    id: u64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Loops {
    #[graph(key)]
    id: u64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Message, to = Message))]
pub(crate) struct Link {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Loops, to = Loops), name = "self")]
pub(crate) struct ToItself {}

#[derive(GraphType)]
#[graph(name = "sink", self_loops)]
pub(crate) enum Sink {
    Message(Message),
    Loops(Loops),
    Link(Link),
    ToItself(ToItself),
}

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("graphs/sink")?;
    metagraph::sync::<Sink, _>(conn).unwrap();
    let graph = Graph::<Sink>::open_or_create(conn, "sink").unwrap();
    data.insert::<_, Message>(conn, &graph, "message");
    data.insert::<_, Loops>(conn, &graph, "loops");
    data.connect::<_, Link, Message, Message>(conn, &graph, "link");
    data.connect::<_, ToItself, Loops, Loops>(conn, &graph, "self");
    // A query is about one edge type.
    let mut loops = self_loops::<Link, Message>(conn, &graph, &Message::F.id);
    loops.extend(self_loops::<ToItself, Loops>(conn, &graph, &Loops::F.id));
    Some(Answers::from([("SI-01", json!(loops))]))
}

fn self_loops<E, N>(conn: &mut impl GraphConnection, graph: &Graph<Sink>, number: &Field<N, u64>) -> Vec<(u64, u64)>
where
    E: StartsAt<N> + EndsAt<N> + PartOf<Sink>,
    N: NodeType,
{
    let (source, target) = (number.at_source::<E>(), number.at_target::<E>());
    let loops = graph.edges::<E>().filter(|_| query::id::<N>().at_source().eq(query::id::<N>().at_target()));
    loops.order_by(|_| source.desc()).select(|_| (source.clone(), target)).load(conn).unwrap()
}

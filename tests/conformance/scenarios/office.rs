//! Who works where, and what belongs to whom.

use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, on_delete = restrict)]
pub(crate) struct Person {
    #[graph(key)]
    pub(crate) name: String,
    #[schemars(range(max = 120))]
    pub(crate) age: u8,
    pub(crate) nickname: Option<String>,
}

/// People who work together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Team {
    #[graph(key)]
    pub(crate) name: String,
}

/// Something written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Document {
    pub(crate) title: String,
}

/// Whoever can own something.
#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Principal {
    Team(Team),
    Person(Person),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Team))]
pub(crate) struct MemberOf {
    #[schemars(range(min = 1900))]
    pub(crate) since: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Principal, to = Document))]
pub(crate) struct Owns;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person), one_out, acyclic)]
pub(crate) struct ReportsTo;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Team), one_in)]
pub(crate) struct Leads;

/// An office.
#[derive(GraphType)]
#[graph(name = "office")]
pub(crate) enum OfficeGraph {
    Person(Person),
    Team(Team),
    Document(Document),
    MemberOf(MemberOf),
    Owns(Owns),
    ReportsTo(ReportsTo),
    Leads(Leads),
}

pub(crate) struct Office {
    pub(crate) graph: Graph<OfficeGraph>,
    pub(crate) ada: NodeId<Person>,
    pub(crate) grace: NodeId<Person>,
    pub(crate) kernel: NodeId<Team>,
    pub(crate) tools: NodeId<Team>,
    pub(crate) paper: NodeId<Document>,
    pub(crate) membership: EdgeId<MemberOf>,
}

/// Ada, as every office begins with her.
pub(crate) fn ada() -> Person {
    Person { name: "ada".into(), age: 36, nickname: Some("countess".into()) }
}

/// Ada and Grace, two teams, a paper; Ada is a member of the kernel team.
pub(crate) fn office(conn: &mut impl GraphConnection) -> Office {
    metagraph::sync::<OfficeGraph, _>(conn).unwrap();
    let graph = Graph::open_or_create(conn, "office").unwrap();
    let grace = Person { name: "grace".into(), age: 85, nickname: None };
    let people = graph.insert_many(conn, [ada(), grace]).unwrap();
    let teams = graph.insert_many(conn, ["kernel", "tools"].map(|name| Team { name: name.into() })).unwrap();
    let paper = graph.insert(conn, &Document { title: "notes".into() }).unwrap();
    let membership = graph.connect(conn, people[0], teams[0], &MemberOf { since: 1992 }).unwrap();
    Office { graph, ada: people[0], grace: people[1], kernel: teams[0], tools: teams[1], paper, membership }
}

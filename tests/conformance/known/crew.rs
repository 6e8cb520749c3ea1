//! The crew of `TinkerPop`: who lived where, and who uses what.

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
    location: Vec<Stay>,
}

/// A time at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stay {
    value: String,
    start_time: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Software {
    #[graph(key)]
    id: u64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Software))]
pub(crate) struct Uses {
    skill: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Software))]
pub(crate) struct Develops {
    since: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Software, to = Software))]
pub(crate) struct Traverses {}

#[derive(GraphType)]
#[graph(name = "crew")]
pub(crate) enum Crew {
    Person(Person),
    Software(Software),
    Uses(Uses),
    Develops(Develops),
    Traverses(Traverses),
}

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("graphs/crew")?;
    metagraph::sync::<Crew, _>(conn).unwrap();
    let graph = Graph::<Crew>::open_or_create(conn, "crew").unwrap();
    data.insert::<_, Person>(conn, &graph, "person");
    data.insert::<_, Software>(conn, &graph, "software");
    data.connect::<_, Uses, Person, Software>(conn, &graph, "uses");
    data.connect::<_, Develops, Person, Software>(conn, &graph, "develops");
    data.connect::<_, Traverses, Software, Software>(conn, &graph, "traverses");
    Some(Answers::from([("CR-01", json!(homes(conn, &graph)))]))
}

/// A list is asked at a place, so it takes a query for every place of the longest list.
fn homes(conn: &mut impl GraphConnection, graph: &Graph<Crew>) -> Vec<(String, String)> {
    let mut homes = Vec::new();
    let mut place: u16 = 0;
    while graph.nodes::<Person>().filter(|person| person.location.len().gt(i64::from(place))).exists(conn).unwrap() {
        let here = graph.nodes::<Person>().filter(|person| {
            let stay = person.location.nth(place.into());
            stay.is_not_null() & stay.at::<u16>("endTime").is_null()
        });
        let home = here.select(|person| (person.name, person.location.nth(place.into()).at::<String>("value")));
        homes.extend(home.load(conn).unwrap());
        place += 1;
    }
    homes.sort_unstable();
    homes
}

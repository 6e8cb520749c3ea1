//! Kuzu's `tinysnb`: a small social network.

use metagraph::prelude::*;
use serde_json::{Value, json};

use super::answers::Answers;
use super::load::Data;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "camelCase")]
#[graph(node)]
pub(crate) struct Person {
    #[graph(key)]
    id: u64,
    f_name: String,
    gender: u8,
    is_student: bool,
    is_worker: bool,
    age: u8,
    eye_sight: f64,
    birthdate: String,
    register_time: String,
    last_job_duration: Value,
    worked_hours: Vec<u16>,
    used_names: Vec<String>,
    course_scores_per_term: Vec<Vec<u16>>,
    grades: Vec<u16>,
    height: f64,
    u: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "camelCase")]
#[graph(node)]
pub(crate) struct Organisation {
    #[graph(key)]
    id: u64,
    name: String,
    org_code: i64,
    mark: f64,
    score: i64,
    history: String,
    license_valid_interval: Value,
    rating: f64,
    state: Value,
    info: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Movie {
    #[graph(key)]
    id: String,
    length: u32,
    note: String,
    description: Value,
    content: Value,
    audience: Value,
    grade: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "camelCase")]
#[graph(edge(from = Person, to = Person))]
pub(crate) struct Knows {
    date: String,
    meet_time: String,
    valid_interval: Value,
    comments: Vec<String>,
    summary: Value,
    notes: Value,
    some_map: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Organisation))]
pub(crate) struct StudyAt {
    year: u16,
    places: Vec<String>,
    length: i64,
    level: i64,
    code: u64,
    temperature: i64,
    ulength: u64,
    ulevel: u64,
    hugedata: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Organisation))]
pub(crate) struct WorkAt {
    year: u16,
    grading: Vec<f64>,
    rating: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person))]
pub(crate) struct Meets {
    location: Vec<f64>,
    times: i64,
    data: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[serde(rename_all = "camelCase")]
#[graph(edge(from = Person, to = Person))]
pub(crate) struct Marries {
    used_address: Option<Vec<String>>,
    address: Vec<Value>,
    note: Option<String>,
}

#[derive(GraphType)]
#[graph(name = "tinysnb")]
pub(crate) enum TinySnb {
    Person(Person),
    Organisation(Organisation),
    Movie(Movie),
    Knows(Knows),
    StudyAt(StudyAt),
    WorkAt(WorkAt),
    Meets(Meets),
    Marries(Marries),
}

pub(super) fn answers(conn: &mut impl GraphConnection) -> Option<Answers> {
    let mut data = Data::read("graphs/tinysnb")?;
    metagraph::sync::<TinySnb, _>(conn).unwrap();
    let graph = Graph::<TinySnb>::open_or_create(conn, "tinysnb").unwrap();
    data.insert::<_, Person>(conn, &graph, "person");
    data.insert::<_, Organisation>(conn, &graph, "organisation");
    data.insert::<_, Movie>(conn, &graph, "movies");
    data.connect::<_, Knows, Person, Person>(conn, &graph, "knows");
    data.connect::<_, StudyAt, Person, Organisation>(conn, &graph, "studyAt");
    data.connect::<_, WorkAt, Person, Organisation>(conn, &graph, "workAt");
    data.connect::<_, Meets, Person, Person>(conn, &graph, "meets");
    data.connect::<_, Marries, Person, Person>(conn, &graph, "marries");
    let walks: Vec<_> = (1..=3).map(|hops| walks(conn, &graph, hops)).collect();
    Some(Answers::from([("TS-01", json!(walks)), ("TS-02", json!(places_of_work(conn, &graph)))]))
}

fn walks(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>, hops: u32) -> u64 {
    let known = graph.from_all(graph.nodes::<Person>()).out::<Knows>().to::<Person>();
    known.depth(hops..=hops).count_walks(conn).unwrap()
}

fn places_of_work(conn: &mut impl GraphConnection, graph: &Graph<TinySnb>) -> Vec<(String, String)> {
    let who = Person::F.f_name.at_source();
    let work = graph.edges::<WorkAt>().order_by(|_| who.asc());
    work.select(|_| (who.clone(), Organisation::F.name.at_target())).load(conn).unwrap()
}

//! The graph of kuzu's test files: people, organisations and films.
//!
//! Each edge type may run between any two nodes. Patterns of Cypher need no labels, so that what a hop leads to is only
//! known when the read is.

use jiff::civil::{Date, DateTime};
use metagraph::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Interval {
    #[serde(rename = "$interval_us")]
    pub(crate) microseconds: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    #[graph(key)]
    #[serde(rename = "ID")]
    pub(crate) id: i64,
    #[graph(index)]
    pub(crate) f_name: String,
    pub(crate) gender: i64,
    pub(crate) is_student: bool,
    pub(crate) is_worker: bool,
    #[graph(index)]
    pub(crate) age: i64,
    pub(crate) eye_sight: f64,
    #[schemars(with = "String")]
    pub(crate) birthdate: Date,
    #[schemars(with = "String")]
    pub(crate) register_time: DateTime,
    pub(crate) last_job_duration: Interval,
    pub(crate) worked_hours: Vec<i64>,
    pub(crate) used_names: Vec<String>,
    pub(crate) course_scores_per_term: Vec<Vec<i64>>,
    pub(crate) grades: Vec<i64>,
    pub(crate) height: f64,
    pub(crate) u: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organisation {
    #[graph(key)]
    #[serde(rename = "ID")]
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) org_code: i64,
    pub(crate) mark: f64,
    pub(crate) score: i64,
    pub(crate) history: String,
    pub(crate) license_valid_interval: Interval,
    pub(crate) rating: f64,
    pub(crate) state: Value,
    pub(crate) info: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Movies {
    #[graph(key)]
    pub(crate) name: String,
    pub(crate) length: i64,
    pub(crate) note: String,
    pub(crate) description: Value,
    pub(crate) content: Value,
    pub(crate) audience: Value,
    pub(crate) grade: Value,
}

/// Any node: what a pattern without a label stands for.
#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Any {
    Person(Person),
    Organisation(Organisation),
    Movies(Movies),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Any, to = Any))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Knows {
    #[schemars(with = "String")]
    pub(crate) date: Date,
    #[schemars(with = "String")]
    pub(crate) meet_time: DateTime,
    pub(crate) valid_interval: Interval,
    pub(crate) comments: Vec<String>,
    pub(crate) summary: Value,
    pub(crate) notes: Value,
    pub(crate) some_map: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Any, to = Any), name = "studyAt")]
pub(crate) struct StudyAt {
    pub(crate) year: i64,
    pub(crate) places: Vec<String>,
    pub(crate) length: i64,
    pub(crate) level: i64,
    pub(crate) code: u64,
    pub(crate) temperature: i64,
    pub(crate) ulength: i64,
    pub(crate) ulevel: i64,
    pub(crate) hugedata: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Any, to = Any), name = "workAt")]
pub(crate) struct WorkAt {
    pub(crate) year: i64,
    pub(crate) grading: Vec<f64>,
    pub(crate) rating: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Any, to = Any))]
pub(crate) struct Meets {
    pub(crate) location: Vec<f64>,
    pub(crate) times: i64,
    pub(crate) data: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Any, to = Any))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Marries {
    pub(crate) used_address: Option<Vec<String>>,
    pub(crate) address: Vec<i64>,
    pub(crate) note: Option<String>,
}

#[derive(GraphType)]
#[graph(name = "tinysnb")]
pub(crate) enum TinySnb {
    Person(Person),
    Organisation(Organisation),
    Movies(Movies),
    Knows(Knows),
    StudyAt(StudyAt),
    WorkAt(WorkAt),
    Meets(Meets),
    Marries(Marries),
}

//! Recorded traversals of `TinkerPop`, translated into queries of ours where they have a counterpart.
//!
//! Databases do what the steps mean: filters, hops, orders, bounds, groups and sums. The translation puts queries
//! together and shows their answers as the records do; what it would have to compute by itself is not translated.

mod bag;
mod condition;
mod notation;
mod render;
mod run;
mod syntax;
mod translate;
mod vocabulary;
mod world;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write as _};

use metagraph::GraphConnection;
use serde_json::Value;

use self::bag::Reason;
use self::translate::Translator;
use self::vocabulary::Tinker;
use self::world::World;
use crate::store::{Sqlite, Store};

/// At least so many have a counterpart.
const TRANSLATED: usize = 220;

/// How many have none, and why; see [`Reason`].
const UNTRANSLATED: [(Reason, usize); 8] = [
    (Reason::Lists, 34),
    (Reason::Names, 10),
    (Reason::Patterns, 23),
    (Reason::Properties, 20),
    (Reason::Repeats, 8),
    (Reason::Steps, 14),
    (Reason::Traversals, 6),
    (Reason::Walks, 18),
];

/// What came of the recorded traversals.
#[derive(Default)]
struct Report {
    translated: usize,
    wrong: Vec<String>,
    untranslated: BTreeMap<Reason, Vec<String>>,
}

fn compare<S: Store>(database: &str) {
    let Some(cases) = metagraph_testkit::json_lines("graphs/tinkerpop-feature-cases.jsonl.gz") else { return };
    let Some(store) = S::migrated() else { return };
    let Some(report) = replayed(&mut store.connect(), &cases) else { return };
    let equal = report.translated - report.wrong.len();
    let line = format!("tinkerpop: db={database} translated={} equal={equal}", report.translated);
    // The harness captures the print macros only, and this line is to be read.
    writeln!(io::stdout().lock(), "\n{line}").unwrap();
    assert!(report.wrong.is_empty(), "{}", report.wrong.join("\n"));
    assert!(report.translated >= TRANSLATED, "only {} are translated", report.translated);
    let untranslated: Vec<_> = report.untranslated.iter().map(|(reason, cases)| (*reason, cases.len())).collect();
    assert_eq!(untranslated, UNTRANSLATED, "{:#?}", report.untranslated);
}

fn replayed(conn: &mut impl GraphConnection, cases: &[Value]) -> Option<Report> {
    metagraph::sync::<Tinker, _>(conn).unwrap();
    let mut worlds: HashMap<String, World> = HashMap::new();
    let mut report = Report::default();
    for case in cases {
        let name = case["graph"].as_str().unwrap();
        if !worlds.contains_key(name) {
            worlds.insert(name.to_owned(), World::load(conn, name)?);
        }
        replay(conn, &worlds[name], case, &mut report);
    }
    Some(report)
}

fn replay(conn: &mut impl GraphConnection, world: &World, case: &Value, report: &mut Report) {
    let gremlin = case["gremlin"].as_str().unwrap();
    let params = case["params"].as_object().into_iter().flatten();
    let params = params.map(|(name, value)| (name.clone(), notation::read(value, world))).collect();
    let answer = match syntax::parse(gremlin) {
        Some(chain) => Translator { conn, world, params: &params }.answer(&chain),
        None => Err(Reason::Steps),
    };
    match answer {
        Err(reason) => report.untranslated.entry(reason).or_default().push(gremlin.to_owned()),
        Ok(answer) => {
            report.translated += 1;
            let expected = case["rows"].as_array().into_iter().flatten();
            let expected: Vec<_> = expected.map(|row| notation::read(row, world)).collect();
            if !is_expected(case, &expected, &answer) {
                report.wrong.push(format!(
                    "{gremlin}\n    gave     {}\n    expected {}",
                    show(&answer),
                    show(&expected)
                ));
            }
        }
    }
}

fn is_expected(case: &Value, expected: &[Value], answer: &[Value]) -> bool {
    let sorted = |values: &[Value]| {
        let mut texts: Vec<_> = values.iter().map(Value::to_string).collect();
        texts.sort_unstable();
        texts
    };
    let counted = case["count"].as_u64().is_none_or(|count| count == answer.len() as u64);
    counted
        && match case["expect"].as_str().unwrap() {
            "ordered" => expected == answer,
            "of" => answer.iter().all(|value| expected.contains(value)),
            "count" => true,
            _ => sorted(expected) == sorted(answer),
        }
}

fn show(values: &[Value]) -> String {
    Value::Array(values.to_vec()).to_string()
}

#[test]
fn sqlite_answers_like_tinkerpop() {
    compare::<Sqlite>("SQLite");
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_answers_like_tinkerpop() {
    compare::<crate::store::Postgres>("PostgreSQL");
}

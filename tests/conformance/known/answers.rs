//! The known answers, and how ours compare with them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

/// Our answers, by the name of the question.
pub(super) type Answers = BTreeMap<&'static str, Value>;

/// The questions over the graphs that are loaded here begin like this.
const ABOUT: [&str; 7] = ["AR-", "MO-", "CR-", "SI-", "TS-", "TK-", "CG-"];

/// The known answers, by the name of the question; `None` where this machine does not have them.
pub(super) fn questions() -> Option<BTreeMap<String, Value>> {
    let path = metagraph_testkit::shared_data("known-answers.json")?;
    let all: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let named = all.into_iter().map(|mut known| {
        let id = known["id"].as_str().unwrap().to_owned();
        (id, known["expected"].take())
    });
    Some(named.filter(|(id, _)| ABOUT.iter().any(|about| id.starts_with(about))).collect())
}

/// Where our answers are not the known ones, in words.
pub(super) fn differences(questions: &BTreeMap<String, Value>, answers: &Answers) -> Vec<String> {
    let told = |(id, ours): (&&str, &Value)| {
        let known = questions.get(*id).unwrap_or(&Value::Null);
        (!same(known, ours)).then(|| format!("{id}: {ours}, but known is {known}"))
    };
    answers.iter().filter_map(told).collect()
}

/// Equal, but for the last digits of floating point numbers: the order of a sum decides them.
fn same(known: &Value, ours: &Value) -> bool {
    match (known, ours) {
        (Value::Array(known), Value::Array(ours)) => {
            known.len() == ours.len() && known.iter().zip(ours).all(|(known, ours)| same(known, ours))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= a.abs() * 1e-12
        }
        _ => known == ours,
    }
}

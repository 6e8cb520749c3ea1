//! What TypeBox 0.34 does with values, recorded: our value functions do the same.

use std::io::{self, Write as _};

use metagraph::value::{Edit, ValueSchema, diff, patch};
use metagraph_testkit::json_lines;
use serde_json::{Value, json};

/// Why we answer differently, where we do on purpose.
fn reason(case: &Value) -> Option<&'static str> {
    let recorded = case.get("result");
    let is_list = case.get("value").is_some_and(Value::is_array);
    if case.get("diverges_from_json_schema_2020_12").is_some() {
        return Some("JSON Schema ignores `minContains` and `maxContains` where there is no `contains`");
    }
    if case["id"] == "create-0772" {
        return Some("the record lacks the definition of `R` that its schema refers to");
    }
    if case["fn"] == "Diff" && case["next"].is_null() {
        return Some("an object that became null was updated; TypeBox fails");
    }
    if is_list && recorded.is_some_and(Value::is_object) {
        return Some("a list is no object whose members are numbered");
    }
    let longer = |recorded: &Value| recorded.as_array().map(Vec::len) > case["value"].as_array().map(Vec::len);
    if case["fn"] == "Default" && is_list && recorded.is_some_and(longer) {
        return Some("a place of a tuple that is missing and has no default stays missing");
    }
    None
}

/// What a function answers, or that it refused.
#[derive(Debug, PartialEq)]
enum Answer {
    Value(Value),
    /// Nothing at all.
    Absent,
    Refused,
}

fn asked(function: &str, schema: &ValueSchema, value: Option<Value>) -> Answer {
    let present = |value: Option<Value>| value.map_or(Answer::Absent, Answer::Value);
    match function {
        "check" => Answer::Value(value.is_some_and(|value| schema.check(&value)).into()),
        "create" => schema.create().map_or(Answer::Refused, Answer::Value),
        "default" => present(schema.default(value)),
        "clean" => present(value.map(|value| schema.clean(value))),
        "convert" => present(value.map(|value| schema.convert(value))),
        "cast" => schema.cast(value.as_ref()).map_or(Answer::Refused, |cast| Answer::Value(cast.value)),
        other => panic!("there is no function `{other}`"),
    }
}

fn edits(value: &Value) -> Vec<Edit> {
    serde_json::from_value(value.clone()).unwrap()
}

fn answer(case: &Value) -> Answer {
    let function = case.get("op").or_else(|| case.get("fn")).and_then(Value::as_str).unwrap().to_lowercase();
    let args = case.get("args").and_then(Value::as_array);
    match (function.as_str(), args.map(Vec::as_slice)) {
        ("diff", Some([before, after])) => Answer::Value(serde_json::to_value(diff(before, after)).unwrap()),
        ("diff", _) => Answer::Value(serde_json::to_value(diff(&case["current"], &case["next"])).unwrap()),
        ("patch", Some([value, edited])) => patch(value, &edits(edited)).map_or(Answer::Refused, Answer::Value),
        ("equal", Some([one, other])) => Answer::Value(json!(one == other)),
        (function, _) => {
            let definitions = case.get("refs").and_then(Value::as_array).cloned().unwrap_or_default();
            match ValueSchema::with_definitions(&case["schema"], &definitions) {
                Ok(schema) => asked(function, &schema, case.get("value").cloned()),
                Err(_) => Answer::Refused,
            }
        }
    }
}

fn recorded(case: &Value) -> Answer {
    match (case.get("throws"), case.get("result").or_else(|| case.get("edits"))) {
        (Some(_), _) => Answer::Refused,
        (None, Some(result)) => Answer::Value(result.clone()),
        (None, None) => Answer::Absent,
    }
}

/// The same values, where 1 and 1.0 are one number.
fn equal(one: &Answer, other: &Answer) -> bool {
    match (one, other) {
        (Answer::Value(one), Answer::Value(other)) => same(one, other),
        (one, other) => one == other,
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

fn compare(file: &str, name: &str) {
    let Some(cases) = json_lines(file) else { return };
    let mut different = Vec::new();
    for case in &cases {
        let (answer, recorded) = (answer(case), recorded(case));
        if !equal(&answer, &recorded) {
            different.push((case, answer));
        }
    }
    let equal = cases.len() - different.len();
    writeln!(io::stdout().lock(), "\n{name}: asked={} equal={equal}", cases.len()).unwrap();
    let unexplained: Vec<_> = different.iter().filter(|(case, _)| reason(case).is_none()).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    assert!(different.len() * 100 < cases.len());
}

#[test]
fn recorded_cases_are_answered_as_recorded() {
    compare("schema-evolution/typebox-value-cases.jsonl.gz", "value-cases");
}

#[test]
fn generated_cases_are_answered_as_recorded() {
    compare("schema-evolution/typebox-generated-cases.jsonl.gz", "generated-value-cases");
}

#[test]
fn a_difference_leads_from_one_value_to_the_other() {
    let Some(cases) = json_lines("schema-evolution/typebox-generated-cases.jsonl.gz") else { return };
    let values: Vec<&Value> = cases.iter().filter_map(|case| case.get("value")).take(27).collect();
    let results: Vec<&Value> = cases.iter().filter_map(|case| case.get("result")).step_by(40).collect();
    for before in values.iter().chain(&results) {
        for after in values.iter().chain(&results) {
            assert_eq!(patch(before, &diff(before, after)).unwrap(), **after);
        }
    }
}

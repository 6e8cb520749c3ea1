//! The required groups of the JSON Schema test suite, draft 2020-12, through our validation.

use std::collections::HashMap;
use std::io::{self, Write as _};

use metagraph::validate::Validator;
use metagraph_testkit::json_lines;
use serde_json::Value;

/// Where the suite expects its remote schemas.
const REMOTES: &str = "http://localhost:1234/";

/// Why we judge differently, where we do on purpose.
fn reason(group: &Value) -> Option<&'static str> {
    if group["file"] == "format.json" {
        return Some("formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations");
    }
    if group["description"] == "schema that uses custom metaschema with with no validation vocabulary" {
        return Some("every schema is one of draft 2020-12: no metaschema of its own switches its rules off");
    }
    None
}

/// The one value of a gzipped file.
fn whole(file: &str) -> Option<Value> {
    json_lines(file).map(|mut lines| lines.remove(0))
}

#[test]
fn required_groups_are_judged_as_the_suite_does() {
    let (Some(groups), Some(remotes)) =
        (whole("json-schema/draft2020-12.json.gz"), whole("json-schema/remotes.json.gz"))
    else {
        return;
    };
    let remotes: HashMap<String, Value> = remotes
        .as_object()
        .into_iter()
        .flatten()
        .map(|(path, schema)| (format!("{REMOTES}{path}"), schema.clone()))
        .collect();
    let (mut tests, mut passed, mut wrong) = (0, 0, Vec::new());
    for group in groups.as_array().into_iter().flatten().filter(|group| group["optional"] == false) {
        let validator = Validator::with_resources(&group["schema"], remotes.clone()).unwrap();
        for test in group["tests"].as_array().into_iter().flatten() {
            tests += 1;
            if validator.accepts(&test["data"]) == test["valid"] {
                passed += 1;
            } else if reason(group).is_none() {
                wrong.push(format!("{}: {}: {}", group["file"], group["description"], test["description"]));
            }
        }
    }
    writeln!(io::stdout().lock(), "\njson-schema-suite: tests={tests} passed={passed}").unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!((tests - passed) * 100 < 2 * tests);
}

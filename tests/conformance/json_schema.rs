//! The required groups of the JSON Schema test suite, draft 2020-12, through our validation.

use std::collections::HashMap;
use std::io::{self, Write as _};

use expect_test::expect;
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
    let (mut tests, mut passed, mut others) = (0, 0, Vec::new());
    for group in groups.as_array().into_iter().flatten().filter(|group| group["optional"] == false) {
        let validator = Validator::with_resources(&group["schema"], remotes.clone()).unwrap();
        for test in group["tests"].as_array().into_iter().flatten() {
            tests += 1;
            if validator.accepts(&test["data"]) == test["valid"] {
                passed += 1;
            } else {
                let told =
                    [&group["file"], &group["description"], &test["description"]].map(|told| told.as_str().unwrap());
                others.push(format!("{}; {}", told.join(": "), reason(group).unwrap_or("NO REASON")));
            }
        }
    }
    writeln!(io::stdout().lock(), "\njson-schema-suite: tests={tests} passed={passed}").unwrap();
    expect![[r#"
        format.json: email format: invalid email string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: regex format: invalid regex string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: ipv4 format: invalid ipv4 string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: ipv6 format: invalid ipv6 string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: hostname format: invalid hostname string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: date format: invalid date string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: date-time format: invalid date-time string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: time format: invalid time string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: json-pointer format: invalid json-pointer string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: relative-json-pointer format: invalid relative-json-pointer string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: iri format: invalid iri string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: iri-reference format: invalid iri-reference string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: uri format: invalid uri string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: uri-reference format: invalid uri-reference string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: uri-template format: invalid uri-template string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: uuid format: invalid uuid string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        format.json: duration format: invalid duration string is only an annotation by default; formats are asserted, as the draft allows (validation, 7.2.2), and no mere annotations
        vocabulary.json: schema that uses custom metaschema with with no validation vocabulary: no validation: invalid number, but it still validates; every schema is one of draft 2020-12: no metaschema of its own switches its rules off"#]].assert_eq(&others.join("\n"));
}

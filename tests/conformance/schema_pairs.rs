//! Pairs of schemas with the judgement of others: what we call compatible has to be, and we should see what they see.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use metagraph::evolution::{Aspect, Change, Class, How, SchemaDiff};
use metagraph_testkit::shared_data;
use serde_json::Value;

fn cases(file: &str) -> Option<Vec<Value>> {
    let path = shared_data(file)?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn is_unsound(case: &Value, class: Class) -> bool {
    class == Class::Compatible && case["sampled"]["old_data_breaks"] == true
}

/// Why we do not see what Apicurio's label says.
fn reason(case: &Value) -> Option<&'static str> {
    let _ = case;
    None
}

#[test]
fn what_apicurio_calls_compatible_is_recognised() {
    let Some(cases) = cases("schema-evolution/apicurio-compat.json") else { return };
    let (mut unsound, mut labelled, mut recognised, mut unexplained) = (Vec::new(), 0, 0, Vec::new());
    for case in &cases {
        let diff = SchemaDiff::between(&case["original"], &case["updated"]);
        let is_compatible = diff.as_ref().is_ok_and(|diff| diff.class() == Class::Compatible);
        if diff.as_ref().is_ok_and(|diff| is_unsound(case, diff.class())) {
            unsound.push(&case["id"]);
        }
        let label = case["compatibility"] != "none";
        labelled += usize::from(label);
        recognised += usize::from(label && is_compatible);
        if label != is_compatible && reason(case).is_none() {
            unexplained.push(format!("{} {}: {diff:?}", case["n"], case["id"]));
        }
    }
    writeln!(
        io::stdout().lock(),
        "\napicurio: pairs={} unsound={} recognised={recognised}/{labelled}",
        cases.len(),
        unsound.len()
    )
    .unwrap();
    assert!(unsound.is_empty(), "{unsound:?}");
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

#[test]
fn what_json_schema_diff_calls_breaking_is_not_compatible() {
    let Some(cases) = cases("schema-evolution/json-schema-diff-cases.json") else { return };
    let (mut equal, mut agree, mut unexplained) = (0, 0, Vec::new());
    for case in &cases {
        let diff = SchemaDiff::between(&case["lhs"], &case["rhs"]).unwrap();
        assert!(!is_unsound(case, diff.class()), "{}", case["case"]);
        let is_equal = case["breaking"] == (diff.class() != Class::Compatible);
        equal += usize::from(is_equal);
        let (theirs, ours) = (their_kinds(case), our_kinds(&diff));
        agree += usize::from(theirs == ours);
        if !is_equal || theirs != ours {
            unexplained.push(format!("{}: {theirs:?} {ours:?}\n{diff}", case["case"]));
        }
    }
    writeln!(io::stdout().lock(), "\njson-schema-diff: pairs={} equal={equal} kinds={agree}", cases.len()).unwrap();
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

type Kinds = BTreeSet<(Aspect, How)>;

fn their_kinds(case: &Value) -> Kinds {
    let names = case["changes"].as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap());
    names.flat_map(kind).collect()
}

/// What we call the changes that json-schema-diff has a name for.
fn kind(name: &str) -> Option<(Aspect, How)> {
    let (name, how) = [("Add", How::Added), ("Remove", How::Removed), ("Change", How::Changed)]
        .into_iter()
        .find_map(|(end, how)| Some((name.strip_suffix(end)?, how)))
        .unwrap();
    let aspect = match name {
        "Type" => Aspect::Kind,
        "Range" => Aspect::Range,
        "Const" | "Enum" => Aspect::Values,
        "Property" => Aspect::Member,
        "Format" => Aspect::Format,
        "MaxLength" | "MinLength" => Aspect::Length,
        "Pattern" => Aspect::Pattern,
        "Required" => Aspect::Required,
        other => panic!("there is no aspect for `{other}`"),
    };
    Some((aspect, how))
}

fn our_kinds(diff: &SchemaDiff) -> Kinds {
    diff.changes.iter().flat_map(ours).collect()
}

fn ours(change: &Change) -> Vec<(Aspect, How)> {
    match (change.aspect, change.how) {
        (Aspect::Kind, How::Changed) => vec![(Aspect::Kind, How::Added), (Aspect::Kind, How::Removed)],
        (Aspect::Values, How::Changed) => {
            vec![(Aspect::Values, if change.after.is_some() { How::Added } else { How::Removed })]
        }
        other => vec![other],
    }
}

//! Pairs of schemas with the judgement of others: what we call compatible has to be, and we should see what they see.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use metagraph::evolution::{Aspect, Change, Class, How, SchemaDiff};
use metagraph::value::ValueSchema;
use metagraph_testkit::{json_lines, shared_data};
use serde_json::Value;

fn cases(file: &str) -> Option<Vec<Value>> {
    let path = shared_data(file)?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn is_unsound(case: &Value, class: Class) -> bool {
    class == Class::Compatible && case["sampled"]["old_data_breaks"] == true
}

/// Why we do not say what Apicurio's label does.
fn reason(case: &Value) -> Option<&'static str> {
    Some(match case["id"].as_str()? {
        "Number: exclusiveMinimum 1" | "Number: exclusiveMinimum 5" => {
            "`exclusiveMinimum: true` is of draft 4, and no schema of draft 2020-12"
        }
        "References: $id compatibility" => "an `$id` that is a fragment is of draft 7, and no name in draft 2020-12",
        "Const" => "the label is wrong: a list is no text, so nothing was valid before",
        "String: contentMediaType 3" => "no value is judged by its media type",
        _ => return None,
    })
}

/// Why we call the changes of json-schema-diff otherwise.
fn other_reason(case: &Value) -> Option<&'static str> {
    Some(match case["case"].as_str()? {
        "any_of/number_1" => "alternatives without a name are compared in their order, not by what is alike",
        "any_of/objects_2" => "every value was valid before and is after: nothing changed",
        "const/const_in_any_of_3" => {
            "a schema with members and no type is for values that are no objects, too: other kinds are new, and a value \
             and a member are named anew"
        }
        "const/const_string_to_const_number" | "const/integer_to_const_string" => {
            "values of another kind are said by the kind"
        }
        "const/object_to_const_object" => "a listed value is no member",
        "range/redundant_minimum_3" => "the label is wrong: more than 0.4 is allowed, and at least 1.0 was",
        _ => return None,
    })
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
        if (label != is_compatible) != reason(case).is_some() {
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
        if (!is_equal || theirs != ours) != other_reason(case).is_some() {
            unexplained.push(format!("{}: {theirs:?} {ours:?}\n{diff}", case["case"]));
        }
    }
    writeln!(io::stdout().lock(), "\njson-schema-diff: pairs={} equal={equal} kinds={agree}", cases.len()).unwrap();
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

#[test]
fn schemas_of_typebox_are_compatible_only_where_its_values_stay_valid() {
    let Some(cases) = json_lines("schema-evolution/typebox-generated-cases.jsonl.gz") else { return };
    let different = |keyword: &str| {
        let mut all: Vec<&Value> = Vec::new();
        for value in cases.iter().filter_map(|case| case.get(keyword)) {
            if !all.contains(&value) {
                all.push(value);
            }
        }
        all
    };
    let values = different("value");
    let schemas: Vec<(&Value, ValueSchema)> =
        different("schema").into_iter().filter_map(|schema| Some((schema, ValueSchema::new(schema).ok()?))).collect();
    let (mut pairs, mut compatible) = (0, 0);
    for (before, old) in &schemas {
        for (after, new) in &schemas {
            let diff = SchemaDiff::between(before, after).unwrap();
            let refuted = values.iter().find(|value| old.check(value) && !new.check(value));
            assert!(diff.class() != Class::Compatible || refuted.is_none(), "{before}\n{after}\n{refuted:?}");
            pairs += 1;
            compatible += usize::from(diff.class() == Class::Compatible);
        }
    }
    writeln!(io::stdout().lock(), "\ntypebox-schemas: pairs={pairs} compatible={compatible} unsound=0").unwrap();
    assert!(compatible > schemas.len(), "each schema is compatible with itself, and some with others");
}

type Kinds = BTreeSet<(Aspect, How)>;

fn their_kinds(case: &Value) -> Kinds {
    let changes = case["changes"].as_array().unwrap().iter();
    changes.map(|change| kind(change["path"].as_str().unwrap(), change["kind"].as_str().unwrap())).collect()
}

/// What we call the changes that json-schema-diff has a name for.
fn kind(path: &str, name: &str) -> (Aspect, How) {
    let (name, how) = [("Add", How::Added), ("Remove", How::Removed), ("Change", How::Changed)]
        .into_iter()
        .find_map(|(end, how)| Some((name.strip_suffix(end)?, how)))
        .unwrap();
    let aspect = match name {
        "Type" if path.ends_with("<additionalProperties>") => Aspect::OtherMembers,
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
    (aspect, how)
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

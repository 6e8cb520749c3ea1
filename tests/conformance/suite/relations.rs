//! Relation models: real cases of others, and what adding and removing tuples does.

use std::io::{self, Write as _};

use metagraph::GraphBackend as _;
use metagraph::graphs::acl::relations::{RelationError, RelationModel, Relations, Tuple};
use metagraph::graphs::acl::{Acl, Authorizer, BelongsTo, Contains, Holds};
use metagraph::prelude::*;
use metagraph_testkit::json_lines;
use serde_json::Value;

use crate::harness::Log;

fn tuple(texts: [&str; 3]) -> Tuple {
    let [subject, relation, object] = texts;
    Tuple::new(subject, relation, object).unwrap()
}

fn relations(conn: &mut impl GraphConnection, model: &str) -> Relations {
    metagraph::sync::<Acl, _>(conn).unwrap();
    Relations::new(Authorizer::open(conn, "relations").unwrap(), RelationModel::from_json(model).unwrap())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// What became of the assertions of real cases.
#[derive(Debug, Default)]
struct Tally {
    cases: usize,
    assertions: usize,
    equal: usize,
    refused: usize,
    false_allow: usize,
    differing: Vec<String>,
}

impl Tally {
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, ours: &T, expected: &T, allows: bool) {
        self.assertions += 1;
        if ours == expected {
            self.equal += 1;
        } else {
            self.differing.push(format!("{what}: {ours:?} instead of {expected:?}"));
            self.false_allow += usize::from(allows);
        }
    }
}

/// Stores the tuples of a case that its model takes. Those it does not take were stored under another model by who wrote the
/// case, and count for nothing there either.
fn stored(conn: &mut impl GraphConnection, name: &str, model: RelationModel, case: &Value) -> Relations {
    let relations = Relations::new(Authorizer::open(conn, name).unwrap(), model);
    for triple in case["tuples"].as_array().unwrap() {
        match relations.add(conn, &tuple([text(&triple[0]), text(&triple[1]), text(&triple[2])])) {
            Err(RelationError::NotAllowed { .. } | RelationError::Unknown { .. }) => {}
            added => assert!(added.unwrap(), "{triple}"),
        }
    }
    relations
}

fn ask(conn: &mut impl GraphConnection, relations: &Relations, case: &Value, tally: &mut Tally) {
    let name = text(&case["name"]);
    for check in case["checks"].as_array().unwrap() {
        let (subject, relation, object) = (text(&check[0]), text(&check[1]), text(&check[2]));
        let expected = check[3].as_bool().unwrap();
        let ours = relations.check(conn, subject, relation, object).unwrap();
        tally.compare(&format!("{name}: {check}"), &ours, &expected, ours);
        let why = relations.why(conn, subject, relation, object).unwrap();
        assert_eq!(why.is_some(), ours, "{name}: {check}");
    }
    for list in case["list_objects"].as_array().unwrap() {
        let mut expected: Vec<String> =
            list[3].as_array().unwrap().iter().map(|object| text(object).to_owned()).collect();
        expected.sort_unstable();
        let ours = relations.list_objects(conn, text(&list[0]), text(&list[1]), text(&list[2])).unwrap();
        let too_much = ours.iter().any(|object| !expected.contains(object));
        tally.compare(&format!("{name}: {list}"), &ours, &expected, too_much);
    }
}

pub(crate) fn real_cases_are_answered_exactly_or_refused<C: GraphConnection>(conn: &mut C) {
    let Some(cases) = json_lines("acl/relation-cases.jsonl.gz") else { return };
    metagraph::sync::<Acl, _>(conn).unwrap();
    let mut tally = Tally::default();
    for (place, case) in cases.iter().enumerate() {
        tally.cases += 1;
        match RelationModel::from_json(&case["relations"].to_string()) {
            Ok(model) => {
                let relations = stored(conn, &place.to_string(), model, case);
                ask(conn, &relations, case, &mut tally);
            }
            Err(RelationError::Unsupported { .. }) if case["class"] == "boolean" => tally.refused += 1,
            Err(refused) => panic!("{}: {refused}", case["name"]),
        }
    }
    let Tally { cases, assertions, equal, refused, false_allow, differing } = tally;
    let db = C::Db::NAME;
    let line = format!(
        "relation-cases: db={db} cases={cases} assertions={assertions} equal={equal} refused={refused} \
         false_allow={false_allow}"
    );
    // The harness captures the print macros only, and this line is to be read.
    writeln!(io::stdout().lock(), "\n{line}").unwrap();
    assert!(differing.is_empty(), "{differing:#?}");
    assert_eq!((cases, refused, false_allow), (100, 38, 0));
    assert!(assertions >= 62);
}

pub(crate) fn removing_a_tuple_never_allows_more(conn: &mut impl GraphConnection) {
    let Some(cases) = json_lines("acl/relation-cases.jsonl.gz") else { return };
    metagraph::sync::<Acl, _>(conn).unwrap();
    let mut lost = 0;
    for (place, case) in cases.iter().enumerate().filter(|(_, case)| case["class"] == "reachability") {
        let model = RelationModel::from_json(&case["relations"].to_string()).unwrap();
        let relations = stored(conn, &format!("removing {place}"), model, case);
        let tuples = relations.tuples(conn).unwrap();
        let asked: Vec<[&str; 3]> =
            case["checks"].as_array().unwrap().iter().map(|check| [0, 1, 2].map(|at| text(&check[at]))).collect();
        let answers = |conn: &mut _| -> Vec<bool> {
            asked.iter().map(|[who, relation, what]| relations.check(conn, who, relation, what).unwrap()).collect()
        };
        let before = answers(conn);
        for removed in tuples.iter().step_by(2) {
            assert!(relations.remove(conn, removed).unwrap());
            assert!(!relations.remove(conn, removed).unwrap());
            let without = answers(conn);
            for (place, (before, without)) in before.iter().zip(&without).enumerate() {
                assert!(before >= without, "{}: {:?} is allowed without {removed}", case["name"], asked[place]);
                lost += usize::from(before != without);
            }
            assert!(relations.add(conn, removed).unwrap());
            assert!(!relations.add(conn, removed).unwrap());
        }
        assert_eq!(answers(conn), before, "{}", case["name"]);
        assert_eq!(relations.tuples(conn).unwrap(), tuples);
    }
    assert!(lost > 20, "{lost}: hardly any tuple mattered");
}

const MODEL: &str = r#"{
    "user": {},
    "group": {"member": {"direct": ["user", "user:*", "group#member"]}},
    "folder": {
        "parent": {"direct": ["folder"]},
        "owner": {"direct": ["user"]},
        "viewer": {"union": [
            {"direct": ["user", "group#member"]}, {"computed": "owner"}, {"from": ["parent", "viewer"]}
        ]}
    },
    "document": {
        "parent": {"direct": ["folder"]},
        "viewer": {"union": [{"direct": ["folder#viewer", "user"]}, {"from": ["parent", "viewer"]}]}
    }
}"#;

pub(crate) fn tuples_that_say_the_same_are_removed_one_by_one(conn: &mut impl GraphConnection) {
    let relations = relations(conn, MODEL);
    // Both make the viewers of the folder viewers of the document.
    let by_pointer = tuple(["folder:a", "parent", "document:1"]);
    let by_userset = tuple(["folder:a#viewer", "viewer", "document:1"]);
    relations.add_many(conn, &[by_pointer.clone(), by_userset.clone()]).unwrap();
    relations.add(conn, &tuple(["user:mara", "owner", "folder:a"])).unwrap();
    let views = |conn: &mut _| relations.check(conn, "user:mara", "viewer", "document:1").unwrap();
    assert!(views(conn));
    relations.remove(conn, &by_pointer).unwrap();
    assert!(views(conn));
    relations.remove(conn, &by_userset).unwrap();
    assert!(!views(conn));
    relations.add(conn, &by_pointer).unwrap();
    assert!(views(conn));
    conn.transaction::<_, RelationError, _>(|conn| {
        relations.remove(conn, &tuple(["user:mara", "owner", "folder:a"]))?;
        assert!(!views(conn), "in the same transaction");
        Ok(())
    })
    .unwrap();
}

pub(crate) fn a_tuple_writes_its_own_edges_only(conn: &mut impl GraphConnection) {
    let relations = relations(conn, MODEL);
    let many: Vec<Tuple> = (0..100).map(|user| tuple([&format!("user:{user}"), "viewer", "folder:a"])).collect();
    relations.add_many(conn, &many).unwrap();
    let graph = relations.authorizer().graph().clone();
    let census = |conn: &mut _| {
        let belongs = graph.edges::<BelongsTo>().count(conn).unwrap();
        (belongs, graph.edges::<Holds>().count(conn).unwrap(), graph.edges::<Contains>().count(conn).unwrap())
    };
    assert_eq!(census(conn), (100, 0, 0), "viewers of folders may be subjects, so they are members");
    relations.add(conn, &tuple(["folder:a", "parent", "document:1"])).unwrap();
    assert_eq!(census(conn), (100, 3, 0), "the pointer, and those who view or own the folder");
    relations.add(conn, &tuple(["group:eng#member", "member", "group:eng"])).unwrap();
    assert_eq!(census(conn), (100, 3, 0), "what says nothing writes nothing");
    let views = relations.list_objects(conn, "user:7", "viewer", "document").unwrap();
    assert_eq!(views, ["document:1"]);
    relations.remove(conn, &tuple(["folder:a", "parent", "document:1"])).unwrap();
    assert_eq!(census(conn), (100, 0, 0));
}

pub(crate) fn a_check_of_a_relation_is_one_statement_whatever_the_depth(conn: &mut impl GraphConnection) {
    let relations = relations(conn, MODEL);
    let mut tuples = vec![tuple(["user:mara", "member", "group:0"]), tuple(["group:99#member", "viewer", "folder:0"])];
    for at in 1..100 {
        let (before, after) = (at - 1, at);
        tuples.push(tuple([&format!("group:{before}#member"), "member", &format!("group:{after}")]));
        tuples.push(tuple([&format!("folder:{before}"), "parent", &format!("folder:{after}")]));
    }
    tuples.push(tuple(["folder:99", "parent", "document:1"]));
    relations.add_many(conn, &tuples).unwrap();
    let log = Log::of(conn);
    assert!(relations.check(conn, "user:mara", "viewer", "document:1").unwrap());
    assert_eq!(log.queries().len(), 1);
    assert!(!relations.check(conn, "user:noor", "viewer", "document:1").unwrap());
    let why = relations.why(conn, "user:mara", "viewer", "document:1").unwrap().unwrap();
    assert_eq!(why.steps.len(), 1 + 99 + 1 + 99 + 1);
    assert!(relations.remove(conn, &tuple(["group:49#member", "member", "group:50"])).unwrap());
    assert!(!relations.check(conn, "user:mara", "viewer", "document:1").unwrap());
}

pub(crate) fn what_a_model_does_not_have_is_refused(conn: &mut impl GraphConnection) {
    let relations = relations(conn, MODEL);
    let refused = [
        relations.add(conn, &tuple(["folder:a#owner", "viewer", "document:1"])).unwrap_err(),
        relations.add(conn, &tuple(["user:mara", "editor", "document:1"])).unwrap_err(),
        relations.check(conn, "user:mara", "viewer", "disk:1").unwrap_err(),
        relations.check(conn, "mara", "viewer", "document:1").unwrap_err(),
        relations.check(conn, "user:mara", "viewer", "document:*").unwrap_err(),
    ];
    let told: Vec<String> = refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "the model allows no `folder:a#owner viewer document:1`: the subject of `document#viewer` may be \
         `folder#viewer`, `user`",
            "the model has no `document#editor`; it has document#parent, document#viewer",
            "the model has no `disk`; it has document, folder, group, user",
            "`mara` names no subject: write an object, all of a type, or those with a relation, like `user:mara`, `user:*` \
         or `group:eng#member`",
            "`document:*` names no object: write its type, a colon and its id, like `document:roadmap`",
        ]
    );
    let models = [
        (r#"{"a": {"b": {"intersection": [{"direct": ["a"]}]}}}"#, "`a#b` is an intersection"),
        (r#"{"a": {"b": {"union": [{"exclusion": [{"direct": ["a"]}]}]}}}"#, "`a#b` is an exclusion"),
        (r#"{"a": {"b": {"computed": "c"}}}"#, "the model has no `a#c`"),
        (r#"{"a": {"b": {"direct": ["c"]}}}"#, "the model has no `c`"),
        (r#"{"a": {"b": {"direct": ["a#c"]}}}"#, "the model has no `a#c`"),
        (r#"{"a": {"b": {"sometimes": []}}}"#, "this is no relation model: unknown variant `sometimes`"),
        (
            r#"{"a": {"p": {"direct": ["a#b"]}, "b": {"from": ["p", "b"]}}}"#,
            "`a#b` comes from `p`, which may be `a#b`: point with a relation whose tuples name plain objects",
        ),
        (
            r#"{"a": {"p": {"computed": "q"}, "q": {"direct": ["a"]}, "b": {"from": ["p", "b"]}}}"#,
            "`a#b` comes from `p`, which is made of other relations",
        ),
    ];
    for (model, reason) in models {
        let error = RelationModel::from_json(model).unwrap_err().to_string();
        assert!(error.starts_with(reason), "{error}");
    }
}

pub(crate) fn whoever_is_suspended_holds_no_relation(conn: &mut impl GraphConnection) {
    let relations = relations(conn, MODEL);
    let tuples = [["user:mara", "member", "group:eng"], ["group:eng#member", "viewer", "folder:a"]].map(tuple);
    relations.add_many(conn, &tuples).unwrap();
    let views = |conn: &mut _, who: &str| relations.check(conn, who, "viewer", "folder:a").unwrap();
    assert!(views(conn, "user:mara") && !views(conn, "user:noor") && views(conn, "group:eng#member"));
    let acl = relations.authorizer();
    acl.suspend(conn, "account:user:mara").unwrap();
    assert!(!views(conn, "user:mara"));
    assert!(relations.list_objects(conn, "user:mara", "viewer", "folder").unwrap().is_empty());
    acl.reinstate(conn, "account:user:mara").unwrap();
    acl.suspend(conn, "role:group:eng#member").unwrap();
    assert!(!views(conn, "user:mara"));
    acl.reinstate(conn, "role:group:eng#member").unwrap();
    relations.remove(conn, &tuples[0]).unwrap();
    relations.add(conn, &tuple(["user:*", "member", "group:eng"])).unwrap();
    assert!(views(conn, "user:noor") && views(conn, "user:*") && !views(conn, "folder:b"));
    assert_eq!(relations.list_objects(conn, "user:noor", "viewer", "folder").unwrap(), ["folder:a"]);
}

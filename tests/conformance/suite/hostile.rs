//! Values that somebody chose to cause trouble: they are stored as they are, or refused with the reason.

use expect_test::expect;
use metagraph::graphs::{self, GraphFilter};
use metagraph::prelude::*;
use metagraph::row::{ActorKind, GraphPatch, NewActor, NewGraph};
use metagraph::{Outcome, actors};
use serde_json::{Value, json};

use crate::refusal::{refusal, refused};
use crate::scenarios::{Account, Linked, Sample, Samples, sample, samples};
use crate::store::Inspect;

/// The list of strings that break programs; empty, and said so, where this machine does not have it.
pub(crate) fn naughty() -> Vec<String> {
    let Some(path) = metagraph_testkit::shared_data("security/naughty-strings.json") else { return Vec::new() };
    let strings: Vec<String> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(strings.len() > 400);
    let mut distinct: Vec<_> = strings.into_iter().filter(|text| !text.contains('\0')).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

pub(crate) fn naughty_strings_are_attributes_like_any_other(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let strings = naughty();
    let nodes: Vec<_> = strings
        .iter()
        .enumerate()
        .map(|(place, text)| Sample {
            text: text.clone(),
            any: json!([text]),
            more: [(text.clone(), json!(text))].into(),
            ..sample(&place.to_string())
        })
        .collect();
    graph.insert_many::<_, Sample>(conn, &nodes).unwrap();
    let read = graph.nodes::<Sample>().load(conn).unwrap();
    assert!(read.iter().map(|node| &node.value).eq(&nodes));
}

pub(crate) fn naughty_strings_are_keys_like_any_other(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let hub = graph.insert(conn, &sample("the hub of this test")).unwrap();
    for text in naughty() {
        let node = graph.insert(conn, &sample(&text)).unwrap();
        let found = graph.get_by_key::<Sample>(conn, &text).unwrap().unwrap();
        assert_eq!((found.id, &found.key, &found.value.key), (node, &text, &text));
        assert!(graph.insert(conn, &sample(&text)).unwrap_err().is_conflict());
        let unchanged = graph.upsert(conn, &sample(&text)).unwrap();
        assert_eq!((unchanged.id, unchanged.outcome), (node, Outcome::Unchanged), "{text:?}");
        let edge = graph.connect(conn, hub, node, &Linked { key: text.clone(), any: json!({}) }).unwrap();
        assert_eq!(graph.get_edge_by_key::<Linked>(conn, &text).unwrap().unwrap().id, edge);
    }
}

pub(crate) fn naughty_strings_are_metadata_like_any_other(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let metadata: Value = naughty().into_iter().map(|text| (text.clone(), text)).collect();
    let node = graph.insert(conn, &sample("node")).unwrap();
    graph.set_metadata_of(conn, node, &metadata).unwrap();
    assert_eq!(graph.metadata_of(conn, node).unwrap(), metadata);
    graph.set_metadata(conn, metadata.clone()).unwrap();
    assert_eq!(graph.info(conn).unwrap().metadata, metadata);
}

pub(crate) fn naughty_strings_are_names_like_any_other(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    for text in naughty() {
        graph.rename(conn, &text).unwrap();
        assert_eq!(Graph::<Samples>::open(conn, &text).unwrap().id(), graph.id());
        let patch =
            GraphPatch { owner: Some(Some(text.clone())), description: Some(text.clone()), ..GraphPatch::default() };
        let row = graphs::update(conn, graph.id().raw(), &patch).unwrap();
        assert_eq!((&row.name, row.owner.as_ref(), &row.description), (&text, Some(&text), &text));
        assert_eq!(graphs::find(conn, &GraphFilter { owner: Some(&text), ..GraphFilter::default() }).unwrap().len(), 1);
        let actor =
            NewActor { kind: ActorKind::Agent, name: text.clone(), subject: Some(text.clone()), metadata: json!(text) };
        let stored = actors::insert(conn, &actor).unwrap();
        assert_eq!((&stored.name, &stored.metadata), (&text, &json!(text)));
        assert_eq!(actors::get_by_subject(conn, &text).unwrap(), Some(stored));
    }
}

pub(crate) fn u0000_is_refused_everywhere(conn: &mut impl Inspect) {
    let graph = samples(conn);
    let node = graph.insert(conn, &sample("node")).unwrap();
    let nul = "a\0b";
    expect![[r#"
        MG2003: sample holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &Sample { text: nul.into(), ..sample("x") })));
    expect!["MG2002: sample: a key cannot hold U+0000 (at byte 1), which PostgreSQL does not store"]
        .assert_eq(&refused(conn, |conn| graph.insert(conn, &sample(nul))));
    let any = |any| Sample { any, ..sample("x") };
    assert_eq!(refusal(conn, |conn| graph.insert(conn, &any(json!({nul: 1})))).code(), "MG2003");
    assert_eq!(refusal(conn, |conn| graph.insert(conn, &any(json!([[nul]])))).code(), "MG2003");
    assert_eq!(refusal(conn, |conn| graph.upsert(conn, &any(json!(nul)))).code(), "MG2003");
    assert_eq!(refusal(conn, |conn| graph.replace(conn, node, &any(json!(nul)))).code(), "MG2003");
    assert_eq!(refusal(conn, |conn| graph.update(conn, node, |node| node.text = nul.into())).code(), "MG2003");
    assert_eq!(refusal(conn, |conn| graph.patch(conn, node, &json!({"any": nul}))).code(), "MG2003");
    let linked = Linked { key: nul.into(), any: json!(1) };
    assert_eq!(refusal(conn, |conn| graph.connect(conn, node, node, &linked)).code(), "MG2002");
    expect![[r#"
        MG2003: metadata holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| graph.set_metadata_of(conn, node, &json!({"a": nul}))));
    expect![[r#"
        MG2003: metadata holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| graph.set_metadata(conn, json!(nul))));
    expect![[r#"
        MG2003: name holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| graph.rename(conn, nul)));
    expect![[r#"
        MG2003: name holds U+0000 in a text, which PostgreSQL does not store
        (remove U+0000 from the text, or encode it)"#]]
    .assert_eq(&refused(conn, |conn| Graph::<Samples>::open_or_create(conn, nul)));
    let actor = |name: &str, subject: &str| NewActor {
        kind: ActorKind::Agent,
        name: name.into(),
        subject: Some(subject.into()),
        metadata: json!({}),
    };
    assert_eq!(refusal(conn, |conn| actors::insert(conn, &actor(nul, "x"))).code(), "MG2003");
    assert_eq!(refusal(conn, |conn| actors::insert(conn, &actor("x", nul))).code(), "MG2003");
    assert_eq!(graph.get_by_key::<Sample>(conn, nul).unwrap(), None);
    assert_eq!(graph.get_edge_by_key::<Linked>(conn, nul).unwrap(), None);
    assert_eq!(actors::get_by_subject(conn, nul).unwrap(), None);
}

pub(crate) fn an_escape_that_only_looks_like_u0000_is_text(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let text = r"\u0000 \\u0000";
    let node = graph.insert(conn, &Sample { text: text.into(), any: json!({text: text}), ..sample(text) }).unwrap();
    assert_eq!(graph.get(conn, node).unwrap().unwrap().value.any, json!({text: text}));
}

pub(crate) fn numbers_at_their_limits_read_back_exactly(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let floats =
        [f64::MAX, f64::MIN, f64::MIN_POSITIVE, f64::EPSILON, 5e-324, 0.1 + 0.2, 1e23, -1.5e-10, 123_456_789.123];
    for (place, float) in floats.into_iter().enumerate() {
        let written = Sample {
            unsigned: u64::MAX,
            signed: i64::MIN,
            float,
            any: json!([u64::MAX, i64::MIN, i64::MAX, float]),
            ..sample(&place.to_string())
        };
        let node = graph.insert(conn, &written).unwrap();
        let read = graph.get(conn, node).unwrap().unwrap().value;
        assert_eq!(read.float.to_bits(), float.to_bits(), "{float:e} came back as {:e}", read.float);
        assert_eq!(read, written);
        assert_eq!(graph.upsert(conn, &written).unwrap().outcome, Outcome::Unchanged, "{float:e}");
    }
}

pub(crate) fn numbers_that_are_none_are_refused(conn: &mut impl Inspect) {
    let graph = samples(conn);
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(refusal(conn, |conn| graph.insert(conn, &Sample { float, ..sample("x") })).code(), "MG2001");
    }
}

pub(crate) fn attribute_names_are_only_names(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let names =
        ["0", "-1", "1e3", "__proto__", "constructor", "a.b", "$[0]", "a\"b", "a'b", "", " ", "key", "é", "{}", "\\"];
    let rest = names.iter().map(|name| ((*name).to_owned(), json!({*name: null}))).collect();
    let account = Account { name: "n".into(), trust: 0.5, aliases: Vec::new(), rest };
    let node = graph.insert(conn, &account).unwrap();
    assert_eq!(graph.get(conn, node).unwrap().unwrap().value, account);
    graph.patch(conn, node, &json!({"__proto__": 1, "0": {"deep": [null]}})).unwrap();
    let rest = graph.get(conn, node).unwrap().unwrap().value.rest;
    assert_eq!((&rest["__proto__"], &rest["0"]), (&json!(1), &json!({"0": null, "deep": [null]}).clone()));
    assert_eq!(rest.len(), names.len());
}

pub(crate) fn hundreds_of_attributes_survive_a_patch(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let rest = (0..500).map(|number| (format!("attribute {number}"), json!(number))).collect();
    let account = Account { name: "n".into(), trust: 0.5, aliases: Vec::new(), rest };
    let node = graph.insert(conn, &account).unwrap();
    graph.patch(conn, node, &json!({"attribute 7": "seven", "attribute 8": null})).unwrap();
    let mut expected = account;
    expected.rest.insert("attribute 7".into(), json!("seven"));
    expected.rest.remove("attribute 8");
    assert_eq!(graph.get(conn, node).unwrap().unwrap().value, expected);
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

pub(crate) fn nesting_is_readable_or_refused(conn: &mut impl Inspect) {
    let graph = samples(conn);
    let node = graph.insert(conn, &Sample { any: nested(100), ..sample("deep") }).unwrap();
    assert_eq!(graph.get(conn, node).unwrap().unwrap().value.any, nested(100));
    graph.set_metadata_of(conn, node, &nested(100)).unwrap();
    assert_eq!(graph.metadata_of(conn, node).unwrap(), nested(100));
    expect![[r#"
        MG2004: sample cannot be written as JSON: recursion limit exceeded at line 1 column 190
        (what nests deeper than 127 levels could not be read again)"#]]
    .assert_eq(&refused(conn, |conn| graph.insert(conn, &Sample { any: nested(500), ..sample("x") })));
    expect![[r#"
        MG2004: sample cannot be written as JSON: recursion limit exceeded at line 1 column 134
        (what nests deeper than 127 levels could not be read again)"#]]
    .assert_eq(&refused(conn, |conn| graph.patch(conn, node, &json!({"any": nested(500)}))));
    expect![[r#"
        MG2004: metadata cannot be written as JSON: recursion limit exceeded at line 1 column 128
        (what nests deeper than 127 levels could not be read again)"#]]
    .assert_eq(&refused(conn, |conn| graph.set_metadata_of(conn, node, &nested(500))));
    expect![[r#"
        MG2004: metadata cannot be written as JSON: recursion limit exceeded at line 1 column 128
        (what nests deeper than 127 levels could not be read again)"#]]
    .assert_eq(&refused(conn, |conn| graph.set_metadata(conn, nested(500))));
    let graph = NewGraph { metadata: nested(500), ..NewGraph::named("deep") };
    expect![[r#"
        MG2004: metadata cannot be written as JSON: recursion limit exceeded at line 1 column 128
        (what nests deeper than 127 levels could not be read again)"#]]
    .assert_eq(&refused(conn, |conn| Graph::<Samples>::create(conn, &graph)));
}

pub(crate) fn long_texts_are_stored(conn: &mut impl GraphConnection) {
    let graph = samples(conn);
    let text: String = (0..1_000_000_u32).map(|n| char::from_u32(0x4e00 + n % 20_000).unwrap()).collect();
    let node = graph.insert(conn, &Sample { text: text.clone(), ..sample("long") }).unwrap();
    assert!(graph.get(conn, node).unwrap().unwrap().value.text == text);
}

/// Text that no database can compress into an index entry.
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
    })
    .take(length)
    .collect()
}

pub(crate) fn indexed_texts_have_a_limit_and_say_so(conn: &mut impl Inspect) {
    let graph = samples(conn);
    let long = noise(10_000);
    expect!["MG2005: name has 10000 bytes, at most 1024 can be indexed"]
        .assert_eq(&refused(conn, |conn| graph.rename(conn, &long)));
    expect!["MG2005: name has 10000 bytes, at most 1024 can be indexed"]
        .assert_eq(&refused(conn, |conn| Graph::<Samples>::open_or_create(conn, &long)));
    let owned = NewGraph { owner: Some(long.clone()), ..NewGraph::named("owned") };
    expect!["MG2005: owner has 10000 bytes, at most 1024 can be indexed"]
        .assert_eq(&refused(conn, |conn| Graph::<Samples>::create(conn, &owned)));
    let actor = NewActor { kind: ActorKind::Agent, name: "x".into(), subject: Some(long.clone()), metadata: json!({}) };
    expect!["MG2005: subject has 10000 bytes, at most 1024 can be indexed"]
        .assert_eq(&refused(conn, |conn| actors::insert(conn, &actor)));
    graph.rename(conn, &noise(1024)).unwrap();
    assert_eq!(Graph::<Samples>::open(conn, &noise(1024)).unwrap().id(), graph.id());
}

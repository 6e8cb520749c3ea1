//! Random histories over the rules of a graph type.

use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::rules::{EdgeRules, Field, NodeRules, Rules, Values};
use super::step::{
    Draft, EdgeVerb, Found, GraphVerb, Load, Meanwhile, NodeVerb, Pick, RowVerb, Step, UniqueVerb, Via, Way,
};

/// Some people and two vaults, and then what comes.
pub(super) fn history(rules: &'static Rules) -> impl Strategy<Value = Vec<Step>> {
    let people = NodeVerb::InsertMany(vec![
        json!({"name": "a", "age": 1, "mail": "x@y", "house": 0, "door": 0}),
        json!({"name": "b' \"", "age": 1, "house": 0, "door": 1}),
        json!({"name": "ä%_", "age": 1}),
    ]);
    let vaults = NodeVerb::InsertMany([0, 1].map(|code| json!({"code": code})).to_vec());
    let begin = [Step::nodes(Via::Typed, "person", people), Step::nodes(Via::Dynamic, "vault", vaults)];
    // Now and then the same once more, as one who heard no answer would do.
    let step = (step(rules), prop_oneof![6 => Just(1), 1 => Just(2)]);
    prop::collection::vec(step, 1..15).prop_map(move |steps| {
        let steps = steps.into_iter().flat_map(|(step, times)| std::iter::repeat_n(step, times));
        begin.clone().into_iter().chain(steps).collect()
    })
}

fn step(rules: &'static Rules) -> impl Strategy<Value = Step> {
    let single = prop_oneof![
        6 => node_step(rules),
        10 => edge_step(rules),
        1 => graph_step(),
        1 => load(rules).prop_map(Step::Load),
    ]
    .boxed();
    let nested = prop::collection::vec(single.clone(), 1..4);
    let inner = prop_oneof![3 => single.clone(), 1 => together(nested)].boxed();
    prop_oneof![
        8 => single,
        1 => together(prop::collection::vec(inner, 1..5)),
    ]
}

fn together(steps: impl Strategy<Value = Vec<Step>>) -> impl Strategy<Value = Step> {
    (steps, any::<bool>()).prop_map(|(steps, commit)| Step::Together(steps, commit))
}

fn pick() -> BoxedStrategy<Pick> {
    prop_oneof![16 => 0..20_u8, 1 => 20..23_u8].boxed()
}

fn via() -> impl Strategy<Value = Via> {
    prop_oneof![2 => Just(Via::Typed), 1 => Just(Via::Dynamic)]
}

fn node_step(rules: &'static Rules) -> BoxedStrategy<Step> {
    let of = |kind: &'static NodeRules| {
        let value = || attributes(kind.fields);
        let values = || prop::collection::vec(value(), 0..4);
        let picks = || prop::collection::vec(pick(), 0..4);
        let verb = prop_oneof![
            4 => value().prop_map(NodeVerb::Insert),
            2 => values().prop_map(NodeVerb::InsertMany),
            3 => value().prop_map(NodeVerb::Upsert),
            2 => value().prop_map(NodeVerb::FindOrInsert),
            3 => values().prop_map(NodeVerb::UpsertMany),
            2 => values().prop_map(NodeVerb::FindOrInsertMany),
            6 => by(kind),
            9 => (pick(), row_verb(kind.fields)).prop_map(|(pick, verb)| NodeVerb::Row(pick, verb)),
            1 => picks().prop_map(NodeVerb::DeleteMany),
            1 => picks().prop_map(NodeVerb::GetMany),
            1 => key(kind.fields, kind.key).prop_map(NodeVerb::ByKey),
            1 => Just(NodeVerb::Count),
            1 => Just(NodeVerb::All),
            1 => (0..10_u8).prop_map(NodeVerb::Filter),
            3 => (found(), changes(kind.fields, false)).prop_map(|(found, changes)| NodeVerb::UpdateFound(found, changes)),
            3 => (found(), changes(kind.fields, false)).prop_map(|(found, changes)| NodeVerb::SetFound(found, changes)),
            1 => found().prop_map(NodeVerb::DeleteFound),
        ];
        (via(), verb).prop_map(|(via, verb)| Step::nodes(via, kind.name, verb)).boxed()
    };
    let [person, vault] = [&rules.nodes[0], &rules.nodes[1]];
    prop_oneof![2 => of(person), 1 => of(vault)].boxed()
}

fn edge_step(rules: &'static Rules) -> BoxedStrategy<Step> {
    let kinds: Vec<&'static EdgeRules> = rules.edges.iter().collect();
    let of = |kind: &'static EdgeRules| {
        let draft = || draft(kind);
        let drafts = || prop::collection::vec(draft(), 0..4);
        let limit = || option::of(0..3_u32);
        let picks = || prop::collection::vec(pick(), 0..4);
        let way = prop_oneof![Just(Way::Out), Just(Way::In), Just(Way::Both)];
        let verb = prop_oneof![
            8 => draft().prop_map(EdgeVerb::Connect),
            4 => drafts().prop_map(EdgeVerb::ConnectMany),
            4 => draft().prop_map(EdgeVerb::Upsert),
            2 => draft().prop_map(EdgeVerb::FindOrConnect),
            4 => drafts().prop_map(EdgeVerb::UpsertMany),
            2 => drafts().prop_map(EdgeVerb::FindOrConnectMany),
            6 => keyed(kind).prop_map(|verb| EdgeVerb::Keyed(Box::new(verb))),
            6 => (pick(), row_verb(kind.fields)).prop_map(|(pick, verb)| EdgeVerb::Row(pick, verb)),
            1 => (pick(), pick()).prop_map(|(source, target)| EdgeVerb::Disconnect(source, target)),
            1 => picks().prop_map(EdgeVerb::DeleteMany),
            1 => picks().prop_map(EdgeVerb::GetMany),
            1 => key(kind.fields, kind.key).prop_map(EdgeVerb::ByKey),
            1 => (pick(), pick()).prop_map(|(source, target)| EdgeVerb::Between(source, target)),
            1 => Just(EdgeVerb::Count),
            1 => Just(EdgeVerb::All),
            2 => (pick(), way).prop_map(|(pick, way)| EdgeVerb::Neighbours(pick, way)),
            2 => pick().prop_map(EdgeVerb::Reachable),
            2 => (limit(), changes(kind.fields, false)).prop_map(|(limit, changes)| EdgeVerb::UpdateFound(limit, changes)),
            1 => limit().prop_map(EdgeVerb::DeleteFound),
        ];
        (via(), verb).prop_map(|(via, verb)| Step::edges(via, kind.name, verb)).boxed()
    };
    prop::sample::select(kinds).prop_flat_map(of).boxed()
}

fn draft(kind: &'static EdgeRules) -> BoxedStrategy<Draft> {
    (pick(), pick(), attributes(kind.fields)).boxed()
}

/// What may be done between nodes that are named by key.
fn keyed(kind: &'static EdgeRules) -> BoxedStrategy<EdgeVerb> {
    let draft = || draft(kind);
    let drafts = || prop::collection::vec(draft(), 0..4);
    prop_oneof![
        3 => draft().prop_map(EdgeVerb::Connect),
        2 => drafts().prop_map(EdgeVerb::ConnectMany),
        2 => draft().prop_map(EdgeVerb::Upsert),
        1 => draft().prop_map(EdgeVerb::FindOrConnect),
        2 => drafts().prop_map(EdgeVerb::UpsertMany),
        1 => drafts().prop_map(EdgeVerb::FindOrConnectMany),
        1 => (pick(), pick()).prop_map(|(source, target)| EdgeVerb::Disconnect(source, target)),
        1 => (pick(), pick()).prop_map(|(source, target)| EdgeVerb::Between(source, target)),
    ]
    .boxed()
}

fn by(kind: &'static NodeRules) -> BoxedStrategy<NodeVerb> {
    let value = || attributes(kind.fields);
    let values = || prop::collection::vec(value(), 0..4);
    let verb = prop_oneof![
        1 => values().prop_map(UniqueVerb::GetMany),
        2 => value().prop_map(UniqueVerb::Upsert),
        1 => value().prop_map(UniqueVerb::FindOrInsert),
        2 => values().prop_map(UniqueVerb::UpsertMany),
        1 => values().prop_map(UniqueVerb::FindOrInsertMany),
    ];
    (0..kind.unique.len(), verb).prop_map(|(rule, verb)| NodeVerb::By(rule, verb)).boxed()
}

fn found() -> impl Strategy<Value = Found> {
    (0..10_u8, option::of(0..3_u32)).prop_map(|(filter, limit)| Found { filter, limit })
}

fn load(rules: &'static Rules) -> BoxedStrategy<Load> {
    let [person, vault] = [&rules.nodes[0], &rules.nodes[1]];
    let of = move |kind: &'static EdgeRules| {
        let people = prop::collection::vec(attributes(person.fields), 0..4);
        let vaults = prop::collection::vec(attributes(vault.fields), 0..2);
        let edges = prop::collection::vec(draft(kind), 0..5);
        (any::<bool>(), people, vaults, edges).prop_map(move |(once, people, vaults, edges)| Load {
            once,
            people,
            vaults,
            kind: kind.name,
            edges,
        })
    };
    prop::sample::select(rules.edges.iter().collect::<Vec<_>>()).prop_flat_map(of).boxed()
}

fn graph_step() -> BoxedStrategy<Step> {
    let verb = prop_oneof![
        2 => Just(GraphVerb::Archive(true)),
        6 => Just(GraphVerb::Archive(false)),
        1 => Just(GraphVerb::Clear),
        3 => Just(GraphVerb::Duplicate),
        3 => prop::collection::vec(pick(), 1..4).prop_map(GraphVerb::DeleteAny),
    ];
    (via(), verb).prop_map(|(via, verb)| Step::Graph(via, verb)).boxed()
}

fn row_verb(fields: &'static [Field]) -> BoxedStrategy<RowVerb> {
    let age = || prop_oneof![2 => Just(0_i64), 1 => -1..3_i64];
    prop_oneof![
        4 => changes(fields, false).prop_map(RowVerb::Update),
        2 => (age(), changes(fields, false)).prop_map(|(age, changes)| RowVerb::UpdateIf(age, changes)),
        2 => attributes(fields).prop_map(RowVerb::Replace),
        2 => (age(), attributes(fields)).prop_map(|(age, value)| RowVerb::ReplaceIf(age, value)),
        3 => changes(fields, true).prop_map(RowVerb::Patch),
        3 => Just(RowVerb::Delete),
        1 => any::<u8>().prop_map(|number| RowVerb::SetMetadata(json!({"number": number}))),
        1 => Just(RowVerb::Metadata),
        2 => Just(RowVerb::Get),
        1 => Just(RowVerb::Exists),
        3 => (meanwhile(fields), changes(fields, false)).prop_map(|(meanwhile, changes)| RowVerb::Save(meanwhile, changes)),
    ]
    .boxed()
}

fn meanwhile(fields: &'static [Field]) -> BoxedStrategy<Meanwhile> {
    prop_oneof![
        4 => Just(Meanwhile::Nothing),
        2 => changes(fields, false).prop_map(Meanwhile::Update),
        1 => Just(Meanwhile::Delete),
    ]
    .boxed()
}

fn value(field: &Field) -> BoxedStrategy<Value> {
    match field.values {
        Values::Texts(texts) => prop::sample::select(texts).prop_map(Value::from).boxed(),
        Values::Below(limit) => (0..limit).prop_map(Value::from).boxed(),
        Values::UpToNine => prop_oneof![20 => 0..10_u8, 1 => Just(10)].prop_map(Value::from).boxed(),
    }
}

/// All attributes of a row; what is optional may be missing, or null.
fn attributes(fields: &'static [Field]) -> BoxedStrategy<Value> {
    let members: Vec<BoxedStrategy<Option<(String, Value)>>> = fields
        .iter()
        .map(|field| {
            let named = value(field).prop_map(|value| Some((field.name.to_owned(), value)));
            if field.optional {
                prop_oneof![3 => named, 2 => Just(None), 1 => Just(Some((field.name.to_owned(), Value::Null)))].boxed()
            } else {
                named.boxed()
            }
        })
        .collect();
    members.prop_map(object).boxed()
}

/// Some attributes of a row; a patch may also remove any, and name one that is not there.
fn changes(fields: &'static [Field], patch: bool) -> BoxedStrategy<Value> {
    let mut members: Vec<BoxedStrategy<Option<(String, Value)>>> = fields
        .iter()
        .map(|field| {
            let value = if field.optional || patch {
                prop_oneof![if field.optional { 3 } else { 20 } => value(field), 1 => Just(Value::Null)].boxed()
            } else {
                value(field)
            };
            option::of(value.prop_map(|value| (field.name.to_owned(), value))).boxed()
        })
        .collect();
    if patch {
        members.push(option::weighted(0.03, Just(("nothing".to_owned(), json!(1)))).boxed());
    }
    members.prop_map(object).boxed()
}

fn object(members: Vec<Option<(String, Value)>>) -> Value {
    Value::Object(members.into_iter().flatten().collect::<Map<_, _>>())
}

/// A key that rows may have, or one that none has.
fn key(fields: &'static [Field], key: Option<&'static str>) -> BoxedStrategy<String> {
    match fields.iter().find(|field| Some(field.name) == key) {
        Some(field) => value(field).prop_map(|key| key.as_str().map_or_else(|| key.to_string(), str::to_owned)).boxed(),
        None => Just("nothing".to_owned()).boxed(),
    }
}

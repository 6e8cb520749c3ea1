//! Attributes that the database never sees.

mod evolution;
mod find;
mod leaks;
mod rotation;
mod tampering;
mod vault;

use expect_test::expect;
use metagraph::encryption::{Encrypted, OpenError};
use metagraph::prelude::*;
use metagraph::row::NewNode;
use metagraph::{DynamicGraph, document::CompiledType};
use serde_json::{Value, json};

pub(crate) use self::evolution::*;
pub(crate) use self::find::*;
pub(crate) use self::rotation::*;
pub(crate) use self::tampering::*;
pub(crate) use self::vault::*;
use crate::refusal::{refused, told};
use crate::scenarios::{Holder, Lends, Safe, holder, ring, safe, token_of};
use crate::store::Inspect;

fn node(attributes: Value) -> NewNode {
    NewNode { node_type: "holder".into(), attributes }
}

pub(crate) fn what_is_sealed_comes_back_with_the_key(conn: &mut impl Inspect) {
    let (graph, ring) = (safe(conn), ring(1));
    let pin = Encrypted::seal(&4711, &ring, &Holder::F.pin.context::<Safe>("mara")).unwrap();
    let mara = graph.insert(conn, &Holder { pin: Some(pin), ..holder("mara", "s3cr3t", &ring) }).unwrap();
    let noor = graph.insert(conn, &holder("noor", "t0ken", &ring)).unwrap();
    let code = Encrypted::seal("c0de", &ring, &Lends::F.code.context::<Safe>("mara->noor")).unwrap();
    let lends = graph.connect(conn, mara, noor, &Lends { code }).unwrap();

    let read = graph.get(conn, mara).unwrap().unwrap().value;
    assert_eq!(read.token.open(&ring, &token_of("mara")).unwrap().expose(), "s3cr3t");
    let pin = read.pin.unwrap().open(&ring, &Holder::F.pin.context::<Safe>("mara")).unwrap();
    assert_eq!(*pin.expose(), 4711);
    let code = graph.get(conn, lends).unwrap().unwrap().value.code;
    assert_eq!(code.open(&ring, &Lends::F.code.context::<Safe>("mara->noor")).unwrap().expose(), "c0de");
    for stored in conn.texts("SELECT CAST(attributes AS text) AS answer FROM __metagraph_nodes") {
        assert!(!stored.contains("s3cr3t") && !stored.contains("4711"), "{stored}");
    }
}

pub(crate) fn a_sealed_value_changes_like_any_other(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    let mara = graph.insert(conn, &holder("mara", "one", &ring)).unwrap();
    let again = holder("mara", "two", &ring).token;
    assert_eq!(graph.update(conn, mara, |holder| holder.token = again.clone()).unwrap(), 2);
    assert_eq!(graph.update(conn, mara, |holder| holder.plan = "paid".into()).unwrap(), 3);
    let same = graph.nodes::<Holder>().update(conn, |holder| holder.token = again.clone()).unwrap();
    assert_eq!(same, 0, "the same envelope is no change");
    let read = graph.get(conn, mara).unwrap().unwrap().value;
    assert_eq!(read.token, again, "and stays the same when others change");
    assert_eq!(read.token.open(&ring, &token_of("mara")).unwrap().expose(), "two");
}

pub(crate) fn queries_ask_what_can_be_asked(conn: &mut impl GraphConnection) {
    let graph = safe(conn);
    let pin = Encrypted::seal(&1, &ring(2), &Holder::F.pin.context::<Safe>("old")).unwrap();
    graph.insert(conn, &Holder { pin: Some(pin), ..holder("old", "t", &ring(1)) }).unwrap();
    graph.insert(conn, &holder("new", "t", &ring(2))).unwrap();
    let names = |query: metagraph::NodeQuery<'_, Holder>, conn: &mut _| {
        query.order_by(|h| h.name.asc()).select(|h| h.name).load(conn).unwrap()
    };
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.token.key_version().ne(2)), conn), ["old"]);
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.pin.is_null()), conn), ["new"]);
    assert_eq!(names(graph.nodes::<Holder>().filter(|h| h.pin.is_not_null()), conn), ["old"]);
    let tokens: Vec<Encrypted<String>> = graph.nodes::<Holder>().select(|h| h.token).load(conn).unwrap();
    assert_eq!(tokens.iter().map(Encrypted::key_version).max(), Some(2));
}

pub(crate) fn what_is_not_sealed_is_refused_and_not_shown(conn: &mut impl Inspect) {
    let (graph, ring) = (safe(conn), ring(1));
    let dynamic = DynamicGraph::open(conn, "safe", "safe").unwrap();
    let plain = json!({"name": "mara", "plan": "free", "token": "hunter2", "pin": 1234, "email": null, "city": null});
    let refusal = refused(conn, |conn| dynamic.insert(conn, &node(plain.clone())));
    let expected = expect![[
        r#"MG2001: holder does not fit its schema: /pin: what is there is not valid under any of the schemas listed in the 'anyOf' keyword; /token: what is there is not of type "object""#
    ]];
    expected.assert_eq(&refusal);
    let envelope = serde_json::to_value(&holder("mara", "x", &ring).token).unwrap();
    for (member, wrong) in [
        ("iv", json!("AAAA")),
        ("salt", json!("not base64!")),
        ("data", json!("AAAA")),
        ("keyVersion", json!(-1)),
        ("keyVersion", json!("hunter2")),
        ("password", json!("hunter2")),
        ("find", json!("hunter2")),
    ] {
        let mut damaged = envelope.clone();
        damaged[member] = wrong;
        let row = json!({"name": "mara", "plan": "free", "token": damaged});
        let refusal = refused(conn, |conn| dynamic.insert(conn, &node(row.clone())));
        assert!(refusal.contains("/token") && !refusal.contains("hunter2"), "{refusal}");
    }
    let sealed = json!({"name": "mara", "plan": "free", "token": envelope});
    dynamic.insert(conn, &node(sealed)).unwrap();

    // Somebody writes past the library.
    conn.run("UPDATE __metagraph_nodes SET attributes = '{\"name\":\"mara\",\"plan\":\"free\",\"token\":\"hunter2\"}'");
    let unreadable = graph.get_by_key::<Holder>(conn, "mara").unwrap_err();
    let said = told(&unreadable);
    // Where in the text it was depends on who stored it.
    let (message, _) = said.split_once(" at line").unwrap();
    assert_eq!(
        message,
        "MG4001: a stored holder does not fit its Rust type: this is no sealed value: it is not an object"
    );
    assert!(!format!("{unreadable:?}").contains("hunter2"));
    let report = metagraph::integrity::check(conn).unwrap().to_string();
    assert!(report.contains("/token") && !report.contains("hunter2"), "{report}");
}

/// Members of what was not sealed.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Card {
    #[graph(key)]
    name: String,
    numbers: Encrypted<Vec<String>>,
}

/// What hides what is sealed.
#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Drawer {
    tokens: Vec<Encrypted<String>>,
}

type Token = Encrypted<String>;

#[derive(Debug, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
struct Alias {
    token: Token,
}

#[derive(Debug, GraphType)]
#[graph(name = "cards")]
enum Cards {
    Card(Card),
}

#[derive(Debug, GraphType)]
#[graph(name = "hidden")]
enum Unseen {
    Drawer(Drawer),
    Alias(Alias),
}

pub(crate) fn names_of_members_are_not_shown(conn: &mut impl Inspect) {
    metagraph::sync::<Cards, _>(conn).unwrap();
    let dynamic = DynamicGraph::open_or_create(conn, "cards", "cards").unwrap();
    let attributes = json!({"name": "mara", "numbers": {"4111-1111": 5}});
    let refusal = refused(conn, |conn| {
        dynamic.insert(conn, &NewNode { node_type: "card".into(), attributes: attributes.clone() })
    });
    assert!(refusal.contains("/numbers") && !refusal.contains("4111"), "{refusal}");
}

pub(crate) fn what_is_sealed_is_an_attribute_of_its_own(_: &mut impl Inspect) {
    let refused = CompiledType::of::<Unseen>().unwrap_err().to_string();
    let expected = expect![[r#"
        the graph type `hidden` cannot be stored
          `drawer`: the attribute `tokens` of `..::Drawer` has something sealed inside of it, which nobody could find and seal anew; write `Encrypted<..>` around all of it, as an attribute of its own
          `alias`: the attribute `token` (field `token` of `..::Alias`) is stored sealed, which the derive cannot see from its type; write `Encrypted<..>` or `Option<Encrypted<..>>` there, not another name for it"#]];
    expected.assert_eq(&refused.replace(module_path!(), ".."));
}

pub(crate) fn rows_of_other_implementations_are_read(conn: &mut impl Inspect) {
    let (graph, ring) = (safe(conn), ring(1));
    let dynamic = DynamicGraph::open(conn, "safe", "safe").unwrap();
    let mut envelope = serde_json::to_value(&holder("mara", "s3cr3t", &ring).token).unwrap();
    let version = envelope.as_object_mut().unwrap().remove("keyVersion").unwrap();
    envelope["key_version"] = version;
    dynamic.insert(conn, &node(json!({"name": "mara", "plan": "free", "token": envelope}))).unwrap();
    let read = graph.get_by_key::<Holder>(conn, "mara").unwrap().unwrap();
    assert_eq!(read.value.token.open(&ring, &token_of("mara")).unwrap().expose(), "s3cr3t");
    graph.update(conn, read.id, |holder| holder.plan = "paid".into()).unwrap();
    let stored = &dynamic.node(conn, read.id.raw()).unwrap().unwrap().attributes["token"];
    assert_eq!((&stored["keyVersion"], stored.get("key_version")), (&json!(1), None), "the usual name is written");
}

pub(crate) fn what_is_said_of_sealed_values_says_nothing(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    let mara = graph.insert(conn, &holder("mara", "s3cr3t", &ring)).unwrap();
    let read = graph.get(conn, mara).unwrap().unwrap();
    let secret = read.value.token.open(&ring, &token_of("mara")).unwrap();
    let said = format!("{read:?} {secret:?} {ring:?} {:?}", read.value.token.envelope());
    assert!(said.contains("Encrypted(version 1)") && !said.contains("s3cr3t"), "{said}");
    let data = serde_json::to_value(&read.value.token).unwrap()["data"].as_str().unwrap().to_owned();
    assert!(!said.contains(&data), "{said}");
    let diagram = CompiledType::of::<Safe>().unwrap().document().to_mermaid();
    assert!(diagram.contains("token sealed") && diagram.contains("email sealed"), "{diagram}");
}

pub(crate) fn without_a_key_nothing_opens(conn: &mut impl GraphConnection) {
    let graph = safe(conn);
    let mara = graph.insert(conn, &holder("mara", "s3cr3t", &ring(2))).unwrap();
    let token = graph.get(conn, mara).unwrap().unwrap().value.token;
    let unknown = token.open(&ring(1), &token_of("mara")).unwrap_err();
    assert_eq!(unknown, OpenError::UnknownVersion { version: 2 });
    let expected = expect!["MG2009: the key ring has no key of version 2; keep old keys until no value needs them"];
    expected.assert_eq(&told(&metagraph::Error::from(unknown)));
}

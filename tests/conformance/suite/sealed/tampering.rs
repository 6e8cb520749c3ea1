//! Whatever is done to a stored value, it opens as it was sealed or not at all.

use metagraph::encryption::{Encrypted, Findable, Key, OpenError, StaticKeyRing};
use metagraph::prelude::*;
use metagraph::{DynamicGraph, row::NewGraph};
use serde_json::{Value, json};

use crate::scenarios::{Holder, OtherSafe, Robot, Safe, holder, key, ring, safe, token_of, with_email};

/// Puts an envelope in the place of a token past the library, and opens what is read back.
fn opened(
    conn: &mut impl GraphConnection,
    graph: &Graph<Safe>,
    name: &str,
    envelope: &Value,
    ring: &StaticKeyRing,
) -> Result<String, OpenError> {
    let dynamic = DynamicGraph::open(conn, "safe", "safe").unwrap();
    let id = graph.get_by_key::<Holder>(conn, name).unwrap().unwrap().id;
    dynamic.replace_node(conn, id.raw(), &json!({"name": name, "plan": "free", "token": envelope})).unwrap();
    let token = graph.get(conn, id).unwrap().unwrap().value.token;
    token.open(ring, &token_of(name)).map(|secret| secret.expose().clone())
}

fn flipped(envelope: &Value, member: &str, byte: usize) -> Value {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let mut bytes = base64.decode(envelope[member].as_str().unwrap()).unwrap();
    bytes[byte] ^= 1;
    let mut other = envelope.clone();
    other[member] = base64.encode(bytes).into();
    other
}

pub(crate) fn a_changed_byte_keeps_a_value_from_opening(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    graph.insert(conn, &holder("mara", "s3cr3t", &ring)).unwrap();
    let envelope = serde_json::to_value(&holder("mara", "s3cr3t", &ring).token).unwrap();
    assert_eq!(opened(conn, &graph, "mara", &envelope, &ring).as_deref(), Ok("s3cr3t"));
    // The data is the text in quotes, with a tag behind it.
    for (member, bytes) in [("salt", 16), ("iv", 12), ("data", 8 + 16)] {
        for byte in 0..bytes {
            let changed = flipped(&envelope, member, byte);
            let outcome = opened(conn, &graph, "mara", &changed, &ring);
            assert_eq!(outcome, Err(OpenError::Refused), "{member} {byte}");
        }
    }
    let mut shorter = envelope.clone();
    shorter["data"] = json!("AAAAAAAAAAAAAAAAAAAAAA==");
    assert_eq!(opened(conn, &graph, "mara", &shorter, &ring), Err(OpenError::Refused));
}

pub(crate) fn a_tag_opens_nothing_but_its_own_value(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    let context = |name: &str| Holder::F.email.context::<Safe>(name);
    let sealed = |name: &str, email: &str| with_email(name, email, &ring).email.unwrap();
    graph.insert(conn, &with_email("mara", "mara@x", &ring)).unwrap();
    let other = serde_json::to_value(sealed("mara", "noor@x")).unwrap();
    let envelope = serde_json::to_value(sealed("mara", "mara@x")).unwrap();
    let mut swapped = envelope.clone();
    swapped["find"] = other["find"].clone();
    for changed in [flipped(&envelope, "find", 0), flipped(&envelope, "find", 31), swapped] {
        let changed: Encrypted<String, Findable> = serde_json::from_value(changed).unwrap();
        let id = graph.get_by_key::<Holder>(conn, "mara").unwrap().unwrap().id;
        graph.update(conn, id, |holder| holder.email = Some(changed.clone())).unwrap();
        let read = graph.get(conn, id).unwrap().unwrap().value.email.unwrap();
        assert_eq!(read.open(&ring, &context("mara")).unwrap_err(), OpenError::Refused);
    }
    let mut stripped = envelope.clone();
    stripped.as_object_mut().unwrap().remove("find");
    let stripped: Encrypted<String> = serde_json::from_value(stripped).unwrap();
    assert_eq!(stripped.open(&ring, &context("mara")).unwrap_err(), OpenError::Refused);
    let whole: Encrypted<String, Findable> = serde_json::from_value(envelope).unwrap();
    assert_eq!(whole.open(&ring, &context("mara")).unwrap().expose(), "mara@x");
}

pub(crate) fn another_version_or_scheme_keeps_a_value_from_opening(conn: &mut impl GraphConnection) {
    let graph = safe(conn);
    let raw = || Key::raw([1; 32]);
    // The same bytes under other versions, and in another scheme: only the name differs.
    let ring = StaticKeyRing::new(1, [(1, key(1)), (2, key(1)), (3, key(3)), (4, raw())]).unwrap();
    graph.insert(conn, &holder("mara", "s3cr3t", &ring)).unwrap();
    let envelope = serde_json::to_value(&holder("mara", "s3cr3t", &ring).token).unwrap();
    for version in [2, 3, 4] {
        let mut other = envelope.clone();
        other["keyVersion"] = version.into();
        assert_eq!(opened(conn, &graph, "mara", &other, &ring), Err(OpenError::Refused), "version {version}");
    }
    for scheme in [json!("metagraph-2"), json!(""), Value::Null] {
        let mut other = envelope.clone();
        other["scheme"] = scheme.clone();
        if scheme.is_null() {
            other.as_object_mut().unwrap().remove("scheme");
        }
        assert_eq!(opened(conn, &graph, "mara", &other, &ring), Err(OpenError::Refused), "scheme {scheme}");
    }
    // What no key binds to a place cannot pass for what one does.
    let plain = StaticKeyRing::new(4, [(4, raw())]).unwrap();
    let mut raw = serde_json::to_value(&holder("mara", "s3cr3t", &plain).token).unwrap();
    assert_eq!(opened(conn, &graph, "mara", &raw, &ring).as_deref(), Ok("s3cr3t"));
    raw["scheme"] = json!("metagraph-1");
    assert_eq!(opened(conn, &graph, "mara", &raw, &ring), Err(OpenError::Refused));
}

pub(crate) fn a_value_opens_only_where_it_was_sealed(conn: &mut impl GraphConnection) {
    let (graph, ring) = (safe(conn), ring(1));
    graph.insert(conn, &holder("mara", "of mara", &ring)).unwrap();
    graph.insert(conn, &holder("noor", "of noor", &ring)).unwrap();
    let seal = |context| Encrypted::<String>::seal("of a robot", &ring, &context).unwrap();
    let robot = Robot {
        name: "mara".into(),
        token: seal(Robot::F.token.context::<Safe>("mara")),
        spare: seal(Robot::F.spare.context::<Safe>("mara")),
    };
    let robot = graph.insert(conn, &robot).unwrap();
    metagraph::sync::<OtherSafe, _>(conn).unwrap();
    let other = Graph::<OtherSafe>::create(conn, &NewGraph::named("other")).unwrap();
    let elsewhere = Encrypted::seal("elsewhere", &ring, &Holder::F.token.context::<OtherSafe>("mara")).unwrap();
    let elsewhere = other.insert(conn, &Holder { token: elsewhere, ..holder("mara", "", &ring) }).unwrap();

    let of = |holder: Holder| serde_json::to_value(holder.token).unwrap();
    let mara = of(graph.get_by_key::<Holder>(conn, "mara").unwrap().unwrap().value);
    let noor = of(graph.get_by_key::<Holder>(conn, "noor").unwrap().unwrap().value);
    let robot = graph.get(conn, robot).unwrap().unwrap().value;
    let (token, spare) = (serde_json::to_value(&robot.token).unwrap(), serde_json::to_value(&robot.spare).unwrap());
    let elsewhere = of(other.get(conn, elsewhere).unwrap().unwrap().value);
    for (from, envelope) in [
        ("another node", &noor),
        ("another type", &token),
        ("another attribute", &spare),
        ("another graph type", &elsewhere),
    ] {
        assert_eq!(opened(conn, &graph, "mara", envelope, &ring), Err(OpenError::Refused), "{from}");
    }
    assert_eq!(opened(conn, &graph, "noor", &mara, &ring), Err(OpenError::Refused));
    assert_eq!(opened(conn, &graph, "mara", &mara, &ring).as_deref(), Ok("of mara"));
    assert!(robot.spare.open(&ring, &Robot::F.token.context::<Safe>("mara")).is_err());
    assert!(robot.spare.open(&ring, &Robot::F.spare.context::<Safe>("mara")).is_ok());
}

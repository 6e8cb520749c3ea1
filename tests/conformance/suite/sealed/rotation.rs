//! Values on their way to a new key.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use metagraph::encryption::{Encrypted, FindKey, Key, KeyRing, OpenError, StaticKeyRing, UnopenedReason};
use metagraph::load::Commit;
use metagraph::prelude::*;
use metagraph::row::GraphStatus;
use metagraph::{Error, Retry};
use serde_json::json;

use crate::harness::{Child, Work};
use crate::scenarios::{Holder, Lends, Safe, holder, key, ring, safe, token_of, with_email};
use crate::store::{Inspect, Store};

fn versions(conn: &mut impl GraphConnection, graph: &Graph<Safe>) -> Vec<Option<u32>> {
    graph.nodes::<Holder>().order_by(|h| h.name.asc()).select(|h| h.token.key_version()).load(conn).unwrap()
}

pub(crate) fn values_move_to_the_current_key(conn: &mut impl GraphConnection) {
    let graph = safe(conn);
    graph.insert_many(conn, (0..25).map(|n| holder(&format!("h{n:02}"), &format!("t{n}"), &ring(1)))).unwrap();
    graph.insert(conn, &holder("new", "t", &ring(2))).unwrap();
    let mut told = Vec::new();
    let ring = ring(2);
    let rotation = graph.nodes::<Holder>().rotation(|h| h.token, &ring).batch(10);
    let rotated = rotation.on_progress(|progress| told.push((progress.resealed, progress.waiting))).run(conn).unwrap();
    assert_eq!((rotated.resealed, rotated.refused), (25, 0));
    assert_eq!(told, [(10, 15), (20, 5), (25, 0)]);
    assert_eq!(versions(conn, &graph), [Some(2); 26]);
    let seven = graph.get_by_key::<Holder>(conn, "h07").unwrap().unwrap();
    assert_eq!((seven.value.plan.as_str(), seven.version), ("free", 2));
    assert_eq!(seven.value.token.open(&ring, &token_of("h07")).unwrap().expose(), "t7");
    assert_eq!(graph.nodes::<Holder>().rotation(|h| h.token, &ring).run(conn).unwrap().resealed, 0);
    let none = graph.nodes::<Holder>().rotation(|h| h.pin, &ring).run(conn).unwrap();
    assert_eq!((none.resealed, none.refused), (0, 0), "what is not there is not sealed");
}

pub(crate) fn what_does_not_open_is_named_and_left(conn: &mut impl Inspect) {
    let graph = safe(conn);
    graph.insert(conn, &holder("good", "t", &ring(1))).unwrap();
    let foreign = StaticKeyRing::new(1, [(1, key(77))]).unwrap();
    graph.insert(conn, &holder("foreign", "t", &foreign)).unwrap();
    let lost = StaticKeyRing::new(9, [(9, key(9))]).unwrap();
    let gone = graph.insert(conn, &holder("lost", "t", &lost)).unwrap();
    graph.insert(conn, &holder("plain", "t", &ring(1))).unwrap();
    conn.run(
        "UPDATE __metagraph_nodes SET attributes = '{\"name\":\"plain\",\"plan\":\"free\",\"token\":\"hunter2\"}' \
         WHERE key = 'plain'",
    );
    let ring = ring(2);
    let rotated = graph.nodes::<Holder>().rotation(|h| h.token, &ring).run(conn).unwrap();
    assert_eq!((rotated.resealed, rotated.refused, rotated.samples.len()), (1, 3, 3));
    let reason = |name: &str| {
        let sample = rotated.samples.iter().find(|sample| sample.key.as_deref() == Some(name)).unwrap();
        sample.reason.clone()
    };
    assert_eq!(reason("foreign"), UnopenedReason::Open(OpenError::Refused));
    assert_eq!(reason("lost"), UnopenedReason::Open(OpenError::UnknownVersion { version: 9 }));
    assert_eq!(reason("plain").to_string(), "this is no sealed value: it is not an object");
    assert!(!format!("{rotated:?}").contains("hunter2"));
    assert_eq!(graph.get(conn, gone).unwrap().unwrap().version, 1);
}

pub(crate) fn owners_and_edges_are_as_they_were_sealed(conn: &mut impl GraphConnection) {
    let (graph, old) = (safe(conn), ring(1));
    let sealed = Encrypted::seal("t", &old, &token_of("tenant 7")).unwrap();
    let mara =
        graph.insert(conn, &Holder { token: sealed, plan: "tenant 7".into(), ..holder("mara", "", &old) }).unwrap();
    let noor = graph.insert(conn, &holder("noor", "t", &old)).unwrap();
    let code = Encrypted::seal("c0de", &old, &Lends::F.code.context::<Safe>("edge")).unwrap();
    let lends = graph.connect(conn, mara, noor, &Lends { code }).unwrap();
    let ring = ring(2);
    let of_tenants = graph.nodes::<Holder>().filter(|h| h.plan.starts_with("tenant"));
    let rotated = of_tenants.rotation(|h| h.token, &ring).owner(|holder| holder.plan.clone()).run(conn).unwrap();
    assert_eq!((rotated.resealed, rotated.refused), (1, 0));
    let nobody = graph.edges::<Lends>().rotation(|l| l.code, &ring).run(conn).unwrap_err();
    assert!(nobody.to_string().contains("say who does, with `owner`"), "{nobody}");
    let rotated = graph.edges::<Lends>().rotation(|l| l.code, &ring).owner(|_| "edge".into()).run(conn).unwrap();
    assert_eq!(rotated.resealed, 1);
    let code = graph.get(conn, lends).unwrap().unwrap().value.code;
    assert_eq!(code.open(&ring, &Lends::F.code.context::<Safe>("edge")).unwrap().expose(), "c0de");
    assert_eq!(graph.get(conn, noor).unwrap().unwrap().value.token.key_version(), 1, "the filter said so");
}

pub(crate) fn a_new_key_for_equality_needs_all_values(conn: &mut impl GraphConnection) {
    let (graph, old) = (safe(conn), ring(1));
    graph.insert_many(conn, ["ann", "bob"].map(|name| with_email(name, &format!("{name}@x"), &old))).unwrap();
    let ring = old.with_find_key(FindKey::new([98; 32]));
    let sought = Holder::F.email.sought::<Safe>("ann@x", &ring).unwrap();
    let by_email = graph.by::<Holder, _>(|h| h.email);
    assert!(by_email.get(conn, &sought).unwrap().is_none());
    assert_eq!(graph.nodes::<Holder>().rotation(|h| h.email, &ring).run(conn).unwrap().resealed, 0);
    let rotation = graph.nodes::<Holder>().rotation(|h| h.email, &ring).whatever_version();
    assert_eq!(rotation.run(conn).unwrap().resealed, 2);
    assert_eq!(by_email.get(conn, &sought).unwrap().unwrap().key, "ann");
}

/// A ring that lacks what it calls the current key.
struct Empty;

impl KeyRing for Empty {
    fn current(&self) -> u32 {
        2
    }

    fn key(&self, version: u32) -> Option<Key> {
        ring(1).key(version)
    }
}

pub(crate) fn a_rotation_is_refused_as_a_whole(conn: &mut impl GraphConnection) {
    let graph = safe(conn);
    graph.insert(conn, &holder("mara", "t", &ring(1))).unwrap();
    let refused = graph.nodes::<Holder>().rotation(|h| h.token, &Empty).run(conn).unwrap_err();
    assert!(matches!(refused, Error::Sealing(_)), "{refused}");
    let ring = ring(2);
    let some = graph.nodes::<Holder>().limit(1).rotation(|h| h.token, &ring).run(conn).unwrap_err();
    assert!(some.to_string().contains("leave limit"), "{some}");
    graph.set_status(conn, GraphStatus::Archived).unwrap();
    let archived = graph.nodes::<Holder>().rotation(|h| h.token, &ring).run(conn).unwrap_err();
    assert!(matches!(archived, Error::GraphArchived { .. }), "{archived}");
    graph.set_status(conn, GraphStatus::Active).unwrap();
    conn.transaction(|conn| graph.nodes::<Holder>().rotation(|h| h.token, &ring).run(conn).map(drop)).unwrap();
    assert_eq!(versions(conn, &graph), [Some(2)]);
}

/// A ring that gets a newer key each time it is asked for the current one.
struct Restless(std::cell::Cell<u8>);

impl KeyRing for Restless {
    fn current(&self) -> u32 {
        self.0.set((self.0.get() + 1).min(40));
        self.0.get().into()
    }

    fn key(&self, version: u32) -> Option<Key> {
        ring(40).key(version)
    }
}

pub(crate) fn a_rotation_ends_whatever_becomes_of_the_ring(conn: &mut impl GraphConnection) {
    let graph = safe(conn);
    graph.insert_many(conn, (0..5).map(|n| holder(&format!("h{n}"), "t", &ring(1)))).unwrap();
    let restless = Restless(1.into());
    let rotated = graph.nodes::<Holder>().rotation(|h| h.token, &restless).batch(1).run(conn).unwrap();
    assert_eq!(rotated.resealed, 5);
    assert_eq!(versions(conn, &graph), [Some(2); 5]);
}

pub(crate) fn a_row_that_nobody_can_read_is_named_and_passed_over(conn: &mut impl Inspect) {
    let graph = safe(conn);
    graph.insert_many(conn, ["a", "b"].map(|name| holder(name, "t", &ring(1)))).unwrap();
    conn.run("UPDATE __metagraph_nodes SET attributes = '{\"name\":\"a\",\"token\":\"hunter2\"}' WHERE key = 'a'");
    let ring = ring(2);
    let rotation = graph.nodes::<Holder>().rotation(|h| h.token, &ring).owner(|holder| holder.name.clone());
    let rotated = rotation.run(conn).unwrap();
    assert_eq!((rotated.resealed, rotated.refused), (1, 1));
    assert_eq!(
        (rotated.samples[0].key.as_deref(), &rotated.samples[0].reason),
        (Some("a"), &UnopenedReason::Unreadable)
    );
}

pub(crate) fn equal_values_under_two_keys_are_named_when_they_meet(conn: &mut impl GraphConnection) {
    let (graph, old) = (safe(conn), ring(1));
    let ring = ring(1).with_find_key(FindKey::new([98; 32]));
    graph.insert(conn, &with_email("ann", "a@x", &old)).unwrap();
    graph.insert(conn, &with_email("nan", "a@x", &ring)).unwrap();
    graph.insert(conn, &with_email("bob", "b@x", &old)).unwrap();
    let rotation = graph.nodes::<Holder>().rotation(|h| h.email, &ring).whatever_version();
    let rotated = rotation.run(conn).unwrap();
    assert_eq!((rotated.resealed, rotated.refused), (2, 1));
    assert_eq!((rotated.samples[0].key.as_deref(), &rotated.samples[0].reason), (Some("ann"), &UnopenedReason::Taken));
    let sought = Holder::F.email.sought::<Safe>("b@x", &ring).unwrap();
    assert_eq!(graph.by::<Holder, _>(|h| h.email).get(conn, &sought).unwrap().unwrap().key, "bob");
}

const VALUES: usize = 100_000;

/// Seals what has another key, and tells after each batch how many.
pub(crate) fn rotate(conn: &mut impl GraphConnection, mut tell: impl FnMut(usize)) -> usize {
    let graph = Graph::<Safe>::open(conn, "safe").unwrap();
    let ring = ring(2);
    let rotation = graph.nodes::<Holder>().rotation(|h| h.token, &ring);
    let rotation = rotation.on_progress(|progress| tell(usize::try_from(progress.resealed).unwrap()));
    usize::try_from(rotation.run(conn).unwrap().resealed).unwrap()
}

fn name(number: usize) -> String {
    format!("h{number}")
}

/// Writes tokens until told to stop, and returns the last of each holder.
fn write_tokens<S: Store>(
    store: &S,
    who: usize,
    ring: &StaticKeyRing,
    stop: &AtomicBool,
    last: &Mutex<HashMap<usize, String>>,
) {
    let conn = &mut store.connect();
    let graph = Graph::<Safe>::open(conn, "safe").unwrap();
    for round in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let number = (round * 7919 + who * 101) % (VALUES / 3) * 3 + who;
        let token = format!("round {round}");
        let sealed = Encrypted::seal(&token, ring, &token_of(&name(number))).unwrap();
        let id = graph.get_by_key::<Holder>(conn, &name(number)).unwrap().unwrap().id;
        let written = Retry::default().transaction(conn, |conn| graph.update(conn, id, |h| h.token = sealed.clone()));
        written.unwrap();
        last.lock().unwrap().insert(number, token);
    }
}

pub(crate) fn a_hundred_thousand_values_move_beside_writers_and_kills<S: Store>(store: &S) {
    let conn = &mut store.connect();
    let graph = safe(conn);
    let mut loader = graph.loader(conn).commit(Commit::EachBatch);
    let old = ring(1);
    loader.nodes::<Holder>((0..VALUES).map(|number| holder(&name(number), &format!("first {number}"), &old))).unwrap();
    loader.finish().unwrap();
    let last = Mutex::new(HashMap::new());
    let (stop_old, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        // One of the writers does not know the new key yet.
        scope.spawn(|| write_tokens(store, 0, &ring(1), &stop_old, &last));
        scope.spawn(|| write_tokens(store, 1, &ring(2), &stop, &last));
        scope.spawn(|| write_tokens(store, 2, &ring(2), &stop, &last));
        for _ in 0..2 {
            let mut child = Child::begun(store, 0, Work::Rotate);
            for _ in 0..20 {
                child.acknowledged().expect("it ended by itself");
            }
            child.kill();
        }
        stop_old.store(true, Ordering::Relaxed);
        let moved = versions(conn, &graph).iter().filter(|version| **version == Some(2)).count();
        assert!((10_000..VALUES).contains(&moved), "{moved}");
        rotate(conn, |_| ());
        stop.store(true, Ordering::Relaxed);
    });
    // Who was stopped may have been about to write.
    rotate(conn, |_| ());
    let (ring, last) = (ring(2), last.into_inner().unwrap());
    assert!(last.len() > 10, "hardly anything was written meanwhile");
    let mut found = 0;
    for (key, token) in graph.nodes::<Holder>().select(|h| (h.name, h.token)).load(conn).unwrap() {
        let number: usize = key.strip_prefix('h').unwrap().parse().unwrap();
        let expected = last.get(&number).cloned().unwrap_or_else(|| format!("first {number}"));
        assert_eq!(token.key_version(), 2, "{key}");
        assert_eq!(*token.open(&ring, &token_of(&key)).unwrap().expose(), expected);
        found += 1;
    }
    assert_eq!(found, VALUES);
    assert_eq!(json!(graph.nodes::<Holder>().count(conn).unwrap()), json!(VALUES));
}

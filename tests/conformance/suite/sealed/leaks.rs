//! Nothing of what was sealed, and of no key, is in any file or log.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memmem::Finder;
use metagraph::DynamicGraph;
use metagraph::encryption::{Encrypted, FindKey, Key, KeyRing, StaticKeyRing};
use metagraph::graphs::secrets::{Secrets, Vault};
use metagraph::prelude::*;
use metagraph::row::NewNode;
use serde_json::json;

use crate::scenarios::{Holder, Safe, holder, safe, with_email};
use crate::store::{Inspect, Store};

/// A text as it may be found: as it is, in both hexadecimal forms, and in base64 at each of its three alignments.
fn forms(needle: &[u8]) -> Vec<Vec<u8>> {
    let hex = |upper: bool| {
        let digit = |byte: &u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        needle.iter().map(digit).collect::<String>().into_bytes()
    };
    let base64 = (0..3).map(|shift| {
        let shifted = [&[0; 2][..shift], needle].concat();
        let encoded = STANDARD_NO_PAD.encode(shifted).into_bytes();
        // The first letters hold what stands before, the last what follows.
        encoded[(shift * 8).div_ceil(6)..encoded.len() - 2].to_vec()
    });
    [needle.to_vec(), hex(false), hex(true)].into_iter().chain(base64).collect()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Where the needle is found, in any of its forms.
fn found(directory: &Path, log: &str, needle: &[u8]) -> Vec<String> {
    let forms = forms(needle);
    let finders: Vec<_> = forms.iter().map(Finder::new).collect();
    let is_in = |text: &[u8]| finders.iter().any(|finder| finder.find(text).is_some());
    let mut places: Vec<_> = files(directory)
        .into_iter()
        .filter(|path| fs::read(path).is_ok_and(|text| is_in(&text)))
        .map(|path| path.display().to_string())
        .collect();
    if is_in(log.as_bytes()) {
        places.push("the log".to_owned());
    }
    places
}

/// Everything that is told of on the way.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<String>>);

impl Told {
    fn note(&self, said: &dyn std::fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{said:?}\n{said:#?}").unwrap();
    }
}

#[cfg(feature = "tracing")]
mod heard {
    use std::fmt::Debug;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Metadata, Subscriber};

    use super::Told;

    struct Line<'l>(&'l Told);

    impl Visit for Line<'_> {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            self.0.note(&format_args!("{field}={value:?}"));
        }
    }

    impl Subscriber for Told {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, attributes: &Attributes<'_>) -> Id {
            attributes.record(&mut Line(self));
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, values: &Record<'_>) {
            values.record(&mut Line(self));
        }

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &Event<'_>) {
            event.record(&mut Line(self));
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }
}

/// Bytes that nobody else has.
fn unlikely<const LENGTH: usize>(seed: u8) -> [u8; LENGTH] {
    std::array::from_fn(|place| u8::try_from((place * 151 + usize::from(seed) * 89 + 17) % 256).unwrap())
}

struct Needles {
    keys: [[u8; 32]; 3],
    texts: Vec<String>,
}

fn needles() -> Needles {
    let text = |number: usize| format!("plaintext-{number}-{}", "qwzx".repeat(4 + number));
    Needles { keys: [1, 2, 3].map(unlikely), texts: (0..6).map(text).collect() }
}

/// Stores, updates, rotates and deletes, and makes as many mistakes as there are to make.
fn live(conn: &mut impl Inspect, needles: &Needles, told: &Told) {
    let [one, two, find] = needles.keys;
    let ring = |current: u32| {
        let keys = [(1, Key::native(one)), (2, Key::native(two))].into_iter().take(current as usize);
        StaticKeyRing::new(current, keys).unwrap().with_find_key(FindKey::new(find))
    };
    let texts = &needles.texts;
    let (old, new) = (ring(1), ring(2));
    let graph = safe(conn);
    let visible = graph.insert(conn, &holder("visible-name-in-the-clear", &texts[0], &old)).unwrap();
    graph.insert(conn, &with_email("mara", &texts[1], &old)).unwrap();
    let again = Encrypted::seal(texts[2].as_str(), &old, &Holder::F.token.context::<Safe>("mara")).unwrap();
    let mara = graph.get_by_key::<Holder>(conn, "mara").unwrap().unwrap();
    graph.update(conn, mara.id, |holder| holder.token = again.clone()).unwrap();
    told.note(&graph.insert(conn, &with_email("other", &texts[1], &old)));
    told.note(&graph.nodes::<Holder>().rotation(|h| h.token, &new).run(conn));
    told.note(&graph.nodes::<Holder>().rotation(|h| h.email, &new).run(conn));
    told.note(&graph.nodes::<Holder>().load(conn));
    let sought = Holder::F.email.sought::<Safe>(&texts[1], &new).unwrap();
    told.note(&sought);
    told.note(&graph.nodes::<Holder>().filter(|h| h.email.eq(&sought)).explain(conn));
    let read = graph.get(conn, visible).unwrap().unwrap().value;
    let secret = read.token.open(&new, &Holder::F.token.context::<Safe>("visible-name-in-the-clear")).unwrap();
    assert_eq!(*secret.expose(), texts[0]);
    told.note(&(secret, &new, new.key(1), new.find_key()));
    told.note(&read.token.open(&new, &Holder::F.token.context::<Safe>("nobody")));
    let dynamic = DynamicGraph::open(conn, "safe", "safe").unwrap();
    let attributes = json!({"name": "x", "plan": "y", "token": texts[3], "email": {"find": texts[3]}});
    told.note(&dynamic.insert(conn, &NewNode { node_type: "holder".into(), attributes }));

    metagraph::sync::<Secrets, _>(conn).unwrap();
    let vault = Vault::open(conn, "production", old).unwrap();
    vault.store(conn, "github", "deploy", &texts[4], None).unwrap();
    vault.store(conn, "github", "deploy", &texts[5], None).unwrap();
    let vault = vault.with_ring(new);
    told.note(&vault.rotate(conn));
    told.note(&vault.reveal(conn, "github", "deploy").unwrap());
    told.note(&(&vault, vault.list(conn)));
    told.note(&metagraph::integrity::check(conn));
    vault.remove(conn, "github", "deploy").unwrap();
    graph.delete(conn, mara.id).unwrap();
}

fn assert_silent<S: Store>(store: &S, directory: &Path, settle: &str, log_of_writes: &str) {
    let (needles, told) = (needles(), Told::default());
    let conn = &mut store.connect();
    #[cfg(feature = "tracing")]
    tracing::subscriber::with_default(told.clone(), || live(conn, &needles, &told));
    #[cfg(not(feature = "tracing"))]
    live(conn, &needles, &told);
    conn.run(settle);
    let log = told.0.lock().unwrap().clone();
    assert!(log.contains("inserting a node") || cfg!(not(feature = "tracing")), "the log was not captured");
    let searched = |path: &PathBuf| path.to_str().unwrap().contains(log_of_writes);
    assert!(files(directory).iter().any(searched), "there is no {log_of_writes} to be searched");
    assert!(!found(directory, "", b"visible-name-in-the-clear").is_empty(), "this search finds nothing at all");
    for key in &needles.keys {
        assert_eq!(found(directory, &log, key), Vec::<String>::new(), "a key");
    }
    for text in &needles.texts {
        assert_eq!(found(directory, &log, text.as_bytes()), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_is_searched_for_would_be_found() {
    let directory = tempfile::tempdir().unwrap();
    let needle = needles().texts[0].clone();
    for form in
        forms(needle.as_bytes()).into_iter().chain([STANDARD_NO_PAD.encode(format!("\"{needle}\"")).into_bytes()])
    {
        fs::write(directory.path().join("file"), [b"before ".as_slice(), &form, b" behind"].concat()).unwrap();
        assert_eq!(found(directory.path(), "", needle.as_bytes()).len(), 1, "{}", String::from_utf8_lossy(&form));
    }
}

#[test]
fn nothing_leaks_on_sqlite() {
    let store = crate::store::Sqlite::migrated().unwrap();
    let directory = Path::new(store.url()).parent().unwrap();
    assert_silent(&store, directory, "SELECT 1", "graphs.db-wal");
}

#[cfg(feature = "postgres")]
#[test]
fn nothing_leaks_on_postgres() {
    let Some((server, store)) = crate::store::Postgres::durable() else { return };
    assert_silent(&store, server.directory().unwrap(), "CHECKPOINT", "pg_wal");
}

//! The ciphers against the vectors of others, and envelopes against another implementation.
#![allow(clippy::print_stdout, reason = "the numbers are the result")]

use std::collections::HashSet;
use std::io::Write as _;
use std::num::NonZeroU32;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use metagraph::__private::primitives;
use metagraph::encryption::{Context, Encrypted, Envelope, Hidden, Key, StaticKeyRing};
use metagraph_testkit::json_lines;
use serde_json::{Value, json};

fn vectors(file: &str) -> Option<Vec<Value>> {
    let lines = json_lines(Path::new("crypto").join(file))?;
    Some(lines.into_iter().flat_map(|line| line.as_array().unwrap().clone()).collect())
}

fn bytes(vector: &Value, member: &str) -> Vec<u8> {
    let text = vector[member].as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Whether the cipher does to a vector what the vector says, and whether the vector has our shape.
fn gcm(vector: &Value) -> (bool, bool) {
    let [key, iv, aad, text, sealed, tag] =
        ["key", "iv", "aad", "msg", "ct", "tag"].map(|member| bytes(vector, member));
    let whole = [sealed, tag.clone()].concat();
    let (Ok(key), Ok(nonce)) = (<[u8; 32]>::try_from(key), <[u8; 12]>::try_from(iv.clone())) else {
        return (refuses(&iv, &whole), false);
    };
    if tag.len() != primitives::TAG {
        return (primitives::decrypt(&key, &nonce, &aad, &whole).is_none(), false);
    }
    let opened = primitives::decrypt(&key, &nonce, &aad, &whole);
    let equal = match vector["result"].as_str() {
        Some("valid") => {
            let again = primitives::encrypt(&key, &nonce, &aad, primitives::Wiped::of(&text)).unwrap();
            opened.is_some_and(|opened| opened.as_slice() == text) && again == whole
        }
        _ => opened.is_none(),
    };
    (equal, true)
}

/// Whether there is no envelope with this nonce, or no key with these bytes: other shapes cannot even be said.
fn refuses(iv: &[u8], data: &[u8]) -> bool {
    let envelope = json!({
        "keyVersion": 1, "salt": STANDARD.encode([0; 16]), "iv": STANDARD.encode(iv), "data": STANDARD.encode(data),
    });
    // A key of another length has no constructor.
    iv.len() == primitives::NONCE || Envelope::try_from(&envelope).is_err()
}

fn hkdf(vector: &Value) -> bool {
    let mut derived = vec![0; usize::try_from(vector["size"].as_u64().unwrap()).unwrap()];
    let [key, salt, info] = ["ikm", "salt", "info"].map(|member| bytes(vector, member));
    match primitives::hkdf(&key, &salt, &info, &mut derived) {
        Some(()) => vector["result"] == "valid" && derived == bytes(vector, "okm"),
        None => vector["result"] == "invalid",
    }
}

fn pbkdf2(vector: &Value) -> bool {
    let mut derived = vec![0; usize::try_from(vector["dkLen"].as_u64().unwrap()).unwrap()];
    let iterations = u32::try_from(vector["iterationCount"].as_u64().unwrap()).unwrap();
    primitives::pbkdf2(&bytes(vector, "password"), &bytes(vector, "salt"), iterations, &mut derived);
    vector["result"] == "valid" && derived == bytes(vector, "dk")
}

#[test]
fn vectors_hold() {
    let (Some(gcms), Some(hkdfs), Some(pbkdf2s)) =
        (vectors("aes_gcm.json.gz"), vectors("hkdf_sha256.json.gz"), vectors("pbkdf2_hmacsha256.json.gz"))
    else {
        return;
    };
    let outcomes: Vec<_> = gcms.iter().map(gcm).collect();
    let ours = outcomes.iter().filter(|(_, ours)| *ours).count();
    let equal = outcomes.iter().filter(|(equal, _)| *equal).count();
    let others =
        hkdfs.iter().filter(|vector| hkdf(vector)).count() + pbkdf2s.iter().filter(|vector| pbkdf2(vector)).count();
    println!("wycheproof: gcm={} hkdf={} pbkdf2={} equal={}", gcms.len(), hkdfs.len(), pbkdf2s.len(), equal + others);
    assert!(ours >= 30, "only {ours} vectors have our shape");
    assert_eq!(equal + others, gcms.len() + hkdfs.len() + pbkdf2s.len());
}

/// The keys of the script: two passwords and a raw one.
fn ring(current: u32) -> StaticKeyRing {
    let password = |iterations| Key::pbkdf2("correct horse", NonZeroU32::new(iterations).unwrap());
    StaticKeyRing::new(current, [(1, password(100_000)), (2, password(200_000)), (3, Key::raw([7; 32]))]).unwrap()
}

fn context() -> Context {
    Context::new("any", "any", "any", "any")
}

fn assert_open(list: &Value) {
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 6);
    for sealed in list {
        let envelope: Encrypted<Value> = serde_json::from_value(sealed["envelope"].clone()).unwrap();
        let opened = envelope.open_json(&ring(1), &context()).unwrap();
        assert_eq!(opened.expose(), sealed["text"].as_str().unwrap().as_bytes());
    }
}

fn node(how: &str, input: &str) -> Option<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/crypto/webcrypto.mjs");
    let mut node =
        Command::new("node").arg(script).arg(how).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    node.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn envelopes_of_web_crypto_open() {
    assert_open(&serde_json::from_str(include_str!("crypto/webcrypto.json")).unwrap());
    match node("seal", "") {
        Some(fresh) => assert_open(&fresh),
        None => println!("SKIPPED: fresh envelopes of WebCrypto (there is no `node`); those that are kept open"),
    }
}

#[test]
fn our_envelopes_open_in_web_crypto() {
    let texts = [json!("ghp_s3cr3t"), json!(""), json!({"pin": 4711, "ü": [1.5, null]})];
    let seal = |version: u32, text: &Value| {
        let sealed = Encrypted::<Value, Hidden>::seal(text, &ring(version), &context()).unwrap();
        let secret =
            if version == 3 { ("rawKey", STANDARD.encode([7; 32])) } else { ("password", "correct horse".into()) };
        json!({"envelope": sealed, secret.0: secret.1})
    };
    let list: Vec<_> = (1..=3).flat_map(|version| texts.iter().map(move |text| seal(version, text))).collect();
    let Some(opened) = node("open", &json!(list).to_string()) else {
        println!("SKIPPED: our envelopes in WebCrypto (there is no `node`)");
        return;
    };
    let opened: Vec<Value> = opened.as_array().unwrap().iter().map(|opened| opened["text"].clone()).collect();
    let expected: Vec<Value> = (0..3).flat_map(|_| texts.iter().map(|text| json!(text.to_string()))).collect();
    assert_eq!(opened, expected);
}

#[test]
fn a_million_seals_never_repeat() {
    let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))]).unwrap();
    let one = Encrypted::<String>::seal("s3cr3t", &ring, &context()).unwrap();
    let two = Encrypted::<String>::seal("s3cr3t", &ring, &context()).unwrap();
    assert_ne!(one, two);
    assert_ne!(one.envelope().data, two.envelope().data);
    let half = || -> Vec<[u8; 28]> {
        let seals = (0..500_000).map(|_| Encrypted::<u8>::seal(&0, &ring, &context()).unwrap());
        seals.map(|sealed| [&sealed.envelope().salt[..], &sealed.envelope().iv].concat().try_into().unwrap()).collect()
    };
    let (mut drawn, others) = thread::scope(|scope| {
        let other = scope.spawn(half);
        (half(), other.join().unwrap())
    });
    drawn.extend(others);
    assert_eq!(drawn.len(), 1_000_000);
    assert_eq!(drawn.into_iter().collect::<HashSet<_>>().len(), 1_000_000);
}

#[cfg(unix)]
#[test]
fn a_key_file_is_its_owners_alone() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys");
    let refused = || metagraph::encryption::read_key_file(&path).unwrap_err();
    assert!(refused().to_string().contains("cannot be read"), "{}", refused());
    let key = STANDARD.encode([42; 32]);
    fs::write(&path, format!("1 native {key}\n")).unwrap();
    let allow = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o644, 0o640, 0o620, 0o610, 0o604, 0o602, 0o601] {
        allow(mode);
        assert!(refused().to_string().ends_with(&format!("(its mode is {mode:o}); run `chmod 600` on it")), "{mode:o}");
    }
    for mode in [0o600, 0o400] {
        allow(mode);
        metagraph::encryption::read_key_file(&path).unwrap();
    }
    allow(0o600);
    fs::write(&path, format!("1 native {key}X\n")).unwrap();
    let wrong = refused();
    assert!(wrong.to_string().contains("line 1 is no key") && !format!("{wrong} {wrong:?}").contains(&key), "{wrong}");
    fs::write(&path, format!("1 native {key}\n{}", "#\n".repeat(64 * 1024))).unwrap();
    assert!(refused().to_string().ends_with("it is longer than 64 KiB"));
    let folder = metagraph::encryption::read_key_file(directory.path()).unwrap_err();
    assert!(folder.to_string().ends_with("it is no ordinary file"), "{folder}");
}

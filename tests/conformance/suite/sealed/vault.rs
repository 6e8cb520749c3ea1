//! The ready-made graph of credentials.

use jiff::{SignedDuration, Timestamp};
use metagraph::graphs::secrets::{Credential, Secrets, SecretsError, Service, Vault};
use metagraph::prelude::*;
use metagraph::row::NewNode;
use metagraph::{DynamicGraph, Outcome};

use crate::scenarios::ring;
use crate::store::Inspect;

fn vault(conn: &mut impl GraphConnection) -> Vault<metagraph::encryption::StaticKeyRing> {
    metagraph::sync::<Secrets, _>(conn).unwrap();
    Vault::open(conn, "production", ring(1)).unwrap()
}

pub(crate) fn a_credential_is_stored_and_revealed(conn: &mut impl Inspect) {
    let vault = vault(conn);
    assert_eq!(vault.store(conn, "github", "deploy", "ghp_1", None).unwrap().outcome, Outcome::Created);
    assert_eq!(vault.store(conn, "github", "deploy", "ghp_2", None).unwrap().outcome, Outcome::Updated);
    vault.store(conn, "github", "read/only", "ghp_3", None).unwrap();
    assert_eq!(vault.reveal(conn, "github", "deploy").unwrap().expose(), "ghp_2");
    assert_eq!(vault.reveal(conn, "github", "read/only").unwrap().expose(), "ghp_3");
    let unknown = vault.reveal(conn, "github", "deplo").unwrap_err();
    assert_eq!(unknown.to_string(), "there is no credential `github/deplo`; `Vault::list` names those there are");
    for provider in ["", "git/hub"] {
        let refused = vault.store(conn, provider, "deploy", "x", None).unwrap_err();
        assert!(matches!(refused, SecretsError::InvalidProvider { .. }), "{refused}");
    }
    let stored = conn.texts("SELECT CAST(attributes AS text) AS answer FROM __metagraph_nodes");
    assert!(stored.iter().all(|stored| !stored.contains("ghp_")), "{stored:?}");
    assert!(stored[0].contains("keyVersion") && !stored[0].contains("expiresAt"), "{stored:?}");
}

pub(crate) fn an_expired_credential_is_not_revealed(conn: &mut impl GraphConnection) {
    let vault = vault(conn);
    let now = Timestamp::now();
    let in_hours = |hours| now + SignedDuration::from_hours(hours);
    vault.store(conn, "aws", "backup", "AKIA", Some(in_hours(2))).unwrap();
    vault.store(conn, "aws", "old", "AKIB", Some(in_hours(-1))).unwrap();
    vault.store(conn, "aws", "ever", "AKIC", None).unwrap();
    assert_eq!(vault.reveal(conn, "aws", "backup").unwrap().expose(), "AKIA");
    let expired = vault.reveal(conn, "aws", "old").unwrap_err();
    assert!(matches!(&expired, SecretsError::Expired { path, .. } if path == "aws/old"), "{expired}");
    let labels = |entries: Vec<metagraph::graphs::secrets::Entry>| {
        entries.into_iter().map(|entry| entry.label).collect::<Vec<_>>()
    };
    assert_eq!(labels(vault.expiring(conn, now).unwrap()), ["old"]);
    assert_eq!(labels(vault.expiring(conn, in_hours(3)).unwrap()), ["backup", "old"]);
    vault.expire(conn, "aws", "backup", Some(now)).unwrap();
    assert!(matches!(vault.reveal(conn, "aws", "backup"), Err(SecretsError::Expired { .. })));
    vault.expire(conn, "aws", "backup", None).unwrap();
    assert_eq!(vault.reveal(conn, "aws", "backup").unwrap().expose(), "AKIA");
    assert!(matches!(vault.expire(conn, "aws", "none", None), Err(SecretsError::NotFound { .. })));
}

pub(crate) fn credentials_are_listed_with_who_uses_them(conn: &mut impl GraphConnection) {
    let vault = vault(conn);
    for label in ["b", "a"] {
        vault.store(conn, "github", label, "v", None).unwrap();
    }
    assert_eq!(vault.grant(conn, "ci", "github", "a", "releases").unwrap(), Outcome::Created);
    assert_eq!(vault.grant(conn, "ci", "github", "a", "releases").unwrap(), Outcome::Unchanged);
    assert_eq!(vault.grant(conn, "bot", "github", "a", "comments").unwrap(), Outcome::Created);
    assert!(vault.grant(conn, "new", "github", "none", "x").is_err());
    assert_eq!(vault.graph().nodes::<Service>().count(conn).unwrap(), 2, "nobody becomes known by a refused grant");
    let listed: Vec<_> = vault.list(conn).unwrap().into_iter().map(|entry| (entry.label, entry.key_version)).collect();
    assert_eq!(listed, [("a".to_owned(), 1), ("b".to_owned(), 1)]);
    assert_eq!(vault.users_of(conn, "github", "a").unwrap(), ["bot", "ci"]);
    assert_eq!(vault.used_by(conn, "ci").unwrap()[0].label, "a");
    assert!(vault.revoke(conn, "ci", "github", "a").unwrap());
    assert!(!vault.revoke(conn, "ci", "github", "a").unwrap());
    assert!(vault.used_by(conn, "ci").unwrap().is_empty());
    assert!(vault.remove(conn, "github", "a").unwrap() && !vault.remove(conn, "github", "a").unwrap());
    assert!(vault.users_of(conn, "github", "a").unwrap().is_empty());
}

pub(crate) fn a_vault_moves_to_a_new_key(conn: &mut impl GraphConnection) {
    let vault = vault(conn);
    for number in 0..10 {
        vault.store(conn, "p", &format!("l{number}"), &format!("v{number}"), None).unwrap();
    }
    let dynamic = DynamicGraph::open(conn, "secrets", "production").unwrap();
    let stray = vault.graph().get_by_key::<Credential>(conn, "p/l3").unwrap().unwrap();
    let mut moved = serde_json::to_value(&stray.value).unwrap();
    moved["path"] = "p/l10".into();
    moved["label"] = "l10".into();
    dynamic.insert(conn, &NewNode { node_type: "credential".into(), attributes: moved }).unwrap();
    let vault = vault.with_ring(ring(2));
    let rotated = vault.rotate(conn).unwrap();
    assert_eq!((rotated.resealed, rotated.refused), (10, 1));
    assert_eq!(rotated.samples[0].key.as_deref(), Some("p/l10"));
    assert_eq!(rotated.samples[0].reason.to_string(), "the sealed value does not open with this key in this context");
    assert_eq!(vault.reveal(conn, "p", "l7").unwrap().expose(), "v7");
    assert_eq!(vault.list(conn).unwrap().iter().filter(|entry| entry.key_version == 2).count(), 10);
    assert_eq!(vault.rotate(conn).unwrap().resealed, 0);
}

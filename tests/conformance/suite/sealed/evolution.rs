//! Attributes that become sealed, and sealed ones that move or become plain.

use metagraph::document::CompiledType;
use metagraph::encryption::{Encrypted, Findable};
use metagraph::migrations::MigrationFolder;
use metagraph::prelude::*;
use metagraph::row::NewGraph;
use metagraph::{Error, Evolution};

use crate::scenarios::{key, ring};
use crate::store::{Inspect, Store};

macro_rules! release {
    ($name:ident, $node:literal from $former:literal, { $($field:tt)* }) => {
        mod $name {
            use super::*;

            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
            #[graph(node, name = $node, renamed_from = $former)]
            pub(super) struct Account {
                #[graph(key)]
                pub(super) name: String,
                $($field)*
            }

            #[derive(Debug, GraphType)]
            #[graph(name = "logins")]
            pub(super) enum Logins {
                Account(Account),
            }
        }
    };
}

release!(plain, "account" from "user", { pub(super) token: Option<String>, });
release!(sealed, "account" from "user", { pub(super) token: Option<Encrypted<String>>, });
release!(found, "account" from "user", { #[graph(encrypted_index, unique)] pub(super) token: Option<Encrypted<String, Findable>>, });
release!(renamed, "login" from "account", { #[graph(renamed_from = "token")] pub(super) secret: Option<Encrypted<String>>, });
release!(lengths, "account" from "user", { pub(super) token: Option<u32>, });

mod keyed {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node, upgrade = with_login)]
    pub(super) struct Account {
        pub(super) name: String,
        #[graph(key)]
        pub(super) login: String,
        pub(super) token: Option<Encrypted<String>>,
    }

    #[derive(Deserialize, JsonSchema)]
    struct Earlier {
        name: String,
        token: Option<Encrypted<String>>,
    }

    fn with_login(Earlier { name, token }: Earlier) -> Account {
        Account { login: format!("login of {name}"), name, token }
    }

    #[derive(Debug, GraphType)]
    #[graph(name = "logins")]
    pub(super) enum Logins {
        Account(Account),
    }
}

release!(other, "account" from "user", { pub(super) token: Option<Encrypted<u32>>, });
release!(unique, "account" from "user", { #[graph(unique)] pub(super) token: Option<String>, });

release!(retyped, "login" from "account", { pub(super) token: Option<Encrypted<String>>, });
release!(gone, "account" from "user", {});
release!(anything, "account" from "user", { pub(super) token: serde_json::Value, });
release!(sealed_anything, "account" from "user", { pub(super) token: Encrypted<serde_json::Value>, });

fn begin(conn: &mut impl GraphConnection) -> Graph<plain::Logins> {
    metagraph::sync::<plain::Logins, _>(conn).unwrap();
    let graph = Graph::<plain::Logins>::create(conn, &NewGraph::named("logins")).unwrap();
    let account = |number: usize| plain::Account {
        name: format!("a{number}"),
        token: (!number.is_multiple_of(3)).then(|| format!("hunter{number}")),
    };
    graph.insert_many(conn, (0..50).map(account)).unwrap();
    graph
}

fn assert_no_text(conn: &mut impl Inspect) {
    let stored = conn.texts("SELECT CAST(attributes AS text) AS answer FROM __metagraph_nodes");
    assert!(stored.iter().all(|stored| !stored.contains("hunter")), "{stored:?}");
}

pub(crate) fn a_plain_attribute_becomes_sealed_with_a_ring_only(conn: &mut impl Inspect) {
    begin(conn);
    assert!(matches!(metagraph::sync::<sealed::Logins, _>(conn), Err(Error::NeedsEvolution { .. })));
    for evolution in [Evolution::<sealed::Logins>::new(), Evolution::new().make_up().drop_unknown()] {
        let Err(Error::Refused(plan)) = evolution.apply(conn) else { panic!("it is not sealed") };
        let told = plan.to_string();
        assert!(told.contains("it is to be sealed; give the key ring with `Evolution::seal`"), "{told}");
        assert!(!told.contains("hunter"), "{told}");
    }
    let sealing = || Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1));
    let plan = sealing().plan(conn).unwrap();
    assert!(plan.is_possible(), "{plan}");
    assert_eq!(plan.rewritten, 33);
    let applied = sealing().batch(7).apply(conn).unwrap();
    assert_eq!((applied.rewritten, applied.lost), (33, 0));
    assert_no_text(conn);
    let graph = Graph::<sealed::Logins>::open(conn, "logins").unwrap();
    for node in graph.nodes::<sealed::Account>().load(conn).unwrap() {
        let number: usize = node.key[1..].parse().unwrap();
        let context = sealed::Account::F.token.context::<sealed::Logins>(&node.key);
        let token = node.value.token.map(|token| token.open(&ring(1), &context).unwrap().expose().clone());
        assert_eq!(token, (!number.is_multiple_of(3)).then(|| format!("hunter{number}")));
    }
    assert_eq!(sealing().apply(conn).unwrap().rewritten, 0, "it is done");
    assert!(metagraph::integrity::check(conn).unwrap().is_clean());
}

pub(crate) fn a_sealed_attribute_becomes_plain_with_a_ring_only(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    for evolution in [Evolution::<plain::Logins>::new().back(), Evolution::new().back().make_up().drop_unknown()] {
        let Err(Error::Refused(plan)) = evolution.apply(conn) else { panic!("nobody opened it") };
        assert!(plan.to_string().contains("it is sealed; give the key ring with `Evolution::unseal`"), "{plan}");
    }
    let wrong = metagraph::encryption::StaticKeyRing::new(1, [(1, key(9))]).unwrap();
    let unsealing = |ring| Evolution::<plain::Logins>::new().back().unseal(&plain::Account::F.token, ring);
    let Err(Error::Refused(plan)) = unsealing(wrong).apply(conn) else { panic!("with another key") };
    assert!(plan.to_string().contains("does not open with this key"), "{plan}");
    assert_eq!(unsealing(ring(1)).apply(conn).unwrap().rewritten, 33);
    let graph = Graph::<plain::Logins>::open(conn, "logins").unwrap();
    assert_eq!(
        graph.get_by_key::<plain::Account>(conn, "a1").unwrap().unwrap().value.token.as_deref(),
        Some("hunter1")
    );
}

pub(crate) fn what_is_opened_and_does_not_fit_is_not_shown(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    let unsealing = Evolution::<lengths::Logins>::new().unseal(&lengths::Account::F.token, ring(1));
    let Err(Error::Refused(plan)) = unsealing.apply(conn) else { panic!("it is no number") };
    assert!(plan.to_string().contains("/token") && !plan.to_string().contains("hunter"), "{plan}");
    let cast = Evolution::<lengths::Logins>::new().unseal(&lengths::Account::F.token, ring(1)).make_up();
    let plan = cast.plan(conn).unwrap().to_string();
    assert!(plan.contains("\"(not shown)\" was replaced by \"(not shown)\"") && !plan.contains("hunter"), "{plan}");
}

pub(crate) fn what_was_not_sealed_and_goes_is_not_shown(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    conn.run("UPDATE __metagraph_nodes SET attributes = '{\"name\":\"a1\",\"token\":\"hunter1\"}' WHERE key = 'a1'");
    let plan = Evolution::<gone::Logins>::new().drop_unknown().plan(conn).unwrap().to_string();
    assert!(plan.contains("/token: \"(not shown)\" was dropped") && !plan.contains("hunter"), "{plan}");
}

/// Even where every value would fit the next schema, sealed as it is.
pub(crate) fn a_migration_file_opens_nothing<S: Store>(_: &S) {
    let before = CompiledType::of::<sealed_anything::Logins>().unwrap();
    let folder = MigrationFolder::<<S::Conn as GraphConnection>::Db>::new();
    let refused = folder.change::<anything::Logins>(before.document()).unwrap_err().to_string();
    assert!(refused.contains("`account`: what is sealed only changes with a key ring"), "{refused}");
}

pub(crate) fn sealed_values_move_with_their_names(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    // No schema changed, but a name that values are bound to.
    let synced = metagraph::sync::<retyped::Logins, _>(conn);
    assert!(matches!(&synced, Err(Error::NeedsEvolution { changes, .. }) if !changes.is_empty()), "{synced:?}");
    let Err(Error::Refused(plan)) = Evolution::<renamed::Logins>::new().apply(conn) else {
        panic!("it would not open")
    };
    let told = plan.to_string();
    assert!(
        told.contains("it is sealed for the place where it was; give the key ring with `Evolution::seal`"),
        "{told}"
    );
    let moving = Evolution::<renamed::Logins>::new().seal(renamed::Account::F.secret, ring(2));
    assert_eq!(moving.apply(conn).unwrap().rewritten, 50, "of those without a value, the name");
    let graph = Graph::<renamed::Logins>::open(conn, "logins").unwrap();
    let moved = graph.get_by_key::<renamed::Account>(conn, "a1").unwrap().unwrap().value.secret.unwrap();
    let context = renamed::Account::F.secret.context::<renamed::Logins>("a1");
    assert_eq!((moved.key_version(), moved.open(&ring(2), &context).unwrap().expose().as_str()), (2, "hunter1"));
}

pub(crate) fn a_new_key_needs_the_ring(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    let Err(Error::Refused(plan)) = Evolution::<keyed::Logins>::new().apply(conn) else { panic!("it would not open") };
    assert!(plan.to_string().contains("its row gets another key, which owns it"), "{plan}");
    let moving = || Evolution::<keyed::Logins>::new().seal(keyed::Account::F.token, ring(1));
    moving().apply(conn).unwrap();
    let graph = Graph::<keyed::Logins>::open(conn, "logins").unwrap();
    let moved = graph.get_by_key::<keyed::Account>(conn, "login of a1").unwrap().unwrap().value.token.unwrap();
    let context = keyed::Account::F.token.context::<keyed::Logins>("login of a1");
    assert_eq!(moved.open(&ring(1), &context).unwrap().expose(), "hunter1");
}

pub(crate) fn another_type_inside_is_noticed(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    assert!(matches!(metagraph::sync::<other::Logins, _>(conn), Err(Error::NeedsEvolution { .. })));
    let Err(Error::Refused(plan)) = Evolution::<other::Logins>::new().apply(conn) else { panic!("it is no number") };
    assert!(plan.to_string().contains("it is sealed as another type"), "{plan}");
    let opening = Evolution::<other::Logins>::new().seal(other::Account::F.token, ring(1));
    let Err(Error::Refused(plan)) = opening.apply(conn) else { panic!("it is no number") };
    assert!(plan.to_string().contains("is not of the type that it is sealed as now"), "{plan}");
    assert!(!plan.to_string().contains("hunter"), "{plan}");
}

pub(crate) fn what_is_opened_and_there_twice_is_not_shown(conn: &mut impl Inspect) {
    let graph = begin(conn);
    graph.insert(conn, &plain::Account { name: "twice".into(), token: Some("hunter1".into()) }).unwrap();
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    let unsealing = Evolution::<unique::Logins>::new().unseal(&unique::Account::F.token, ring(1));
    let Err(Error::Refused(plan)) = unsealing.apply(conn) else { panic!("two are equal") };
    assert!(plan.to_string().contains("another row has the same `token` already"), "{plan}");
    assert!(!plan.to_string().contains("hunter"), "{plan}");
}

pub(crate) fn owners_may_be_others_than_keys(conn: &mut impl Inspect) {
    begin(conn);
    let owner = |attributes: &serde_json::Value| format!("tenant of {}", attributes["name"].as_str().unwrap());
    let sealing = Evolution::<sealed::Logins>::new().seal_for(sealed::Account::F.token, ring(1), owner);
    assert_eq!(sealing.apply(conn).unwrap().rewritten, 33);
    let graph = Graph::<sealed::Logins>::open(conn, "logins").unwrap();
    let token = graph.get_by_key::<sealed::Account>(conn, "a1").unwrap().unwrap().value.token.unwrap();
    let context = sealed::Account::F.token.context::<sealed::Logins>("tenant of a1");
    assert_eq!(token.open(&ring(1), &context).unwrap().expose(), "hunter1");
}

pub(crate) fn sealed_values_become_findable(conn: &mut impl Inspect) {
    begin(conn);
    Evolution::<sealed::Logins>::new().seal(sealed::Account::F.token, ring(1)).apply(conn).unwrap();
    assert!(matches!(Evolution::<found::Logins>::new().apply(conn), Err(Error::Refused(_))));
    let finding = || Evolution::<found::Logins>::new().seal(found::Account::F.token, ring(1));
    assert_eq!(finding().apply(conn).unwrap().rewritten, 33);
    let graph = Graph::<found::Logins>::open(conn, "logins").unwrap();
    let sought = found::Account::F.token.sought::<found::Logins>("hunter7", &ring(1)).unwrap();
    assert_eq!(graph.by::<found::Account, _>(|a| a.token).get(conn, &sought).unwrap().unwrap().key, "a7");
}

pub(crate) fn a_unique_sealed_attribute_asks_the_rows_first(conn: &mut impl Inspect) {
    let graph = begin(conn);
    let twice = plain::Account { name: "twice".into(), token: Some("hunter1".into()) };
    graph.insert(conn, &twice).unwrap();
    let finding = || Evolution::<found::Logins>::new().seal(found::Account::F.token, ring(1));
    let Err(Error::Refused(plan)) = finding().apply(conn) else { panic!("two are equal") };
    assert!(plan.to_string().contains("another row has the same `token` already"), "{plan}");
    assert!(!plan.to_string().contains("hunter"), "{plan}");
    assert_eq!(conn.census()[8], 51, "nothing was written");
}

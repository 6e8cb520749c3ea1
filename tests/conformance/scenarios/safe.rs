//! Accounts whose tokens the database does not see.

use metagraph::encryption::{Context, Encrypted, FindKey, Findable, Key, StaticKeyRing};
use metagraph::prelude::*;

/// Who may do what elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Holder {
    #[graph(key)]
    pub(crate) name: String,
    pub(crate) plan: String,
    pub(crate) token: Encrypted<String>,
    pub(crate) pin: Option<Encrypted<u32>>,
    #[graph(encrypted_index, unique)]
    pub(crate) email: Option<Encrypted<String, Findable>>,
    #[graph(encrypted_index)]
    pub(crate) city: Option<Encrypted<String, Findable>>,
}

/// Something else with a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Robot {
    #[graph(key)]
    pub(crate) name: String,
    pub(crate) token: Encrypted<String>,
    pub(crate) spare: Encrypted<String>,
}

/// A holder lends to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Holder, to = Holder))]
pub(crate) struct Lends {
    pub(crate) code: Encrypted<String>,
}

/// Accounts.
#[derive(Debug, GraphType)]
#[graph(name = "safe")]
pub(crate) enum Safe {
    Holder(Holder),
    Robot(Robot),
    Lends(Lends),
}

/// The same in graphs of another type.
#[derive(Debug, GraphType)]
#[graph(name = "other-safe")]
pub(crate) enum OtherSafe {
    Holder(Holder),
    Robot(Robot),
}

pub(crate) fn key(byte: u8) -> Key {
    Key::native([byte; 32])
}

/// Keys of the versions up to `current`, of which each is another, and one for equality.
pub(crate) fn ring(current: u8) -> StaticKeyRing {
    let keys = (1..=current).map(|version| (u32::from(version), key(version)));
    StaticKeyRing::new(current.into(), keys).unwrap().with_find_key(FindKey::new([99; 32]))
}

pub(crate) fn token_of(name: &str) -> Context {
    Holder::F.token.context::<Safe>(name)
}

pub(crate) fn holder(name: &str, token: &str, ring: &StaticKeyRing) -> Holder {
    let token = Encrypted::seal(token, ring, &token_of(name)).unwrap();
    Holder { name: name.into(), plan: "free".into(), token, pin: None, email: None, city: None }
}

pub(crate) fn with_email(name: &str, email: &str, ring: &StaticKeyRing) -> Holder {
    let context = Holder::F.email.context::<Safe>(name);
    Holder { email: Some(Encrypted::seal(email, ring, &context).unwrap()), ..holder(name, "token", ring) }
}

pub(crate) fn safe(conn: &mut impl GraphConnection) -> Graph<Safe> {
    metagraph::sync::<Safe, _>(conn).unwrap();
    Graph::open_or_create(conn, "safe").unwrap()
}

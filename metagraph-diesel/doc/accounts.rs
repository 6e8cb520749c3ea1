// Sealed attributes for the examples of `encryption`, included by their hidden first line; see `packages.rs`.
#[allow(unused_imports, reason = "not every example uses every name")]
mod metagraph {
    pub use metagraph_core::{
        AnyNode, Connects, Contains, EdgeId, EdgeType, Element, Endpoint, Field, GraphId, GraphType, InvalidKey, Key,
        Keyed, MemberOf, NodeId, NodeKey, NodeSet, NodeType, PartOf, SealedField, definition, document, validate,
    };
    pub use metagraph_diesel::*;

    pub mod encryption {
        pub use metagraph_core::encryption::*;
        pub use metagraph_diesel::encryption::*;
    }
}
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph::encryption::{Context, Encrypted, FindKey, Findable, Key, KeyRing, StaticKeyRing};
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_core::Element as _;
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_derive::GraphType;
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_diesel::Graph;
#[allow(unused_imports, reason = "not every example uses every name")]
use schemars::JsonSchema;
#[allow(unused_imports, reason = "not every example uses every name")]
use serde::{Deserialize, Serialize};

/// Who may do what elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, crate = "metagraph_core")]
struct Account {
    #[graph(key)]
    name: String,
    token: Encrypted<String>,
    #[graph(encrypted_index, unique)]
    email: Option<Encrypted<String, Findable>>,
}

/// Accounts elsewhere.
#[derive(Debug, GraphType)]
#[graph(crate = "metagraph_core", name = "accounts")]
enum Accounts {
    Account(Account),
}

#[allow(dead_code, reason = "not every example uses it")]
fn account(name: &str, token: &str, ring: &impl KeyRing) -> metagraph::Result<Account> {
    let context = <Account as metagraph::Element>::F.token.context::<Accounts>(name);
    Ok(Account { name: name.to_owned(), token: Encrypted::seal(token, ring, &context)?, email: None })
}

/// A migrated database in memory with an empty graph of the type above.
#[allow(dead_code, reason = "not every example uses it")]
fn example() -> metagraph::Result<(diesel::SqliteConnection, Graph<Accounts>)> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(&mut conn)?;
    metagraph::sync::<Accounts, _>(&mut conn)?;
    let graph = Graph::open_or_create(&mut conn, "accounts")?;
    Ok((conn, graph))
}

/// The same before anything was sealed.
#[allow(dead_code, reason = "not every example uses it")]
mod plain {
    use super::{Deserialize, Graph, GraphType, JsonSchema, Serialize, metagraph};

    /// Who may do what elsewhere.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
    #[graph(node, crate = "metagraph_core")]
    pub struct Account {
        #[graph(key)]
        pub name: String,
        pub token: String,
    }

    /// Accounts elsewhere.
    #[derive(Debug, GraphType)]
    #[graph(crate = "metagraph_core", name = "accounts")]
    pub enum Accounts {
        Account(Account),
    }

    pub fn example() -> metagraph::Result<diesel::SqliteConnection> {
        let mut conn = metagraph::sqlite::connect(":memory:")?;
        metagraph::migrate(&mut conn)?;
        metagraph::sync::<Accounts, _>(&mut conn)?;
        let graph = Graph::<Accounts>::create(&mut conn, &metagraph::row::NewGraph::named("accounts"))?;
        graph.insert(&mut conn, &Account { name: "mara".into(), token: "s3cr3t".into() })?;
        Ok(conn)
    }
}

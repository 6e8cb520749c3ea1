// What the examples of this crate's documentation are about, included by their hidden first line. They are written as
// users of the facade write them; depending on the facade would make a cycle, so the names it exports stand here.
#[allow(unused_imports, reason = "not every example uses every name")]
mod metagraph {
    pub use metagraph_core::{
        AnyNode, Connects, Contains, EdgeId, EdgeType, Element, Endpoint, Field, GraphId, GraphType, InvalidKey, Key,
        Keyed, MemberOf, NodeId, NodeKey, NodeSet, NodeType, PartOf, definition, document, validate,
    };
    pub use metagraph_diesel::*;
}
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_core::{EdgeId, Element as _, NodeId, NodeKey};
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_derive::GraphType;
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_diesel::Graph;
#[allow(unused_imports, reason = "not every example uses every name")]
use schemars::JsonSchema;
#[allow(unused_imports, reason = "not every example uses every name")]
use serde::{Deserialize, Serialize};

/// A package named in a lock file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, crate = "metagraph_core")]
struct Package {
    #[graph(key)]
    id: String,
    downloads: u32,
}

/// Somebody who looks after packages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, crate = "metagraph_core", on_delete = restrict)]
struct Person {
    name: String,
}

/// A package or a person.
#[derive(Debug, PartialEq, GraphType)]
#[graph(union, crate = "metagraph_core")]
enum Anything {
    Package(Package),
    Person(Person),
}

/// One package needs another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(crate = "metagraph_core", edge(from = Package, to = Package), acyclic)]
struct DependsOn {
    optional: bool,
}

/// A person looks after something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(crate = "metagraph_core", edge(from = Person, to = Anything))]
struct Maintains;

/// The text of one package speaks of another, as often as it likes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(crate = "metagraph_core", edge(from = Package, to = Package), multi)]
struct Mentions {
    #[graph(key)]
    place: String,
}

/// Everything a lock file says, and who answers for it.
#[derive(Debug, GraphType)]
#[graph(crate = "metagraph_core", name = "packages")]
enum Packages {
    Package(Package),
    Person(Person),
    DependsOn(DependsOn),
    Maintains(Maintains),
    Mentions(Mentions),
}

/// A migrated database in memory with an empty graph of the type above.
#[allow(dead_code, reason = "not every example begins with a graph")]
fn example() -> metagraph::Result<(diesel::SqliteConnection, Graph<Packages>)> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(&mut conn)?;
    metagraph::sync::<Packages, _>(&mut conn)?;
    let graph = Graph::open_or_create(&mut conn, "app")?;
    Ok((conn, graph))
}

/// A package by name.
#[allow(dead_code, reason = "not every example needs packages")]
fn package(id: &str) -> Package {
    Package { id: id.into(), downloads: 0 }
}

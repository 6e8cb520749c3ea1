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
use metagraph_core::Element as _;
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_derive::GraphType;
#[allow(unused_imports, reason = "not every example uses every name")]
use metagraph_diesel::Graph;
#[allow(unused_imports, reason = "not every example uses every name")]
use schemars::JsonSchema;
#[allow(unused_imports, reason = "not every example uses every name")]
use serde::{Deserialize, Serialize};

/// A member of a club.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, crate = "metagraph_core")]
struct Member {
    name: String,
    #[graph(unique)]
    email: Option<String>,
    #[graph(unique = "seat")]
    table: Option<u32>,
    #[graph(unique = "seat")]
    chair: Option<String>,
}

/// A club.
#[derive(Debug, GraphType)]
#[graph(crate = "metagraph_core", name = "club")]
enum Club {
    Member(Member),
}

/// A migrated database in memory with an empty graph of the type above.
fn example() -> metagraph::Result<(diesel::SqliteConnection, Graph<Club>)> {
    let mut conn = metagraph::sqlite::connect(":memory:")?;
    metagraph::migrate(&mut conn)?;
    metagraph::sync::<Club, _>(&mut conn)?;
    let graph = Graph::open_or_create(&mut conn, "club")?;
    Ok((conn, graph))
}

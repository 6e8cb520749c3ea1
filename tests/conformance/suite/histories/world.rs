//! Graph types that together have every rule, over the same few node and edge types.

use metagraph::prelude::*;
use metagraph::{Connects, Contains, EdgeType, Element, NodeType};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::rules::{DIRECTED, LOOPED, NARROW, NARROW_MIXED, ORDERED, Rules, UNDIRECTED};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Person {
    #[graph(key)]
    pub(crate) name: String,
    #[graph(unique)]
    pub(crate) mail: Option<String>,
    #[graph(unique = "place")]
    pub(crate) house: Option<u8>,
    #[graph(unique = "place")]
    pub(crate) door: Option<u8>,
    #[schemars(range(max = 9))]
    pub(crate) age: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node, on_delete = restrict)]
pub(crate) struct Vault {
    #[graph(unique)]
    pub(crate) code: u8,
    #[graph(index)]
    pub(crate) label: Option<String>,
}

#[derive(Debug, Clone, PartialEq, GraphType)]
#[graph(union)]
pub(crate) enum Anyone {
    Person(Person),
    Vault(Vault),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person))]
pub(crate) struct Likes {
    #[schemars(range(max = 9))]
    pub(crate) weight: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person))]
pub(crate) struct Books {
    #[graph(key)]
    pub(crate) number: u8,
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Vault))]
pub(crate) struct Lends {
    pub(crate) note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person), multi)]
pub(crate) struct Pays {
    #[graph(key)]
    pub(crate) number: u8,
    #[schemars(range(max = 9))]
    pub(crate) amount: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Anyone, to = Anyone), multi)]
pub(crate) struct Sends {
    #[graph(unique)]
    pub(crate) contract: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Vault), one_out)]
pub(crate) struct Owns;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Vault), one_in)]
pub(crate) struct Keeps;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person), acyclic)]
pub(crate) struct Heads {
    pub(crate) since: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person), undirected)]
pub(crate) struct Knows {
    #[schemars(range(max = 9))]
    pub(crate) weight: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Person), undirected, multi)]
pub(crate) struct Meets {
    #[graph(key)]
    pub(crate) day: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(edge(from = Person, to = Vault), undirected)]
pub(crate) struct Shares;

/// A graph type of this file, with what the model knows of it.
pub(super) trait World: metagraph::GraphType + Contains<Person> + Contains<Vault> + 'static {
    const RULES: &'static Rules;

    /// Calls the visitor with the edge type of this name, and one pair of node types that it connects.
    fn visit<V: Visitor<Self>>(edge: &str, visitor: V) -> V::Answer;
}

/// What is done with an edge type of the graph type `G`.
pub(super) trait Visitor<G> {
    type Answer;

    fn visit<E, S, T>(self) -> Self::Answer
    where
        G: Contains<E>,
        E: EdgeType + Connects<S, T> + Clone + Serialize + DeserializeOwned + 'static,
        S: NodeType,
        T: NodeType;
}

macro_rules! worlds {
    ($($(#[$option:meta])+ $world:ident by $rules:ident { $($edge:ident: $source:ident => $target:ident),+ $(,)? })+) => {
        $(
            #[derive(GraphType)]
            $(#[$option])+
            pub(crate) enum $world {
                Person(Person),
                Vault(Vault),
                $($edge($edge)),+
            }

            impl World for $world {
                const RULES: &'static Rules = &$rules;

                fn visit<V: Visitor<Self>>(edge: &str, visitor: V) -> V::Answer {
                    match edge {
                        $(<$edge as Element>::NAME => visitor.visit::<$edge, $source, $target>(),)+
                        other => unreachable!("no edge type `{other}`"),
                    }
                }
            }
        )+
    };
}

worlds! {
    #[graph(name = "directed")]
    Directed by DIRECTED {
        Likes: Person => Person,
        Books: Person => Person,
        Lends: Person => Vault,
        Pays: Person => Person,
        Sends: Person => Vault,
        Owns: Person => Vault,
        Keeps: Person => Vault,
        Heads: Person => Person,
    }

    #[graph(name = "looped", mixed, self_loops)]
    Looped by LOOPED {
        Likes: Person => Person,
        Pays: Person => Person,
        Sends: Person => Vault,
        Owns: Person => Vault,
        Heads: Person => Person,
        Knows: Person => Person,
        Meets: Person => Person,
        Shares: Person => Vault,
    }

    #[graph(name = "ordered", acyclic)]
    Ordered by ORDERED {
        Likes: Person => Person,
        Books: Person => Person,
        Pays: Person => Person,
        Sends: Person => Vault,
        Heads: Person => Person,
    }

    #[graph(name = "narrow", simple)]
    Narrow by NARROW {
        Likes: Person => Person,
        Books: Person => Person,
        Lends: Person => Vault,
        Owns: Person => Vault,
        Keeps: Person => Vault,
        Heads: Person => Person,
    }

    #[graph(name = "narrow-mixed", mixed, simple)]
    NarrowMixed by NARROW_MIXED {
        Likes: Person => Person,
        Books: Person => Person,
        Owns: Person => Vault,
        Heads: Person => Person,
        Knows: Person => Person,
        Shares: Person => Vault,
    }

    #[graph(name = "undirected", undirected, simple, self_loops)]
    Undirected by UNDIRECTED {
        Likes: Person => Person,
        Books: Person => Person,
        Lends: Person => Vault,
    }
}

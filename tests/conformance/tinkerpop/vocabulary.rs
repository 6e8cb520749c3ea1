//! The types of the graphs `modern`, `sink` and `crew`; every edge may run between any two vertices, as Gremlin has it.

use metagraph::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Person {
    #[graph(key)]
    id: u64,
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) age: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Vec<Stay>>,
}

/// A time at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stay {
    value: String,
    start_time: u16,
    end_time: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Software {
    #[graph(key)]
    id: u64,
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lang: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Message {
    #[graph(key)]
    id: u64,
    pub(crate) name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
#[graph(node)]
pub(crate) struct Loops {
    #[graph(key)]
    id: u64,
    pub(crate) name: String,
}

/// Every node.
#[derive(Debug, Clone, PartialEq, Serialize, GraphType)]
#[graph(union)]
#[serde(untagged)]
pub(crate) enum Vertex {
    Person(Person),
    Software(Software),
    Message(Message),
    Loops(Loops),
}

impl Vertex {
    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Person(_) => Person::NAME,
            Self::Software(_) => Software::NAME,
            Self::Message(_) => Message::NAME,
            Self::Loops(_) => Loops::NAME,
        }
    }
}

macro_rules! edges {
    ($($type:ident $name:literal { $($field:ident: $of:ty),* })+) => {
        $(#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, GraphType)]
        #[graph(edge(from = Vertex, to = Vertex), name = $name)]
        pub(crate) struct $type {
            #[graph(key)]
            id: u64,
            $(pub(crate) $field: $of,)*
        })+
    };
}

edges! {
    Knows "knows" { weight: f64 }
    Created "created" { weight: f64 }
    Link "link" {}
    ToItself "self" {}
    Uses "uses" { skill: u8 }
    Develops "develops" { since: u16 }
    Traverses "traverses" {}
}

#[derive(GraphType)]
#[graph(name = "tinkerpop", self_loops)]
pub(crate) enum Tinker {
    Person(Person),
    Software(Software),
    Message(Message),
    Loops(Loops),
    Knows(Knows),
    Created(Created),
    Link(Link),
    ToItself(ToItself),
    Uses(Uses),
    Develops(Develops),
    Traverses(Traverses),
}

/// An edge type that is known only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Knows,
    Created,
    Link,
    ToItself,
    Uses,
    Develops,
    Traverses,
}

/// Does the same with whichever edge type a label stands for.
macro_rules! with_edge {
    ($label:expr, $edge:ident => $then:expr) => {
        match $label {
            Label::Knows => {
                type $edge = $crate::tinkerpop::vocabulary::Knows;
                $then
            }
            Label::Created => {
                type $edge = $crate::tinkerpop::vocabulary::Created;
                $then
            }
            Label::Link => {
                type $edge = $crate::tinkerpop::vocabulary::Link;
                $then
            }
            Label::ToItself => {
                type $edge = $crate::tinkerpop::vocabulary::ToItself;
                $then
            }
            Label::Uses => {
                type $edge = $crate::tinkerpop::vocabulary::Uses;
                $then
            }
            Label::Develops => {
                type $edge = $crate::tinkerpop::vocabulary::Develops;
                $then
            }
            Label::Traverses => {
                type $edge = $crate::tinkerpop::vocabulary::Traverses;
                $then
            }
        }
    };
}

pub(super) use with_edge;

impl Label {
    pub(super) fn name(self) -> &'static str {
        with_edge!(self, E => E::NAME)
    }
}

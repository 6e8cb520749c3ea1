//! What generated code may call: hidden, and without any promise of stability.
#![allow(clippy::indexing_slicing, reason = "constant functions, evaluated by the compiler, have no iterators")]

mod members;
mod projection;
mod upgrade;

use std::fmt;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde::de::Error as _;
use serde_json::Value;

use crate::element::Stored;

#[cfg(feature = "encryption")]
pub use crate::encryption::primitives;

pub use crate::definition::{
    Direction, EdgeDefinition, EdgeRules, ElementDefinition, Endpoint, FieldDefinition, GraphDefinition, GraphRules,
    IndexDefinition, Member, NodeDefinition, OnDelete, Parallel, Past, RenamedAttribute, RenamedValue, Scope, Shape,
    UpgradeDefinition,
};
pub use crate::element::{
    Connects, Contains, EdgeType, Element, GraphType, Keyed, MemberOf, NodeSet, NodeType, PartOf,
};
pub use crate::endpoint::Named;
pub use crate::field::Field;
pub use crate::key::{InvalidKey, Key};
pub use crate::query::{Projection, Selection};
pub use crate::sealed_field::{FindableValue, SealedField, SealedValue};
pub use members::{Ends, Has, Imported, InGraph, InUnion, Listed, Pair, Starts, decode_node, listed};
pub use projection::{Attribute, Handle, TypeOf};
pub use serde_json::Result as JsonResult;
pub use std::any::type_name;
pub use std::option::Option::{self, None, Some};
pub use std::primitive::{bool, str, u32, usize};
pub use std::result::Result::{self, Err, Ok};
pub use upgrade::{Earlier, Upgrade, Upgraded, upgrade};

/// The schema document of a user's type.
pub fn schema_of<T: Stored>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

/// The key a value carries in one of its fields.
pub fn key_of<T: serde::Serialize + ?Sized>(attribute: &'static str, value: &T) -> Result<Option<Key>, InvalidKey> {
    Key::of(attribute, value).map(Some)
}

/// Reads a value from stored attributes.
pub fn decode<T: DeserializeOwned>(shape: Shape, attributes: &str) -> JsonResult<T> {
    match shape {
        Shape::Object => serde_json::from_str(attributes),
        Shape::Unit => serde_json::from_value(Value::Null),
    }
}

/// Asks rustc whether a type is metagraph's.
pub const fn sealed<T: SealedValue>() {}

/// Asks rustc whether a type can be found although it is sealed.
pub const fn found_sealed<T: FindableValue>() {}

/// The answer of a set that does not know a type's name.
pub fn unknown_member<T>(set: &str, name: &str) -> JsonResult<T> {
    Err(serde_json::Error::custom(format_args!("`{name}` is not a member of `{set}`")))
}

/// The member of a graph type at one place, so that importing types can name members they do not see.
///
/// `By` is the graph type that asks. Every type implements this for all of them alike, and still it must be there: rustc
/// trusts an implementation in another crate, when it looks for overlaps, only if a type of the own crate takes part.
pub trait Slot<By, const PLACE: usize> {
    /// The member, or [`Absent`].
    type Member;
}

/// How many places every graph type has.
pub const SLOTS: usize = 64;

/// An empty place of the graph type `G`.
pub struct Absent<G, const PLACE: usize>(PhantomData<fn() -> G>);

impl<G, const PLACE: usize> fmt::Debug for Absent<G, PLACE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Absent")
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// How often the vocabulary has a member of this name.
pub const fn occurrences(graph: &GraphDefinition, name: &str) -> usize {
    let mut found = 0;
    let mut at = 0;
    while at < graph.members.len() {
        found += match graph.members[at] {
            Member::Node(node) => same(node.element.name, name) as usize,
            Member::Edge(edge) => same(edge.element.name, name) as usize,
            Member::Import(imported) => occurrences(imported, name),
        };
        at += 1;
    }
    found
}

/// How often a set of node types has a member of this name.
pub const fn occurrences_in_set(set: &[&NodeDefinition], name: &str) -> usize {
    let mut found = 0;
    let mut at = 0;
    while at < set.len() {
        found += same(set[at].element.name, name) as usize;
        at += 1;
    }
    found
}

/// Whether every member of `imported` has a name that only one member of `graph` has.
pub const fn imports_cleanly(graph: &GraphDefinition, imported: &GraphDefinition) -> bool {
    let mut at = 0;
    while at < imported.members.len() {
        let clean = match imported.members[at] {
            Member::Node(node) => occurrences(graph, node.element.name) == 1,
            Member::Edge(edge) => occurrences(graph, edge.element.name) == 1,
            Member::Import(nested) => imports_cleanly(graph, nested),
        };
        if !clean {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether every node type that the member connects is in the vocabulary; a node has no such need.
pub const fn endpoints_known(graph: &GraphDefinition, member: &Member) -> bool {
    match member {
        Member::Edge(edge) => all_known(graph, edge.from) && all_known(graph, edge.to),
        Member::Node(_) | Member::Import(_) => true,
    }
}

const fn all_known(graph: &GraphDefinition, endpoint: Endpoint) -> bool {
    let mut set = 0;
    while set < endpoint.len() {
        let mut at = 0;
        while at < endpoint[set].len() {
            if occurrences(graph, endpoint[set][at].element.name) == 0 {
                return false;
            }
            at += 1;
        }
        set += 1;
    }
    true
}

/// Whether a member's `undirected` is said where the graph is mixed.
pub const fn undirected_fits(graph: &GraphDefinition, member: &Member) -> bool {
    match member {
        Member::Edge(edge) => !edge.rules.undirected || matches!(graph.rules.direction, Direction::Mixed),
        Member::Node(_) | Member::Import(_) => true,
    }
}

/// Whether a member's rules that need a direction (`one_out`, `one_in`, `acyclic`) have one.
pub const fn direction_fits(graph: &GraphDefinition, member: &Member) -> bool {
    match member {
        Member::Edge(edge) => {
            let needs = edge.rules.one_out || edge.rules.one_in || edge.rules.acyclic;
            !needs || !matches!(graph.rules.direction, Direction::Undirected)
        }
        Member::Node(_) | Member::Import(_) => true,
    }
}

/// Whether a member's `multi` does not contradict the graph's `simple`.
pub const fn parallel_fits(graph: &GraphDefinition, member: &Member) -> bool {
    match member {
        Member::Edge(edge) => !(graph.rules.simple && matches!(edge.rules.parallel, Some(Parallel::Multi))),
        Member::Node(_) | Member::Import(_) => true,
    }
}

/// Whether the edges of `imported` can live in `graph`: the same direction, or any in a mixed graph.
pub const fn import_direction_fits(graph: &GraphDefinition, imported: &GraphDefinition) -> bool {
    matches!(
        (graph.rules.direction, imported.rules.direction),
        (Direction::Mixed, _)
            | (Direction::Directed, Direction::Directed)
            | (Direction::Undirected, Direction::Undirected)
    )
}

/// Whether both or none of the two graph types are `simple`: the rule spans all edges of a graph.
pub const fn import_simple_fits(graph: &GraphDefinition, imported: &GraphDefinition) -> bool {
    graph.rules.simple == imported.rules.simple
}

/// How many places an import needs in the graph type that takes it in: one more than its last used place.
///
/// Own members come first; the places behind them go round among the imports.
pub const fn slots(graph: &GraphDefinition) -> usize {
    let mut own = 0;
    let mut imports = 0;
    let mut at = 0;
    while at < graph.members.len() {
        if matches!(graph.members[at], Member::Import(_)) {
            imports += 1;
        } else {
            own += 1;
        }
        at += 1;
    }
    let mut used = own;
    let mut import = 0;
    at = 0;
    while at < graph.members.len() {
        if let Member::Import(imported) = graph.members[at] {
            let needed = slots(imported);
            if needed > 0 {
                let last = own + (needed - 1) * imports + import + 1;
                if last > used {
                    used = last;
                }
            }
            import += 1;
        }
        at += 1;
    }
    used
}

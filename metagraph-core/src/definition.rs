//! The constant data that the derive gives for every type: names, fields, endpoints and rules.
//!
//! Nothing here is computed at run time; [`crate::document`] turns it into the document that is stored. Programs read
//! definitions through [`NodeType`](crate::NodeType), [`EdgeType`](crate::EdgeType) and [`GraphType`](crate::GraphType)
//! and have no reason to write one.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() {
//! use metagraph_core::definition::{Direction, Member, OnDelete};
//! use metagraph_core::GraphType;
//!
//! let graph = Packages::DEFINITION;
//! assert_eq!(graph.rules.direction, Direction::Directed);
//! for member in graph.members {
//!     match member {
//!         Member::Node(node) => assert_eq!((node.element.name, node.on_delete), ("package", OnDelete::Cascade)),
//!         Member::Edge(edge) => assert_eq!(edge.element.name, "depends_on"),
//!         Member::Import(graph) => unreachable!("{} is not imported", graph.name),
//!     }
//! }
//! # }
//! ```

use serde_json::Value;

/// What is known of one attribute at compile time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldDefinition {
    /// The attribute's name in JSON, after every serde rename rule.
    pub name: &'static str,
    /// The name of the Rust field.
    pub rust_name: &'static str,
    /// Whether its type is metagraph's `Encrypted`, as far as the derive can see.
    pub sealed: bool,
    /// Whether functions of the user's write it: serde's `with`, `serialize_with`, or a `skip_serializing_if` that is not
    /// `Option::is_none`. What is stored is then not the serde form of the field's type.
    pub written_otherwise: bool,
}

/// An index that the user declared on one or several attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexDefinition {
    /// The name given by the user, or the attribute's name.
    pub name: &'static str,
    /// JSON names of the attributes, in the order in which they were declared.
    pub fields: &'static [&'static str],
    /// Whether two rows with the same values are refused.
    pub unique: bool,
}

/// How a value of an element type looks as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An object with the attributes.
    Object,
    /// A unit struct: no attributes at all.
    Unit,
}

/// What node and edge types have in common.
#[derive(Debug, Clone, Copy)]
pub struct ElementDefinition {
    /// The type's name in a graph type.
    pub name: &'static str,
    /// How its values look as JSON.
    pub shape: Shape,
    /// The attributes known at compile time; fields of a flattened struct are not among them.
    pub fields: &'static [FieldDefinition],
    /// The JSON name of the `#[graph(key)]` field.
    pub key: Option<&'static str>,
    /// Declared indexes and unique rules.
    pub indexes: &'static [IndexDefinition],
    /// Makes the JSON schema of the attributes.
    pub schema: fn() -> Value,
    /// The path of the Rust type, for messages.
    pub rust_type: fn() -> &'static str,
    /// What the type was before.
    pub past: Past,
}

/// What a node or edge type was in earlier releases, as far as its author says.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::NodeType;
///
/// let past = Package::DEFINITION.element.past;
/// assert!(past.names.is_empty() && past.upgrades.is_empty(), "no `renamed_from` and no `upgrade`");
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Past {
    /// Names that the type had.
    pub names: &'static [&'static str],
    /// Names that its attributes had.
    pub attributes: &'static [RenamedAttribute],
    /// Values of its attributes that are called otherwise now.
    pub values: &'static [RenamedValue],
    /// Functions that make a value of the type from one of an earlier Rust type.
    pub upgrades: &'static [UpgradeDefinition],
}

impl Past {
    /// Nothing was otherwise.
    pub const NONE: Self = Self { names: &[], attributes: &[], values: &[], upgrades: &[] };
}

/// An attribute that had another name, as `#[graph(renamed_from = "titel")]` says on its field.
///
/// ```
/// use metagraph_core::definition::{Past, RenamedAttribute};
///
/// const PAST: Past = Past { attributes: &[RenamedAttribute { name: "title", before: "titel" }], ..Past::NONE };
/// let found = PAST.attributes.iter().find(|attribute| attribute.name == "title");
/// assert_eq!(found.map(|attribute| attribute.before), Some("titel"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenamedAttribute {
    /// The attribute's name in JSON.
    pub name: &'static str,
    /// The name it had.
    pub before: &'static str,
}

/// A value of an attribute, usually the variant of an enum, that had another name, as
/// `#[graph(renamed_value(from = "open", to = "todo"))]` says on the field.
///
/// ```
/// use metagraph_core::definition::RenamedValue;
///
/// let todo = RenamedValue { attribute: "status", name: "todo", before: "open" };
/// let stored = "open";
/// assert_eq!(if stored == todo.before { todo.name } else { stored }, "todo");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenamedValue {
    /// The attribute's name in JSON.
    pub attribute: &'static str,
    /// The value's name in JSON.
    pub name: &'static str,
    /// The name it had.
    pub before: &'static str,
}

/// A function from an earlier Rust type to the one of today, on their JSON, as `#[graph(upgrade = from_v1)]` names it.
///
/// ```
/// use metagraph_core::definition::UpgradeDefinition;
/// use serde_json::json;
///
/// let upgrade = UpgradeDefinition {
///     function: "from_v1",
///     from: || json!({"type": "object", "properties": {"titel": {"type": "string"}}, "required": ["titel"]}),
///     run: |old| Ok(json!({"title": old["titel"]})),
/// };
/// assert_eq!((upgrade.run)(json!({"titel": "write"})), Ok(json!({"title": "write"})));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct UpgradeDefinition {
    /// The function as the author wrote it, for messages.
    pub function: &'static str,
    /// Makes the JSON schema of the earlier type, as it would be stored: what is stored under it is upgraded.
    pub from: fn() -> Value,
    /// Upgrades one value; what the function refuses comes back in its words.
    pub run: fn(Value) -> Result<Value, String>,
}

/// What happens to the edges of a node that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnDelete {
    /// They are deleted with it.
    #[default]
    Cascade,
    /// The node is not deleted while it has any.
    Restrict,
}

/// A node type as the derive describes it.
#[derive(Debug, Clone, Copy)]
pub struct NodeDefinition {
    /// Name, attributes and schema.
    pub element: ElementDefinition,
    /// What a deletion does to the edges.
    pub on_delete: OnDelete,
}

/// One side of an edge type: the node types it may connect, as sets that are read as one.
pub type Endpoint = &'static [&'static [&'static NodeDefinition]];

/// How many edges may run between the same two nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Parallel {
    /// At most one edge of each type.
    #[default]
    Unique,
    /// Any number.
    Multi,
}

/// The rules an edge type sets for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one word of the definition language")]
pub struct EdgeRules {
    /// The type's own choice; without one the graph type's counts.
    pub parallel: Option<Parallel>,
    /// At most one edge of this type leaves a node.
    pub one_out: bool,
    /// At most one edge of this type enters a node.
    pub one_in: bool,
    /// The edge has no direction, in a mixed graph.
    pub undirected: bool,
    /// Edges of this type close no cycle.
    pub acyclic: bool,
}

/// An edge type as the derive describes it.
#[derive(Debug, Clone, Copy)]
pub struct EdgeDefinition {
    /// Name, attributes and schema.
    pub element: ElementDefinition,
    /// Node types an edge may start at.
    pub from: Endpoint,
    /// Node types an edge may end at.
    pub to: Endpoint,
    /// The type's own rules.
    pub rules: EdgeRules,
}

/// Which edges a graph type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Every edge runs from its source to its target.
    #[default]
    Directed,
    /// No edge has a direction.
    Undirected,
    /// Each edge type says for itself.
    Mixed,
}

/// Whose concern the graphs of a type are; kept for the consumer, and not interpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// The system's.
    #[default]
    System,
    /// A tenant's.
    Tenant,
    /// One user's.
    User,
}

/// The rules of a graph type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GraphRules {
    /// Which edges there are.
    pub direction: Direction,
    /// What holds for edge types that do not choose for themselves.
    pub parallel: Parallel,
    /// At most one edge per pair of nodes, whatever its type.
    pub simple: bool,
    /// Whether an edge may end where it starts.
    pub self_loops: bool,
    /// All edges together close no cycle.
    pub acyclic: bool,
}

/// One entry of a graph type's vocabulary.
#[derive(Debug, Clone, Copy)]
pub enum Member {
    /// A node type.
    Node(&'static NodeDefinition),
    /// An edge type.
    Edge(&'static EdgeDefinition),
    /// All members of another graph type, under that type's rules.
    Import(&'static GraphDefinition),
}

/// A graph type as the derive describes it.
#[derive(Debug, Clone, Copy)]
pub struct GraphDefinition {
    /// The name under which the type is stored.
    pub name: &'static str,
    /// The version the user declared; counts breaking changes.
    pub version: u32,
    /// Whose concern its graphs are.
    pub scope: Scope,
    /// Its rules.
    pub rules: GraphRules,
    /// The closed vocabulary.
    pub members: &'static [Member],
    /// What the user wrote about the type.
    pub description: &'static str,
    /// The path of the Rust type, for messages.
    pub rust_type: fn() -> &'static str,
}

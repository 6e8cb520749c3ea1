//! The derive macro of metagraph. It is used through the facade crate, as `metagraph::GraphType`.

mod check;
mod diagnostics;
mod expand;
mod graph_type;
mod model;
mod parse;
mod vocabulary;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a node type, an edge type, a union of node types, or a graph type.
///
/// ```
/// use metagraph::{Element, GraphType};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// A package named in a lock file.
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(node)]
/// pub struct Package {
///     #[graph(key)]
///     pub id: String,
///     #[graph(index)]
///     pub name: String,
/// }
///
/// /// One package needs another.
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(edge(from = Package, to = Package))]
/// pub struct DependsOn {
///     pub optional: bool,
/// }
///
/// /// Everything a lock file says.
/// #[derive(GraphType)]
/// #[graph(name = "dependency-graph", acyclic)]
/// pub enum Dependencies {
///     Package(Package),
///     DependsOn(DependsOn),
/// }
///
/// assert_eq!(DependsOn::NAME, "depends_on");
/// assert_eq!(Package::F.name.name(), "name");
/// assert_eq!(Dependencies::DEFINITION.members.len(), 2);
/// ```
///
/// # The four shapes
///
/// | on | attribute | becomes |
/// |---|---|---|
/// | a struct, or an enum that serialises to an object | `#[graph(node)]` | a node type |
/// | the same, or a unit struct | `#[graph(edge(from = A, to = B))]` | an edge type |
/// | an enum of node types | `#[graph(union)]` | a set of node types: an endpoint, or the answer of a query |
/// | an enum of node types, edge types and imports | `#[graph(name = "..")]` or any other option of a graph type | a graph type: the closed vocabulary of its graphs |
///
/// A type has one shape. What is stored has one name and one schema and owns its data, so a type with generic
/// parameters or lifetimes is refused.
///
/// All mistakes of one item are reported in one build. What only the whole vocabulary shows, such as two members with
/// one name, is a compile error at the variant.
///
/// # Options of every shape
///
/// ## `crate`
///
/// `#[graph(crate = "path")]` says where the facade crate is, when it is renamed or re-exported. Without it, it is
/// `::metagraph`.
///
/// ```
/// mod store {
///     pub use metagraph::*;
///     #[doc(hidden)]
///     pub use metagraph::__private;
/// }
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, store::GraphType)]
/// #[graph(node, crate = "store")]
/// struct Package {}
/// ```
///
/// # Options of a node type
///
/// ## `name`
///
/// The name that is stored; also for edge types and graph types. Without it, it is the Rust name in snake case:
/// `DependsOn` is `depends_on`, `HTTPRoute` is `http_route`.
///
/// Refused: a name that does not match `[A-Za-z_][A-Za-z0-9_.-]*`, or with more than 63 bytes.
///
/// ## `on_delete`
///
/// What happens to the edges of a deleted node: `cascade` deletes them too and is the default, `restrict` keeps a node
/// that has any.
///
/// ```
/// # use metagraph::{GraphType, NodeType, definition::OnDelete};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(node, name = "person", on_delete = restrict)]
/// struct PersonRecord {
///     name: String,
/// }
/// # assert_eq!(PersonRecord::DEFINITION.on_delete, OnDelete::Restrict);
/// ```
///
/// # Options of an edge type
///
/// ## `edge(from = .., to = ..)`
///
/// What the edges connect. Each side is a node type or a union, `from = A`, or a list of node types, `from(A, B)`. Every
/// pair of one `from` and one `to` is allowed, and others do not compile.
///
/// ```
/// # use metagraph::{Connects, GraphType};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Person {}
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Team {}
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Document {}
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(edge(from(Person, Team), to = Document))]
/// struct Owns;
/// # fn connects<S, T, E: Connects<S, T>>() {}
/// # connects::<Team, Document, Owns>();
/// ```
///
/// Refused: a missing side, a type twice in a list, a union in a list of several.
///
/// ## `multi` and `unique`
///
/// `multi` allows several edges of this type between the same two nodes, `unique` allows one. Without either the graph
/// type decides. Refused: both at once; `multi` in a graph type that is `simple`.
///
/// ## `one_out` and `one_in`
///
/// At most one edge of this type leaves a node, or enters it.
/// Refused: beside `undirected`, and in an undirected graph type, where edges have no source and no target.
///
/// ## `acyclic`
///
/// The edges of this type close no cycle. Refused: as for `one_out`.
///
/// ## `undirected`
///
/// The edges of this type have no direction. Refused: in a graph type that is not `mixed`.
///
/// ```
/// # use metagraph::GraphType;
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Person {}
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(edge(from = Person, to = Person), one_out, acyclic)]
/// struct ReportsTo;
///
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(edge(from = Person, to = Person), undirected, multi)]
/// struct Met {
///     #[graph(key)]
///     day: String,
/// }
///
/// #[derive(GraphType)]
/// #[graph(name = "people", mixed)]
/// enum People {
///     Person(Person),
///     ReportsTo(ReportsTo),
///     Met(Met),
/// }
/// ```
///
/// # Options of a field
///
/// They stand on the named fields of a struct that is a node or edge type.
///
/// ## `key`
///
/// The field holds the identity of a node in its graph and type, or of an edge among its parallels: a text or an
/// integer. A node type without a key field gets generated keys.
///
/// Refused: a second `key`; an `Option`; `index` or `unique` beside it, which a key is already; `serde(with)` and
/// `serde(serialize_with)`, under which the stored text would not be the key; `serde(skip_serializing_if)`.
///
/// ## `index`
///
/// Equality, range and order on this attribute are fast. `index = "group"` on several fields makes one index over them,
/// in the order of the fields; a field may be in several groups, and have an index of its own as well.
///
/// ## `unique`
///
/// No two nodes (or edges) of the type in one graph have the same value; `unique = "group"` says so for several fields
/// together. Absent and null values claim nothing.
///
/// ```
/// # use metagraph::{GraphType, NodeType};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(node)]
/// struct Release {
///     #[graph(unique = "release", index)]
///     package: String,
///     #[graph(unique = "release")]
///     version: String,
/// }
/// let [release, package] = Release::DEFINITION.element.indexes else { unreachable!() };
/// assert_eq!((release.name, release.fields), ("release", ["package", "version"].as_slice()));
/// assert_eq!((package.name, package.unique), ("package", false));
/// ```
///
/// Refused: `index` beside `unique`, which is an index already; a group that is `index` on one field and `unique` on
/// another; a group with the name of an attribute that has an index of its own.
///
/// # Options of a union
///
/// Only `crate`. Each variant holds one node type, under any variant name. A union is not stored, so it has no name.
///
/// ```
/// # use metagraph::{GraphType, NodeSet};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Person {}
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Team {}
/// #[derive(GraphType)]
/// #[graph(union)]
/// enum Principal {
///     Person(Person),
///     Team(Team),
/// }
/// assert!(matches!(Principal::decode("team", "{}"), Ok(Principal::Team(_))));
/// ```
///
/// Refused: a type twice, two types with one name, variants of any other form.
///
/// # Options of a graph type
///
/// | option | meaning | refused beside |
/// |---|---|---|
/// | `name = ".."` | the name that is stored | |
/// | `version = 2` | counts breaking changes, from 1 | |
/// | `scope = system`, `tenant`, `user` | whose concern its graphs are; kept for you, not interpreted | |
/// | `directed` | every edge runs from its source to its target; the default | `undirected`, `mixed` |
/// | `undirected` | no edge has a direction | `directed`, `mixed`, `acyclic` |
/// | `mixed` | each edge type says for itself | `directed`, `undirected`, `acyclic` |
/// | `multi` | several edges of one type between two nodes, unless the type is `unique` | `simple` |
/// | `simple` | at most one edge between two nodes, whatever its type | `multi` |
/// | `self_loops` | an edge may end where it starts | `acyclic` |
/// | `acyclic` | all edges together close no cycle | `self_loops`, `undirected`, `mixed` |
///
/// Each variant holds one node or edge type, under any variant name, and every type that an edge connects is there too.
/// What is written above the enum becomes the description of the graph type. The types of a `pub` enum's variants must
/// be as visible as the enum.
///
/// ## `import`
///
/// On a variant that holds another graph type: its whole vocabulary becomes part of this one, under this one's rules.
///
/// ```
/// # use metagraph::{Contains, GraphType};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Person {}
/// # #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// # #[graph(node)]
/// # struct Task {}
/// #[derive(GraphType)]
/// #[graph(name = "tasks")]
/// enum TaskGraph {
///     Task(Task),
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[graph(edge(from = Person, to = Task))]
/// struct Assigned;
///
/// #[derive(GraphType)]
/// #[graph(name = "work")]
/// enum Work {
///     #[graph(import)]
///     Tasks(TaskGraph),
///     Person(Person),
///     Assigned(Assigned),
/// }
/// # fn contains<G: Contains<X>, X>() {}
/// # contains::<Work, Task>();
/// ```
///
/// Refused: a member whose name another member has; a graph type of another direction, unless the importing one is
/// `mixed`; `simple` on only one of the two; more than 64 members.
///
/// # What serde says
///
/// The stored JSON is the one serde writes, so names and shapes are read from `#[serde(..)]`: `rename`, `rename_all` and
/// the tags of enums. `default`, `alias`, `with` and `skip` work as always; a skipped field is no attribute. A field
/// under `flatten` adds the attributes of its type, without handles, and takes no option.
///
/// An enum is a node or edge type when serde stores it as an object, under `#[serde(tag = "..")]` with or without
/// `content`. Its attributes depend on the variant, so it has no handles and its fields take no options.
///
/// ```
/// # use metagraph::GraphType;
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// #[derive(Serialize, Deserialize, JsonSchema, GraphType)]
/// #[serde(tag = "kind", rename_all = "snake_case")]
/// #[graph(node)]
/// enum Event {
///     Started { at: u64 },
///     Stopped,
/// }
/// ```
///
/// Refused, because the value would not be an object, or not be read as it was written: tuple structs, enums without a
/// tag, `untagged`, `transparent`, `from`, `try_from`, `into`, `skip_serializing` or `skip_deserializing` alone,
/// `skip_serializing_if` without `default` (an `Option` needs none), different names for writing and reading, two fields
/// with one name, `deny_unknown_fields` beside `flatten` or on a struct with a `tag`. Names with quotes, backslashes or
/// control characters are refused too.
#[proc_macro_derive(GraphType, attributes(graph))]
pub fn graph_type(input: TokenStream) -> TokenStream {
    graph_type::derive(&parse_macro_input!(input as DeriveInput)).into()
}

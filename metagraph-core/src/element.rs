//! The traits that `#[derive(GraphType)]` implements, with the messages rustc prints when one is missing.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::definition::{EdgeDefinition, GraphDefinition, Member, NodeDefinition};
use crate::key::{InvalidKey, Key};

/// What serde writes and reads and schemars describes: every type with the three derives, that owns its data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as JSON",
    label = "`{Self}` needs `#[derive(Serialize, Deserialize, JsonSchema)]`",
    note = "serde writes and reads a node or edge type, and schemars describes it"
)]
pub trait Stored: Serialize + DeserializeOwned + JsonSchema + Sized + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + JsonSchema + 'static> Stored for T {}

/// A node or edge type: attributes in JSON, described by a schema.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Element;
///
/// let serde = Package { id: "serde".into(), downloads: 7 };
/// assert_eq!(Package::NAME, "package");
/// assert_eq!(Package::F.downloads.name(), Some("downloads"));
/// assert_eq!(serde.key().unwrap().unwrap().as_str(), "serde");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a node type nor an edge type",
    label = "expected a type with `#[derive(GraphType)]` and `#[graph(node)]` or `#[graph(edge(..))]`",
    note = "a union has no attributes of its own: `matching(Package::F.name.eq(\"..\").within())` asks about a member's"
)]
pub trait Element: Stored {
    /// The type's name in a graph type.
    const NAME: &'static str;

    /// The type as an entry of a vocabulary.
    const MEMBER: Member;

    /// The struct that holds one [`Field`](crate::Field) per attribute.
    type Fields;

    /// Typed handles of the attributes: `Package::F.name`.
    const F: Self::Fields;

    /// The identity the value carries in its `#[graph(key)]` field.
    ///
    /// # Errors
    /// [`InvalidKey`] when that field holds no usable text.
    fn key(&self) -> Result<Option<Key>, InvalidKey> {
        Ok(None)
    }
}

/// A node type, made by `#[graph(node)]`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::NodeType;
///
/// let element = Package::DEFINITION.element;
/// assert_eq!((element.name, element.key), ("package", Some("id")));
/// assert_eq!(element.fields.len(), 2);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a node type",
    label = "expected a type with `#[derive(GraphType)]` and `#[graph(node)]`"
)]
pub trait NodeType: Element + NodeSet + MemberOf<Self> {
    /// Everything known of the type at compile time.
    const DEFINITION: NodeDefinition;
}

/// A node type with a `#[graph(key)]` field, so that its values say which node they are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{Key, Keyed};
///
/// fn key_of<N: Keyed>(node: &N) -> Option<Key> {
///     node.key().ok().flatten()
/// }
///
/// let serde = Package { id: "serde".into(), downloads: 7 };
/// assert_eq!(key_of(&serde).unwrap().as_str(), "serde");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no key to be found by",
    label = "no field of `{Self}` is its key",
    note = "put `#[graph(key)]` on the field that identifies a `{Self}`, or insert it instead"
)]
pub trait Keyed: NodeType {}

/// Some node, of a type that is known only to the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{AnyNode, NodeId};
///
/// let serde = NodeId::<Package>::from_raw(7);
/// let any: NodeId<AnyNode> = serde.widen();
/// assert_eq!(any.raw(), 7);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyNode {}

impl<N: NodeType> MemberOf<AnyNode> for N {}

/// An edge type, made by `#[graph(edge(from = .., to = ..))]`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::EdgeType;
///
/// let definition = DependsOn::DEFINITION;
/// assert!(definition.rules.acyclic);
/// assert_eq!(definition.from[0][0].element.name, "package");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an edge type",
    label = "expected a type with `#[derive(GraphType)]` and `#[graph(edge(from = .., to = ..))]`"
)]
pub trait EdgeType: Element {
    /// Everything known of the type at compile time.
    const DEFINITION: EdgeDefinition;
}

/// What a query for nodes can answer with: one node type, or a union of several.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::NodeSet;
///
/// let node = <Package as NodeSet>::decode("package", r#"{"id":"serde","downloads":7}"#).unwrap();
/// assert_eq!(node, Package { id: "serde".into(), downloads: 7 });
/// assert!(<Package as NodeSet>::decode("person", "{}").is_err());
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a node type nor a union of node types",
    label = "expected a type with `#[derive(GraphType)]` and `#[graph(node)]` or `#[graph(union)]`"
)]
pub trait NodeSet: Sized + 'static {
    /// The node types a value can have.
    const MEMBERS: &'static [&'static NodeDefinition];

    /// Reads a value of the member type `name` from its attributes.
    ///
    /// # Errors
    /// The message of serde when the attributes do not fit; a name outside the set does not fit either.
    fn decode(name: &str, attributes: &str) -> serde_json::Result<Self>;
}

/// `Self` is the node type or union `S`, or a member of the union `S`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{AnyNode, MemberOf, NodeId};
///
/// fn numbers<S, N: MemberOf<S>>(ids: &[NodeId<N>]) -> Vec<NodeId<S>> {
///     ids.iter().map(|id| id.widen()).collect()
/// }
///
/// let ids = numbers::<AnyNode, Package>(&[NodeId::from_raw(7)]);
/// assert_eq!(ids, [NodeId::from_raw(7)]);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a member of `{S}`",
    label = "`{S}` does not include `{Self}`",
    note = "`{S}` lists its members as variants under `#[graph(union)]`"
)]
pub trait MemberOf<S> {}

/// The edge type `Self` may run from a `S` to a `T`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Connects;
///
/// fn describe<S, T, E: Connects<S, T>>() -> &'static str {
///     E::NAME
/// }
///
/// assert_eq!(describe::<Package, Package, DependsOn>(), "depends_on");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "edge `{Self}` cannot connect `{S}` to `{T}`",
    label = "no such endpoint pair on `{Self}`",
    note = "`{Self}` lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait Connects<S, T>: EdgeType {}

/// Edges of the type `Self` may start at a `S`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{EndsAt, StartsAt};
///
/// fn runs<S, T, E: StartsAt<S> + EndsAt<T>>() {}
/// runs::<Package, Package, DependsOn>();
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "no edge `{Self}` starts at a `{S}`",
    label = "`{S}` is no source of `{Self}`",
    note = "`{Self}` lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait StartsAt<S>: EdgeType {}

/// Edges of the type `Self` may end at a `T`; see [`StartsAt`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::EndsAt;
///
/// fn ends<T, E: EndsAt<T>>() -> &'static str {
///     E::NAME
/// }
///
/// assert_eq!(ends::<Package, DependsOn>(), "depends_on");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "no edge `{Self}` ends at a `{T}`",
    label = "`{T}` is no target of `{Self}`",
    note = "`{Self}` lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait EndsAt<T>: EdgeType {}

/// One edge type, or several in a tuple: `(Knows, Likes)`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::EdgeSet;
///
/// assert_eq!(DependsOn::names(), ["depends_on"]);
/// assert_eq!(<(DependsOn, DependsOn)>::names().len(), 2);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an edge type",
    label = "expected a type with `#[graph(edge(from = .., to = ..))]`, or a tuple of them"
)]
pub trait EdgeSet: 'static {
    /// The names of the edge types.
    fn names() -> Vec<&'static str>;
}

#[diagnostic::do_not_recommend]
impl<E: EdgeType> EdgeSet for E {
    fn names() -> Vec<&'static str> {
        vec![E::NAME]
    }
}

/// Each edge type of the set may run from a `S` to a `T`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::Joins;
///
/// fn joins<S, T, E: Joins<S, T>>() {}
/// joins::<Package, Package, DependsOn>();
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot connect `{S}` to `{T}`",
    label = "no such endpoint pair on `{Self}`",
    note = "an edge type lists what it connects in `#[graph(edge(from = .., to = ..))]`"
)]
pub trait Joins<S, T>: EdgeSet {}

#[diagnostic::do_not_recommend]
impl<E: EdgeType + Connects<S, T>, S, T> Joins<S, T> for E {}

macro_rules! edge_sets {
    ($($($name:ident)+;)+) => {
        $(#[diagnostic::do_not_recommend]
        impl<$($name: EdgeType),+> EdgeSet for ($($name,)+) {
            fn names() -> Vec<&'static str> {
                vec![$($name::NAME),+]
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S, T, $($name: EdgeType + Connects<S, T>),+> Joins<S, T> for ($($name,)+) {}

        #[diagnostic::do_not_recommend]
        impl<G, $($name: EdgeType + PartOf<G>),+> PartOf<G> for ($($name,)+) {})+
    };
}

edge_sets! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}

/// A graph type: the closed vocabulary of its graphs, made by `#[graph(name = "..")]` on an enum.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::GraphType;
///
/// assert_eq!(Packages::DEFINITION.name, "packages");
/// let edge = Packages::decode("depends_on", r#"{"optional":true}"#).unwrap().unwrap();
/// assert_eq!(edge, Packages::DependsOn(DependsOn { optional: true }));
/// assert!(Packages::decode("parcel", "{}").is_none());
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a graph type",
    label = "expected an enum with `#[derive(GraphType)]` and `#[graph(name = \"..\")]`"
)]
pub trait GraphType: Sized + 'static {
    /// Everything known of the type at compile time.
    const DEFINITION: GraphDefinition;

    /// Reads a value of the member type `name` from its attributes; `None` when there is no such member.
    fn decode(name: &str, attributes: &str) -> Option<serde_json::Result<Self>>;
}

/// The vocabulary of the graph type `Self` includes the node or edge type `X`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{Contains, GraphType};
///
/// fn holds_packages<G: GraphType + Contains<Package>>() -> &'static str {
///     G::DEFINITION.name
/// }
///
/// assert_eq!(holds_packages::<Packages>(), "packages");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{X}` is not part of the graph type `{Self}`",
    label = "not a member of `{Self}`",
    note = "add it as a variant of `{Self}`, or import a graph type that has it"
)]
pub trait Contains<X> {}

/// The node type, edge type or union `Self` belongs to the vocabulary of the graph type `G`.
///
/// It is [`Contains`] seen from the member, and includes unions all of whose members belong to it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{Element, PartOf};
///
/// fn name<X: Element + PartOf<Packages>>(_: &X) -> &'static str {
///     X::NAME
/// }
///
/// assert_eq!(name(&DependsOn { optional: true }), "depends_on");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not part of the graph type `{G}`",
    label = "not a member of `{G}`",
    note = "add it (of a tuple, each of its types) as a variant of `{G}`, or import a graph type that has it"
)]
pub trait PartOf<G> {}

#[diagnostic::do_not_recommend]
impl<G: Contains<X>, X: Element> PartOf<G> for X {}

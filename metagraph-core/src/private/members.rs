//! How members of unions and graph types are asked for: under names of their own, so that the message of rustc says what
//! is wrong with a variant or an endpoint, and says it once.
//!
//! Generated code implements or calls these where users ask for the traits of [`crate::element`]. The blanket
//! implementations also stand in for `#[diagnostic::do_not_recommend]` in generated code, which a module without a prelude
//! does not know.

use super::{JsonResult, decode, unknown_member};
use crate::definition::{GraphDefinition, Member, NodeDefinition, Shape};
use crate::element::{Connects, Contains, EdgeType, Element, EndsAt, GraphType, NodeType, StartsAt};

fn shape_of(member: &Member) -> Shape {
    match member {
        Member::Node(node) => node.element.shape,
        Member::Edge(edge) => edge.element.shape,
        Member::Import(_) => Shape::Object,
    }
}

fn decode_member<M: Element>(name: &str, attributes: &str) -> Option<JsonResult<M>> {
    (name == M::NAME).then(|| decode(shape_of(&M::MEMBER), attributes))
}

/// Reads a node of the only type that a set has.
pub fn decode_node<N: NodeType>(name: &str, attributes: &str) -> JsonResult<N> {
    decode_member(name, attributes).unwrap_or_else(|| unknown_member(N::NAME, name))
}

/// What can be a variant of a graph type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a variant of a graph type",
    label = "neither a node type nor an edge type",
    note = "write `#[graph(import)]` above the variant to take in another graph type, and list the members of a union one by one"
)]
pub trait InGraph: Sized {
    /// The type as an entry of the vocabulary.
    const MEMBER: Member;
    /// The type's name.
    const NAME: &'static str;

    /// Reads a value; `None` when the name is not this type's.
    fn decode(name: &str, attributes: &str) -> Option<JsonResult<Self>>;
}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<M: Element> InGraph for M {
    const MEMBER: Member = M::MEMBER;
    const NAME: &'static str = M::NAME;

    fn decode(name: &str, attributes: &str) -> Option<JsonResult<Self>> {
        decode_member(name, attributes)
    }
}

/// What can be a variant of a union.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a variant of a union",
    label = "not a node type",
    note = "a union lists node types, which have `#[derive(GraphType)]` and `#[graph(node)]`"
)]
pub trait InUnion: Sized {
    /// Everything known of the type at compile time.
    const DEFINITION: NodeDefinition;

    /// Reads a value; `None` when the name is not this type's.
    fn decode(name: &str, attributes: &str) -> Option<JsonResult<Self>>;
}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<N: NodeType> InUnion for N {
    const DEFINITION: NodeDefinition = N::DEFINITION;

    fn decode(name: &str, attributes: &str) -> Option<JsonResult<Self>> {
        decode_member(name, attributes)
    }
}

/// What can be imported by the graph type `By`: generated code implements it beside [`GraphType`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be imported",
    label = "not a graph type",
    note = "leave `#[graph(import)]` out for a node or edge type; a graph type is an enum with `#[graph(name = \"..\")]`"
)]
pub trait Imported<By>: GraphType {
    /// The type itself. Its places are asked for by this name, which a wrong type does not have: that is reported once,
    /// and not again for every place.
    type Places;

    /// As in [`GraphType`].
    const IMPORTED: GraphDefinition = Self::DEFINITION;

    /// As in [`GraphType`].
    fn decode(name: &str, attributes: &str) -> Option<JsonResult<Self>> {
        <Self as GraphType>::decode(name, attributes)
    }
}

/// The edge type may run from a `S` to a `T`, as [`Connects`] says to users.
pub trait Pair<S, T> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<E: EdgeType + Pair<S, T>, S, T> Connects<S, T> for E {}

/// Edges may start at a `S`, as [`StartsAt`] says to users.
pub trait Starts<S> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<E: EdgeType + Starts<S>, S> StartsAt<S> for E {}

/// Edges may end at a `T`, as [`EndsAt`] says to users.
pub trait Ends<T> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<E: EdgeType + Ends<T>, T> EndsAt<T> for E {}

/// The vocabulary includes `X`, as [`Contains`] says to users.
pub trait Has<X> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Has<X>, X> Contains<X> for G {}

/// An endpoint that stands in a list with others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a list of endpoints",
    label = "a list holds node types only",
    note = "a union stands alone: `from = {Self}`; or list its members"
)]
pub trait Listed {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<N: NodeType> Listed for N {}

/// Asks for an endpoint that can stand in a list.
pub const fn listed<N: Listed>() {}

//! The ends of edges as programs name them: by id or by key.

use std::fmt;
use std::marker::PhantomData;

use crate::element::NodeType;
use crate::id::NodeId;

/// A node of type `N`, by the key it has inside a graph.
///
/// It names an end of an edge where its id is not known; the id is looked up by the verb that takes it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::NodeKey;
///
/// let serde = NodeKey::<Package>::new("serde");
/// assert_eq!(serde.as_str(), "serde");
/// assert_eq!(serde.to_string(), "package `serde`");
/// # }
/// ```
pub struct NodeKey<'k, N> {
    key: &'k str,
    of: PhantomData<fn() -> N>,
}

impl<'k, N: NodeType> NodeKey<'k, N> {
    /// Names the node with this key.
    ///
    /// Nothing is checked here; a verb that finds no such node says so.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::NodeKey;
    ///
    /// const SERDE: NodeKey<'static, Package> = NodeKey::new("serde");
    /// # assert_eq!(SERDE.as_str(), "serde");
    /// # }
    /// ```
    pub const fn new(key: &'k str) -> Self {
        Self { key, of: PhantomData }
    }
}

impl<'k, N> NodeKey<'k, N> {
    /// The key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// assert_eq!(metagraph_core::NodeKey::<Package>::new("serde").as_str(), "serde");
    /// # }
    /// ```
    pub const fn as_str(self) -> &'k str {
        self.key
    }
}

impl<N> Clone for NodeKey<'_, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<N> Copy for NodeKey<'_, N> {}

impl<N> PartialEq for NodeKey<'_, N> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<N> Eq for NodeKey<'_, N> {}

impl<N> fmt::Debug for NodeKey<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {:?}", self.key)
    }
}

impl<N: NodeType> fmt::Display for NodeKey<'_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", N::NAME, self.key)
    }
}

/// An end of an edge: a [`NodeId`] or a [`NodeKey`].
///
/// The trait is sealed: these are the two ways to name a node.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::{Connects, EdgeType, Endpoint, NodeId, NodeKey};
///
/// fn describe<E, S: Endpoint, T: Endpoint>(_: S, _: T) -> &'static str
/// where
///     E: EdgeType + Connects<S::Node, T::Node>,
/// {
///     E::NAME
/// }
///
/// let (app, serde) = (NodeId::<Package>::from_raw(1), NodeKey::<Package>::new("serde"));
/// assert_eq!(describe::<DependsOn, _, _>(app, serde), "depends_on");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a node",
    label = "expected a `NodeId` or a `NodeKey`",
    note = "a node that was read has its handle in `id`; one that is known by key is `NodeKey::<YourType>::new(\"..\")`"
)]
pub trait Endpoint: Copy + sealed::Endpoint {
    /// The node type, or the union, of the node.
    type Node;
}

impl<N> Endpoint for NodeId<N> {
    type Node = N;
}

impl<N: NodeType> Endpoint for NodeKey<'_, N> {
    type Node = N;
}

/// How a node is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'k> {
    /// By its id.
    Id(i64),
    /// By its type and its key.
    Key(&'static str, &'k str),
}

pub(crate) mod sealed {
    use super::{Named, NodeId, NodeKey, NodeType};

    #[allow(unnameable_types, reason = "nobody else implements it")]
    pub trait Endpoint {
        /// How it names the node.
        fn named(&self) -> Named<'_>;
    }

    impl<N> Endpoint for NodeId<N> {
        fn named(&self) -> Named<'_> {
            Named::Id(self.raw())
        }
    }

    impl<N: NodeType> Endpoint for NodeKey<'_, N> {
        fn named(&self) -> Named<'_> {
            Named::Key(N::NAME, self.as_str())
        }
    }
}

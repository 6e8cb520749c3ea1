//! Local handles of stored rows: small integers that carry the type they belong to.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::element::MemberOf;

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $word:literal) => {
        $(#[$doc])*
        pub struct $name<T> {
            raw: i64,
            of: PhantomData<fn() -> T>,
        }

        impl<T> $name<T> {
            /// Wraps a number that the database gave.
            ///
            /// Nothing is checked here; a write or read through a graph checks that the row exists and has this type.
            pub const fn from_raw(raw: i64) -> Self {
                Self { raw, of: PhantomData }
            }

            /// The number the database gave.
            pub const fn raw(self) -> i64 {
                self.raw
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.raw == other.raw
            }
        }

        impl<T> Eq for $name<T> {}

        impl<T> PartialOrd for $name<T> {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<T> Ord for $name<T> {
            fn cmp(&self, other: &Self) -> Ordering {
                self.raw.cmp(&other.raw)
            }
        }

        impl<T> Hash for $name<T> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.raw.hash(state);
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($word, " {}"), self.raw)
            }
        }

        impl<T> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.raw.fmt(f)
            }
        }

        impl<T> Serialize for $name<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.raw.serialize(serializer)
            }
        }

        impl<'de, T> Deserialize<'de> for $name<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                i64::deserialize(deserializer).map(Self::from_raw)
            }
        }
    };
}

typed_id! {
    /// The local handle of a stored node of type `T`, or of one member of the union `T`.
    ///
    /// It is valid in the database that gave it; what travels between databases is the node's key.
    ///
    /// ```
    /// use metagraph_core::NodeId;
    ///
    /// struct Package;
    /// let id = NodeId::<Package>::from_raw(7);
    /// assert_eq!(id.to_string(), "7");
    /// assert_eq!(format!("{id:?}"), "node 7");
    /// ```
    NodeId, "node"
}

typed_id! {
    /// The local handle of a stored edge of type `T`.
    ///
    /// ```
    /// use metagraph_core::EdgeId;
    ///
    /// struct DependsOn;
    /// assert_eq!(EdgeId::<DependsOn>::from_raw(3).raw(), 3);
    /// ```
    EdgeId, "edge"
}

typed_id! {
    /// The local handle of a stored graph of type `T`; what travels is the graph's uid.
    ///
    /// ```
    /// use metagraph_core::GraphId;
    ///
    /// struct Dependencies;
    /// assert_eq!(GraphId::<Dependencies>::from_raw(1).raw(), 1);
    /// ```
    GraphId, "graph"
}

impl<N> NodeId<N> {
    /// The same node, seen as a member of the union `U`.
    ///
    /// ```
    /// # use metagraph_core::{MemberOf, NodeId};
    /// fn as_principal<N, P>(id: NodeId<N>) -> NodeId<P>
    /// where
    ///     N: MemberOf<P>,
    /// {
    ///     id.widen()
    /// }
    /// ```
    pub const fn widen<U>(self) -> NodeId<U>
    where
        N: MemberOf<U>,
    {
        NodeId::from_raw(self.raw)
    }
}

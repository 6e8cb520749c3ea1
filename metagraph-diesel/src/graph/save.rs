//! Writing back what was read.

use metagraph_core::{EdgeId, EdgeType, Element, NodeId, NodeType, PartOf};

use super::Graph;
use super::handle::{Stored, WriteHandle, private as private_handle};
use crate::backend::GraphConnection;
use crate::encode;
use crate::error::Result;
use crate::read::{Edge, Node};

/// What was read and can be written back: a [`Node`] or an [`Edge`] of one type.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// let id = graph.insert(&mut conn, &package("serde"))?;
/// let mut node = graph.get(&mut conn, id)?.unwrap();
/// node.value.downloads = 7;
/// assert_eq!(graph.save(&mut conn, &mut node)?, 2);
/// # Ok(())
/// # }
/// ```
pub trait Saved: private::Saved<Of = Self::Value> {
    /// The Rust type of its value.
    type Value: Element;
}

impl<N: NodeType> Saved for Node<N> {
    type Value = N;
}

impl<E: EdgeType> Saved for Edge<E> {
    type Value = E;
}

mod private {
    use super::{Edge, EdgeId, EdgeType, Node, NodeId, NodeType, Stored, WriteHandle};

    pub trait Saved {
        type Of;
        type Id: WriteHandle<Value = Self::Of>;

        /// What the row is known by, and its value.
        fn parts(&self) -> (Stored, &Self::Of);

        /// Takes over what was written, and the key where it changed.
        fn written(&mut self, version: i64, renamed: Option<String>);
    }

    impl<N: NodeType> Saved for Node<N> {
        type Of = N;
        type Id = NodeId<N>;

        fn parts(&self) -> (Stored, &N) {
            (Stored::unread(self.id.raw(), Some(self.key.clone()), self.version), &self.value)
        }

        fn written(&mut self, version: i64, renamed: Option<String>) {
            self.version = version;
            self.key = renamed.unwrap_or_else(|| std::mem::take(&mut self.key));
        }
    }

    impl<E: EdgeType> Saved for Edge<E> {
        type Of = E;
        type Id = EdgeId<E>;

        fn parts(&self) -> (Stored, &E) {
            (Stored::unread(self.id.raw(), self.key.clone(), self.version), &self.value)
        }

        fn written(&mut self, version: i64, renamed: Option<String>) {
            self.version = version;
            self.key = renamed.or_else(|| self.key.take());
        }
    }
}

impl<G> Graph<G> {
    /// Writes back a node or an edge that was read and whose `value` was changed since; returns its new version, which
    /// the row then has, too, as it has the key where that was changed.
    ///
    /// It is one statement that writes only over the version that was read. Where the transaction around it is taken
    /// back, the row has to be read again.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// graph.insert(&mut conn, &package("serde"))?;
    /// let mut mine = graph.get_by_key::<Package>(&mut conn, "serde")?.unwrap();
    /// let mut theirs = mine.clone();
    /// theirs.value.downloads = 7;
    /// graph.save(&mut conn, &mut theirs)?;
    ///
    /// mine.value.downloads = 1;
    /// let refused = graph.save(&mut conn, &mut mine).unwrap_err();
    /// assert!(matches!(refused, Error::Stale { expected: 1, found: 2, .. }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Stale`](crate::Error::Stale) when somebody else wrote the row since it was read,
    /// [`Error::NotFound`](crate::Error::NotFound) when it is gone; otherwise as [`Graph::update`].
    pub fn save<C: GraphConnection, R>(&self, conn: &mut C, row: &mut R) -> Result<i64>
    where
        R: Saved,
        R::Value: PartOf<G>,
    {
        let (stored, value) = row.parts();
        let check = <R::Id as private_handle::WriteHandle>::check(&self.vocabulary)?;
        let encoded = encode::typed(check, value).or_else(|error| self.refused(conn, error))?;
        let renamed = stored.renamed(encoded.key.as_ref());
        let version = <R::Id as private_handle::WriteHandle>::write(conn, self.opened(), &stored, renamed, &encoded)?;
        row.written(version, renamed.map(str::to_owned));
        Ok(version)
    }
}

//! Verbs that delete rows.

use metagraph_core::PartOf;

use super::Graph;
use super::handle::Handle;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::write::delete;

impl<G> Graph<G> {
    /// Deletes a row; `false` when it was gone. The edges of a node go with it, unless its type restricts that.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let mara = graph.insert(&mut conn, &Person { name: "Mara".into() })?;
    /// let edge = graph.connect(&mut conn, mara, serde, &Maintains)?;
    ///
    /// // `Person` says `on_delete = restrict`, `Package` does not.
    /// assert!(matches!(graph.delete(&mut conn, mara), Err(Error::Restricted { .. })));
    /// assert!(graph.delete(&mut conn, serde)?);
    /// assert!(!graph.delete(&mut conn, edge)?, "it went with the package");
    /// assert!(graph.delete(&mut conn, mara)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Restricted`](crate::Error::Restricted), [`Error::GraphArchived`](crate::Error::GraphArchived),
    /// [`Error::ForeignKeysOff`](crate::Error::ForeignKeysOff).
    pub fn delete<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<bool>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        Ok(self.delete_many(conn, [id])? > 0)
    }

    /// Deletes rows, all or none, and returns how many were there.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let ids: Vec<NodeId<Package>> = graph.insert_many(&mut conn, [package("app"), package("serde")])?;
    /// assert_eq!(graph.delete_many(&mut conn, ids.clone())?, 2);
    /// assert_eq!(graph.delete_many(&mut conn, ids)?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::delete`].
    pub fn delete_many<C: GraphConnection, H>(&self, conn: &mut C, ids: impl IntoIterator<Item = H>) -> Result<usize>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        let ids: Vec<i64> = ids.into_iter().map(H::raw_id).collect();
        let kinds = H::kinds(&self.vocabulary)?;
        delete::delete(conn, self.opened(), H::TABLE, &kinds, &H::restricted(&self.vocabulary), &ids)
    }
}

//! The consumer's free JSON beside a row.

use metagraph_core::PartOf;
use serde_json::Value;

use super::Graph;
use super::handle::Handle;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::write;

impl<G> Graph<G> {
    /// The free metadata of a row; an empty object where nothing was set.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert_eq!(graph.metadata_of(&mut conn, serde)?, serde_json::json!({}));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) when the row is gone.
    pub fn metadata_of<C: GraphConnection, H>(&self, conn: &mut C, id: H) -> Result<Value>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        write::metadata::get(conn, self.opened(), H::TABLE, &H::kinds(&self.vocabulary)?, id.raw_id())
    }

    /// Replaces the free metadata of a row; its version stays.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.set_metadata_of(&mut conn, serde, &serde_json::json!({"line": 12}))?;
    /// assert_eq!(graph.metadata_of(&mut conn, serde)?["line"], 12);
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().version, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::GraphArchived`](crate::Error::GraphArchived),
    /// [`Error::NulCharacter`](crate::Error::NulCharacter).
    pub fn set_metadata_of<C: GraphConnection, H>(&self, conn: &mut C, id: H, metadata: &Value) -> Result<()>
    where
        H: Handle,
        H::Of: PartOf<G>,
    {
        write::metadata::set(conn, self.opened(), H::TABLE, &H::kinds(&self.vocabulary)?, id.raw_id(), metadata)
    }
}

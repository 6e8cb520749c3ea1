//! Verbs that write over a stored row.

use metagraph_core::{Element, PartOf};
use serde_json::Value;

use super::Graph;
use super::handle::{Stored, WriteHandle};
use crate::backend::GraphConnection;
use crate::encode::{self, Encoded};
use crate::error::{Error, Result};
use crate::write::{self, update};

impl<G> Graph<G> {
    /// Reads a row, lets `change` change it, and writes it if nobody else did meanwhile; returns the new version. Where the
    /// key changes, the row is known by the new one from then on.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// use metagraph::Error;
    ///
    /// let mut conn = metagraph::sqlite::connect("file:update?mode=memory&cache=shared")?;
    /// let mut other = metagraph::sqlite::connect("file:update?mode=memory&cache=shared")?;
    /// # metagraph::migrate(&mut conn)?;
    /// # metagraph::sync::<Packages, _>(&mut conn)?;
    /// # let graph = Graph::<Packages>::open_or_create(&mut conn, "app")?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// assert_eq!(graph.update(&mut conn, serde, |package| package.downloads += 1)?, 2);
    ///
    /// let overtaken = graph.update(&mut conn, serde, |package| {
    ///     graph.update(&mut other, serde, |package| package.downloads += 1).unwrap();
    ///     package.downloads = 0;
    /// });
    /// assert!(matches!(overtaken, Err(Error::Stale { expected: 2, found: 3, .. })));
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().value.downloads, 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Stale`] when somebody else was faster, [`Error::NotFound`], [`Error::Invalid`] for the whole changed
    /// value, [`Error::Conflict`] when a changed key is taken, [`Error::GraphArchived`], [`Error::StaleSchema`].
    pub fn update<C: GraphConnection, H>(&self, conn: &mut C, id: H, change: impl FnOnce(&mut H::Value)) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        let stored = self.stored(conn, id)?;
        self.write_changed::<C, H>(conn, &stored, change)
    }

    /// Like [`Graph::update`], if the row is still at `version`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let shown = graph.get(&mut conn, serde)?.unwrap();
    /// graph.update(&mut conn, serde, |package| package.downloads += 1)?;
    ///
    /// let late = graph.update_if(&mut conn, serde, shown.version, |package| package.downloads = 0);
    /// assert!(matches!(late, Err(Error::Stale { expected: 1, found: 2, .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::update`].
    pub fn update_if<C: GraphConnection, H>(
        &self,
        conn: &mut C,
        id: H,
        version: i64,
        change: impl FnOnce(&mut H::Value),
    ) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        let stored = self.stored(conn, id)?;
        if stored.version != version {
            let kind = self.name_and_kind::<H>()?;
            return Err(update::stale(conn, self.opened(), H::TABLE, kind, stored.id, version)?);
        }
        self.write_changed::<C, H>(conn, &stored, change)
    }

    /// Replaces all attributes, the key among them, whatever they are now; returns the new version.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// let version = graph.replace(&mut conn, serde, &Package { id: "serde_core".into(), downloads: 7 })?;
    /// assert_eq!(version, 2);
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().key, "serde_core");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::update`]; `Stale` only after losing many times in a row.
    pub fn replace<C: GraphConnection, H>(&self, conn: &mut C, id: H, value: &H::Value) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        let encoded = encode::typed(H::check(&self.vocabulary)?, value).or_else(|error| self.refused(conn, error))?;
        self.write_latest(conn, id, |_| {
            Ok(Encoded { key: encoded.key.clone(), attributes: encoded.attributes.clone() })
        })
    }

    /// Merges a JSON merge patch (RFC 7396) into the attributes; returns the new version.
    ///
    /// A name that the type does not have is refused, and the whole result is judged, against the schema and by reading it into the Rust type.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// # let (mut conn, graph) = example()?;
    /// use metagraph::Error;
    /// use serde_json::json;
    ///
    /// let serde = graph.insert(&mut conn, &package("serde"))?;
    /// graph.patch(&mut conn, serde, &json!({"downloads": 7}))?;
    /// assert_eq!(graph.get(&mut conn, serde)?.unwrap().value, Package { id: "serde".into(), downloads: 7 });
    ///
    /// // A null removes an attribute, and this one is required: the schema says so, or serde without `validate`.
    /// let refused = graph.patch(&mut conn, serde, &json!({"downloads": null})).unwrap_err();
    /// assert!(matches!(refused, Error::Invalid { .. } | Error::Decode { .. }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Graph::replace`]; [`Error::Decode`] when the result does not fit the Rust type.
    pub fn patch<C: GraphConnection, H>(&self, conn: &mut C, id: H, patch: &Value) -> Result<i64>
    where
        H: WriteHandle,
        H::Value: PartOf<G>,
    {
        self.write_latest(conn, id, |stored| {
            H::check(&self.vocabulary)?.refuse_unknown(<H::Value as Element>::NAME, &stored.attributes, patch)?;
            let merged = crate::merge::patched::<H>(&stored.attributes, patch)?;
            #[cfg(feature = "validate")]
            return {
                let key = H::key_attribute(&self.vocabulary)?;
                let name = <H::Value as Element>::NAME;
                let encoded = encode::json(H::check(&self.vocabulary)?, name, key, &merged)?;
                H::decode(&encoded.attributes)?;
                Ok(encoded)
            };
            #[cfg(not(feature = "validate"))]
            encode::typed(H::check(&self.vocabulary)?, &H::decode(&merged.to_string())?)
        })
    }

    fn stored<C: GraphConnection, H: WriteHandle>(&self, conn: &mut C, id: H) -> Result<Stored> {
        if let Some(stored) = id.stored(conn, self.opened())? {
            Ok(stored)
        } else {
            let kind = self.name_and_kind::<H>()?;
            Err(update::stale(conn, self.opened(), H::TABLE, kind, id.raw_id(), 0)?)
        }
    }

    fn name_and_kind<H: WriteHandle>(&self) -> Result<(&'static str, i64)> {
        let kind = H::kinds(&self.vocabulary)?.first().copied().unwrap_or_default();
        Ok((<H::Value as Element>::NAME, kind))
    }

    fn write_changed<C: GraphConnection, H: WriteHandle>(
        &self,
        conn: &mut C,
        stored: &Stored,
        change: impl FnOnce(&mut H::Value),
    ) -> Result<i64> {
        let mut value = H::decode(&stored.attributes)?;
        change(&mut value);
        let encoded = encode::typed(H::check(&self.vocabulary)?, &value).or_else(|error| self.refused(conn, error))?;
        H::write(conn, self.opened(), stored, stored.renamed(encoded.key.as_ref()), &encoded)
    }

    /// Writes what `encode` makes of the stored row, again while somebody else is faster.
    fn write_latest<C: GraphConnection, H: WriteHandle>(
        &self,
        conn: &mut C,
        id: H,
        encode: impl Fn(&Stored) -> Result<Encoded>,
    ) -> Result<i64> {
        let mut attempt = 1;
        loop {
            let stored = self.stored(conn, id)?;
            let encoded = encode(&stored).or_else(|error| self.refused(conn, error))?;
            match H::write(conn, self.opened(), &stored, stored.renamed(encoded.key.as_ref()), &encoded) {
                Err(Error::Stale { .. }) if attempt < write::ATTEMPTS => attempt += 1,
                outcome => return outcome,
            }
        }
    }
}

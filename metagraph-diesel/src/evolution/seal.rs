//! Evolutions with a key ring: plain values become sealed, and sealed ones plain.

use std::sync::Arc;

use metagraph_core::encryption::primitives::Wiped;
use metagraph_core::encryption::{
    Content, Context, Encrypted, Envelope, Findability, Findable, Hidden, KeyRing, SealError,
};
use metagraph_core::evolution::{Passage, Passing};
use metagraph_core::{Element, Field, GraphType, PartOf, SealedField};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Evolution;
use super::sealed::{Place, Sealing};

type Owner = dyn Fn(&Value) -> String + Send + Sync;

impl<G: GraphType> Evolution<'_, G> {
    /// Seals the values of an attribute that was plain; and seals anew what is bound to a name that the attribute or its
    /// type had before.
    ///
    /// The owner of each value is the key of its row. What was plain stays readable in backups, in the write-ahead log
    /// and in free pages of the database until these are written over: `VACUUM` on both databases, and new backups.
    ///
    /// An evolution that was interrupted is given the ring again.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// use metagraph::Evolution;
    ///
    /// # let mut conn = plain::example()?;
    /// let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))]).unwrap();
    /// assert!(Evolution::<Accounts>::new().apply(&mut conn).is_err(), "a token is to be sealed, and there is no key");
    /// Evolution::<Accounts>::new().seal(Account::F.token, ring.clone()).apply(&mut conn)?;
    ///
    /// let graph = Graph::<Accounts>::open(&mut conn, "accounts")?;
    /// let token = graph.get_by_key::<Account>(&mut conn, "mara")?.unwrap().value.token;
    /// assert_eq!(token.open(&ring, &Account::F.token.context::<Accounts>("mara"))?.expose(), "s3cr3t");
    /// # Ok(())
    /// # }
    /// ```
    pub fn seal<O, V, R>(self, field: SealedField<O, V>, ring: R) -> Self
    where
        O: Element + PartOf<G>,
        V: Content,
        V::Content: Serialize + DeserializeOwned,
        R: KeyRing + Send + Sync + 'static,
    {
        self.sealing(field, ring, None)
    }

    /// The same where values have other owners than the keys of their rows: what a row's attributes say, under the names
    /// that they have now.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// use metagraph::Evolution;
    ///
    /// # let mut conn = plain::example()?;
    /// let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))]).unwrap();
    /// let owner = |attributes: &serde_json::Value| format!("tenant 7, {}", attributes["name"]);
    /// Evolution::<Accounts>::new().seal_for(Account::F.token, ring, owner).apply(&mut conn)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn seal_for<O, V, R>(
        self,
        field: SealedField<O, V>,
        ring: R,
        owner: impl Fn(&Value) -> String + Send + Sync + 'static,
    ) -> Self
    where
        O: Element + PartOf<G>,
        V: Content,
        V::Content: Serialize + DeserializeOwned,
        R: KeyRing + Send + Sync + 'static,
    {
        self.sealing(field, ring, Some(Arc::new(owner)))
    }

    fn sealing<O, V, R>(self, field: SealedField<O, V>, ring: R, owner: Option<Arc<Owner>>) -> Self
    where
        O: Element + PartOf<G>,
        V: Content,
        V::Content: Serialize + DeserializeOwned,
        R: KeyRing + Send + Sync + 'static,
    {
        let ring = Arc::new(ring);
        self.through(O::NAME, field.name(), true, move |place| {
            let (ring, owner) = (Arc::clone(&ring), owner.clone());
            Passage::new(move |passing| {
                let contexts = contexts(&place, passing, owner.as_deref())?;
                if V::FINDABLE {
                    sealed::<V::Content, Findable>(passing.value, &*ring, place.was_sealed, contexts)
                } else {
                    sealed::<V::Content, Hidden>(passing.value, &*ring, place.was_sealed, contexts)
                }
            })
        })
    }

    /// Opens the values of an attribute that was sealed, and is plain now; their owner is the key of the row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
    /// # fn main() -> metagraph::Result<()> {
    /// use metagraph::Evolution;
    ///
    /// # let (mut conn, graph) = example()?;
    /// let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))]).unwrap();
    /// graph.insert(&mut conn, &account("mara", "s3cr3t", &ring)?)?;
    /// let field = plain::Account::F.token;
    /// Evolution::<plain::Accounts>::new().unseal(&field, ring).apply(&mut conn)?;
    ///
    /// let graph = Graph::<plain::Accounts>::open(&mut conn, "accounts")?;
    /// assert_eq!(graph.get_by_key::<plain::Account>(&mut conn, "mara")?.unwrap().value.token, "s3cr3t");
    /// # Ok(())
    /// # }
    /// ```
    pub fn unseal<O, T, R>(self, field: &Field<O, T>, ring: R) -> Self
    where
        O: Element + PartOf<G>,
        R: KeyRing + Send + Sync + 'static,
    {
        let ring = Arc::new(ring);
        self.through(O::NAME, field.name().unwrap_or_default(), false, move |place| {
            let ring = Arc::clone(&ring);
            Passage::new(move |passing| {
                let (before, _) = contexts(&place, passing, None)?;
                let envelope = Envelope::try_from(passing.value).map_err(|error| error.to_string())?;
                let sealed = Encrypted::<(), Hidden>::from_envelope(envelope);
                let json = sealed.open_json(&*ring, &before).map_err(|error| error.to_string())?;
                serde_json::from_slice(json.expose()).map(Some).map_err(|_wrong| "it opened, and is no JSON".to_owned())
            })
        })
    }

    fn through(
        mut self,
        element: &'static str,
        attribute: &'static str,
        seals: bool,
        passage: impl Fn(Place) -> Passage + 'static,
    ) -> Self {
        self.sealings.push(Sealing { element, attribute, seals, passage: Arc::new(passage) });
        self
    }
}

/// Where a value was, and where it is.
fn contexts(place: &Place, passing: &Passing<'_>, owner: Option<&Owner>) -> Result<(Context, Context), String> {
    let context = |element: &str, attribute: &str, owner: &str| {
        Context::new(place.graph_type.clone(), element.to_owned(), attribute.to_owned(), owner)
    };
    let (before, now) = match (owner, place.keys(passing)) {
        (Some(owner), _) => (owner(passing.attributes), owner(passing.attributes)),
        (None, Some((before, now))) => (before.to_owned(), now),
        (None, None) => return Err("its row has no key that could own it; say who does, with `seal_for`".to_owned()),
    };
    let before = context(&place.element.0, &place.attribute.0, &before);
    Ok((before, context(&place.element.1, &place.attribute.1, &now)))
}

fn sealed<T: Serialize + DeserializeOwned, F: Findability>(
    value: &Value,
    ring: &impl KeyRing,
    was_sealed: bool,
    (before, now): (Context, Context),
) -> Result<Option<Value>, String> {
    let refused = |error: SealError| error.to_string();
    let again: Encrypted<T, F> = if was_sealed {
        let envelope = Envelope::try_from(value).map_err(|error| error.to_string())?;
        let is_sealed_so = before == now && envelope.find.is_some() == F::FINDABLE;
        let stored = Encrypted::<T, Hidden>::from_envelope(envelope);
        let json = stored.open_json(ring, &before).map_err(|error| error.to_string())?;
        if serde_json::from_slice::<T>(json.expose()).is_err() {
            return Err("it opened, and is not of the type that it is sealed as now".to_owned());
        }
        if is_sealed_so {
            return Ok(None);
        }
        Encrypted::seal_json(Wiped::of(json.expose()), ring, &now).map_err(refused)?
    } else {
        // What serde says of a value may show it.
        let plain = T::deserialize(value).ok().ok_or("it is not of the type that is to be sealed")?;
        Encrypted::seal(&plain, ring, &now).map_err(refused)?
    };
    serde_json::to_value(again).map(Some).map_err(|error| error.to_string())
}

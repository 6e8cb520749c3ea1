//! What the handle of a sealed attribute knows of sealing.

use super::context::Context;
use super::encrypted::{Encrypted, Findability, Findable, Plain};
use super::error::SealError;
use super::findable::Sought;
use super::ring::KeyRing;
use crate::element::{Contains, Element, GraphType};
use crate::query::unique::Held;
use crate::query::{Identifies, Predicate, Selection};
use crate::schema::FIND;
use crate::sealed_field::{FindableValue, SealedField, SealedValue};

impl<T, F: Findability> SealedValue for Encrypted<T, F> {}
impl<T, F: Findability> SealedValue for Option<Encrypted<T, F>> {}
impl<T> FindableValue for Encrypted<T, Findable> {}
impl<T> FindableValue for Option<Encrypted<T, Findable>> {}

/// What is sealed in an attribute: the `T` of `Encrypted<T, _>`, also inside of an `Option`.
pub trait Content: SealedValue {
    /// What is sealed.
    type Content;

    #[doc(hidden)]
    const FINDABLE: bool;
}

impl<T, F: Findability> Content for Encrypted<T, F> {
    type Content = T;
    const FINDABLE: bool = F::FINDABLE;
}

impl<T, F: Findability> Content for Option<Encrypted<T, F>> {
    type Content = T;
    const FINDABLE: bool = F::FINDABLE;
}

impl<O: Element, S: SealedValue> SealedField<O, S> {
    /// Where a value of the attribute belongs in a graph of the type `G`, when `owner` names its row.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
    /// # fn main() {
    /// use metagraph_core::Element;
    /// use metagraph_core::encryption::Context;
    ///
    /// let context = Account::F.token.context::<Accounts>("mara");
    /// assert_eq!(context, Context::new("accounts", "account", "token", "mara"));
    /// # }
    /// ```
    pub fn context<G: GraphType + Contains<O>>(&self, owner: impl Into<String>) -> Context {
        Context::new(G::DEFINITION.name, O::NAME, self.name(), owner)
    }

    /// What stored values that equal this one are found by, in graphs of the type `G`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use metagraph_core::Element;
    /// use metagraph_core::encryption::{FindKey, Key, StaticKeyRing};
    ///
    /// let ring = StaticKeyRing::new(1, [(1, Key::native([7; 32]))])?;
    /// assert!(Account::F.email.sought::<Accounts>("ann@example.org", &ring).is_err(), "it has no key for equality");
    /// let ring = ring.with_find_key(FindKey::new([8; 32]));
    /// let ann = Account::F.email.sought::<Accounts>("ann@example.org", &ring)?;
    /// let hers = Account::F.email.eq(&ann);
    /// # drop(hers);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SealError`] when the ring has no key for equality.
    pub fn sought<G: GraphType + Contains<O>>(
        &self,
        value: &(impl Plain<S::Content> + ?Sized),
        ring: &(impl KeyRing + ?Sized),
    ) -> Result<Sought<S::Content>, SealError>
    where
        S: FindableValue + Content,
    {
        Encrypted::<S::Content, Findable>::sought(value, ring, &self.context::<G>(""))
    }
}

/// What can be asked of sealed values that can be found.
impl<O, S> SealedField<O, S> {
    /// Its value equals the sought one.
    pub fn eq(&self, sought: &Sought<S::Content>) -> Predicate<O>
    where
        S: FindableValue + Content,
    {
        self.stored().at::<String>(FIND).eq(sought.tag())
    }

    /// Its value does not equal the sought one, be it that there is none.
    pub fn ne(&self, sought: &Sought<S::Content>) -> Predicate<O>
    where
        S: FindableValue + Content,
    {
        !self.eq(sought)
    }

    /// Its value equals one of these; of none, it does not hold.
    pub fn is_in<'s>(&self, sought: impl IntoIterator<Item = &'s Sought<S::Content>>) -> Predicate<O>
    where
        S: FindableValue + Content,
        S::Content: 's,
    {
        self.stored().at::<String>(FIND).is_in(sought.into_iter().map(|sought| sought.tag().to_owned()))
    }
}

impl<O, S: FindableValue + Content> Identifies<O, &Sought<S::Content>> for SealedField<O, S>
where
    Self: Selection<O>,
{
    fn held(&self, sought: &Sought<S::Content>) -> Vec<Held> {
        vec![Held::Tag(self.name(), sought.tag().to_owned())]
    }
}

//! Queries that end in sealing anew: every value that they find gets the ring's current key.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, Instant};

use metagraph_core::encryption::{
    Content, Context, Encrypted, Envelope, FindKey, Findability, Findable, Hidden, InvalidEnvelope, Key, KeyRing,
    OpenError, ResealError,
};
use metagraph_core::query::condition::{Comparison, Condition};
use metagraph_core::query::literal::Literal;
use metagraph_core::query::source::{Path, Source, Step};
use metagraph_core::{Element, SealedField};
use serde_json::Value;

use super::plan::Plan;
use super::write::{Busy, found};
use super::{Answer, Query};
use crate::backend::{GraphConnection, Seam};
use crate::batch::{RowBatch, RowDraft};
use crate::error::{Error, Result};
use crate::graph::WriteHandle;
use crate::graph::handle::Stored;
use crate::guard;
use crate::retry::Retry;
use crate::run;

/// How many values are read, sealed and written together, unless told otherwise.
const TOGETHER: usize = 500;
/// How many values that did not open are named.
const NAMED: usize = 100;

/// Stored values about to be sealed with the ring's current key; made by [`Query::rotation`].
///
/// Values are read, sealed and written some hundreds at a time, each batch by itself: whoever writes a row meanwhile is
/// not waited for and loses nothing, and the row's new value is looked at again. When it is interrupted, the next run
/// finds what is left. It ends when it finds nothing more to do: while a writer with an old ring goes on, so does it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/accounts.rs"));
/// # fn main() -> metagraph::Result<()> {
/// # let (mut conn, graph) = example()?;
/// # let [old, new] = [1, 2].map(|byte| Key::native([byte; 32]));
/// let ring = StaticKeyRing::new(1, [(1, old.clone())]).unwrap();
/// graph.insert(&mut conn, &account("mara", "s3cr3t", &ring)?)?;
///
/// let ring = StaticKeyRing::new(2, [(1, old), (2, new)]).unwrap();
/// let rotated = graph.nodes::<Account>().rotation(|a| a.token, &ring).run(&mut conn)?;
/// assert_eq!((rotated.resealed, rotated.refused), (1, 0));
///
/// let stored = graph.get_by_key::<Account>(&mut conn, "mara")?.unwrap().value.token;
/// assert_eq!(stored.key_version(), 2);
/// assert_eq!(stored.open(&ring, &Account::F.token.context::<Accounts>("mara"))?.expose(), "s3cr3t");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sealed anew until it runs"]
pub struct Rotation<'r, A: Answer, V, R: ?Sized> {
    plan: Result<Plan<'r>>,
    field: SealedField<A::Of, V>,
    ring: &'r R,
    owner: Option<Owner<'r, A::Of>>,
    observer: Option<Observer<'r>>,
    together: usize,
    whatever_version: bool,
}

type Observer<'r> = Box<dyn FnMut(&RotationProgress) + 'r>;
type Owner<'r, O> = Box<dyn Fn(&O) -> String + 'r>;

/// How far a rotation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RotationProgress {
    /// How many values were sealed anew.
    pub resealed: u64,
    /// How many of those that were found are still to be looked at.
    pub waiting: u64,
    /// Since when it runs.
    pub elapsed: Duration,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Rotated {
    /// How many values were sealed anew.
    pub resealed: u64,
    /// How many values stay as they are, since they did not open or may not be written.
    pub refused: u64,
    /// The first hundred of them.
    pub samples: Vec<Unopened>,
}

/// A stored value that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unopened {
    /// The row's id.
    pub id: i64,
    /// The row's key, where it has one.
    pub key: Option<String>,
    /// Why; nothing of the value is in it.
    pub reason: UnopenedReason,
}

/// Why a stored value stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnopenedReason {
    /// What is stored is not sealed at all.
    #[error(transparent)]
    NotSealed(#[from] InvalidEnvelope),
    /// It does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its row cannot be read.
    #[error("its row does not fit its Rust type, so that nobody can say who owns the value")]
    Unreadable,
    /// By its new tag it equals another one, and must not.
    #[error("another row has an equal value already, and the attribute is `unique`")]
    Taken,
}

impl<'g, A: Answer> Query<'g, A> {
    /// The rows that the query finds, to have a sealed attribute sealed anew with the ring's current key.
    ///
    /// Each value is opened and sealed in the context of the graph's type, and of its row's key as the owner; where values
    /// have other owners, [`Rotation::owner`] says so.
    pub fn rotation<V, R>(
        self,
        field: impl FnOnce(<A::Of as Element>::Fields) -> SealedField<A::Of, V>,
        ring: &'g R,
    ) -> Rotation<'g, A, V, R>
    where
        A::Of: Element,
        V: Content,
        R: KeyRing + ?Sized,
    {
        Rotation {
            plan: self.plan,
            field: field(<A::Of as Element>::F),
            ring,
            owner: None,
            observer: None,
            together: TOGETHER,
            whatever_version: false,
        }
    }
}

impl<'r, A: Answer, V, R: ?Sized> Rotation<'r, A, V, R> {
    /// Who owns a value, where it is not the key of the row: what was given as the owner when it was sealed.
    pub fn owner(mut self, owner: impl Fn(&A::Of) -> String + 'r) -> Self {
        self.owner = Some(Box::new(owner));
        self
    }

    /// How many values are read, sealed and written together; 500 unless told otherwise, and one at least.
    pub fn batch(mut self, rows: usize) -> Self {
        self.together = rows.max(1);
        self
    }

    /// Seals values anew that have the current version already; that is what a new key for equality needs.
    ///
    /// Of these there is no telling which are done: each run seals all that were there when it began. Begin it when every
    /// writer has the new key; and until it ends, equal values under the two keys are found and refused apart.
    pub fn whatever_version(mut self) -> Self {
        self.whatever_version = true;
        self
    }

    /// Is told after every batch how far the rotation has come.
    pub fn on_progress(mut self, observer: impl FnMut(&RotationProgress) + 'r) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }
}

impl<A: Answer, V: Content, R: KeyRing + ?Sized> Rotation<'_, A, V, R> {
    /// Seals the values anew, and says which did not open.
    ///
    /// # Errors
    /// [`Error::Sealing`] when the ring cannot seal; [`Error::InvalidQuery`] when edges without keys have no `owner`;
    /// [`Error::GraphArchived`], [`Error::StaleSchema`] and whatever else refuses writes of the graph.
    pub fn run<C: GraphConnection>(self, conn: &mut C) -> Result<Rotated>
    where
        A::Of: Element,
        A::Id: WriteHandle<Value = A::Of>,
    {
        let Self { plan, field, ring, owner, mut observer, together, whatever_version } = self;
        let mut plan = plan?;
        if plan.is_bounded() {
            let reason = "a rotation takes all rows of its filter; leave limit, offset and cursor out".to_owned();
            return Err(Error::InvalidQuery { reason });
        }
        let ring = &Steady { ring, current: ring.current() };
        plan.filter(in_need(field.name(), (!whatever_version).then_some(ring.current)));
        let context = Context::new(plan.graph.vocabulary.document.name.clone(), A::Of::NAME, field.name(), "");
        let begun = Instant::now();
        let mut rotated = Rotated::default();
        let mut waiting: Vec<i64> = ids(conn, &plan)?;
        loop {
            let before = rotated.resealed;
            if !whatever_version {
                (rotated.refused, rotated.samples) = (0, Vec::new());
            }
            let mut refused = HashSet::new();
            let mut overtaken = Vec::new();
            for (place, some) in waiting.chunks(together).enumerate() {
                let rows = <A::Id as crate::graph::handle::private::WriteHandle>::rows(conn, plan.graph, some, "")?;
                let mut drafts = Vec::with_capacity(rows.len());
                for row in rows {
                    let draft = match owned::<A>(&row, owner.as_ref())? {
                        Some(owner) => resealed(&row, field.name(), V::FINDABLE, ring, &context.owned_by(owner))?,
                        None => Err(UnopenedReason::Unreadable),
                    };
                    match draft {
                        Ok(None) => {}
                        Ok(Some(draft)) => drafts.push(draft),
                        Err(reason) => {
                            refused.insert(row.id);
                            rotated.refuse((row.id, row.key), reason);
                        }
                    }
                }
                let Written { left, taken } = write::<A, C>(conn, &plan, &drafts)?;
                rotated.resealed += (drafts.len() - left.len() - taken.len()) as u64;
                for draft in drafts.into_iter().filter(|draft| taken.contains(&draft.id)) {
                    refused.insert(draft.id);
                    rotated.refuse((draft.id, draft.key.map(Cow::into_owned)), UnopenedReason::Taken);
                }
                overtaken.extend(left);
                if let Some(observer) = &mut observer {
                    let waiting = waiting.len().saturating_sub((place + 1) * together) + overtaken.len();
                    let (resealed, elapsed) = (rotated.resealed, begun.elapsed());
                    observer(&RotationProgress { resealed, waiting: waiting as u64, elapsed });
                }
            }
            // With the version there is no telling what was done before.
            waiting = if whatever_version { overtaken } else { ids(conn, &plan)? };
            let is_done = if whatever_version {
                waiting.is_empty()
            } else {
                rotated.resealed == before && waiting.iter().all(|id| refused.contains(id))
            };
            if is_done {
                return Ok(rotated);
            }
        }
    }
}

impl Rotated {
    fn refuse(&mut self, (id, key): (i64, Option<String>), reason: UnopenedReason) {
        self.refused += 1;
        if self.samples.len() < NAMED {
            self.samples.push(Unopened { id, key, reason });
        }
    }
}

/// A ring whose current version stays the same, whatever becomes of it on the way: or no pass would ever be the last.
struct Steady<'r, R: ?Sized> {
    ring: &'r R,
    current: u32,
}

impl<R: KeyRing + ?Sized> KeyRing for Steady<'_, R> {
    fn current(&self) -> u32 {
        self.current
    }

    fn key(&self, version: u32) -> Option<Key> {
        self.ring.key(version)
    }

    fn find_key(&self) -> Option<FindKey> {
        self.ring.find_key()
    }
}

/// Rows that have a value, of another version than the current one if that matters.
fn in_need(attribute: &'static str, current: Option<u32>) -> Condition {
    let version = [Step::Member(attribute.into()), Step::Member("keyVersion".into())];
    let stored = Source::Attribute(Path::Attribute(attribute));
    let is_current = current.map(|current| {
        let version = Source::Attribute(Path::Nested(version.as_slice().into()));
        Condition::Compare(version, Comparison::Equal, Literal::Integer(current.into()))
    });
    let without = [Condition::Null(stored)].into_iter().chain(is_current);
    Condition::All(without.map(|condition| Condition::Not(Box::new(condition))).collect())
}

fn ids<C: GraphConnection>(conn: &mut C, plan: &Plan<'_>) -> Result<Vec<i64>> {
    Ok(found(conn, plan, Busy::Awaited)?.into_iter().map(|(id, _)| id).collect())
}

/// Who owns a row's values; nothing where it cannot be read who does.
fn owned<A: Answer>(row: &Stored, owner: Option<&Owner<'_, A::Of>>) -> Result<Option<String>>
where
    A::Of: Element,
    A::Id: WriteHandle<Value = A::Of>,
{
    use crate::graph::handle::private::WriteHandle as _;
    match (owner, &row.key) {
        (Some(owner), _) => Ok(A::Id::decode(&row.attributes).ok().map(|value| owner(&value))),
        (None, Some(key)) => Ok(Some(key.clone())),
        (None, None) => Err(Error::InvalidQuery {
            reason: format!("a {} has no key to own a sealed value; say who does, with `owner`", A::Of::NAME),
        }),
    }
}

type Resealed = Result<Option<RowDraft<'static>>, UnopenedReason>;

/// The row with its value sealed anew; nothing where it has none any more.
fn resealed<R: KeyRing + ?Sized>(
    row: &Stored,
    attribute: &str,
    findable: bool,
    ring: &R,
    context: &Context,
) -> Result<Resealed> {
    let Ok(mut attributes) = serde_json::from_str::<Value>(&row.attributes) else {
        return Ok(Err(UnopenedReason::Unreadable));
    };
    let Some(value) = attributes.get_mut(attribute).filter(|value| !value.is_null()) else { return Ok(Ok(None)) };
    let envelope = match Envelope::try_from(&*value) {
        Ok(envelope) => envelope,
        Err(reason) => return Ok(Err(reason.into())),
    };
    let again = if findable {
        sealed::<Findable, R>(envelope, ring, context)
    } else {
        sealed::<Hidden, R>(envelope, ring, context)
    };
    *value = match again {
        Ok(envelope) => {
            serde_json::to_value(envelope).map_err(|source| Error::Encode { element: attribute.to_owned(), source })?
        }
        Err(ResealError::Open(reason)) => return Ok(Err(reason.into())),
        Err(ResealError::Seal(refused)) => return Err(refused.into()),
    };
    let key = row.key.clone().map(Into::into);
    Ok(Ok(Some(RowDraft { id: row.id, version: row.version, key, attributes: Some(attributes.to_string().into()) })))
}

fn sealed<F: Findability, R: KeyRing + ?Sized>(
    envelope: Envelope,
    ring: &R,
    context: &Context,
) -> Result<Envelope, ResealError> {
    Ok(Encrypted::<(), F>::from_envelope(envelope).resealed(ring, context)?.envelope().clone())
}

/// Rows that were not written.
#[derive(Default)]
struct Written {
    /// Somebody else wrote or deleted them since they were read.
    left: Vec<i64>,
    /// A unique rule refuses them.
    taken: Vec<i64>,
}

/// Writes rows that nobody wrote since they were read.
fn write<A: Answer, C: GraphConnection>(conn: &mut C, plan: &Plan<'_>, drafts: &[RowDraft<'static>]) -> Result<Written>
where
    A::Of: Element,
    A::Id: WriteHandle<Value = A::Of>,
{
    use crate::graph::handle::private::Handle as _;
    let (graph, table) = (plan.graph, A::Id::TABLE);
    let kind = A::Id::kinds(graph.vocabulary)?.first().copied().unwrap_or_default();
    let over = |conn: &mut C, rows: &[RowDraft<'static>]| {
        Retry::default().transaction(conn, |conn| -> Result<Vec<i64>> {
            let batch = RowBatch { target: graph.target(), table, kind, keys: false, rows: rows.to_vec() };
            run::all(conn, "sealing anew", C::Db::update_rows(batch))
        })
    };
    let mut outcome = Written::default();
    let mut rest = drafts;
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(C::Db::chunk(rest.len()));
        let mut written: HashSet<i64> = HashSet::new();
        match over(conn, chunk) {
            Ok(ids) => written.extend(ids),
            Err(Error::Conflict(_)) => {
                for row in chunk {
                    match over(conn, std::slice::from_ref(row)) {
                        Ok(ids) => written.extend(ids),
                        Err(Error::Conflict(_)) => outcome.taken.push(row.id),
                        Err(error) => return Err(error),
                    }
                }
            }
            Err(error) => return Err(error),
        }
        let before = outcome.left.len();
        let missed = chunk.iter().map(|row| row.id).filter(|id| !written.contains(id));
        outcome.left.extend(missed.filter(|id| !outcome.taken.contains(id)).collect::<Vec<_>>());
        if outcome.left.len() > before {
            guard::explain(conn, graph.target())?;
        }
        rest = later;
    }
    Ok(outcome)
}

impl<A: Answer, V, R: ?Sized> fmt::Debug for Rotation<'_, A, V, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotation").field("attribute", &self.field.name()).finish_non_exhaustive()
    }
}

//! Taking in what is told of calls: in any order, as often as it comes, by any number of writers.

mod one;

use std::collections::{BTreeMap, HashMap};

use metagraph::prelude::*;
use metagraph::{Error, Outcome, Retry, Rule};

use super::CallError;
use super::event::CallEvent;
use super::log::CallLog;
use super::status::RefusedTransition;
use super::stored::{Call, DependsOn, Triggered};

/// How many events are taken in by one transaction.
const TOGETHER: usize = 1000;

/// How often a transaction is tried again, where other writers were faster.
const ATTEMPTS: usize = 16;

/// What became of events; given by [`CallLog::ingest`].
///
/// ```
/// use metagraph::graphs::call::Ingested;
///
/// assert_eq!(Ingested::default().created, 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// How many events there were.
    pub events: usize,
    /// How many calls are new, those among them that were only heard of.
    pub created: usize,
    /// How many calls are not what they were.
    pub changed: usize,
    /// How many calls got to know who made them.
    pub connected: usize,
    /// Events that say that a call ended otherwise than it had; the call stays as it ended first.
    pub refused: Vec<RefusedTransition>,
}

/// What is told of each call.
type Told<'e> = BTreeMap<&'e str, Vec<&'e CallEvent>>;

impl<G> CallLog<'_, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// Takes in events, a few statements for a thousand of them.
    ///
    /// The same events in another order give the same graph, and the same events again write nothing. A parent of which
    /// nothing was told is stored as heard of: its id, `pending`, and no operation; so its children have their edge from
    /// the beginning, and what is told of it later describes it.
    ///
    /// Each thousand is a transaction of its own, or part of yours: where one fails, the ones before it are stored, and
    /// ingesting all of them again is harmless. Other writers of the same calls are waited for, or the transaction is
    /// tried again; no event is lost between them.
    ///
    /// A call ends once: what says that it ended otherwise changes nothing and is listed in
    /// [`refused`](Ingested::refused).
    ///
    /// ```
    /// use metagraph::graphs::call::{CallErrorInfo, CallEvent, CallLog, Calls};
    /// use metagraph::prelude::*;
    ///
    /// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// let events = [
    ///     CallEvent::requested("a", "orders.place"),
    ///     CallEvent::requested("b", "stock.reserve").parent("a"),
    ///     CallEvent::failed("b", CallErrorInfo::new("TIMEOUT", "no answer in 5 s")),
    ///     CallEvent::responded("b", "too late"),
    /// ];
    /// let ingested = log.ingest(conn, events.clone())?;
    /// assert_eq!((ingested.created, ingested.connected), (2, 1));
    /// assert_eq!(ingested.refused[0].to_string(), "call `b` is failed and cannot become completed: it has ended");
    /// assert_eq!(log.ingest(conn, events)?.changed, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::Cycle`] when calls would have made each other, [`CallError::OtherParent`] when a call is said to have
    /// been made by two; nothing of the thousand is stored then.
    pub fn ingest<C: GraphConnection>(
        &self,
        conn: &mut C,
        events: impl IntoIterator<Item = CallEvent>,
    ) -> Result<Ingested, CallError> {
        let mut events = events.into_iter();
        let mut done = Ingested::default();
        loop {
            let batch: Vec<CallEvent> = events.by_ref().take(TOGETHER).collect();
            if batch.is_empty() {
                return Ok(done);
            }
            let batch = match batch.as_slice() {
                [only] => self.take_in_one(conn, only)?,
                several => Self::again(conn, |conn| self.take_in(conn, several))?,
            };
            done.events += batch.events;
            done.created += batch.created;
            done.changed += batch.changed;
            done.connected += batch.connected;
            done.refused.extend(batch.refused);
        }
    }

    /// A transaction, again where other writers were faster with the same calls.
    pub(super) fn again<C: GraphConnection, T>(
        conn: &mut C,
        work: impl Fn(&mut C) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let mut attempt = 1;
        loop {
            match Retry::default().transaction(conn, &work) {
                Err(CallError::Store(error)) if attempt < ATTEMPTS && was_overtaken(&error) => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    fn take_in<C: GraphConnection>(self, conn: &mut C, events: &[CallEvent]) -> Result<Ingested, CallError> {
        let mut told: Told<'_> = BTreeMap::new();
        for event in events {
            told.entry(&event.request_id).or_default().push(event);
            if let Some(parent) = event.named_parent() {
                told.entry(parent).or_default();
            }
        }
        let mut done = Ingested { events: events.len(), ..Ingested::default() };
        let mut calls = Vec::with_capacity(told.len());
        for (&key, news) in &told {
            let mut call = Call::heard_of(key);
            let refused = take_in_all(&mut call, news)?;
            calls.push((call, refused));
        }
        // What is there already is held from here on, so that nobody changes it meanwhile.
        let found = self.graph.find_or_insert_many::<_, Call>(conn, calls.iter().map(|(call, _)| call))?;
        let known = found.iter().filter(|found| found.outcome != Outcome::Created).map(|found| found.id);
        let known = self.graph.get_many(conn, known)?;
        let mut known: HashMap<NodeId<Call>, Node<Call>> =
            known.into_iter().flatten().map(|node| (node.id, node)).collect();

        let ids: HashMap<&str, NodeId<Call>> = told.keys().copied().zip(found.iter().map(|found| found.id)).collect();
        let mut changed = Vec::new();
        let mut links: Vec<(&str, String)> = Vec::new();
        for (((&key, news), (new, refused)), found) in told.iter().zip(calls).zip(&found) {
            let Some(Node { value: before, .. }) = known.remove(&found.id) else {
                done.created += 1;
                done.refused.extend(refused);
                links.extend(new.parent_request_id.map(|parent| (key, parent)));
                continue;
            };
            let mut call = before.clone();
            done.refused.extend(take_in_all(&mut call, news)?);
            if let (None, Some(parent)) = (&before.parent_request_id, &call.parent_request_id) {
                links.push((key, parent.clone()));
            }
            if call != before {
                changed.push(call);
            }
        }
        (done.changed, done.connected) = (changed.len(), links.len());
        self.graph.upsert_many::<_, Call>(conn, changed)?;
        self.connect(conn, &links, &ids)?;
        Ok(done)
    }

    fn connect<C: GraphConnection>(
        self,
        conn: &mut C,
        links: &[(&str, String)],
        ids: &HashMap<&str, NodeId<Call>>,
    ) -> Result<(), CallError> {
        let ends = links.iter().filter_map(|(child, parent)| Some((*ids.get(parent.as_str())?, *ids.get(child)?)));
        let ends: Vec<_> = ends.collect();
        if let [(parent, child)] = ends.as_slice() {
            self.graph.connect(conn, *parent, *child, &Triggered)?;
        } else if !ends.is_empty() {
            let edges = ends.into_iter().map(|(parent, child)| (parent, child, Triggered));
            self.graph.connect_many::<_, Triggered, _, _>(conn, edges)?;
        }
        Ok(())
    }
}

/// Takes in events one after another, and returns what they say that cannot be.
fn take_in_all(call: &mut Call, news: &[&CallEvent]) -> Result<Vec<RefusedTransition>, CallError> {
    let mut refused = Vec::new();
    for event in news {
        match call.take_in(event) {
            Err(CallError::Transition(transition)) => refused.push(transition),
            outcome => outcome?,
        }
    }
    Ok(refused)
}

/// Whether somebody else wrote what was to be written, so that it is to be looked at again.
fn was_overtaken(error: &Error) -> bool {
    match error {
        Error::Stale { .. } | Error::NotFound { .. } | Error::EndpointNotFound { .. } => true,
        Error::Conflict(conflict) => matches!(conflict.rule, Rule::NodeKey | Rule::Parallel | Rule::OneIn),
        _ => false,
    }
}

//! Taking in one event, as it happens: with what it needs and no more, as long as nobody is in the way.

use metagraph::prelude::*;
use metagraph::query;

use super::super::CallError;
use super::super::event::{CallEvent, News};
use super::super::log::CallLog;
use super::super::stored::{Call, DependsOn, Triggered};
use super::{Ingested, take_in_all, was_overtaken};

impl<G> CallLog<'_, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// Takes in one event: what mostly is so is tried first, and where it is not, nothing was written, and the event is
    /// taken in as many are.
    pub(super) fn take_in_one<C: GraphConnection>(
        self,
        conn: &mut C,
        event: &CallEvent,
    ) -> Result<Ingested, CallError> {
        let tried = match event.named_parent() {
            Some(parent) => self.ask_below(conn, event, parent),
            None if matches!(event.news, News::Requested { .. } | News::Recorded(_)) => self.ask(conn, event),
            None => self.change(conn, event),
        };
        match tried {
            Err(CallError::Store(error)) if was_overtaken(&error) || error.is_transient() => {
                Self::again(conn, |conn| self.take_in(conn, std::slice::from_ref(event)))
            }
            outcome => outcome,
        }
    }

    /// A call that is mostly new: one statement, which the key of a known one refuses.
    fn ask<C: GraphConnection>(self, conn: &mut C, event: &CallEvent) -> Result<Ingested, CallError> {
        let mut call = Call::heard_of(event.request_id.as_str());
        let refused = take_in_all(&mut call, &[event])?;
        self.graph.insert(conn, &call)?;
        Ok(Ingested { events: 1, created: 1, refused, ..Ingested::default() })
    }

    /// A call that is mostly new, of a parent that mostly is not.
    fn ask_below<C: GraphConnection>(
        self,
        conn: &mut C,
        event: &CallEvent,
        parent: &str,
    ) -> Result<Ingested, CallError> {
        let mut call = Call::heard_of(event.request_id.as_str());
        let refused = take_in_all(&mut call, &[event])?;
        let with_key = self.graph.nodes::<Call>().matching(query::key().eq(parent));
        let known = with_key.select(|_| query::id()).first(conn)?;
        conn.transaction(|conn| {
            let child = self.graph.insert(conn, &call)?;
            let known = known.map(NodeId::from_raw);
            let parent = known.map_or_else(|| self.graph.insert(conn, &Call::heard_of(parent)), Ok)?;
            self.graph.connect(conn, parent, child, &Triggered)?;
            Ok(Ingested { events: 1, created: 1 + usize::from(known.is_none()), connected: 1, refused, changed: 0 })
        })
    }

    /// A call that mostly is known: it is written over if nobody else did since it was read.
    fn change<C: GraphConnection>(self, conn: &mut C, event: &CallEvent) -> Result<Ingested, CallError> {
        let Some(mut node) = self.graph.get_by_key::<Call>(conn, &event.request_id)? else {
            return self.ask(conn, event);
        };
        let mut call = node.value.clone();
        let refused = take_in_all(&mut call, &[event])?;
        let changed = call != node.value;
        if changed {
            node.value = call;
            self.graph.save(conn, &mut node)?;
        }
        Ok(Ingested { events: 1, changed: usize::from(changed), refused, ..Ingested::default() })
    }
}

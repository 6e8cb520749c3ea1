//! The thread that writes.

use std::cell::Cell;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use metagraph::PartOf;
use metagraph::prelude::*;

use super::{Message, Shared};

use super::super::event::CallEvent;
use super::super::log::CallLog;
use super::super::stored::{Call, DependsOn, Triggered};

thread_local! {
    static WRITES: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is a thread that writes, whose own spans are not to be recorded.
pub(super) fn is_this_thread() -> bool {
    WRITES.try_with(Cell::get).unwrap_or(true)
}

/// How many are written together at most.
const TOGETHER: usize = 1000;

/// What is written together, and why it is written now.
struct Batch {
    calls: Vec<CallEvent>,
    flush: Option<SyncSender<()>>,
    stop: bool,
}

pub(super) fn run<G, C>(graph: &Graph<G>, mut conn: C, receiver: &Receiver<Message>, shared: &Shared, pause: Duration)
where
    C: GraphConnection,
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    WRITES.set(true);
    loop {
        let batch = gather(receiver, pause);
        let count = batch.calls.len() as u64;
        if count > 0 {
            match CallLog::new(graph).ingest(&mut conn, batch.calls) {
                Ok(_) => shared.written.fetch_add(count, Ordering::Relaxed),
                Err(error) => {
                    *shared.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
                    shared.failed.fetch_add(count, Ordering::Relaxed)
                }
            };
        }
        if let Some(done) = batch.flush {
            // Who waited may be gone.
            let _ = done.send(());
        }
        if batch.stop {
            return;
        }
    }
}

/// Waits for a first message, and then a while for more.
fn gather(receiver: &Receiver<Message>, pause: Duration) -> Batch {
    let mut batch = Batch { calls: Vec::new(), flush: None, stop: false };
    let mut until = None;
    while batch.calls.len() < TOGETHER {
        let message = match until {
            None => receiver.recv().map_err(|_gone| RecvTimeoutError::Disconnected),
            Some(until) => receiver.recv_timeout(Instant::saturating_duration_since(&until, Instant::now())),
        };
        match message {
            Ok(Message::Call(call)) => batch.calls.push(CallEvent::from(*call)),
            Ok(Message::Flush(done)) => {
                batch.flush = Some(done);
                return batch;
            }
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => {
                batch.stop = true;
                return batch;
            }
            Err(RecvTimeoutError::Timeout) => return batch,
        }
        until = until.or_else(|| Instant::now().checked_add(pause));
    }
    batch
}

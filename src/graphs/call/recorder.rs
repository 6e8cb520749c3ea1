//! A program's own spans as a call graph, written in the background.

mod fields;
mod layer;
mod writer;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use metagraph::PartOf;
use metagraph::prelude::*;

pub use self::layer::CallLayer;
use super::stored::{Call, DependsOn, Triggered};

/// How a program's spans are recorded; the default is fit for most.
///
/// ```
/// use metagraph::graphs::call::RecorderOptions;
///
/// let options = RecorderOptions { service: Some("shop".into()), ..RecorderOptions::default() };
/// assert_eq!(options.capacity, 8192);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecorderOptions {
    /// How many beginnings and ends of spans wait to be written at most; what comes beyond is dropped, and counted.
    pub capacity: usize,
    /// How long to wait for more before what waits is written together.
    pub pause: Duration,
    /// How many bytes of a text are kept; the rest is cut off.
    pub text_bytes: usize,
    /// What the program is called.
    pub service: Option<String>,
}

impl Default for RecorderOptions {
    fn default() -> Self {
        Self { capacity: 8192, pause: Duration::from_millis(100), text_bytes: 4096, service: None }
    }
}

/// How much was recorded; given by [`CallRecorder::flush`] and [`CallRecorder::counts`].
///
/// ```
/// use metagraph::graphs::call::RecorderCounts;
///
/// assert_eq!(RecorderCounts::default().dropped, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecorderCounts {
    /// Beginnings and ends of spans that are stored.
    pub written: u64,
    /// Those that came when too many were waiting, or after the recorder was gone.
    pub dropped: u64,
    /// Those that the database did not take.
    pub failed: u64,
}

/// Writes what a [`CallLayer`] sees of a program's spans, in a thread of its own with a connection of its own.
///
/// The program never waits for the database: a span costs it a few allocations, and where too much waits to be written, it
/// is dropped and counted. Dropping the recorder writes what waits, and ends the thread. What happens in that thread is
/// not recorded, whatever spans the connection or the database driver may have.
///
/// A span is [`running`](super::CallStatus::Running) from its beginning on, where that is written before its end comes.
/// It fails when an event at the level `ERROR` happens in it, or when it has a field `error`. Its fields are its `input`,
/// its name with its target is the operation, and what it follows from are links.
///
/// Which spans are recorded is up to `tracing`: `layer.with_filter(LevelFilter::INFO)`.
///
/// ```
/// use metagraph::graphs::call::{CallLog, CallRecorder, Calls, RecorderOptions};
/// use metagraph::prelude::*;
/// use tracing_subscriber::layer::SubscriberExt as _;
///
/// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
/// let mut conn = metagraph::sqlite::connect("file:recorder?mode=memory&cache=shared")?;
/// metagraph::migrate(&mut conn)?;
/// metagraph::sync::<Calls, _>(&mut conn)?;
/// let graph = Graph::<Calls>::open_or_create(&mut conn, "shop")?;
///
/// let own = metagraph::sqlite::connect("file:recorder?mode=memory&cache=shared")?;
/// let (layer, recorder) = CallRecorder::start(graph.clone(), own, RecorderOptions::default());
/// let subscriber = tracing_subscriber::registry().with(layer);       // with others of yours, and `.init()`
/// tracing::subscriber::with_default(subscriber, || {
///     tracing::info_span!("place_order", item = 7).in_scope(|| {
///         tracing::info_span!("reserve").in_scope(|| tracing::error!("none left"));
///     });
/// });
/// assert_eq!(recorder.flush().dropped, 0);
///
/// let log = CallLog::new(&graph);
/// let failed = log.failed().one(&mut conn)?;
/// assert_eq!(failed.value.error.as_ref().unwrap().message, "none left");
/// let order = &log.lineage(&mut conn, &failed.key)?[0];
/// assert_eq!(order.value.input, Some(serde_json::json!({"item": 7})));
/// # Ok(())
/// # }
/// ```
pub struct CallRecorder {
    line: Line,
    writer: Option<JoinHandle<()>>,
}

impl fmt::Debug for CallRecorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRecorder").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl CallRecorder {
    /// Begins to record into a graph, with a connection that is the recorder's from then on.
    pub fn start<G, C>(graph: Graph<G>, conn: C, options: RecorderOptions) -> (CallLayer, Self)
    where
        G: 'static,
        C: GraphConnection + Send + 'static,
        Call: PartOf<G>,
        Triggered: PartOf<G>,
        DependsOn: PartOf<G>,
    {
        let (sender, receiver) = sync_channel(options.capacity.max(1));
        let line = Line { sender, shared: Arc::default() };
        let shared = Arc::clone(&line.shared);
        let pause = options.pause;
        let writer = std::thread::spawn(move || writer::run(&graph, conn, &receiver, &shared, pause));
        (CallLayer::new(line.clone(), options), Self { line, writer: Some(writer) })
    }

    /// Waits until everything that came so far is written, or failed to be, and says how much that was in all.
    pub fn flush(&self) -> RecorderCounts {
        let (sender, done) = sync_channel(1);
        if self.line.sender.send(Message::Flush(sender)).is_ok() {
            // Nothing comes where the writer is gone, and then there is nothing to wait for.
            let _ = done.recv();
        }
        self.counts()
    }

    /// How much was recorded so far.
    pub fn counts(&self) -> RecorderCounts {
        self.line.shared.counts()
    }

    /// What the database said last when it did not take something.
    pub fn last_error(&self) -> Option<String> {
        self.line.shared.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for CallRecorder {
    fn drop(&mut self) {
        // Where the writer is gone, nobody is told.
        let _ = self.line.sender.send(Message::Stop);
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// What goes to the writer.
enum Message {
    Call(Box<Call>),
    Flush(SyncSender<()>),
    Stop,
}

/// The way to the writer.
#[derive(Clone)]
struct Line {
    sender: SyncSender<Message>,
    shared: Arc<Shared>,
}

impl Line {
    /// Gives a call to the writer, or drops it.
    fn send(&self, call: Call) {
        match self.sender.try_send(Message::Call(Box::new(call))) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.shared.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// What the program and the writer both know.
#[derive(Default)]
struct Shared {
    written: AtomicU64,
    dropped: AtomicU64,
    failed: AtomicU64,
    last_error: Mutex<Option<String>>,
}

impl Shared {
    fn counts(&self) -> RecorderCounts {
        RecorderCounts {
            written: self.written.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
        }
    }
}

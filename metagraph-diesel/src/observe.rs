//! One `tracing` event for every statement, on the target `metagraph::query`; nothing where the feature is off.
//!
//! Statements are shown with placeholders: bound values never reach a log.

#[cfg(feature = "tracing")]
use std::time::Instant;

use crate::backend::GraphBackend;
use crate::statement::Statement;

/// A statement that is under way.
pub(crate) struct Observed {
    #[cfg(feature = "tracing")]
    under_way: Option<UnderWay>,
}

#[cfg(feature = "tracing")]
struct UnderWay {
    backend: &'static str,
    doing: &'static str,
    statement: String,
    began: Instant,
}

#[cfg(feature = "tracing")]
impl Observed {
    pub(crate) fn new<Db: GraphBackend>(doing: &'static str, statement: &Statement<'_, Db>) -> Self {
        let wanted = tracing::enabled!(target: "metagraph::query", tracing::Level::DEBUG);
        let under_way =
            || UnderWay { backend: Db::NAME, doing, statement: format!("{statement:?}"), began: Instant::now() };
        Self { under_way: wanted.then(under_way) }
    }

    pub(crate) fn finish(self, rows: Result<usize, &diesel::result::Error>) {
        let Some(UnderWay { backend, doing, statement, began }) = self.under_way else { return };
        let microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        match rows {
            Ok(rows) => tracing::debug!(
                target: "metagraph::query",
                { db.system.name = backend, db.query.text = statement, rows, microseconds },
                "{doing}"
            ),
            Err(error) => tracing::debug!(
                target: "metagraph::query",
                { db.system.name = backend, db.query.text = statement, %error, microseconds },
                "{doing}"
            ),
        }
    }
}

#[cfg(not(feature = "tracing"))]
impl Observed {
    pub(crate) fn new<Db: GraphBackend>(_: &'static str, _: &Statement<'_, Db>) -> Self {
        Self {}
    }

    pub(crate) fn finish(self, _: Result<usize, &diesel::result::Error>) {
        let Self {} = self;
    }
}

//! Figures of operations, over all their calls.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use metagraph::prelude::*;
use metagraph::query;

use super::CallError;
use super::log::CallLog;
use super::status::CallStatus;
use super::stored::{Call, DependsOn, Triggered};

/// Figures of an operation, over all its calls; given by [`CallLog::operations`].
///
/// ```
/// use metagraph::graphs::call::OperationFigures;
///
/// let figures = OperationFigures { calls: 5, failed: 1, ended: 4, ..OperationFigures::default() };
/// assert_eq!(figures.error_rate(), Some(0.25));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationFigures {
    /// What is called.
    pub operation_id: String,
    /// How often it was called.
    pub calls: u64,
    /// How many of the calls ended, in whatever way.
    pub ended: u64,
    /// How many of the calls failed.
    pub failed: u64,
    /// How many calls there are of which is known how long they took.
    pub timed: u64,
    /// How long those took together.
    pub total: SignedDuration,
    /// How long the longest of them took.
    pub longest: SignedDuration,
}

impl OperationFigures {
    /// How many of the calls that ended failed, from 0 to 1; `None` where none ended.
    #[allow(clippy::cast_precision_loss, reason = "there are not that many calls")]
    pub fn error_rate(&self) -> Option<f64> {
        (self.ended > 0).then(|| self.failed as f64 / self.ended as f64)
    }

    /// How long a call takes on average; `None` where it is known of none.
    ///
    /// ```
    /// use metagraph::graphs::call::OperationFigures;
    ///
    /// assert_eq!(OperationFigures::default().mean(), None);
    /// ```
    pub fn mean(&self) -> Option<SignedDuration> {
        let timed = i64::try_from(self.timed).ok().filter(|timed| *timed > 0)?;
        i64::try_from(self.total.as_nanos()).ok().map(|total| SignedDuration::from_nanos(total / timed))
    }
}

impl<G> CallLog<'_, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// Figures of each operation, in one statement; those that are called most come first.
    ///
    /// ```
    /// # use metagraph::graphs::call::{CallErrorInfo, CallEvent, CallLog, Calls};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// # let graph = Graph::<Calls>::open_or_create(conn, "session 7")?;
    /// let log = CallLog::new(&graph);
    /// log.ingest(conn, [
    ///     CallEvent::requested("a", "stock.reserve"), CallEvent::responded("a", 7),
    ///     CallEvent::requested("b", "stock.reserve"),
    ///     CallEvent::failed("b", CallErrorInfo::new("TIMEOUT", "no answer")),
    /// ])?;
    /// let operations = log.operations(conn)?;
    /// assert_eq!((operations[0].calls, operations[0].error_rate()), (2, Some(0.5)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::Store`] when the database fails.
    pub fn operations<C: GraphConnection>(&self, conn: &mut C) -> Result<Vec<OperationFigures>, CallError> {
        let groups = self.graph.nodes::<Call>().group_by(|call| (call.operation_id, call.status));
        let groups = groups.aggregate(|call| {
            (query::count(), call.duration_nanos.count(), call.duration_nanos.sum(), call.duration_nanos.max())
        });
        let mut operations: BTreeMap<String, OperationFigures> = BTreeMap::new();
        for ((operation, status), (calls, timed, total, longest)) in groups.load(conn)? {
            let Some(operation_id) = operation else { continue };
            let figures = operations.entry(operation_id).or_default();
            let calls = u64::try_from(calls).unwrap_or_default();
            figures.calls += calls;
            figures.timed += u64::try_from(timed).unwrap_or_default();
            if status.is_terminal() {
                figures.ended += calls;
            }
            if status == CallStatus::Failed {
                figures.failed += calls;
            }
            figures.total = figures.total.saturating_add(SignedDuration::from_nanos(total.unwrap_or_default()));
            if let Some(longest) = longest.flatten() {
                figures.longest = figures.longest.max(SignedDuration::from_nanos(longest));
            }
        }
        let named = |(operation_id, figures)| OperationFigures { operation_id, ..figures };
        let mut operations: Vec<_> = operations.into_iter().map(named).collect();
        operations.sort_by_key(|figures| std::cmp::Reverse(figures.calls));
        Ok(operations)
    }

    /// The operations that are called most, with how often; counted by the database.
    ///
    /// # Errors
    /// [`CallError::Store`] when the database fails.
    pub fn hot_operations<C: GraphConnection>(
        &self,
        conn: &mut C,
        limit: u32,
    ) -> Result<Vec<(String, i64)>, CallError> {
        let described = self.graph.nodes::<Call>().filter(|call| call.operation_id.is_not_null());
        let groups = described.group_by(|call| call.operation_id).aggregate(|_| query::count());
        let hot = groups.order_by(|operation, calls| [calls.desc(), operation.asc()]).limit(limit).load(conn)?;
        Ok(hot.into_iter().filter_map(|(operation, calls)| Some((operation?, calls))).collect())
    }
}

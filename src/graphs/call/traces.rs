//! Looking for traces by what their spans are.

use jiff::{SignedDuration, Timestamp};
use metagraph::prelude::*;
use serde_json::Value;

use super::CallError;
use super::log::CallLog;
use super::span::Tags;
use super::stored::{Call, DependsOn, Triggered};

/// How many calls are read at a time.
const PAGE: u32 = 500;

/// What a span is to be, for its trace to be found; made by [`TraceQuery::new`] for any, and narrowed from there.
///
/// ```
/// use metagraph::graphs::call::{CallLog, Calls, SpanRow, TraceQuery};
/// use metagraph::prelude::*;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
/// # metagraph::migrate(conn)?;
/// # metagraph::sync::<Calls, _>(conn)?;
/// # let graph = Graph::<Calls>::open_or_create(conn, "traces")?;
/// let row: SpanRow = serde_json::from_str(
///     r#"{"traceId": "4bf9", "spanId": "00f0", "operation": "GetCart", "service": "cart", "pod": "cart-7"}"#,
/// )?;
/// let log = CallLog::new(&graph);
/// log.ingest(conn, [row.to_call("line 1")?.into()])?;
/// let query = TraceQuery::new().service("cart").tag("pod", "cart-7");
/// assert_eq!(log.find_traces(conn, &query)?, ["4bf9"]);
/// assert!(log.find_traces(conn, &query.operation("PutCart"))?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "it does nothing before `find_traces`"]
pub struct TraceQuery {
    service: Option<String>,
    operation: Option<String>,
    tags: Tags,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    shortest: Option<SignedDuration>,
    longest: Option<SignedDuration>,
    limit: Option<usize>,
}

impl TraceQuery {
    /// Any span.
    pub fn new() -> Self {
        Self::default()
    }

    /// A span of this program.
    pub fn service(mut self, service: impl Into<String>) -> Self {
        self.service = Some(service.into());
        self
    }

    /// A span of this operation.
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// A span with this value under this name, wherever: among its own attributes, those of its program, its library, its
    /// events, its links, or of either side of a conversation. Said several times, the span has all of them.
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.tags.insert(name.into(), value.into());
        self
    }

    /// A span that began at this time or later.
    pub fn since(mut self, since: Timestamp) -> Self {
        self.since = Some(since);
        self
    }

    /// A span that began at this time or earlier.
    pub fn until(mut self, until: Timestamp) -> Self {
        self.until = Some(until);
        self
    }

    /// A span that took so long at least.
    pub fn at_least(mut self, shortest: SignedDuration) -> Self {
        self.shortest = Some(shortest);
        self
    }

    /// A span that took so long at most.
    pub fn at_most(mut self, longest: SignedDuration) -> Self {
        self.longest = Some(longest);
        self
    }

    /// So many traces at most.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    fn has_tags(&self, call: &Call) -> bool {
        self.tags.is_empty() || self.tags.iter().all(|(name, value)| has_tag(call, name, value))
    }
}

fn has_tag(call: &Call, name: &str, value: &Value) -> bool {
    let Some(span) = &call.span else { return false };
    let places = [&span.attributes, &span.resource].into_iter().chain(span.scope.iter().map(|scope| &scope.attributes));
    let places = places.chain(span.events.iter().map(|event| &event.attributes));
    let places = places.chain(span.links.iter().map(|link| &link.attributes));
    let mut places = places.chain(span.sides.iter().map(|side| &side.attributes));
    places.any(|tags| tags.get(name).is_some_and(|found| equal(found, value)))
}

/// Whether two values are the same; a number is, whichever way it is written.
fn equal(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one.to_bits() == other.to_bits())
}

impl<G> CallLog<'_, G>
where
    Call: PartOf<G>,
    Triggered: PartOf<G>,
    DependsOn: PartOf<G>,
{
    /// The ids of the traces that have such a span, those with the latest of them first.
    ///
    /// Service, operation and times are asked of the database, tags of the rows that it finds, page by page.
    ///
    /// # Errors
    /// [`CallError::Store`] when the database fails.
    pub fn find_traces<C: GraphConnection>(&self, conn: &mut C, query: &TraceQuery) -> Result<Vec<String>, CallError> {
        let mut calls = self.graph.nodes::<Call>().filter(|call| call.trace_id.is_not_null());
        if let Some(service) = &query.service {
            calls = calls.filter(|call| call.service.eq(service.as_str()));
        }
        if let Some(operation) = &query.operation {
            calls = calls.filter(|call| call.operation_id.eq(operation.as_str()));
        }
        if let Some(since) = query.since {
            calls = calls.filter(|call| call.started_at.ge(since));
        }
        if let Some(until) = query.until {
            calls = calls.filter(|call| call.started_at.le(until));
        }
        let nanos = |duration: SignedDuration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        if let Some(shortest) = query.shortest {
            calls = calls.filter(|call| call.duration_nanos.ge(nanos(shortest)));
        }
        if let Some(longest) = query.longest {
            calls = calls.filter(|call| call.duration_nanos.le(nanos(longest)));
        }
        let limit = query.limit.unwrap_or(usize::MAX);
        let mut traces: Vec<String> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut found = calls.order_by(|call| call.started_at.desc()).stream(conn, PAGE);
        while traces.len() < limit {
            let Some(call) = found.next().transpose()? else { break };
            if let Some(trace) = call.value.trace_id.as_ref().filter(|_| query.has_tags(&call.value))
                && seen.insert(trace.clone())
            {
                traces.push(trace.clone());
            }
        }
        Ok(traces)
    }

    /// How often programs call each other: who, whom, and how often; those that do it most come first. Counted by the
    /// database.
    ///
    /// ```
    /// # use metagraph::graphs::call::{Call, CallLog, Calls};
    /// # use metagraph::prelude::*;
    /// # fn main() -> Result<(), metagraph::graphs::call::CallError> {
    /// # let conn = &mut metagraph::sqlite::connect(":memory:")?;
    /// # metagraph::migrate(conn)?;
    /// # metagraph::sync::<Calls, _>(conn)?;
    /// # let graph = Graph::<Calls>::open_or_create(conn, "traces")?;
    /// let log = CallLog::new(&graph);
    /// let call = |id: &str, service: &str| Call { service: Some(service.into()), ..Call::heard_of(id) };
    /// let child = Call { parent_request_id: Some("a".into()), ..call("b", "cart") };
    /// log.ingest(conn, [call("a", "frontend").into(), child.into()])?;
    /// assert_eq!(log.between_services(conn)?, [("frontend".to_owned(), "cart".to_owned(), 1)]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CallError::Store`] when the database fails.
    pub fn between_services<C: GraphConnection>(&self, conn: &mut C) -> Result<Vec<(String, String, i64)>, CallError> {
        let ends = (Call::F.service.at_source(), Call::F.service.at_target());
        let groups = self.graph.edges::<Triggered>().group_by(|_| ends).aggregate(|_| metagraph::query::count());
        let counted = groups.load(conn)?.into_iter();
        let mut counted: Vec<_> = counted.filter_map(|((from, to), calls)| Some((from?, to?, calls))).collect();
        counted.retain(|(from, to, _)| from != to);
        counted.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| (&one.0, &one.1).cmp(&(&other.0, &other.1))));
        Ok(counted)
    }
}

//! What is told of a call.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::stored::{Call, CallErrorInfo, Identity, OperationType};

/// Something that is told of a call.
///
/// In JSON it is an event of the wire, with its `type`; when it happened is ours.
///
/// ```
/// use metagraph::graphs::call::CallEvent;
/// use serde_json::json;
///
/// let event = CallEvent::requested("0192-8", "stock.reserve").parent("0192-7").input(json!({"item": 7}));
/// let text = json!({
///     "type": "call.requested", "requestId": "0192-8", "operationId": "stock.reserve",
///     "parentRequestId": "0192-7", "input": {"item": 7},
/// });
/// assert_eq!(serde_json::to_value(&event)?, text);
/// assert_eq!(serde_json::from_value::<CallEvent>(text)?, event);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallEvent {
    /// The call.
    pub request_id: String,
    /// When it happened, where that is known. It is never made up: give it where it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What happened.
    #[serde(flatten)]
    pub news: News,
}

/// What happened to a call.
///
/// ```
/// use metagraph::graphs::call::News;
///
/// assert_eq!(serde_json::to_value(News::Completed)?, serde_json::json!({"type": "call.completed"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum News {
    /// It was asked for.
    #[serde(rename = "call.requested")]
    Requested {
        /// What is called.
        operation_id: String,
        /// What kind of operation that is. Who knows that it is a subscription has to say so: answers do not end it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        operation_type: Option<OperationType>,
        /// What it was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        input: Option<Value>,
        /// The call that made it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent_request_id: Option<String>,
        /// Until when it is worth an answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Timestamp>,
        /// Who called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        identity: Option<Identity>,
    },
    /// A handler began; no event of the wire.
    #[serde(rename = "call.started")]
    Started,
    /// It answered. That ends a call, unless it is a subscription.
    #[serde(rename = "call.responded")]
    Responded {
        /// The answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<Value>,
    },
    /// It is over, as a subscription is once.
    #[serde(rename = "call.completed")]
    Completed,
    /// It failed.
    #[serde(rename = "call.error")]
    Failed(CallErrorInfo),
    /// It was given up.
    #[serde(rename = "call.aborted")]
    Aborted,
    /// All of it at once, as a trace tells; no event of the wire.
    #[serde(skip)]
    Recorded(Box<Call>),
}

impl CallEvent {
    /// An event that happened at an unknown time.
    pub fn new(request_id: impl Into<String>, news: News) -> Self {
        Self { request_id: request_id.into(), at: None, news }
    }

    /// A call was asked for.
    pub fn requested(request_id: impl Into<String>, operation_id: impl Into<String>) -> Self {
        let news = News::Requested {
            operation_id: operation_id.into(),
            operation_type: None,
            input: None,
            parent_request_id: None,
            deadline: None,
            identity: None,
        };
        Self::new(request_id, news)
    }

    /// A handler began.
    pub fn started(request_id: impl Into<String>) -> Self {
        Self::new(request_id, News::Started)
    }

    /// A call answered.
    pub fn responded(request_id: impl Into<String>, output: impl Into<Value>) -> Self {
        Self::new(request_id, News::Responded { output: Some(output.into()) })
    }

    /// A subscription is over.
    pub fn completed(request_id: impl Into<String>) -> Self {
        Self::new(request_id, News::Completed)
    }

    /// A call failed.
    pub fn failed(request_id: impl Into<String>, error: CallErrorInfo) -> Self {
        Self::new(request_id, News::Failed(error))
    }

    /// A call was given up.
    pub fn aborted(request_id: impl Into<String>) -> Self {
        Self::new(request_id, News::Aborted)
    }

    /// When it happened.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Which call made it; of a request.
    #[must_use]
    pub fn parent(mut self, parent: impl Into<String>) -> Self {
        if let News::Requested { parent_request_id, .. } = &mut self.news {
            *parent_request_id = Some(parent.into());
        }
        self
    }

    /// What it was given; of a request.
    #[must_use]
    pub fn input(mut self, given: impl Into<Value>) -> Self {
        if let News::Requested { input, .. } = &mut self.news {
            *input = Some(given.into());
        }
        self
    }

    /// That it answers until it is over; of a request.
    #[must_use]
    pub fn subscription(mut self) -> Self {
        if let News::Requested { operation_type, .. } = &mut self.news {
            *operation_type = Some(OperationType::Subscription);
        }
        self
    }

    /// The call that it says made the call.
    pub fn named_parent(&self) -> Option<&str> {
        match &self.news {
            News::Requested { parent_request_id, .. } => parent_request_id.as_deref(),
            News::Recorded(call) => call.parent_request_id.as_deref(),
            _ => None,
        }
    }
}

/// All of a call at once.
impl From<Call> for CallEvent {
    fn from(call: Call) -> Self {
        Self { request_id: call.request_id.clone(), at: None, news: News::Recorded(Box::new(call)) }
    }
}

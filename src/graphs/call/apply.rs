//! What becomes of a call when something is told of it. The order in which it is told does not matter.

use jiff::Timestamp;
use serde_json::Value;

use super::event::{CallEvent, News};
use super::status::{CallStatus, RefusedTransition};
use super::stored::{Answered, Call, OperationType};
use super::{CallError, merge};

impl Call {
    /// Takes in an event; what was known before stays known, and a call that has ended stays as it ended.
    ///
    /// [`CallLog::ingest`](super::CallLog::ingest) does the same to stored calls.
    ///
    /// ```
    /// use metagraph::graphs::call::{Call, CallEvent, CallStatus};
    ///
    /// let mut call = Call::heard_of("0192-7");
    /// call.take_in(&CallEvent::responded("0192-7", "done"))?;
    /// assert_eq!(call.status, CallStatus::Running, "it may be a subscription");
    /// call.take_in(&CallEvent::requested("0192-7", "orders.place"))?;
    /// assert_eq!(call.status, CallStatus::Completed);
    /// let refused = call.take_in(&CallEvent::aborted("0192-7")).unwrap_err();
    /// assert_eq!(refused.to_string(), "call `0192-7` is completed and cannot become aborted: it has ended");
    /// # Ok::<(), metagraph::graphs::call::CallError>(())
    /// ```
    ///
    /// # Errors
    /// [`CallError::Transition`] when it has ended otherwise, [`CallError::OtherParent`] when another call made it; it is
    /// what it was then.
    pub fn take_in(&mut self, event: &CallEvent) -> Result<(), CallError> {
        self.adopt(event.named_parent())?;
        let at = event.at;
        let taken_in = match &event.news {
            News::Requested { operation_id, operation_type, input, deadline, identity, .. } => {
                fill(&mut self.operation_id, Some(operation_id));
                fill(&mut self.operation_type, operation_type.as_ref());
                fill(&mut self.input, input.as_ref());
                fill(&mut self.deadline, deadline.as_ref());
                fill(&mut self.identity, identity.as_ref());
                self.started_at = self.started_at.max(at);
                self.settle();
                Ok(())
            }
            News::Started => {
                self.started_at = self.started_at.max(at);
                self.begin();
                Ok(())
            }
            News::Responded { output } => self.respond(output.as_ref(), at),
            News::Completed => self.end(CallStatus::Completed, at).map(drop),
            News::Failed(error) => self.end(CallStatus::Failed, at).map(|moved| {
                if moved {
                    self.error = Some(error.clone());
                }
            }),
            News::Aborted => self.end(CallStatus::Aborted, at).map(drop),
            News::Recorded(call) => merge::record(self, call),
        };
        self.measure();
        taken_in.map_err(|refused| refused.of(&self.request_id).into())
    }

    /// Ends it, where it has not ended; whether that is new.
    pub(super) fn end(&mut self, to: CallStatus, at: Option<Timestamp>) -> Result<bool, RefusedTransition> {
        let moved = self.status != self.status.to(to)?;
        if moved {
            self.status = to;
            self.completed_at = at;
        }
        Ok(moved)
    }

    /// How long it took, where it is known.
    pub(super) fn measure(&mut self) {
        if let (Some(started), Some(completed)) = (self.started_at, self.completed_at) {
            let nanos = completed.duration_since(started).as_nanos();
            self.duration_nanos = i64::try_from(nanos).ok();
        }
    }

    /// Who made it: the first that is told, and nobody else.
    fn adopt(&mut self, parent: Option<&str>) -> Result<(), CallError> {
        let Some(parent) = parent else { return Ok(()) };
        if parent == self.request_id {
            let calls = vec![self.request_id.clone(), self.request_id.clone()];
            return Err(CallError::Cycle { edge: "triggered".to_owned(), calls });
        }
        match &self.parent_request_id {
            None => self.parent_request_id = Some(parent.to_owned()),
            Some(known) if known == parent => {}
            Some(known) => {
                let (call, parent, other) = (self.request_id.clone(), known.clone(), parent.to_owned());
                return Err(CallError::OtherParent { call, parent, other });
            }
        }
        Ok(())
    }

    fn begin(&mut self) {
        if self.status == CallStatus::Pending {
            self.status = CallStatus::Running;
        }
    }

    /// Whether answers end it; `None` where it is not known what was called.
    fn answers_once(&self) -> Option<bool> {
        self.is_described().then(|| self.operation_type != Some(OperationType::Subscription))
    }

    fn respond(&mut self, output: Option<&Value>, at: Option<Timestamp>) -> Result<(), RefusedTransition> {
        if self.answers_once() == Some(true) {
            if self.end(CallStatus::Completed, at)? {
                self.output = output.cloned();
            } else if self.output.is_none() && output.is_some() {
                // Its end was told before its answer.
                self.output = output.cloned();
                self.completed_at = earlier(self.completed_at, at);
            }
            return Ok(());
        }
        let is_newer = self.answered.is_none_or(|latest| latest.at <= at);
        if is_newer {
            self.output = output.cloned();
            self.answered = Some(Answered { at });
        }
        self.begin();
        Ok(())
    }

    /// What was answered before it was known what was called.
    fn settle(&mut self) {
        if self.answers_once() != Some(true) {
            return;
        }
        let Some(answered) = self.answered.take() else { return };
        match self.status {
            CallStatus::Pending | CallStatus::Running => {
                self.status = CallStatus::Completed;
                self.completed_at = answered.at;
            }
            CallStatus::Completed => self.completed_at = earlier(self.completed_at, answered.at),
            CallStatus::Failed | CallStatus::Aborted => {}
        }
    }
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// What is told first stays.
pub(super) fn fill<T: Clone>(known: &mut Option<T>, told: Option<&T>) {
    if known.is_none() {
        *known = told.cloned();
    }
}

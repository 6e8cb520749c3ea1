//! Two tellings of one call, brought together.

use super::apply::fill;
use super::span::{Side, Span};
use super::status::RefusedTransition;
use super::stored::Call;

/// Takes in all of a call at once. Who tells of the end knows better than who tells of the beginning; among equals, what
/// was told first stays. Of a span that two sides share, the asking side's words count.
pub(super) fn record(call: &mut Call, told: &Call) -> Result<(), RefusedTransition> {
    if *call == Call::heard_of(call.request_id.as_str()) {
        call.clone_from(told);
        by_sides(call);
        return Ok(());
    }
    let shared = has_sides(call) && has_sides(told);
    if !shared {
        call.status.to(told.status).or_else(|refused| {
            // What is told of the beginning, after the end.
            if told.status.is_terminal() { Err(refused) } else { Ok(call.status) }
        })?;
    }
    let newer = told.status.is_terminal() && !call.status.is_terminal();
    let older = call.status.is_terminal() && !told.status.is_terminal();
    let mut other = told.clone();
    if newer {
        std::mem::swap(call, &mut other);
    }
    fill(&mut call.operation_id, other.operation_id.as_ref());
    fill(&mut call.operation_type, other.operation_type.as_ref());
    fill(&mut call.parent_request_id, other.parent_request_id.as_ref());
    fill(&mut call.input, other.input.as_ref());
    fill(&mut call.output, other.output.as_ref());
    fill(&mut call.error, other.error.as_ref());
    fill(&mut call.identity, other.identity.as_ref());
    fill(&mut call.deadline, other.deadline.as_ref());
    fill(&mut call.started_at, other.started_at.as_ref());
    fill(&mut call.completed_at, other.completed_at.as_ref());
    fill(&mut call.trace_id, other.trace_id.as_ref());
    fill(&mut call.service, other.service.as_ref());
    if !newer && !older {
        call.status = call.status.max(other.status);
    }
    match (&mut call.span, other.span) {
        (Some(known), Some(told)) => spans(known, *told),
        (known, told) => *known = known.take().or(told),
    }
    by_sides(call);
    Ok(())
}

fn has_sides(call: &Call) -> bool {
    call.span.as_ref().is_some_and(|span| !span.sides.is_empty())
}

fn spans(known: &mut Span, told: Span) {
    for (name, value) in told.attributes {
        known.attributes.entry(name).or_insert(value);
    }
    for (name, value) in told.resource {
        known.resource.entry(name).or_insert(value);
    }
    add(&mut known.sides, told.sides);
    add(&mut known.events, told.events);
    known.events.sort_by(|one, other| (one.at, &one.name).cmp(&(other.at, &other.name)));
    add(&mut known.links, told.links);
    known.kind = known.kind.take().or(told.kind);
    known.scope = known.scope.take().or(told.scope);
}

fn add<T: PartialEq>(known: &mut Vec<T>, told: Vec<T>) {
    for one in told {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// What sides say becomes what the call is, whichever was told first.
fn by_sides(call: &mut Call) {
    let Some(span) = call.span.as_mut().filter(|span| !span.sides.is_empty()) else { return };
    // Who asks knows how long it took, and clocks of several sides cannot be compared.
    let place = |side: &Side| (side.kind != "client", side.started_at, side.service.clone(), side.operation_id.clone());
    span.sides.sort_by_cached_key(|side| (place(side), side.completed_at, side.attributes.len()));
    let sides = &span.sides;
    call.operation_id = sides.iter().find_map(|side| side.operation_id.clone()).or(call.operation_id.take());
    call.service = sides.iter().find_map(|side| side.service.clone());
    let timed = sides.iter().find(|side| side.started_at.is_some() && side.completed_at.is_some());
    if let Some(timed) = timed.or(sides.first()) {
        (call.started_at, call.completed_at) = (timed.started_at, timed.completed_at);
        call.duration_nanos = None;
    }
    call.error = sides.iter().find_map(|side| side.error.clone());
    call.status = sides.iter().map(|side| side.status).max().unwrap_or(call.status);
    span.kind = sides.first().map(|side| side.kind.clone());
}

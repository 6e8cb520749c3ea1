//! Graph types and unions: rules that exclude each other, and members that are there once.

use super::{contradiction, shown};
use crate::diagnostics::Diagnostics;
use crate::model::{GraphRules, Head, Member};

pub(super) fn direction_is_one_choice(cx: &mut Diagnostics, rules: &GraphRules) {
    let reason = "a graph type has one of `directed`, `undirected` and `mixed`";
    contradiction(cx, &rules.undirected, &rules.directed, reason);
    contradiction(cx, &rules.mixed, &rules.directed, reason);
    contradiction(cx, &rules.mixed, &rules.undirected, reason);
}

pub(super) fn parallel_is_one_choice(cx: &mut Diagnostics, rules: &GraphRules) {
    let reason = "between two nodes there are several edges of one type, or at most one of any type";
    contradiction(cx, &rules.simple, &rules.multi, reason);
}

/// A mixed graph can still keep the edges of one type from closing a cycle.
pub(super) fn acyclic_has_a_direction(cx: &mut Diagnostics, rules: &GraphRules) {
    let reason = "a cycle is told by the direction of its edges";
    contradiction(cx, &rules.acyclic, &rules.undirected, reason);
    let reason = "not every edge has a direction; write `acyclic` on the edge types that have one";
    contradiction(cx, &rules.acyclic, &rules.mixed, reason);
}

pub(super) fn acyclic_has_no_loops(cx: &mut Diagnostics, rules: &GraphRules) {
    contradiction(cx, &rules.self_loops, &rules.acyclic, "an edge that ends where it starts is a cycle");
}

/// Nothing could ever be stored in it.
pub(super) fn has_members(cx: &mut Diagnostics, head: &Head, members: &[Member], what: &str, of: &str) {
    if members.is_empty() {
        let message = format_args!("{what} needs members: list {of} as variants, such as `Package(Package)`");
        cx.error(&head.ident, message);
    }
}

pub(super) fn members_differ(cx: &mut Diagnostics, head: &Head, members: &[Member]) {
    for (place, member) in members.iter().enumerate() {
        let ty = shown(&member.ty);
        if let Some(earlier) = members.iter().take(place).find(|earlier| shown(&earlier.ty) == ty) {
            let (ident, earlier) = (&head.ident, &earlier.ident);
            let message = format_args!("`{ty}` is a member of `{ident}` already, as `{earlier}`; leave one of the two");
            cx.error(&member.ty, message);
        }
    }
}

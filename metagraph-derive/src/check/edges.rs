//! Edge types: endpoints and rules that exclude each other.

use super::{contradiction, shown};
use crate::diagnostics::Diagnostics;
use crate::model::{EdgeRules, Endpoint};

pub(super) fn ends_differ(cx: &mut Diagnostics, endpoint: &Endpoint) {
    for (place, ty) in endpoint.types.iter().enumerate() {
        if endpoint.types.iter().take(place).any(|earlier| shown(earlier) == shown(ty)) {
            cx.error(ty, format_args!("`{}` is in this list already; leave one of the two", shown(ty)));
        }
    }
}

pub(super) fn parallel_is_one_choice(cx: &mut Diagnostics, rules: &EdgeRules) {
    let reason = "between two nodes there are several edges of this type, or at most one";
    contradiction(cx, &rules.unique, &rules.multi, reason);
}

/// Without a direction there is neither a source nor a target, and no way round that could close a cycle.
pub(super) fn direction_is_there_when_needed(cx: &mut Diagnostics, rules: &EdgeRules) {
    let ends = "an edge without a direction has no source and no target to count at";
    contradiction(cx, &rules.one_out, &rules.undirected, ends);
    contradiction(cx, &rules.one_in, &rules.undirected, ends);
    contradiction(cx, &rules.acyclic, &rules.undirected, "a cycle is told by the direction of its edges");
}

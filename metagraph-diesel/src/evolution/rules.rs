//! Which stored rows break a rule that the next revision has.

use metagraph_core::evolution::{Aspect, Change, Class, Subject};

use super::prepare::Prepared;
use super::tally::Tally;
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::integrity::{self, Damage, Finding};

/// Asks for the rules that became tighter, in all graphs.
pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    tally: &mut Tally,
    prepared: &Prepared,
    graphs: &[i64],
    samples: usize,
) -> Result<()> {
    let tightened = |change: &Change| change.class != Class::Compatible && damages(change.aspect) != NONE;
    if !prepared.diff.changes.iter().any(tightened) {
        return Ok(());
    }
    for finding in integrity::broken_rules(conn, graphs, &prepared.vocabulary, samples)? {
        blame(tally, prepared, &finding);
    }
    Ok(())
}

const NONE: &[Damage] = &[];

/// The damage that rows would have, which were written before a rule of this aspect was there.
fn damages(aspect: Aspect) -> &'static [Damage] {
    match aspect {
        Aspect::Sources | Aspect::Targets => &[Damage::EndType],
        Aspect::SelfLoops => &[Damage::SelfLoop],
        Aspect::Undirected => &[Damage::Direction],
        Aspect::Parallel => &[Damage::Parallel],
        Aspect::Simple => &[Damage::Simple],
        Aspect::OneOut => &[Damage::OneOut],
        Aspect::OneIn => &[Damage::OneIn],
        Aspect::Acyclic => &[Damage::Cycle],
        Aspect::Unique => &[Damage::DuplicateAttribute],
        _ => NONE,
    }
}

fn blame(tally: &mut Tally, prepared: &Prepared, finding: &Finding) {
    let name = finding.element.clone().unwrap_or_default();
    let subject = match finding.subject {
        integrity::Subject::Node => Subject::Node(name),
        integrity::Subject::Edge if finding.element.is_some() => Subject::Edge(name),
        _ => Subject::Graph,
    };
    let concerned = |change: &&Change| {
        let is_of = change.subject == subject || change.subject == Subject::Graph || subject == Subject::Graph;
        is_of && change.class != Class::Compatible && damages(change.aspect).contains(&finding.damage)
    };
    // What was broken before is not the change's business.
    if let Some(change) = prepared.diff.changes.iter().find(concerned) {
        tally.broken(change, finding.count, &finding.samples);
    }
}

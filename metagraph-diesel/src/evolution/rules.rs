//! Which stored rows break a rule that the next revision has.

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::Key;
use metagraph_core::evolution::{Aspect, Change, Class, Subject};
use serde_json::json;

use super::prepare::Prepared;
use super::tally::Tally;
use crate::backend::{GraphConnection, Seam};
use crate::error::Result;
use crate::indexes;
use crate::integrity::{self, Damage, Finding, Sample};
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

/// Asks for the rules that became tighter, in all graphs.
pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    tally: &mut Tally,
    prepared: &Prepared,
    graphs: &[i64],
    samples: usize,
) -> Result<()> {
    long_texts(conn, tally, prepared, graphs, samples)?;
    let tightened = |change: &Change| change.class != Class::Compatible && damages(change.aspect) != NONE;
    if !prepared.diff.changes.iter().any(tightened) {
        return Ok(());
    }
    for finding in integrity::broken_rules(conn, graphs, &prepared.vocabulary, samples)? {
        blame(tally, prepared, &finding);
    }
    Ok(())
}

/// Asks for texts that an index which is new cannot have; rows that are looked at one by one were asked already.
fn long_texts<C: GraphConnection>(
    conn: &mut C,
    tally: &mut Tally,
    prepared: &Prepared,
    graphs: &[i64],
    samples: usize,
) -> Result<()> {
    for declared in indexes::declared::<C::Db>(&prepared.vocabulary) {
        let index = &declared.index;
        let name = index.element.clone();
        let subject = if declared.on_nodes { Subject::Node(name) } else { Subject::Edge(name) };
        let is_new = |change: &&Change| {
            change.subject == subject
                && matches!(change.aspect, Aspect::Index | Aspect::Unique)
                && change.after == Some(json!(index.attributes))
        };
        let Some(change) = prepared.diff.changes.iter().find(is_new) else { continue };
        let Some(condition) = declared.is_too_long::<C::Db>(&prepared.vocabulary) else { continue };
        if prepared.looks_at_all(&subject) {
            continue;
        }
        for &graph in graphs {
            let statement = Statement::new("SELECT id, key, count(*) OVER () FROM ")
                .printed(declared.rows.as_str())
                .sql(" AND graph_id = ")
                .integer(graph)
                .sql(" AND ")
                .printed(condition.as_str())
                .sql(" ORDER BY id LIMIT ")
                .integer(i64::try_from(samples.max(1)).unwrap_or(i64::MAX));
            let found: Vec<Long> = run::all(conn, "looking for long texts", statement)?;
            let names = index.attributes.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ");
            let message = format!("{names} has more than {} bytes, which no index takes", Key::MAX_BYTES);
            let count = found.first().and_then(|long| u64::try_from(long.all).ok()).unwrap_or_default();
            let sample =
                |Long { id, key, .. }| Sample { graph: Some(graph), id: Some(id), key, message: message.clone() };
            tally.broken(change, count, &found.into_iter().map(sample).collect::<Vec<_>>());
        }
    }
    Ok(())
}

/// A row whose text is too long.
struct Long {
    id: i64,
    key: Option<String>,
    /// How many there are.
    all: i64,
}

impl Record for Long {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self { id: record::integer(row, 0)?, key: record::optional_text(row, 1)?, all: record::integer(row, 2)? })
    }
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
    // Values that will be others are asked for as they will be, row by row.
    if finding.damage == Damage::DuplicateAttribute && prepared.looks_at_all(&subject) {
        return;
    }
    let concerned = |change: &&Change| {
        let is_of = change.subject == subject || change.subject == Subject::Graph || subject == Subject::Graph;
        is_of && change.class != Class::Compatible && damages(change.aspect).contains(&finding.damage)
    };
    // What was broken before is not the change's business.
    if let Some(change) = prepared.diff.changes.iter().find(concerned) {
        tally.broken(change, finding.count, &finding.samples);
    }
}

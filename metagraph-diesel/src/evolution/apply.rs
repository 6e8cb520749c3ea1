//! Makes a revision the one in force, and changes rows to it in batches.

use std::sync::Arc;

use metagraph_core::document::CompiledType;
use metagraph_core::evolution::{Change, Class};

use super::batch::{self, Batch};
use super::plan::Plan;
use super::position::{self, Done, Position, UnderWay};
use super::prepare::{Options, Prepared, Work};
use super::progress::Reporter;
use super::sealed::Sealing;
use super::tally::{Moves, Tally};
use super::{Applied, rules, verify};
use crate::backend::GraphConnection;
use crate::batch::Target;
use crate::error::{Error, Result};
use crate::guard;
use crate::indexes::{self, Index};
use crate::revision;
use crate::run;
use crate::stored_type::StoredType;
use crate::vocabulary::Vocabulary;

/// What is to be applied, and how.
pub(super) struct Order<'o, 'p> {
    pub(super) compiled: &'o Arc<CompiledType>,
    pub(super) options: &'o Options,
    pub(super) sealings: &'o [Sealing],
    /// Whether an earlier revision may come back.
    pub(super) back: bool,
    pub(super) samples: usize,
    pub(super) batch: usize,
    pub(super) reporter: &'o mut Reporter<'p>,
}

/// How an evolution begins.
enum Begun {
    /// The stored type is the compiled one.
    Nothing(i64),
    /// No row has to change, so it is done.
    Done(Plan),
    /// Rows have to be changed now.
    UnderWay,
}

/// Counts what would be done, and does nothing.
pub(super) fn plan<C: GraphConnection>(conn: &mut C, order: &mut Order<'_, '_>) -> Result<Plan> {
    run::transaction(conn, |conn| {
        let stored = StoredType::require(conn, &order.compiled.document().name)?;
        if stored.evolving {
            return Err(Error::Evolving { graph_type: stored.name });
        }
        refuse_older(conn, order, &stored)?;
        let (_, plan, _) = checked(conn, order, &stored)?;
        Ok(plan)
    })
}

/// Commits the compiled type as the next revision if that leaves every row as it is; the stored type is held.
///
/// # Errors
/// [`Error::NeedsEvolution`] with every change that is not compatible.
pub(crate) fn sync_alone<C: GraphConnection>(
    conn: &mut C,
    stored: &StoredType,
    compiled: &Arc<CompiledType>,
) -> Result<()> {
    let options = Options::default();
    let (samples, batch) = (0, 1);
    let reporter = &mut Reporter(None);
    let mut order = Order { compiled, options: &options, sealings: &[], back: false, samples, batch, reporter };
    let before = stored.document(conn)?;
    let prepared = Prepared::new(conn, stored, &before, compiled, (&options, &[]), false)?;
    let needs_evolution = |changes: &[Change]| {
        let told: Vec<_> = changes.iter().filter(|change| change.class != Class::Compatible).cloned().collect();
        // What is sealed is bound to names, which mean nothing to other rows.
        let changes = if told.is_empty() { changes.to_vec() } else { told };
        Error::NeedsEvolution { graph_type: stored.name.clone(), changes }
    };
    guard::require_committed(conn)?;
    let graphs = revision::hold_graphs(conn, stored.id)?;
    if !prepared.is_compatible() && verify::has_rows(conn, &prepared, &graphs)? {
        return Err(needs_evolution(&prepared.diff.changes));
    }
    let (prepared, plan, _) = checked(conn, &mut order, stored)?;
    if !plan.is_possible() || plan.rewritten > 0 {
        return Err(needs_evolution(&prepared.diff.changes));
    }
    let next = revision::advance(conn, stored, &prepared.moved, compiled)?;
    drop_indexes(conn, &prepared, &Moves::default())?;
    // Rules that became looser must not bind the rows that are there.
    for step in prepared.steps.iter().filter(|step| matches!(step.work, Work::Rules)) {
        graphs.iter().try_for_each(|graph| batch::follow_rules(conn, &prepared, *graph, step).map(drop))?;
    }
    revision::set_of_graphs(conn, stored.id, next)?;
    complete(conn, stored.id, compiled)
}

/// Goes on with an evolution to the compiled type, or begins one, until all is done.
pub(super) fn apply<C: GraphConnection>(conn: &mut C, order: &mut Order<'_, '_>) -> Result<Applied> {
    guard::require_foreign_keys(conn)?;
    let begun = guard::transaction(conn, |conn| begin(conn, order))?;
    match begun {
        Begun::Nothing(revision) => Ok(Applied { revision, ..Applied::default() }),
        Begun::Done(plan) => Ok(Applied { revision: plan.revision + 1, ..Applied::default() }),
        Begun::UnderWay => go_on(conn, order),
    }
}

/// A program that is older than the database does not take back what newer ones did, unless it says so.
fn refuse_older<C: GraphConnection>(conn: &mut C, order: &Order<'_, '_>, stored: &StoredType) -> Result<()> {
    if order.back || stored.hash == order.compiled.hash() {
        return Ok(());
    }
    let is_other = !stored.document(conn)?.differences(order.compiled.document()).is_empty();
    match stored.earlier(conn, order.compiled)?.filter(|_| is_other) {
        Some(opened) => Err(Error::StaleSchema { graph_type: stored.name.clone(), opened, found: stored.revision }),
        None => Ok(()),
    }
}

fn checked<C: GraphConnection>(
    conn: &mut C,
    order: &mut Order<'_, '_>,
    stored: &StoredType,
) -> Result<(Prepared, Plan, Moves)> {
    let before = stored.document(conn)?;
    let prepared = Prepared::new(conn, stored, &before, order.compiled, (order.options, order.sealings), false)?;
    let mut tally = Tally::new(&stored.name, stored.revision, &prepared.diff.changes, order.samples);
    let graphs = revision::graphs(conn, stored.id)?;
    verify::rows_of(conn, &mut tally, &prepared, &graphs, order.options, order.reporter)?;
    rules::check(conn, &mut tally, &prepared, &graphs, order.samples)?;
    let (plan, moves) = tally.finish();
    Ok((prepared, plan, moves))
}

/// Checks everything while nobody can write, and then makes the revision the one in force: from here on only who changes
/// rows to it writes to graphs of the type, until that is done.
fn begin<C: GraphConnection>(conn: &mut C, order: &mut Order<'_, '_>) -> Result<Begun> {
    let compiled = order.compiled;
    let stored = StoredType::hold(conn, &compiled.document().name)?;
    if stored.evolving {
        return if stored.hash == compiled.hash() {
            Ok(Begun::UnderWay)
        } else {
            Err(Error::Evolving { graph_type: stored.name })
        };
    }
    if stored.hash == compiled.hash() {
        return Ok(Begun::Nothing(stored.revision));
    }
    if stored.document(conn)?.differences(compiled.document()).is_empty() {
        revision::redescribe(conn, &stored, compiled)?;
        return Ok(Begun::Nothing(stored.revision));
    }
    refuse_older(conn, order, &stored)?;
    guard::require_committed(conn)?;
    revision::hold_graphs(conn, stored.id)?;
    let (prepared, plan, moves) = checked(conn, order, &stored)?;
    if !plan.is_possible() {
        return Err(Error::Refused(Box::new(plan)));
    }
    let next = revision::advance(conn, &stored, &prepared.moved, compiled)?;
    drop_indexes(conn, &prepared, &moves)?;
    for (graph, table, ids) in &moves.keys {
        batch::set_keys_aside(conn, *graph, *table, ids)?;
    }
    let changes_rows =
        plan.rewritten + plan.deleted > 0 || prepared.steps.iter().any(|step| matches!(step.work, Work::Rules));
    if changes_rows {
        revision::set_of_graphs(conn, stored.id, Target::EVOLVING)?;
        let done = Done { of: plan.checked, ..Done::default() };
        position::begin(conn, stored.id, (stored.revision, next), order.options, done)?;
        return Ok(Begun::UnderWay);
    }
    revision::set_of_graphs(conn, stored.id, next)?;
    complete(conn, stored.id, compiled)?;
    Ok(Begun::Done(plan))
}

/// What comes last: types that are gone, and indexes on what rows are now.
fn complete<C: GraphConnection>(conn: &mut C, graph_type: i64, compiled: &CompiledType) -> Result<()> {
    let document = compiled.document();
    revision::remove_members(conn, graph_type, document)?;
    let vocabulary = Vocabulary::load(conn, graph_type, Target::EVOLVING, document.clone())?;
    indexes::create_missing(conn, &vocabulary)
}

/// A unique rule that is gone must not refuse anything any more; one whose values change is asked again at the end.
fn drop_indexes<C: GraphConnection>(conn: &mut C, prepared: &Prepared, moves: &Moves) -> Result<()> {
    let declared = indexes::declared::<C::Db>(&prepared.vocabulary).into_iter().map(|declared| declared.index);
    let stays =
        |index: &Index| !index.unique || !moves.unique.contains(&(index.element.clone(), index.attributes.clone()));
    let declared: Vec<_> = declared.filter(stays).map(|index| index.name).collect();
    let mut gone: Vec<_> = indexes::existing(conn)?.into_iter().filter(|name| !declared.contains(name)).collect();
    gone.retain(|name| prepared.index_prefixes.iter().any(|prefix| name.starts_with(prefix)));
    indexes::drop_named(conn, &gone)
}

fn go_on<C: GraphConnection>(conn: &mut C, order: &mut Order<'_, '_>) -> Result<Applied> {
    let compiled = order.compiled;
    let stored = StoredType::require(conn, &compiled.document().name)?;
    // Where there is none any more, somebody else ended it.
    let Some(UnderWay { from, to, options, mut done, .. }) = position::read(conn, stored.id)? else {
        return Ok(Applied { revision: stored.revision, ..Applied::default() });
    };
    let before = stored.document_of(conn, from)?;
    let prepared = Prepared::new(conn, &stored, &before, compiled, (&options, order.sealings), true)?;
    let mut batch = Batch::new(&prepared, to, order.batch);
    loop {
        let next = guard::transaction(conn, |conn| batch.next(conn))?;
        match next {
            batch::Next::Changed(now, _) => {
                done = now;
                order.reporter.changed(done.seen, done.of);
            }
            batch::Next::Overtaken => {}
            batch::Next::AllChanged => break,
        }
    }
    guard::transaction(conn, |conn| {
        StoredType::hold(conn, &stored.name)?;
        if position::end(conn, stored.id)? {
            complete(conn, stored.id, compiled)?;
        }
        Ok(())
    })?;
    let Done { rewritten, deleted, lost, .. } = done;
    Ok(Applied { revision: to, rewritten, deleted, lost })
}

impl Position {
    /// Where the next graph begins.
    pub(super) fn at_graph(self, graph: i64) -> Self {
        if self.graph == graph { self } else { Self { graph, ..Self::START } }
    }
}

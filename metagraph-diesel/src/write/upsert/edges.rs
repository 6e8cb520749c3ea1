//! Edges that are found or created, by their key or between their ends, many at once.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::edges::{NewEdge, draft, refusal, statement};
use super::super::{Table, cycle, update};
use super::{
    Changes, Stop, WANTED, in_batch, in_place, lost_if_stale, one_by_one, parsed, rounds, whole_or_singly, write_over,
};
use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::batch::{EdgeDraft, RowDraft};
use crate::conflict::Rule;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::outcome::{Outcome, Upserted, WhenFound};
use crate::read::{self, EdgeRow, Raw};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// Edges of one type that are to be there.
#[derive(Clone, Copy)]
struct Batch<'b> {
    graph: OpenGraph<'b>,
    kind: &'b EdgeKind,
    edges: &'b [NewEdge<'b>],
    when_found: WhenFound,
}

/// What says which edge it is: its key, or, where parallel edges are refused, its ends as they are stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Identity<'b> {
    Key(Cow<'b, str>),
    Pair(i64, i64),
}

/// One of them.
#[derive(Clone)]
struct Wanted<'b> {
    place: usize,
    identity: Identity<'b>,
    edge: &'b NewEdge<'b>,
}

/// What a round came to, where nothing was refused.
#[derive(Default)]
struct Done {
    answers: Vec<(usize, Upserted<i64>)>,
    /// Ends of the edges that are new.
    created: Vec<(i64, i64)>,
}

/// Inserts edges, or brings the stored ones to the same attributes; the answer is in the order given.
pub(crate) fn many<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edges: &[NewEdge<'_>],
    when_found: WhenFound,
) -> Result<Vec<Upserted<i64>>> {
    if edges.is_empty() {
        return Ok(Vec::new());
    }
    let batch = Batch { graph, kind, edges, when_found };
    let one = |conn: &mut C, one: &[NewEdge<'_>]| many(conn, graph, kind, one, when_found);
    let in_order =
        |conn: &mut C| whole_or_singly(conn, |conn| batch.whole(conn, true), |conn| one_by_one(conn, edges, one));
    if kind.unique.is_empty() {
        whole_or_singly(conn, |conn| batch.whole(conn, false), in_order)
    } else {
        in_order(conn)
    }
}

impl<'b> Batch<'b> {
    fn wanted(&self) -> Result<Vec<Wanted<'b>>> {
        let wanted = self.edges.iter().enumerate().map(|(place, edge)| {
            let identity = match &edge.value.key {
                Some(key) => Identity::Key(key.as_str().into()),
                None if self.kind.rules.multi => {
                    return Err(Error::NoIdentity { element: self.kind.name.clone() });
                }
                None => {
                    let draft = draft(self.kind, edge);
                    Identity::Pair(draft.source, draft.target)
                }
            };
            Ok(Wanted { place, identity, edge })
        });
        wanted.collect()
    }

    fn whole<C: GraphConnection>(&self, conn: &mut C, in_order: bool) -> Result<Vec<Upserted<i64>>, Stop> {
        let wanted = self.wanted()?;
        guard::begin_write(conn)?;
        let mut done = Done::default();
        let rounds = rounds(wanted, |wanted| wanted.identity.clone(), in_order);
        // What comes earlier in the batch may come in a later round, and be the first that is refused.
        let unsure = !in_order && rounds.len() > 1;
        for round in rounds {
            self.round(conn, round, &mut done).map_err(|stop| match stop {
                Stop::Refused(_) if unsure => Stop::Singly,
                Stop::Refused(error) => in_batch(error, done.answers.iter().map(|(_, answer)| answer)).into(),
                stop => stop,
            })?;
        }
        if done.created.is_empty() {
            guard::explain(conn, self.graph.target())?;
        }
        cycle::refuse(conn, self.graph, self.kind, &done.created)?;
        Ok(in_place(done.answers))
    }

    fn round<C: GraphConnection>(&self, conn: &mut C, round: Vec<Wanted<'_>>, done: &mut Done) -> Result<(), Stop> {
        let stored = self.stored(conn, &round)?;
        let mut missing = Vec::new();
        let mut found = Vec::new();
        for (wanted, stored) in round.into_iter().zip(stored) {
            match stored {
                Some(stored) => found.push((wanted, stored)),
                None => missing.push(wanted),
            }
        }
        // The first refusal in the order given is the one to tell, so what comes after it is not tried.
        let refused_at = |place: Option<usize>| place.unwrap_or(usize::MAX);
        let moved =
            found.iter().filter(|(wanted, stored)| !self.same_ends(wanted, stored)).min_by_key(|(w, _)| w.place);
        let no_loops = |wanted: &&Wanted<'_>| wanted.edge.source == wanted.edge.target && !self.kind.rules.self_loops;
        let looped = missing.iter().filter(no_loops).min_by_key(|wanted| wanted.place).cloned();
        let moved_at = refused_at(moved.map(|(wanted, _)| wanted.place));
        let looped_at = refused_at(looped.as_ref().map(|wanted| wanted.place));
        missing.retain(|wanted| wanted.place < moved_at.min(looped_at));
        if done.created.is_empty() && !missing.is_empty() && !self.kind.acyclic.is_empty() {
            guard::serialize(conn, self.graph.target())?;
        }
        done.answers.extend(self.create(conn, &missing)?);
        done.created.extend(missing.iter().map(|wanted| (wanted.edge.source, wanted.edge.target)));
        match (moved, looped) {
            (Some((Wanted { identity: Identity::Key(key), .. }, _)), _) if moved_at < looped_at => {
                guard::explain(conn, self.graph.target())?;
                Err(Error::EndpointsMoved { edge: self.kind.name.clone(), key: key.to_string() }.into())
            }
            (_, Some(looped)) => Err(refusal::self_loop(conn, self.graph, self.kind, looped.edge.source)?.into()),
            _ => {
                done.answers.extend(self.update(conn, &found)?);
                Ok(())
            }
        }
    }

    fn same_ends(&self, wanted: &Wanted<'_>, stored: &EdgeRow<Raw>) -> bool {
        let given = (wanted.edge.source, wanted.edge.target);
        given == (stored.source, stored.target) || self.kind.rules.undirected && given == (stored.target, stored.source)
    }

    /// The stored edges that have the identities, each at the place of what is wanted.
    fn stored<C: GraphConnection>(&self, conn: &mut C, wanted: &[Wanted<'_>]) -> Result<Vec<Option<EdgeRow<Raw>>>> {
        let mut found: HashMap<Identity<'_>, EdgeRow<Raw>> = HashMap::new();
        let by_key = matches!(wanted.first(), Some(Wanted { identity: Identity::Key(_), .. }));
        for some in wanted.chunks(WANTED) {
            let statement = Statement::new(read::EDGES);
            let statement = if by_key {
                let keys = some.iter().filter_map(|wanted| match &wanted.identity {
                    Identity::Key(key) => Some(key.clone()),
                    Identity::Pair(..) => None,
                });
                statement.keys(keys.collect()).found_by(FoundBy::EdgeKey, self.graph.id, |statement| {
                    statement.sql(" AND e.edge_type_id = ").integer(self.kind.id)
                })
            } else {
                let pairs = some.iter().filter_map(|wanted| match &wanted.identity {
                    Identity::Pair(source, target) => Some((*source, *target)),
                    Identity::Key(_) => None,
                });
                statement.pairs(pairs.collect()).found_by(FoundBy::Source, self.graph.id, |statement| {
                    let statement = statement.sql(" AND e.edge_type_id = ").integer(self.kind.id);
                    statement.sql(" AND e.target_id = ids.other AND e.slot = 0")
                })
            };
            let rows: Vec<EdgeRow<Raw>> = run::all(conn, "reading edges", statement.sql(C::Db::HOLD_CONTENT))?;
            found.extend(rows.into_iter().filter_map(|row| Some((self.identity_of(&row, by_key)?, row))));
        }
        Ok(wanted.iter().map(|wanted| found.remove(&wanted.identity)).collect())
    }

    fn identity_of(&self, row: &EdgeRow<Raw>, by_key: bool) -> Option<Identity<'static>> {
        if by_key {
            return row.key.clone().map(|key| Identity::Key(key.into()));
        }
        let (source, target) = (row.source, row.target);
        // The ends of a row are those that were given; stored is the smaller one first.
        Some(if self.kind.rules.undirected {
            Identity::Pair(source.min(target), source.max(target))
        } else {
            Identity::Pair(source, target)
        })
    }

    fn create<C: GraphConnection>(
        &self,
        conn: &mut C,
        missing: &[Wanted<'_>],
    ) -> Result<Vec<(usize, Upserted<i64>)>, Stop> {
        let drafts: Vec<EdgeDraft<'_>> = missing.iter().map(|wanted| draft(self.kind, wanted.edge)).collect();
        let mut ids: Vec<i64> = Vec::with_capacity(drafts.len());
        while ids.len() < drafts.len() {
            let (_, rest) = drafts.split_at(ids.len());
            let (chunk, _) = rest.split_at(C::Db::chunk(rest.len()));
            let insert = statement::<C::Db>(self.graph, self.kind, chunk);
            let mut inserted: Vec<i64> = run::all(conn, "inserting edges", insert)?;
            let complete = inserted.len() == chunk.len();
            // Neither database promises an order of returned rows; the ids themselves ascend with the batch.
            inserted.sort_unstable();
            ids.extend(inserted);
            if !complete {
                return Err(self.not_created(conn, missing, &ids)?);
            }
        }
        let created = ids.into_iter().map(|id| Upserted { id, outcome: Outcome::Created });
        Ok(missing.iter().map(|wanted| wanted.place).zip(created).collect())
    }

    /// Why one of the missing edges was not inserted.
    fn not_created<C: GraphConnection>(&self, conn: &mut C, missing: &[Wanted<'_>], own: &[i64]) -> Result<Stop> {
        let mut as_given: Vec<&Wanted<'_>> = missing.iter().collect();
        as_given.sort_unstable_by_key(|wanted| wanted.place);
        let drafts: Vec<_> = as_given.iter().map(|wanted| draft(self.kind, wanted.edge)).collect();
        let identity = if self.kind.key.is_some() { Rule::EdgeKey } else { Rule::Parallel };
        Ok(match refusal::explain(conn, self.graph, self.kind, &drafts, own)?.1 {
            // The edge itself is there by now, or it was and is gone again.
            Error::Conflict(conflict)
                if conflict.rule == identity || conflict.existing.is_none() && !conflict.in_batch =>
            {
                Stop::Lost(Error::Conflict(conflict))
            }
            _ if !self.kind.unique.is_empty() && self.edges.len() > 1 => Stop::Singly,
            error => Stop::Refused(error),
        })
    }

    fn update<C: GraphConnection>(
        &self,
        conn: &mut C,
        found: &[(Wanted<'_>, EdgeRow<Raw>)],
    ) -> Result<Vec<(usize, Upserted<i64>)>, Stop> {
        let mut answers = Vec::with_capacity(found.len());
        let mut rows = Vec::new();
        let mut changes = Changes::default();
        for (wanted, stored) in found {
            let value = wanted.edge.value;
            let outcome = match self.when_found {
                WhenFound::Keep => Outcome::Found,
                WhenFound::Update if stored.attributes.0 == value.attributes => Outcome::Unchanged,
                WhenFound::Update => {
                    let before = parsed(&stored.attributes.0, &self.kind.name)?;
                    let after = parsed(&value.attributes, &self.kind.name)?;
                    if before == after {
                        Outcome::Unchanged
                    } else {
                        changes.add(&self.kind.unique, &before, &after);
                        rows.push(RowDraft {
                            id: stored.id,
                            version: stored.version,
                            key: None,
                            attributes: value.edge_attributes(),
                        });
                        Outcome::Updated
                    }
                }
            };
            answers.push((wanted.place, Upserted { id: stored.id, outcome }));
        }
        if changes.depend_on_order() {
            return Err(Stop::Singly);
        }
        self.write(conn, &rows).map(|()| answers)
    }

    fn write<C: GraphConnection>(&self, conn: &mut C, rows: &[RowDraft<'_>]) -> Result<(), Stop> {
        let (graph, kind) = (self.graph, self.kind);
        if let ([only], [row]) = (self.edges, rows) {
            update::write_edge(conn, graph, kind, row.id, row.version, None, only.value).map_err(lost_if_stale)?;
            return Ok(());
        }
        match write_over(conn, graph, Table::Edges, (&kind.name, kind.id), false, rows) {
            Err(Error::Conflict(_)) => Err(Stop::Singly),
            written => written.map_err(lost_if_stale),
        }
    }
}

//! Changes a few rows in one transaction, and notes how far it came.

use diesel::deserialize;
use diesel::row::Row;
use metagraph_core::evolution::RowUpgrade;
use metagraph_core::validate::Invalid;
use uuid::Uuid;

use super::position::{self, Done, Position};
use super::prepare::{Prepared, Step, Work};
use super::rows;
use super::verify::{Kind, PAGE};
use crate::backend::{GraphConnection, Seam};
use crate::batch::{RowBatch, RowDraft, Target};
use crate::encode;
use crate::error::{Error, Result};
use crate::record::{self, Record};
use crate::run;
use crate::statement::{Bind, Microseconds, Statement};
use crate::write::Table;

/// Batch after batch of an evolution.
pub(super) struct Batch<'p> {
    prepared: &'p Prepared,
    revision: i64,
    size: usize,
    /// The rows of the graph and step that are left, where they were listed.
    listed: Option<(i64, i64, Vec<i64>)>,
}

/// A graph whose rows are not all changed yet.
struct Unchanged {
    graph: i64,
    uid: Uuid,
}

impl Record for Unchanged {
    fn read<'a, Db: Seam>(row: &impl Row<'a, Db>) -> deserialize::Result<Self> {
        Ok(Self { graph: record::integer(row, 0)?, uid: record::uid(row, 1)? })
    }
}

/// What a batch came to.
pub(super) enum Next {
    /// Rows were changed, and so many may be in the same transaction yet.
    Changed(Done, usize),
    /// Somebody else changed them.
    Overtaken,
    /// There are none any more.
    AllChanged,
}

impl<'p> Batch<'p> {
    pub(super) fn new(prepared: &'p Prepared, revision: i64, size: usize) -> Self {
        Self { prepared, revision, size, listed: None }
    }

    fn graph_type(&self) -> i64 {
        self.prepared.vocabulary.graph_type
    }

    /// Changes as many rows as one transaction may: there may be many graphs, with few rows each.
    pub(super) fn next<C: GraphConnection>(&mut self, conn: &mut C) -> Result<Next> {
        let mut next = self.within(conn, self.size)?;
        while let Next::Changed(done, room @ 1..) = next {
            next = match self.within(conn, room)? {
                Next::AllChanged => return Ok(Next::Changed(done, 0)),
                next => next,
            };
        }
        Ok(next)
    }

    fn within<C: GraphConnection>(&mut self, conn: &mut C, room: usize) -> Result<Next> {
        let Some(under_way) = position::read(conn, self.graph_type())? else { return Ok(Next::AllChanged) };
        let before = under_way.position;
        let Some(Unchanged { graph, uid }) = self.graph(conn, before)? else { return Ok(Next::AllChanged) };
        let here = before.at_graph(graph);
        let place = usize::try_from(here.step).unwrap_or(usize::MAX);
        let target = Target { graph, uid, revision: Target::EVOLVING, now: Microseconds::now() };
        let mut done = under_way.done;
        let Some(step) = self.prepared.steps.get(place) else {
            // Every step is done to this graph.
            let after = Position { graph, step: i64::MAX, last: i64::MIN };
            if !position::claim(conn, self.graph_type(), before, after)? {
                return Ok(Next::Overtaken);
            }
            let statement = Statement::new("UPDATE __metagraph_graphs SET revision = ").integer(self.revision);
            run::execute(conn, "moving a graph", statement.sql(" WHERE id = ").integer(graph))?;
            return Ok(Next::Changed(done, room.saturating_sub(1)));
        };
        let (page, is_last) = self.page(conn, graph, here, step, room)?;
        let after = match page.last() {
            Some(last) if !is_last => Position { last: *last, ..here },
            _ => Position { graph, step: here.step + 1, last: i64::MIN },
        };
        if !position::claim(conn, self.graph_type(), before, after)? {
            self.listed = None;
            return Ok(Next::Overtaken);
        }
        let rows = match &step.work {
            Work::Rewrite { upgrade, .. } => {
                self.rewrite(conn, target, step, upgrade, &page, &mut done)?;
                page.len() as u64
            }
            Work::Delete => {
                let deleted = delete(conn, graph, step)?;
                done.deleted += deleted;
                deleted
            }
            Work::Rules => follow_rules(conn, self.prepared, graph, step)?,
        };
        position::store(conn, self.graph_type(), &done)?;
        let rows = usize::try_from(rows).unwrap_or(usize::MAX).max(1);
        Ok(Next::Changed(done, room.saturating_sub(rows)))
    }

    /// The first graph whose rows are of the earlier revision; nobody deletes it before this transaction ends.
    fn graph<C: GraphConnection>(&self, conn: &mut C, from: Position) -> Result<Option<Unchanged>> {
        // In the order of their ids from where it came to: those before are done, and there may be many of them.
        let statement = Statement::new("SELECT id, uid FROM __metagraph_graphs WHERE id >= ")
            .integer(from.graph)
            .sql(" AND 0 + graph_type_id = ")
            .integer(self.graph_type())
            .sql(" AND revision = ")
            .integer(Target::EVOLVING)
            .sql(" ORDER BY id LIMIT 1")
            .sql(C::Db::HOLD_PLACE);
        run::optional(conn, "looking for a graph to change", statement)
    }

    /// The next rows of a step, and whether they are the last; none where the step is done at once.
    fn page<C: GraphConnection>(
        &mut self,
        conn: &mut C,
        graph: i64,
        here: Position,
        step: &Step,
        room: usize,
    ) -> Result<(Vec<i64>, bool)> {
        let Work::Rewrite { only, .. } = &step.work else { return Ok((Vec::new(), true)) };
        let is_listed = matches!(&self.listed, Some((of, at, _)) if (*of, *at) == (graph, here.step));
        if !is_listed {
            let ids = rows::ids(conn, graph, step, only.as_deref(), here.last)?;
            self.listed = Some((graph, here.step, ids));
        }
        let Some((.., ids)) = &self.listed else { return Ok((Vec::new(), true)) };
        let from = ids.partition_point(|id| *id <= here.last);
        let page: Vec<_> = ids.iter().skip(from).take(room).copied().collect();
        let is_last = from + page.len() >= ids.len();
        Ok((page, is_last))
    }

    fn rewrite<C: GraphConnection>(
        &self,
        conn: &mut C,
        target: Target,
        step: &Step,
        upgrade: &RowUpgrade,
        ids: &[i64],
        done: &mut Done,
    ) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let Kind { check, key, .. } = Kind::of(step, &self.prepared.vocabulary)?;
        let mut drafts = Vec::new();
        let mut keys = false;
        for row in rows::read(conn, target.graph, step.table, ids)? {
            done.seen += 1;
            let stored = rows::attributes(&step.element, &row)?;
            let upgraded = upgrade.run_of(row.key.as_deref(), stored.clone()).map_err(|violations| Error::Invalid {
                element: step.element.clone(),
                source: Invalid { violations },
            })?;
            let (encoded, value) = encode::json_alike(check, &step.element, key, &upgraded.value)?;
            let new_key =
                encoded.key.as_ref().map(|key| key.as_str().to_owned()).filter(|key| row.key.as_ref() != Some(key));
            if *value == stored && new_key.is_none() {
                continue;
            }
            keys |= new_key.is_some();
            done.lost += u64::from(!upgraded.losses.is_empty());
            let attributes = match step.table {
                Table::Nodes => Some(encoded.attributes),
                Table::Edges => Some(encoded.attributes).filter(|text| text != "{}"),
            };
            drafts.push(RowDraft {
                id: row.id,
                version: row.version,
                key: new_key.or(row.key).map(Into::into),
                attributes: attributes.map(Into::into),
            });
        }
        done.rewritten += drafts.len() as u64;
        let (table, kind) = (step.table, step.kind);
        while !drafts.is_empty() {
            let rest = drafts.split_off(C::Db::chunk(drafts.len()).min(drafts.len()));
            let wanted = drafts.len();
            let batch = RowBatch { target, table, kind, keys, rows: drafts };
            let written: Vec<i64> = run::all(conn, "changing rows", C::Db::update_rows(batch))?;
            if written.len() != wanted {
                return Err(Error::Evolving { graph_type: self.prepared.vocabulary.document.name.clone() });
            }
            drafts = rest;
        }
        Ok(())
    }
}

/// Gives rows keys that nobody else has, until they get their new ones.
pub(super) fn set_keys_aside<C: GraphConnection>(conn: &mut C, graph: i64, table: Table, ids: &[i64]) -> Result<()> {
    let update = match table {
        Table::Nodes => "UPDATE __metagraph_nodes SET key = ",
        Table::Edges => "UPDATE __metagraph_edges SET key = ",
    };
    let prefix = format!("{}/", Uuid::now_v7());
    for ids in ids.chunks(PAGE) {
        let statement = Statement::new(update).text(prefix.as_str()).sql(" || CAST(id AS text) WHERE graph_id = ");
        let statement = statement.integer(graph).sql(" AND id").one_of(ids.to_vec());
        run::execute(conn, "setting keys aside", statement)?;
    }
    Ok(())
}

/// Writes the columns by which indexes decide about edges.
pub(super) fn follow_rules<C: GraphConnection>(
    conn: &mut C,
    prepared: &Prepared,
    graph: i64,
    step: &Step,
) -> Result<u64> {
    let kind = prepared.vocabulary.edge(&step.element)?;
    let slot = if kind.rules.multi { "CASE WHEN slot = 0 THEN id ELSE slot END" } else { "0" };
    let flag = |flag: bool| Bind::OptionalInteger(flag.then_some(1));
    let statement = Statement::new("UPDATE __metagraph_edges SET slot = ")
        .sql(slot)
        .sql(if kind.key.is_some() { "" } else { ", key = NULL" })
        .sql(", simple = ")
        .bind(Bind::OptionalInteger(kind.simple))
        .sql(", one_out = ")
        .bind(flag(kind.rules.one_out))
        .sql(", one_in = ")
        .bind(flag(kind.rules.one_in))
        .sql(" WHERE graph_id = ")
        .integer(graph)
        .sql(" AND edge_type_id = ")
        .integer(kind.id);
    run::execute(conn, "following the rules of edges", statement).map(|rows| rows as u64)
}

fn delete<C: GraphConnection>(conn: &mut C, graph: i64, step: &Step) -> Result<u64> {
    let (delete, of_type) = match step.table {
        Table::Nodes => ("DELETE FROM __metagraph_nodes WHERE graph_id = ", " AND node_type_id = "),
        Table::Edges => ("DELETE FROM __metagraph_edges WHERE graph_id = ", " AND edge_type_id = "),
    };
    let statement = Statement::new(delete).integer(graph).sql(of_type).integer(step.kind);
    run::execute(conn, "deleting rows of a type that is gone", statement).map(|rows| rows as u64)
}

//! Connecting nodes, and finding an edge between them instead.

pub(crate) mod refusal;

use std::borrow::Cow;

use super::nodes::same_json;
use super::{ATTEMPTS, cycle, update};
use crate::backend::{GraphConnection, Seam};
use crate::batch::{EdgeBatch, EdgeDraft};
use crate::conflict::Rule;
use crate::encode::Encoded;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::outcome::{Outcome, Upserted, WhenFound};
use crate::read::{self, EdgeRow, Raw};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::EdgeKind;

/// An edge to be written: its ends as given, and its checked attributes.
#[derive(Debug)]
pub(crate) struct NewEdge<'v> {
    pub(crate) source: i64,
    pub(crate) target: i64,
    pub(crate) value: &'v Encoded,
}

/// Inserts edges of one type, all or none, and returns their ids in the order given.
pub(crate) fn insert<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edges: &[NewEdge<'_>],
) -> Result<Vec<i64>> {
    let drafts: Vec<_> = edges.iter().map(|edge| draft(kind, edge)).collect();
    if let Some(draft) = drafts.iter().find(|draft| draft.source == draft.target && !kind.rules.self_loops) {
        return Err(refusal::self_loop(conn, graph, kind, draft.source)?);
    }
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    run::transaction(conn, |conn| {
        if kind.acyclic.is_empty() {
            guard::begin_write(conn)?;
        } else {
            guard::serialize(conn, graph.target())?;
        }
        let mut ids = Vec::with_capacity(drafts.len());
        while ids.len() < drafts.len() {
            let (_, rest) = drafts.split_at(ids.len());
            let (chunk, _) = drafts.split_at(ids.len() + C::Db::chunk(rest.len()));
            ids.extend(insert_chunk(conn, graph, kind, chunk, &ids)?);
        }
        let ends: Vec<_> = drafts.iter().map(|draft| (draft.source, draft.target)).collect();
        cycle::refuse(conn, graph, kind, &ends)?;
        Ok(ids)
    })
}

/// Inserts one edge and returns its id; without a rule about cycles, one statement is all or nothing by itself.
pub(crate) fn insert_one<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edge: &NewEdge<'_>,
) -> Result<i64> {
    let drafts = [draft(kind, edge)];
    if edge.source == edge.target && !kind.rules.self_loops {
        return Err(refusal::self_loop(conn, graph, kind, edge.source)?);
    }
    let insert =
        |conn: &mut C| match run::optional(conn, "inserting an edge", statement::<C::Db>(graph, kind, &drafts))? {
            Some(id) => Ok(id),
            None => Err(refusal::explain(conn, graph, kind, &drafts, &[])?.1),
        };
    if kind.acyclic.is_empty() {
        return insert(conn);
    }
    run::transaction(conn, |conn| {
        guard::serialize(conn, graph.target())?;
        let id = insert(conn)?;
        cycle::refuse(conn, graph, kind, &[(edge.source, edge.target)])?;
        Ok(id)
    })
}

pub(crate) fn draft<'v>(kind: &EdgeKind, edge: &NewEdge<'v>) -> EdgeDraft<'v> {
    // The smaller end first, so that one key decides whichever way an undirected edge is given.
    let reversed = kind.rules.undirected && edge.source > edge.target;
    let (source, target) = if reversed { (edge.target, edge.source) } else { (edge.source, edge.target) };
    EdgeDraft {
        source,
        target,
        reversed,
        key: edge.value.key.as_ref().map(|key| Cow::Borrowed(key.as_str())),
        attributes: edge.value.edge_attributes(),
    }
}

/// Inserts those of the drafts that come after the ones `before`, which have their ids.
fn insert_chunk<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    drafts: &[EdgeDraft<'_>],
    before: &[i64],
) -> Result<Vec<i64>> {
    let (_, chunk) = drafts.split_at(before.len());
    let mut ids: Vec<i64> = run::all(conn, "inserting edges", statement::<C::Db>(graph, kind, chunk))?;
    if ids.len() == chunk.len() {
        // Neither database promises an order of returned rows; the ids themselves ascend with the batch.
        ids.sort_unstable();
        return Ok(ids);
    }
    Err(refusal::explain(conn, graph, kind, drafts, &[before, &ids].concat())?.1)
}

pub(super) fn statement<'a, Db: Seam>(
    graph: OpenGraph<'_>,
    kind: &'a EdgeKind,
    drafts: &[EdgeDraft<'a>],
) -> Statement<'a, Db> {
    Db::insert_edges(batch(graph, kind, drafts.to_vec()))
}

pub(crate) fn batch<'a>(graph: OpenGraph<'_>, kind: &'a EdgeKind, edges: Vec<EdgeDraft<'a>>) -> EdgeBatch<'a> {
    EdgeBatch {
        target: graph.target(),
        edge_type: kind.id,
        from: &kind.from,
        to: &kind.to,
        undirected: kind.rules.undirected,
        multi: kind.rules.multi,
        simple: kind.simple,
        one_out: kind.rules.one_out.then_some(1),
        one_in: kind.rules.one_in.then_some(1),
        edges,
    }
}

/// Inserts an edge, or brings the stored one with its key, or between its ends, to the same attributes.
pub(crate) fn upsert<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edge: &NewEdge<'_>,
    when_found: WhenFound,
) -> Result<Upserted<i64>> {
    if edge.value.key.is_none() && kind.rules.multi {
        return Err(Error::NoIdentity { element: kind.name.clone() });
    }
    let identity = if edge.value.key.is_some() { Rule::EdgeKey } else { Rule::Parallel };
    let mut attempt = 1;
    loop {
        match run::transaction(conn, |conn| insert_or_update(conn, graph, kind, edge, when_found)) {
            // The edge that was in the way is deleted, or it would have been found.
            Err(Error::Conflict(conflict)) if attempt < ATTEMPTS && conflict.rule == identity => attempt += 1,
            outcome => return outcome,
        }
    }
}

fn insert_or_update<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edge: &NewEdge<'_>,
    when_found: WhenFound,
) -> Result<Upserted<i64>> {
    guard::begin_write(conn)?;
    let stored = match find(conn, graph, kind, edge)? {
        Some(stored) => stored,
        None => match insert_one(conn, graph, kind, edge) {
            Ok(id) => return Ok(Upserted { id, outcome: Outcome::Created }),
            // Somebody else was faster, if it is the same edge; otherwise another rule refused it.
            Err(error) if error.is_conflict() => find(conn, graph, kind, edge)?.ok_or(error)?,
            Err(error) => return Err(error),
        },
    };
    guard::explain(conn, graph.target())?;
    let same_ends = (stored.source, stored.target) == (edge.source, edge.target)
        || kind.rules.undirected && (stored.target, stored.source) == (edge.source, edge.target);
    if let (false, Some(key)) = (same_ends, &edge.value.key) {
        return Err(Error::EndpointsMoved { edge: kind.name.clone(), key: key.to_string() });
    }
    if when_found == WhenFound::Keep {
        return Ok(Upserted { id: stored.id, outcome: Outcome::Found });
    }
    let renamed = edge.value.key.as_ref().map(metagraph_core::Key::as_str);
    let renamed = renamed.filter(|key| stored.key.as_deref() != Some(*key));
    if renamed.is_none() && same_json(&stored.attributes.0, &edge.value.attributes, &kind.name)? {
        return Ok(Upserted { id: stored.id, outcome: Outcome::Unchanged });
    }
    update::write_edge(conn, graph, kind, stored.id, stored.version, renamed, edge.value)?;
    Ok(Upserted { id: stored.id, outcome: Outcome::Updated })
}

/// The stored edge that has the new one's identity: its key, or its ends.
fn find<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &EdgeKind,
    edge: &NewEdge<'_>,
) -> Result<Option<EdgeRow<Raw>>> {
    let statement = read::edges_of(graph.id).sql(" AND e.edge_type_id = ").integer(kind.id);
    let statement = if let Some(key) = &edge.value.key {
        statement.sql(" AND e.key = ").text(key.as_str())
    } else {
        let draft = draft(kind, edge);
        statement
            .sql(" AND e.source_id = ")
            .integer(draft.source)
            .sql(" AND e.target_id = ")
            .integer(draft.target)
            .sql(" AND e.slot = 0")
    };
    run::optional(conn, "reading an edge", statement.sql(C::Db::HOLD_ROWS))
}

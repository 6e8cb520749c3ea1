//! Inserting nodes, and finding them by key instead.

use std::collections::{HashMap, HashSet};

use metagraph_core::Key;
use serde_json::Value;

use super::unique::UniqueRules;
use super::{ATTEMPTS, update};
use crate::backend::{GraphConnection, Seam};
use crate::batch::{NodeBatch, NodeDraft};
use crate::conflict::{Conflict, Rule};
use crate::encode::Encoded;
use crate::error::{Error, Result};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::outcome::{Outcome, Upserted, WhenFound};
use crate::read::{self, NodeRow, Raw};
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::NodeKind;

/// Inserts nodes of one type, all or none, and returns their ids in the order given.
pub(crate) fn insert<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    nodes: &[Encoded],
) -> Result<Vec<i64>> {
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let drafts: Vec<_> = nodes.iter().map(draft).collect();
    run::transaction(conn, |conn| {
        guard::begin_write(conn)?;
        let mut ids = Vec::with_capacity(drafts.len());
        while ids.len() < drafts.len() {
            let (_, rest) = drafts.split_at(ids.len());
            let (chunk, _) = drafts.split_at(ids.len() + C::Db::chunk(rest.len()));
            ids.extend(insert_chunk(conn, graph, kind, chunk, &ids)?);
        }
        Ok(ids)
    })
}

/// Inserts one node and returns its id; one statement is all or nothing by itself.
pub(crate) fn insert_one<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    node: &Encoded,
) -> Result<i64> {
    let drafts = [draft(node)];
    let batch = NodeBatch { target: graph.target(), node_type: kind.id, nodes: drafts.to_vec() };
    match run::optional(conn, "inserting a node", C::Db::insert_nodes(batch))? {
        Some(id) => Ok(id),
        None => Err(refusal(conn, graph, kind, &drafts, &[])?.1),
    }
}

pub(crate) fn draft(node: &Encoded) -> NodeDraft<'_> {
    NodeDraft { key: node.key_or_new(), attributes: node.attributes.as_str().into() }
}

/// Inserts those of the drafts that come after the ones `before`, which have their ids.
fn insert_chunk<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    drafts: &[NodeDraft<'_>],
    before: &[i64],
) -> Result<Vec<i64>> {
    let (_, chunk) = drafts.split_at(before.len());
    let batch = NodeBatch { target: graph.target(), node_type: kind.id, nodes: chunk.to_vec() };
    let mut ids: Vec<i64> = run::all(conn, "inserting nodes", C::Db::insert_nodes(batch))?;
    if ids.len() == chunk.len() {
        // Neither database promises an order of returned rows; the ids themselves ascend with the batch.
        ids.sort_unstable();
        return Ok(ids);
    }
    Err(refusal(conn, graph, kind, drafts, &[before, &ids].concat())?.1)
}

/// Says which node of a batch was refused, by its place, and why.
pub(crate) fn refusal<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    drafts: &[NodeDraft<'_>],
    inserted: &[i64],
) -> Result<(Option<usize>, Error)> {
    guard::explain(conn, graph.target())?;
    let conflict = |key: &str, existing| Conflict {
        rule: Rule::NodeKey,
        element: kind.name.clone(),
        key: Some(key.to_owned()),
        attributes: Vec::new(),
        ends: None,
        existing,
        in_batch: existing.is_none(),
    };
    let mut seen = HashSet::new();
    let statement = Statement::new("SELECT key, id FROM __metagraph_nodes WHERE graph_id = ")
        .integer(graph.id)
        .sql(" AND node_type_id = ")
        .integer(kind.id)
        .sql(" AND key")
        .one_of_texts(drafts.iter().map(|draft| draft.key.clone()).collect());
    let stored: Vec<(String, i64)> = run::all(conn, "looking for a conflict", statement)?;
    let inserted: HashSet<i64> = inserted.iter().copied().collect();
    let stored: HashMap<_, _> = stored.into_iter().filter(|(_, id)| !inserted.contains(id)).collect();
    let mut unique = UniqueRules::of_nodes(graph, kind);
    for (place, draft) in drafts.iter().enumerate() {
        if let Some(id) = stored.get(draft.key.as_ref()) {
            return Ok((Some(place), conflict(&draft.key, Some(*id)).into()));
        }
        if !seen.insert(&draft.key) {
            return Ok((Some(place), conflict(&draft.key, None).into()));
        }
        if let Some(conflict) = unique.conflict(conn, &draft.attributes, &inserted)? {
            return Ok((Some(place), conflict.into()));
        }
    }
    Ok((None, gone_again(kind)))
}

/// The conflict with a node that was in the way and is not there any more.
pub(super) fn gone_again(kind: &NodeKind) -> Error {
    Conflict {
        rule: Rule::NodeKey,
        element: kind.name.clone(),
        key: None,
        attributes: Vec::new(),
        ends: None,
        existing: None,
        in_batch: false,
    }
    .into()
}

/// Inserts a node, or brings the stored one with its key to the same attributes.
pub(crate) fn upsert<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    node: &Encoded,
    when_found: WhenFound,
) -> Result<Upserted<i64>> {
    let Some(key) = &node.key else { return Err(Error::NoIdentity { element: kind.name.clone() }) };
    let mut attempt = 1;
    loop {
        match run::transaction(conn, |conn| insert_or_update(conn, graph, kind, key, node, when_found))? {
            Some(upserted) => return Ok(upserted),
            None if attempt < ATTEMPTS => attempt += 1,
            None => return Err(Error::NotFound { element: kind.name.clone(), id: key.to_string() }),
        }
    }
}

/// Inserts a node or updates the stored one; `None` where that was deleted in between.
fn insert_or_update<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    kind: &NodeKind,
    key: &Key,
    node: &Encoded,
    when_found: WhenFound,
) -> Result<Option<Upserted<i64>>> {
    let draft = NodeDraft { key: key.as_str().into(), attributes: node.attributes.as_str().into() };
    let batch = NodeBatch { target: graph.target(), node_type: kind.id, nodes: vec![draft] };
    if let Some(id) = run::optional(conn, "inserting a node", C::Db::insert_nodes(batch))? {
        return Ok(Some(Upserted { id, outcome: Outcome::Created }));
    }
    guard::explain(conn, graph.target())?;
    let stored = read::nodes_of(graph.id)
        .sql(" AND n.node_type_id = ")
        .integer(kind.id)
        .sql(" AND n.key = ")
        .text(key.as_str())
        .sql(C::Db::HOLD_ROWS);
    let stored: Option<NodeRow<Raw>> = run::optional(conn, "reading a node", stored)?;
    let Some(stored) = stored else {
        // Nobody has the key; somebody may have what must be unique.
        return match UniqueRules::of_nodes(graph, kind).conflict(conn, &node.attributes, &HashSet::new())? {
            Some(conflict) => Err(conflict.into()),
            None => Ok(None),
        };
    };
    if when_found == WhenFound::Keep {
        return Ok(Some(Upserted { id: stored.id, outcome: Outcome::Found }));
    }
    if same_json(&stored.attributes.0, &node.attributes, &kind.name)? {
        return Ok(Some(Upserted { id: stored.id, outcome: Outcome::Unchanged }));
    }
    update::write_node(conn, graph, kind, stored.id, stored.version, None, node)?;
    Ok(Some(Upserted { id: stored.id, outcome: Outcome::Updated }))
}

/// Whether two JSON texts hold the same value; databases keep neither order nor spacing.
pub(crate) fn same_json(stored: &str, written: &str, element: &str) -> Result<bool> {
    let parse = |text| {
        serde_json::from_str::<Value>(text).map_err(|source| Error::Decode { element: element.to_owned(), source })
    };
    Ok(stored == written || parse(stored)? == parse(written)?)
}

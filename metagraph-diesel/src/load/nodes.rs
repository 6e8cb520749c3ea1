//! Loading nodes, batch by batch.

use super::loaded::Ranges;
use super::session::Session;
use crate::backend::{GraphConnection, Seam};
use crate::batch::NodeBatch;
use crate::encode::Encoded;
use crate::error::Result;
use crate::run;
use crate::vocabulary::NodeKind;
use crate::write::Table;
use crate::write::nodes::{draft, refusal};

/// Loads what is left of a step of which `ids` are stored, and returns all its nodes.
pub(super) fn load<C: GraphConnection>(
    session: &mut Session<'_, C>,
    kind: &NodeKind,
    mut ids: Ranges,
    rows: &mut dyn Iterator<Item = Result<Encoded>>,
) -> Result<Ranges> {
    let expected = rows.size_hint().0;
    loop {
        let batch = session.take(rows)?;
        if batch.is_empty() {
            break;
        }
        if session.is_once() {
            session.dropped.consider_nodes(session.conn, kind, expected.max(batch.len()))?;
        }
        ids = write(session, kind, ids, &batch)?;
        session.dropped.count(Table::Nodes, batch.len());
        session.advance(batch.len() as u64);
        if batch.len() < session.batch {
            break;
        }
    }
    session.known.add(&ids, kind.id);
    Ok(ids)
}

/// Stores a batch, and returns the ids with its own.
fn write<C: GraphConnection>(
    session: &mut Session<'_, C>,
    kind: &NodeKind,
    ids: Ranges,
    batch: &[Encoded],
) -> Result<Ranges> {
    let stored = session.write(batch.len(), false, |conn, graph| {
        let mut ids = ids;
        let mut rest = batch.iter().map(draft);
        while rest.len() > 0 {
            let count = C::Db::chunk(rest.len());
            let chunk: Vec<_> = rest.by_ref().take(count).collect();
            let statement = C::Db::insert_nodes(NodeBatch { target: graph.target(), node_type: kind.id, nodes: chunk });
            let mut stored: Vec<i64> = run::all(conn, "loading nodes", statement)?;
            if stored.len() < count {
                return Ok(None);
            }
            // Neither database promises an order of returned rows; the ids themselves ascend with the batch.
            stored.sort_unstable();
            for id in stored {
                ids.push(id);
            }
        }
        Ok(Some(ids))
    })?;
    if let Some(ids) = stored {
        return Ok(ids);
    }
    let drafts: Vec<_> = batch.iter().map(draft).collect();
    let (place, error) = refusal(session.conn, session.graph, kind, &drafts, &[])?;
    if let Some(place) = place {
        session.at(place);
    }
    Err(error)
}

//! Ends of edges that are named by key: looked up for a whole batch, and held while its edges are written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use metagraph_core::Key;
use metagraph_core::private::Named;

use crate::backend::{FoundBy, GraphConnection, Seam};
use crate::conflict::NodeName;
use crate::error::{Error, Result, Side};
use crate::guard;
use crate::open_graph::OpenGraph;
use crate::run;
use crate::statement::Statement;

/// How many keys one statement looks for.
const WANTED: usize = 1000;

/// Whether nodes that are found stay where they are until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    Place,
    Nothing,
}

/// Ids of the ends of edges, where all were named by id.
pub(crate) fn known(ends: &[(Named<'_>, Named<'_>)]) -> Option<Vec<(i64, i64)>> {
    let ids = ends.iter().map(|ends| match ends {
        (Named::Id(source), Named::Id(target)) => Some((*source, *target)),
        _ => None,
    });
    ids.collect()
}

/// Ids of the ends of edges; a key that no node has is refused.
pub(crate) fn find<C: GraphConnection>(
    conn: &mut C,
    graph: OpenGraph<'_>,
    edge: &str,
    ends: &[(Named<'_>, Named<'_>)],
    hold: Hold,
) -> Result<Vec<(i64, i64)>> {
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for named in ends.iter().flat_map(|(source, target)| [source, target]) {
        // What cannot be a key is nobody's.
        if let Named::Key(node_type, key) = named
            && Key::new(*key).is_ok()
        {
            wanted.entry(node_type).or_default().insert(key);
        }
    }
    let mut found: HashMap<(&str, &str), i64> = HashMap::new();
    for (node_type, keys) in &wanted {
        let kind = graph.vocabulary.node(node_type)?.id;
        let keys: Vec<&str> = keys.iter().copied().collect();
        for some in keys.chunks(WANTED) {
            let statement = Statement::new("SELECT n.key, n.id FROM ")
                .keys(some.iter().map(|key| (*key).into()).collect())
                .found_by(FoundBy::NodeKey, graph.id, |statement| statement.sql(" AND n.node_type_id = ").integer(kind))
                .sql(if hold == Hold::Place { C::Db::HOLD_PLACE } else { "" });
            let rows: Vec<(String, i64)> = run::all(conn, "looking for the ends of edges", statement)?;
            let ids: HashMap<String, i64> = rows.into_iter().collect();
            found.extend(some.iter().filter_map(|key| Some(((*node_type, *key), *ids.get(*key)?))));
        }
    }
    let id = |named: &Named<'_>| match named {
        Named::Id(id) => Some(*id),
        Named::Key(node_type, key) => found.get(&(*node_type, *key)).copied(),
    };
    let mut ids = Vec::with_capacity(ends.len());
    for (source, target) in ends {
        match (id(source), id(target)) {
            (Some(source), Some(target)) => ids.push((source, target)),
            (found, _) => {
                if hold == Hold::Place {
                    guard::explain(conn, graph.target())?;
                }
                let (side, named) = if found.is_none() { (Side::Source, source) } else { (Side::Target, target) };
                return Err(missing(edge, side, named));
            }
        }
    }
    Ok(ids)
}

fn missing(edge: &str, side: Side, named: &Named<'_>) -> Error {
    let node = match named {
        Named::Id(id) => NodeName::Id(*id),
        Named::Key(node_type, key) => NodeName::Key { node_type: (*node_type).to_owned(), key: (*key).to_owned() },
    };
    Error::EndpointNotFound { edge: edge.to_owned(), side, node }
}

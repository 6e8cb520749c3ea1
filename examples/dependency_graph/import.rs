//! Brings the stored graph to what the lock file says, and changes nothing that is so already.

use std::collections::{HashMap, HashSet};

use metagraph::prelude::*;
use metagraph::{Outcome, Result};

use crate::lockfile::LockFile;
use crate::model::{Dependencies, DependsOn, Package};

/// What an import had to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) packages_added: usize,
    pub(crate) packages_changed: usize,
    pub(crate) packages_removed: usize,
    pub(crate) dependencies_added: usize,
    pub(crate) dependencies_removed: usize,
}

pub(crate) fn import<C: GraphConnection>(
    conn: &mut C,
    graph: &Graph<Dependencies>,
    lock: &LockFile,
) -> Result<Changes> {
    let mut changes = Changes::default();
    let keys = lock.keys();
    let stored: HashMap<String, Node<Package>> =
        graph.nodes::<Package>().load(conn)?.into_iter().map(|node| (node.key.clone(), node)).collect();

    let listed: HashSet<&String> = keys.iter().collect();
    let gone: Vec<_> = stored.values().filter(|node| !listed.contains(&node.key)).map(|node| node.id).collect();
    changes.packages_removed = graph.delete_many(conn, gone)?;

    let packages = lock.packages.iter().zip(&keys).map(|(package, key)| Package {
        id: key.clone(),
        name: package.name.clone(),
        version: package.version.clone(),
        source: package.source.clone(),
        checksum: package.checksum.clone(),
    });
    let (known, new): (Vec<_>, Vec<_>) = packages.partition(|package| stored.contains_key(&package.id));
    let added = graph.insert_many(conn, &new)?;
    changes.packages_added = added.len();

    let mut ids: HashMap<&str, NodeId<Package>> = new.iter().map(|package| package.id.as_str()).zip(added).collect();
    for package in &known {
        let upserted = graph.upsert(conn, package)?;
        changes.packages_changed += usize::from(upserted.outcome == Outcome::Updated);
        ids.insert(&package.id, upserted.id);
    }

    let wanted: HashSet<(NodeId<Package>, NodeId<Package>)> = lock
        .packages
        .iter()
        .zip(&keys)
        .flat_map(|(package, key)| package.dependencies.iter().map(move |&place| (key, place)))
        .filter_map(|(key, place)| Some((*ids.get(key.as_str())?, *ids.get(keys.get(place)?.as_str())?)))
        .collect();
    let edges = graph.edges::<DependsOn>().load(conn)?;
    let (kept, gone): (Vec<_>, Vec<_>) = edges.into_iter().partition(|edge| wanted.contains(&edge.ends()));
    changes.dependencies_removed = graph.delete_many(conn, gone.into_iter().map(|edge| edge.id))?;
    let kept: HashSet<_> = kept.iter().map(Edge::ends).collect();
    let mut missing: Vec<_> = wanted.difference(&kept).copied().collect();
    missing.sort_unstable();
    let missing = missing.into_iter().map(|(source, target)| (source, target, DependsOn));
    changes.dependencies_added = graph.connect_many(conn, missing)?.len();
    Ok(changes)
}

//! The answers, as tables for the terminal.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::io::{self, Write};

use comfy_table::{Table, presets};
use metagraph::prelude::*;

use crate::arguments::Arguments;
use crate::import::Changes;
use crate::model::{Dependencies, DependsOn, Package};
use crate::question;

type Id = NodeId<Package>;
type Outcome = Result<(), Box<dyn Error>>;

pub(crate) fn failure(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<metagraph::Error>().and_then(metagraph::Error::hint) {
        Some(hint) => format!("error: {error}\n  hint: {hint}"),
        None => format!("error: {error}"),
    }
}

pub(crate) fn changes(out: &mut impl Write, changes: &Changes, arguments: &Arguments) -> io::Result<()> {
    let place = if arguments.database.contains("://") { "the database" } else { &arguments.database };
    let file = arguments.lock_file.display();
    if *changes == Changes::default() {
        return writeln!(out, "unchanged: {place} holds {file} as it is\n");
    }
    let Changes { packages_added, packages_changed, packages_removed, .. } = changes;
    let Changes { dependencies_added, dependencies_removed, .. } = changes;
    writeln!(out, "stored {file} in {place}:")?;
    writeln!(out, "  packages      {packages_added} added, {packages_changed} changed, {packages_removed} removed")?;
    writeln!(out, "  dependencies  {dependencies_added} added, {dependencies_removed} removed\n")
}

pub(crate) fn overview<C: GraphConnection>(out: &mut impl Write, conn: &mut C, graph: &Graph<Dependencies>) -> Outcome {
    let packages: HashMap<Id, Node<Package>> =
        graph.nodes::<Package>().load(conn)?.into_iter().map(|node| (node.id, node)).collect();
    let edges: Vec<(Id, Id)> = graph.edges::<DependsOn>().load(conn)?.iter().map(Edge::ends).collect();
    writeln!(out, "{} packages, {} dependencies\n", packages.len(), edges.len())?;
    most_depended_on(out, conn, graph)?;
    several_versions(out, conn, graph)?;
    longest_chain(out, conn, graph, &packages, &edges)
}

fn most_depended_on<C: GraphConnection>(out: &mut impl Write, conn: &mut C, graph: &Graph<Dependencies>) -> Outcome {
    let packages = question::most_depended_on(conn, graph, 10)?;
    let rows = packages.into_iter().map(|(key, count)| [key, count.to_string()]);
    Ok(table(out, "most depended-on packages", ["package", "needed by"], rows)?)
}

fn several_versions<C: GraphConnection>(out: &mut impl Write, conn: &mut C, graph: &Graph<Dependencies>) -> Outcome {
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, version) in question::several_versions(conn, graph)? {
        versions.entry(name).or_default().push(version);
    }
    let rows = versions.into_iter().map(|(name, versions)| [name, versions.join(", ")]);
    Ok(table(out, "packages in several versions", ["package", "versions"], rows)?)
}

fn longest_chain<C: GraphConnection>(
    out: &mut impl Write,
    conn: &mut C,
    graph: &Graph<Dependencies>,
    packages: &HashMap<Id, Node<Package>>,
    edges: &[(Id, Id)],
) -> Outcome {
    let order = match graph.topological_order::<DependsOn, Package>(conn) {
        Ok(order) => order,
        Err(metagraph::Error::NoOrder { path, .. }) => {
            let path: Vec<_> = path.into_iter().filter_map(|node| node.key).collect();
            writeln!(out, "no longest chain: the lock file has the cycle {}\n", path.join(" → "))?;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let mut before: HashMap<Id, Vec<Id>> = HashMap::new();
    for (source, target) in edges {
        before.entry(*target).or_default().push(*source);
    }
    // In this order every chain to a package is known before the chains through it.
    let mut chains: HashMap<Id, (usize, Option<Id>)> = HashMap::new();
    for node in order {
        let sources = before.get(&node).into_iter().flatten();
        let longest = sources.filter_map(|source| Some((chains.get(source)?.0, *source))).max();
        chains.insert(node, longest.map_or((1, None), |(length, source)| (length + 1, Some(source))));
    }
    let mut chain = Vec::new();
    let mut last = chains.iter().map(|(id, (length, _))| (*length, *id)).max().map(|(_, id)| id);
    while let Some(id) = last {
        chain.extend(packages.get(&id).map(|node| node.key.clone()));
        last = chains.get(&id).and_then(|(_, source)| *source);
    }
    chain.reverse();
    let rows = chain.into_iter().zip(1..).map(|(key, place): (String, usize)| [place.to_string(), key]);
    Ok(table(out, "longest dependency chain", ["", "package"], rows)?)
}

pub(crate) fn dependents<C: GraphConnection>(
    out: &mut impl Write,
    conn: &mut C,
    graph: &Graph<Dependencies>,
    wanted: &str,
) -> Outcome {
    for package in question::named(conn, graph, wanted)? {
        let needing = question::needing(conn, graph, package.id)?;
        let rows = needing.iter().map(|reached| [reached.depth.to_string(), reached.key.clone()]);
        table(out, &format!("everything that needs {}", package.key), ["steps", "package"], rows)?;
    }
    Ok(())
}

pub(crate) fn reasons<C: GraphConnection>(
    out: &mut impl Write,
    conn: &mut C,
    graph: &Graph<Dependencies>,
    wanted: &str,
) -> Outcome {
    for package in question::named(conn, graph, wanted)? {
        let chain = question::why(conn, graph, package.id)?;
        let keys: Vec<_> = chain.iter().flatten().map(|node| node.key.as_str()).collect();
        match keys.as_slice() {
            [] => writeln!(out, "why {}: nothing in the workspace needs it\n", package.key)?,
            [_] => writeln!(out, "why {}: it is a package of the workspace\n", package.key)?,
            chain => writeln!(out, "why {}: {}\n", package.key, chain.join(" → "))?,
        }
    }
    Ok(())
}

pub(crate) fn freed<C: GraphConnection>(
    out: &mut impl Write,
    conn: &mut C,
    graph: &Graph<Dependencies>,
    wanted: &str,
) -> Outcome {
    for package in question::named(conn, graph, wanted)? {
        let freed = question::freed(conn, graph, package.id)?;
        let rows = freed.iter().map(|reached| [reached.depth.to_string(), reached.key.clone()]);
        table(out, &format!("what could go without {}", package.key), ["steps", "package"], rows)?;
    }
    Ok(())
}

fn table(
    out: &mut impl Write,
    title: &str,
    header: [&str; 2],
    rows: impl Iterator<Item = [String; 2]>,
) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(header);
    for row in rows {
        table.add_row(row);
    }
    if table.is_empty() { writeln!(out, "{title}: none\n") } else { writeln!(out, "{title}\n{table}\n") }
}

//! The answers, as tables for the terminal.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::io::{self, Write};

use comfy_table::{Table, presets};
use metagraph::prelude::*;

use crate::arguments::Arguments;
use crate::import::Changes;
use crate::model::{Dependencies, DependsOn, Package};

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
    most_depended_on(out, &packages, &edges)?;
    several_versions(out, &packages)?;
    longest_chain(out, conn, graph, &packages, &edges)
}

fn most_depended_on(out: &mut impl Write, packages: &HashMap<Id, Node<Package>>, edges: &[(Id, Id)]) -> io::Result<()> {
    let mut counts: HashMap<Id, usize> = HashMap::new();
    for (_, target) in edges {
        *counts.entry(*target).or_default() += 1;
    }
    let mut counts: Vec<_> =
        counts.into_iter().filter_map(|(id, count)| Some((count, &packages.get(&id)?.key))).collect();
    counts.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let rows = counts.iter().take(10).map(|(count, key)| [(*key).clone(), count.to_string()]);
    table(out, "most depended-on packages", ["package", "needed by"], rows)
}

fn several_versions(out: &mut impl Write, packages: &HashMap<Id, Node<Package>>) -> io::Result<()> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in packages.values() {
        versions.entry(&node.value.name).or_default().push(&node.value.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    for versions in versions.values_mut() {
        versions.sort_unstable();
    }
    let rows = versions.into_iter().map(|(name, versions)| [name.to_owned(), versions.join(", ")]);
    table(out, "packages in several versions", ["package", "versions"], rows)
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
    let packages = graph.nodes::<Package>().load(conn)?;
    for node in packages.iter().filter(|node| node.value.name == wanted || node.key == wanted) {
        let needing = graph.from(node.id).in_::<DependsOn>().to::<Package>().depth(1..).load(conn)?;
        let rows = needing.iter().map(|reached| [reached.depth.to_string(), reached.key.clone()]);
        table(out, &format!("everything that needs {}", node.key), ["steps", "package"], rows)?;
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

//! From one document of a graph type to the next, where no row has to change.

use metagraph_core::document::{CompiledType, Difference, GraphDocument, IndexDocument};

use super::FolderError;
use super::rows::Rows;
use super::sql::{Script, delete, require, update};
use crate::backend::Seam;

/// What becomes of the revision, which counts what was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Revision {
    /// Only words are others.
    Same,
    Next,
    Before,
}

pub(super) fn between<Db: Seam>(stored: &GraphDocument, compiled: &CompiledType) -> Result<Script, FolderError> {
    let document = compiled.document();
    let name = &document.name;
    if stored.name != *name {
        return Err(FolderError::OtherType { stored: stored.name.clone(), compiled: name.clone() });
    }
    if stored == document {
        return Err(FolderError::Unchanged { graph_type: name.clone() });
    }
    let differences = stored.differences(document);
    let changes = rows_decide(stored, document, &differences);
    if !changes.is_empty() {
        return Err(FolderError::RowsDecide { graph_type: name.clone(), changes });
    }
    let (next, before) =
        if differences.is_empty() { (Revision::Same, Revision::Same) } else { (Revision::Next, Revision::Before) };
    Ok(Script {
        title: format!("the graph type {name}, changed"),
        up: steps::<Db>(stored, document, next)?,
        down: steps::<Db>(document, stored, before)?,
        is_of_tables: false,
    })
}

/// The changes of which nobody can say without the rows whether these stay valid.
fn rows_decide(stored: &GraphDocument, document: &GraphDocument, differences: &[Difference]) -> Vec<String> {
    let is_harmless = |difference: &Difference| {
        let steps: Vec<_> = difference.pointer.split('/').skip(1).collect();
        match steps.as_slice() {
            ["version" | "scope"] => true,
            ["nodes" | "edges", _] => difference.stored.is_none(),
            [members @ ("nodes" | "edges"), name, "indexes"] => {
                let before = indexes(stored, members, name);
                indexes(document, members, name).iter().all(|index| !index.unique || before.contains(index))
            }
            _ => false,
        }
    };
    differences.iter().filter(|difference| !is_harmless(difference)).map(ToString::to_string).collect()
}

fn indexes<'d>(document: &'d GraphDocument, members: &str, name: &str) -> &'d [IndexDocument] {
    let indexes = match members {
        "nodes" => document.nodes.get(name).map(|node| &node.indexes),
        _ => document.edges.get(name).map(|edge| &edge.indexes),
    };
    indexes.map_or(&[], Vec::as_slice)
}

fn steps<Db: Seam>(from: &GraphDocument, to: &GraphDocument, revision: Revision) -> Result<Vec<String>, FolderError> {
    let (before, after) = (Rows::<Db>::of(from)?, Rows::<Db>::of(to)?);
    let (name, id) = (&after.name, &after.id);
    let (members_before, members_after) = (before.members()?, after.members()?);
    let mut steps = vec![require("The stored type is the one that this begins with", &before.are_stored())];
    for (kind, member) in members_before.keys().filter(|member| !members_after.contains_key(*member)) {
        let (types, (rows, column), is_member) = (kind.types(), kind.rows(), after.is_member(member));
        let unused =
            format!("NOT EXISTS (SELECT 1 FROM {rows} WHERE {column} = (SELECT id FROM {types} WHERE {is_member}))");
        steps.push(require("Nothing has the type that goes", &unused));
        steps.push(delete(types, &is_member));
    }
    for ((kind, member), values) in &members_after {
        match members_before.get(&(*kind, member.clone())) {
            None => steps.push(after.insert_member(*kind, member, values)),
            Some(before) if before == values => {}
            Some(_) => steps.push(Rows::<Db>::update(kind.types(), values.clone(), &after.is_member(member))),
        }
    }

    let current = format!("(SELECT revision FROM __metagraph_graph_types WHERE name = {name})");
    let is_current = format!("graph_type_id = {id} AND revision = {current}");
    let mut graph_type = after.graph_type()?;
    match revision {
        Revision::Same => {
            steps.push(Rows::<Db>::update("__metagraph_graph_type_versions", after.version()?, &is_current));
        }
        Revision::Next => {
            steps.push(after.insert_version(&format!("{current} + 1"))?);
            graph_type.push(("revision", "revision + 1".to_owned()));
        }
        Revision::Before => {
            steps.push(delete("__metagraph_graph_type_versions", &is_current));
            graph_type.push(("revision", "revision - 1".to_owned()));
        }
    }
    steps.push(Rows::<Db>::update("__metagraph_graph_types", graph_type, &format!("name = {name}")));
    if revision != Revision::Same && graphs_have_revisions::<Db>() {
        let of_type = format!("graph_type_id = {id}");
        steps.push(update("__metagraph_graphs", &[("revision", current)], &of_type));
    }
    Ok(steps)
}

/// Whether each graph tells which revision of its type it is of.
fn graphs_have_revisions<Db: Seam>() -> bool {
    Db::MIGRATIONS.iter().any(|migration| migration.up.contains("ALTER TABLE __metagraph_graphs ADD COLUMN revision"))
}

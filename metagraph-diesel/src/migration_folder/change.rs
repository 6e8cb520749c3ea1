//! From one document of a graph type to the next, where no row has to change.

#[cfg(feature = "validate")]
use metagraph_core::document::EdgeDocument;
use metagraph_core::document::{CompiledType, GraphDocument};

use super::rows::{Kind, Rows};
use super::sql::{Script, delete, require, update};
use super::{FolderError, literal};
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
    let demands = demands(stored, compiled);
    if !demands.undecided.is_empty() {
        return Err(FolderError::RowsDecide { graph_type: name.clone(), changes: demands.undecided });
    }
    let (next, before) =
        if differences.is_empty() { (Revision::Same, Revision::Same) } else { (Revision::Next, Revision::Before) };
    let mut up = steps::<Db>(stored, document, next)?;
    for (place, (kind, element, member)) in demands.absent.iter().enumerate() {
        let absent = is_absent::<Db>(&Rows::of(stored)?, *kind, element, member)?;
        up.insert(1 + place, require("No row has an attribute of the new one's name", &absent));
    }
    Ok(Script {
        title: format!("the graph type {name}, changed"),
        up,
        down: steps::<Db>(document, stored, before)?,
        is_of_tables: false,
    })
}

/// What a change demands of the rows, none of which a file can look at and change.
#[derive(Debug, Default)]
struct Demands {
    /// Changes that only the rows decide about, in words.
    undecided: Vec<String>,
    /// Members that no row may have yet, by their type.
    absent: Vec<(Kind, String, String)>,
}

#[cfg(feature = "validate")]
fn demands(stored: &GraphDocument, compiled: &CompiledType) -> Demands {
    use metagraph_core::evolution::{Class, Subject, TypeDiff};

    let diff = TypeDiff::between(stored, compiled);
    let mut demands = Demands::default();
    for change in &diff.changes {
        let member = change.path.strip_prefix('/').filter(|name| change.only_clashes() && !name.contains('/'));
        let member = member.map(|name| name.replace("~1", "/").replace("~0", "~"));
        match (&change.subject, member) {
            (Subject::Node(name), Some(member)) => demands.absent.push((Kind::Node, name.clone(), member)),
            (Subject::Edge(name), Some(member)) => demands.absent.push((Kind::Edge, name.clone(), member)),
            _ if change.class != Class::Compatible => demands.undecided.push(change.to_string()),
            _ => {}
        }
    }
    let after = compiled.document();
    let before = &diff.renamed;
    let nodes =
        after.nodes.iter().map(|(name, node)| (name, before.nodes.get(name).map(|old| &old.schema), &node.schema));
    let edges =
        after.edges.iter().map(|(name, edge)| (name, before.edges.get(name).map(|old| &old.schema), &edge.schema));
    for (name, before, now) in nodes.chain(edges) {
        if before.is_some_and(|before| crate::evolution::needs_ring(before, now)) {
            demands.undecided.push(format!("`{name}`: what is sealed only changes with a key ring"));
        }
    }
    let renamed = diff.renames.nodes.iter().chain(&diff.renames.edges);
    demands.undecided.extend(renamed.map(|(now, before)| format!("`{before}` is called `{now}` now")));
    for (name, edge) in &compiled.document().edges {
        let is_other = |before: &EdgeDocument| {
            before.rules != edge.rules
                || before.key.is_some() != edge.key.is_some()
                || stored.config.direction != compiled.document().config.direction
        };
        let subject = Subject::Edge(name.clone());
        let is_told = diff.changes.iter().any(|change| change.subject == subject && change.class != Class::Compatible);
        if !is_told && diff.renamed.edges.get(name).is_some_and(is_other) {
            demands.undecided.push(format!("`{name}`: its rules are written in columns of its edges"));
        }
    }
    demands
}

#[cfg(not(feature = "validate"))]
fn demands(stored: &GraphDocument, compiled: &CompiledType) -> Demands {
    let undecided = stored.differences(compiled.document()).iter().map(ToString::to_string).collect();
    Demands { undecided, absent: Vec::new() }
}

/// Holds where no row of a type has a member of this name.
fn is_absent<Db: Seam>(after: &Rows<'_, Db>, kind: Kind, name: &str, member: &str) -> Result<String, FolderError> {
    let (types, (rows, column)) = (kind.types(), kind.rows());
    let is_member = after.is_member(&literal::text::<Db>(name, "name", name)?);
    let (before, behind) = Db::has_member("attributes", &[]);
    let member = literal::text::<Db>(name, "attribute", member)?;
    Ok(format!(
        "NOT EXISTS (SELECT 1 FROM {rows} WHERE {column} = (SELECT id FROM {types} WHERE {is_member})\n    \
         AND {before}{member}{behind})"
    ))
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
    if revision != Revision::Same {
        let of_type = format!("graph_type_id = {id}");
        steps.push(update("__metagraph_graphs", &[("revision", current)], &of_type));
    }
    Ok(steps)
}

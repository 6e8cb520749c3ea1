//! Stored types: their documents, and the rows that say the same in columns.

use std::collections::HashMap;

use metagraph_core::document::GraphDocument;
use serde_json::Value;

use super::column::{self, Text};
use super::findings::{At, Findings};
use super::tables::Tables;
use super::{Damage, Subject};
use crate::backend::GraphConnection;
use crate::error::Result;
use crate::indexes::{self, Declared};
use crate::record;
use crate::run;
use crate::statement::Statement;
use crate::vocabulary::Vocabulary;

/// The stored types, as far as they can be used.
#[derive(Default)]
pub(super) struct Types {
    pub(super) graphs: HashMap<i64, GraphType>,
    /// Ids of graph types and names, by the ids of node types.
    pub(super) nodes: HashMap<i64, (i64, String)>,
    /// The same of edge types.
    pub(super) edges: HashMap<i64, (i64, String)>,
}

#[cfg(feature = "validate")]
impl Types {
    /// The names of a vocabulary's own types.
    pub(super) fn of(vocabulary: &Vocabulary) -> Self {
        let of = vocabulary.graph_type;
        Self {
            graphs: HashMap::new(),
            nodes: vocabulary.all_nodes().map(|kind| (kind.id, (of, kind.name.clone()))).collect(),
            edges: vocabulary.all_edges().map(|kind| (kind.id, (of, kind.name.clone()))).collect(),
        }
    }
}

pub(super) struct GraphType {
    pub(super) name: String,
    /// `None` where its document cannot be used.
    pub(super) vocabulary: Option<Vocabulary>,
}

/// The row of a graph type.
struct Stored {
    id: i64,
    name: String,
    description: Option<String>,
    config: Option<Value>,
    scope: Option<String>,
    version: Option<i64>,
    revision: i64,
    hash: Option<String>,
}

/// The row of a node or edge type.
struct Member {
    id: i64,
    graph_type: i64,
    name: String,
    schema: Option<Value>,
    from: Option<Value>,
    to: Option<Value>,
}

const NODES: &str = "SELECT id, graph_type_id, name, description, schema, metadata, created_at, updated_at \
                     FROM __metagraph_node_types ORDER BY id";
const EDGES: &str = "SELECT id, graph_type_id, name, description, schema, metadata, created_at, updated_at, \
                     allowed_source_types, allowed_target_types FROM __metagraph_edge_types ORDER BY id";

/// Reads all types; those of the graph type `only` are checked, or all.
pub(super) fn check<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    tables: &Tables,
    only: Option<i64>,
) -> Result<Types> {
    let all = graph_types(conn, findings, only)?;
    let names: HashMap<_, _> = all.iter().map(|stored| (stored.id, stored.name.clone())).collect();
    let nodes = members(conn, findings, &names, only, NODES, false)?;
    let edges = members(conn, findings, &names, only, EDGES, true)?;
    let mut types = Types::default();
    types.nodes.extend(nodes.iter().map(|member| (member.id, (member.graph_type, member.name.clone()))));
    types.edges.extend(edges.iter().map(|member| (member.id, (member.graph_type, member.name.clone()))));
    for stored in all {
        let mut vocabulary = None;
        if only.is_none_or(|only| only == stored.id) {
            findings.checked.graph_types += 1;
            if let Some(document) = documents(conn, findings, &stored)? {
                compare(findings, &stored, &document, &nodes, &edges);
                vocabulary = Some(Vocabulary::load(conn, stored.id, stored.revision, document)?);
            }
        }
        if let Some(vocabulary) = &vocabulary {
            declared_indexes::<C>(findings, tables, &stored.name, vocabulary);
        }
        types.graphs.insert(stored.id, GraphType { name: stored.name, vocabulary });
    }
    if only.is_none() {
        stray_documents(conn, findings)?;
    }
    Ok(types)
}

fn graph_types<C: GraphConnection>(conn: &mut C, findings: &mut Findings, only: Option<i64>) -> Result<Vec<Stored>> {
    let statement = Statement::new(
        "SELECT id, name, description, config, scope, version, revision, hash, metadata, created_at, updated_at \
         FROM __metagraph_graph_types ORDER BY id",
    );
    let mut names: HashMap<String, i64> = HashMap::new();
    run::each(conn, "checking graph types", statement, |row| {
        let id = record::integer::<C::Db>(row, 0)?;
        let name = column::text::<C::Db>(row, 1)?;
        let text = |text: Option<Text>| text.map(|text| text.text);
        let mut stored = Stored {
            id,
            name: name.as_ref().map(|name| name.text.clone()).unwrap_or_default(),
            description: text(column::text::<C::Db>(row, 2)?),
            config: None,
            scope: text(column::text::<C::Db>(row, 4)?),
            version: record::optional_integer::<C::Db>(row, 5)?,
            revision: record::optional_integer::<C::Db>(row, 6)?.unwrap_or(0),
            hash: text(column::text::<C::Db>(row, 7)?),
        };
        if only.is_none_or(|only| only == id) {
            let own = stored.name.clone();
            let at = At { id: Some(id), ..At::graph_type(&own) };
            column::check_text(findings, at, "name", name.as_ref(), true);
            column::json::<C::Db>(row, 3, findings, at, "config", |_, _, config| stored.config = Some(config))?;
            column::check_common::<C::Db>(row, 8, findings, at, false)?;
            if let Some(first) = names.insert(own.clone(), id) {
                findings.add(Damage::DuplicateType, at, || format!("has the name of graph type {first}"));
            }
        }
        Ok(stored)
    })
}

fn members<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    graph_types: &HashMap<i64, String>,
    only: Option<i64>,
    select: &'static str,
    are_edges: bool,
) -> Result<Vec<Member>> {
    let kind = if are_edges { "edge" } else { "node" };
    let mut names: HashMap<(i64, String), i64> = HashMap::new();
    run::each(conn, "checking node and edge types", Statement::new(select), |row| {
        let id = record::integer::<C::Db>(row, 0)?;
        let graph_type = record::integer::<C::Db>(row, 1)?;
        let text = column::text::<C::Db>(row, 2)?;
        let name = text.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let mut member = Member { id, graph_type, name: name.clone(), schema: None, from: None, to: None };
        if only.is_some_and(|only| only != graph_type) {
            return Ok(member);
        }
        let of = graph_types.get(&graph_type).map(String::as_str);
        let at = At { graph_type: of, element: Some(&name), id: Some(id), ..At::of(Subject::GraphType) };
        if of.is_none() {
            findings.add(Damage::StrayType, at, || {
                format!("the {kind} type belongs to graph type {graph_type}, which does not exist")
            });
        }
        if let Some(first) = names.insert((graph_type, name.clone()), id) {
            findings.add(Damage::DuplicateType, at, || format!("has the name of {kind} type {first}"));
        }
        column::check_text(findings, at, "name", text.as_ref(), true);
        column::json::<C::Db>(row, 4, findings, at, "schema", |_, _, schema| member.schema = Some(schema))?;
        column::check_common::<C::Db>(row, 5, findings, at, false)?;
        if are_edges {
            let (from, to) = (&mut member.from, &mut member.to);
            column::json::<C::Db>(row, 8, findings, at, "allowed_source_types", |_, _, names| *from = Some(names))?;
            column::json::<C::Db>(row, 9, findings, at, "allowed_target_types", |_, _, names| *to = Some(names))?;
        }
        Ok(member)
    })
}

/// Checks the documents of all revisions, and returns the one in force.
fn documents<C: GraphConnection>(
    conn: &mut C,
    findings: &mut Findings,
    stored: &Stored,
) -> Result<Option<GraphDocument>> {
    let statement = Statement::new(
        "SELECT revision, version, hash, document, metadata, created_at, updated_at \
         FROM __metagraph_graph_type_versions WHERE graph_type_id = ",
    )
    .integer(stored.id)
    .sql(" ORDER BY revision, id");
    let at = At { id: Some(stored.id), ..At::graph_type(&stored.name) };
    let mut current: Option<Option<GraphDocument>> = None;
    run::each(conn, "checking schema documents", statement, |row| {
        let revision = record::optional_integer::<C::Db>(row, 0)?.unwrap_or(0);
        let version = record::optional_integer::<C::Db>(row, 1)?;
        let hash = record::optional_text::<C::Db>(row, 2)?.unwrap_or_default();
        let text = record::optional_text::<C::Db>(row, 3)?.unwrap_or_default();
        column::check_common::<C::Db>(row, 4, findings, at, false)?;
        let document = document(findings, at, revision, version, &hash, &text);
        if revision == stored.revision {
            if stored.hash.as_deref() != Some(&hash) {
                findings.add(Damage::DocumentHash, at, || {
                    format!("the hash of the graph type is not the one of revision {revision}")
                });
            }
            current = Some(document);
        }
        Ok(())
    })?;
    if current.is_none() {
        findings.add(Damage::MissingDocument, at, || {
            format!("there is no schema document of revision {}", stored.revision)
        });
    }
    Ok(current.flatten())
}

fn document(
    findings: &mut Findings,
    at: At<'_>,
    revision: i64,
    version: Option<i64>,
    hash: &str,
    text: &str,
) -> Option<GraphDocument> {
    if hmac_sha256::Hash::hash(text.as_bytes()).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
        != hash
    {
        findings.add(Damage::DocumentHash, at, || {
            format!("the hash of revision {revision} is not the one of its schema document")
        });
    }
    let document: GraphDocument = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            findings.add(Damage::InvalidDocument, at, || {
                format!("the schema document of revision {revision} cannot be read: {error}")
            });
            return None;
        }
    };
    if document.canonical_text() != text {
        findings.add(Damage::DocumentText, at, || {
            format!("the schema document of revision {revision} is not in its canonical text")
        });
    }
    if version != Some(document.version.into()) {
        findings.add(Damage::TypeColumns, at, || {
            format!("`version` of revision {revision} is not what its schema document says")
        });
    }
    Some(document)
}

/// Checks that the rows of a graph type and of its members say what its document says.
fn compare(findings: &mut Findings, stored: &Stored, document: &GraphDocument, nodes: &[Member], edges: &[Member]) {
    let at = At { id: Some(stored.id), ..At::graph_type(&stored.name) };
    let columns = [
        ("name", stored.name == document.name),
        ("description", stored.description.as_ref() == Some(&document.description)),
        ("config", stored.config == serde_json::to_value(&document.config).ok()),
        ("scope", stored.scope.as_ref() == Some(&document.scope)),
        ("version", stored.version == Some(document.version.into())),
    ];
    for (column, _) in columns.into_iter().filter(|(_, same)| !same) {
        findings.add(Damage::TypeColumns, at, || format!("`{column}` is not what the schema document says"));
    }
    let of_node = document.nodes.iter().map(|(name, node)| (name, &node.schema, None));
    let of_edge = document.edges.iter().map(|(name, edge)| (name, &edge.schema, Some((&edge.from, &edge.to))));
    members_as_listed(findings, stored, "node", nodes, of_node);
    members_as_listed(findings, stored, "edge", edges, of_edge);
}

type Listed<'d> = (&'d String, &'d Value, Option<(&'d Vec<String>, &'d Vec<String>)>);

fn members_as_listed<'d>(
    findings: &mut Findings,
    stored: &Stored,
    kind: &str,
    members: &[Member],
    listed: impl Iterator<Item = Listed<'d>>,
) {
    let mut unlisted: HashMap<&str, &Member> = HashMap::new();
    for member in members.iter().filter(|member| member.graph_type == stored.id) {
        unlisted.entry(&member.name).or_insert(member);
    }
    for (name, schema, ends) in listed {
        let at = At { element: Some(name), ..At::graph_type(&stored.name) };
        let Some(member) = unlisted.remove(name.as_str()) else {
            findings.add(Damage::MissingType, at, || format!("the {kind} type has no row"));
            continue;
        };
        let at = At { id: Some(member.id), ..at };
        let same = |column: &Option<Value>, names: &Vec<String>| *column == Some(names.clone().into());
        let columns = [
            ("schema", member.schema.as_ref() == Some(schema)),
            ("allowed_source_types", ends.is_none_or(|(from, _)| same(&member.from, from))),
            ("allowed_target_types", ends.is_none_or(|(_, to)| same(&member.to, to))),
        ];
        for (column, _) in columns.into_iter().filter(|(_, same)| !same) {
            findings.add(Damage::TypeColumns, at, || format!("`{column}` is not what the schema document says"));
        }
        check_schema(findings, at, schema);
    }
    for member in unlisted.into_values() {
        let at = At { element: Some(&member.name), id: Some(member.id), ..At::graph_type(&stored.name) };
        findings.add(Damage::UnlistedType, at, || format!("the schema document has no such {kind} type"));
    }
}

#[cfg(feature = "validate")]
fn check_schema(findings: &mut Findings, at: At<'_>, schema: &Value) {
    if let Err(message) = metagraph_core::validate::Validator::new(schema) {
        findings.add(Damage::InvalidDocument, at, || format!("the schema cannot be used: {message}"));
    }
}

#[cfg(not(feature = "validate"))]
fn check_schema(_: &mut Findings, _: At<'_>, _: &Value) {}

fn declared_indexes<C: GraphConnection>(
    findings: &mut Findings,
    tables: &Tables,
    graph_type: &str,
    vocabulary: &Vocabulary,
) {
    for Declared { index, .. } in indexes::declared::<C::Db>(vocabulary) {
        if !tables.attribute_indexes.contains(&index.name) {
            let at = At { element: Some(&index.element), ..At::graph_type(graph_type) };
            findings.add(Damage::MissingIndex, at, || {
                let unique = if index.unique { "unique" } else { "index" };
                format!("there is no `{}` for {unique} `{}`; `sync` creates it", index.name, index.declared)
            });
        }
    }
}

fn stray_documents<C: GraphConnection>(conn: &mut C, findings: &mut Findings) -> Result<()> {
    let statement = Statement::new(
        "SELECT v.id, v.graph_type_id FROM __metagraph_graph_type_versions AS v WHERE NOT EXISTS \
         (SELECT 1 FROM __metagraph_graph_types AS t WHERE t.id = v.graph_type_id) ORDER BY v.id",
    );
    let strays: Vec<(i64, i64)> = run::all(conn, "looking for schema documents of no type", statement)?;
    for (id, graph_type) in strays {
        let at = At { id: Some(id), ..At::of(Subject::GraphType) };
        findings.add(Damage::StrayType, at, || {
            format!("the schema document belongs to graph type {graph_type}, which does not exist")
        });
    }
    Ok(())
}

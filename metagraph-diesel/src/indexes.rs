//! Indexes on attributes: what graph types declare, and what the database has.
//!
//! A field with `#[graph(index)]` or `#[graph(unique)]` becomes a partial expression index over the rows of its type,
//! led by the graph. [`sync`](crate::sync()) creates what is missing; nothing is dropped but on request.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
//! # fn main() -> metagraph::Result<()> {
//! # let (mut conn, graph) = example()?;
//! use metagraph::indexes;
//!
//! for index in indexes::list(&mut conn, "packages")? {
//!     println!("{} on {}: {}", index.name, index.element, index.attributes.join(", "));
//! }
//! assert!(indexes::stale(&mut conn)?.is_empty());
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeSet;

use metagraph_core::document::{GraphDocument, IndexDocument};
use metagraph_core::query::Kind;
use metagraph_core::query::source::Step;
use metagraph_core::schema::{indexed_steps, is_time, scalar_kind};
use serde_json::Value;

use crate::backend::{Form, GraphConnection, Seam};
use crate::conflict::Conflict;
use crate::error::{Error, Result};
use crate::run;
use crate::statement::Statement;
use crate::stored_type::StoredType;
use crate::types;
use crate::vocabulary::Vocabulary;
use crate::write::Table;

/// An index that a graph type declares.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Index {
    /// Its name in the database.
    pub name: String,
    /// The name it was declared by: the attribute's, or the one that several attributes share.
    pub declared: String,
    /// Name of the node or edge type.
    pub element: String,
    /// The attributes, in their order.
    pub attributes: Vec<String>,
    /// Whether two rows of a graph with the same values are refused.
    pub unique: bool,
    /// Whether the database has it.
    pub exists: bool,
}

/// An index with the statement that creates it.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) index: Index,
    create: String,
    /// The rows that it is about, after `FROM`; more conditions may follow.
    pub(crate) rows: String,
    pub(crate) on_nodes: bool,
    /// What its values are made of.
    expressions: Vec<String>,
}

/// The indexes that a stored graph type declares.
///
/// # Errors
/// [`Error::UnknownGraphType`] when there is no such type.
pub fn list<C: GraphConnection>(conn: &mut C, graph_type: &str) -> Result<Vec<Index>> {
    let existing = existing(conn)?;
    let declared = of_type::<C>(conn, graph_type)?;
    Ok(declared
        .into_iter()
        .map(|declared| Index { exists: existing.contains(&declared.index.name), ..declared.index })
        .collect())
}

/// Names of indexes on attributes that no stored graph type declares any more.
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn stale<C: GraphConnection>(conn: &mut C) -> Result<Vec<String>> {
    let mut existing = existing(conn)?;
    for graph_type in types::list(conn)? {
        for declared in of_type::<C>(conn, &graph_type.name)? {
            existing.remove(&declared.index.name);
        }
    }
    Ok(existing.into_iter().collect())
}

/// Drops the indexes that [`stale`] names, and returns their names.
///
/// # Errors
/// [`Error::Database`] when the database fails.
pub fn drop_stale<C: GraphConnection>(conn: &mut C) -> Result<Vec<String>> {
    run::transaction(conn, |conn| {
        run::all::<C, i64>(conn, "locking indexes", Statement::new(C::Db::LOCK_INDEXES))?;
        let names = stale(conn)?;
        drop_named(conn, &names)?;
        Ok(names)
    })
}

/// Names of the indexes that a type declares and the database has; none where there is no such type.
pub(crate) fn names_of<C: GraphConnection>(conn: &mut C, graph_type: &str) -> Result<Vec<String>> {
    match list(conn, graph_type) {
        Ok(indexes) => Ok(indexes.into_iter().filter(|index| index.exists).map(|index| index.name).collect()),
        Err(Error::UnknownGraphType { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

pub(crate) fn drop_named<C: GraphConnection>(conn: &mut C, names: &[String]) -> Result<()> {
    for name in names {
        let statement = Statement::new("DROP INDEX IF EXISTS ").printed(name.as_str());
        run::execute(conn, "dropping an index", statement)?;
    }
    Ok(())
}

/// Creates the declared indexes that the database lacks.
pub(crate) fn create_missing<C: GraphConnection>(conn: &mut C, vocabulary: &Vocabulary) -> Result<()> {
    let declared = declared::<C::Db>(vocabulary);
    if declared.is_empty() {
        return Ok(());
    }
    let known = existing(conn)?;
    if declared.iter().all(|declared| known.contains(&declared.index.name)) {
        return Ok(());
    }
    run::transaction(conn, |conn| {
        // Two programs that start at once: the second finds what the first created.
        run::all::<C, i64>(conn, "locking indexes", Statement::new(C::Db::LOCK_INDEXES))?;
        let known = existing(conn)?;
        for declared in declared.iter().filter(|declared| !known.contains(&declared.index.name)) {
            let created = run::execute(conn, "creating an index", Statement::new("").printed(declared.create.as_str()));
            created.map_err(|error| of_rows(error, &declared.index))?;
        }
        Ok(())
    })
}

/// The declared index of this name, with the expressions that its values are made of.
pub(crate) fn by_name<Db: Seam>(vocabulary: &Vocabulary, name: &str) -> Option<(Index, Vec<String>)> {
    let declared = declared::<Db>(vocabulary).into_iter().find(|declared| declared.index.name == name)?;
    Some((declared.index, declared.expressions))
}

/// What the names of a type's indexes begin with.
pub(crate) fn prefix(table: Table, type_id: i64) -> String {
    let letter = match table {
        Table::Nodes => NODES.1,
        Table::Edges => EDGES.1,
    };
    format!("__metagraph_ix_{letter}{type_id}_")
}

/// Says which rows keep a unique index from being created.
fn of_rows(error: Error, index: &Index) -> Error {
    match error {
        Error::Conflict(conflict) => {
            let (element, attributes) = (index.element.clone(), index.attributes.clone());
            Conflict { element, attributes, ..*conflict }.into()
        }
        error => error,
    }
}

pub(crate) fn existing<C: GraphConnection>(conn: &mut C) -> Result<BTreeSet<String>> {
    let names: Vec<String> = run::all(conn, "listing indexes", Statement::new(C::Db::ATTRIBUTE_INDEXES))?;
    Ok(names.into_iter().collect())
}

fn of_type<C: GraphConnection>(conn: &mut C, graph_type: &str) -> Result<Vec<Declared>> {
    let stored = StoredType::require(conn, graph_type)?;
    let document = stored.document(conn)?;
    let vocabulary = Vocabulary::load(conn, stored.id, stored.revision, document)?;
    Ok(declared::<C::Db>(&vocabulary))
}

/// The indexes that a graph type declares, whether the database has them or not.
pub(crate) fn declared<Db: Seam>(vocabulary: &Vocabulary) -> Vec<Declared> {
    let GraphDocument { nodes, edges, .. } = &vocabulary.document;
    let nodes = nodes
        .iter()
        .filter_map(|(name, node)| Some((NODES, vocabulary.node(name).ok()?.id, name, &node.indexes, &node.schema)));
    let edges = edges
        .iter()
        .filter_map(|(name, edge)| Some((EDGES, vocabulary.edge(name).ok()?.id, name, &edge.indexes, &edge.schema)));
    nodes
        .chain(edges)
        .flat_map(|(table, id, name, indexes, schema)| {
            indexes.iter().map(move |index| create::<Db>(table, id, name, index, schema))
        })
        .collect()
}

/// A table with the letter its indexes have, and the column with the type of a row.
const NODES: (&str, char, &str) = ("__metagraph_nodes", 'n', "node_type_id");
const EDGES: (&str, char, &str) = ("__metagraph_edges", 'e', "edge_type_id");

fn create<Db: Seam>(
    (table, letter, of_type): (&str, char, &str),
    id: i64,
    element: &str,
    index: &IndexDocument,
    schema: &Value,
) -> Declared {
    let expressions: Vec<_> =
        index.attributes.iter().map(|attribute| expression::<Db>("attributes", schema, attribute)).collect();
    let (unique, tail) = if index.unique { ("UNIQUE ", "") } else { ("", Db::INDEX_TAIL) };
    let rows = Db::of_type(of_type, id, mark(index.unique, &index.attributes));
    let columns = format!("(graph_id, {}{tail}) WHERE {rows}", expressions.join(", "));
    // The name says what it is on; the hash says that it is on just that, so that a changed index is another one.
    let hash = hmac_sha256::Hash::hash(format!("{unique}{columns}").as_bytes());
    let hash = hash.iter().take(4).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let readable: String = index.name.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    let name = format!("__metagraph_ix_{letter}{id}_{}_{hash}", readable.to_ascii_lowercase());
    let create = format!("CREATE {unique}INDEX {name} ON {table} {columns}");
    let (declared, element) = (index.name.clone(), element.to_owned());
    let attributes = index.attributes.clone();
    Declared {
        index: Index { name, declared, element, attributes, unique: index.unique, exists: false },
        create,
        rows: format!("{table} WHERE {of_type} = {id}"),
        on_nodes: letter == NODES.1,
        expressions,
    }
}

/// A number that an index has, and with all likelihood no other of its type.
pub(crate) fn mark(unique: bool, attributes: &[String]) -> u32 {
    let hash = hmac_sha256::Hash::hash(format!("{unique} {attributes:?}").as_bytes());
    hash.iter().take(4).fold(0, |mark, byte| mark << 8 | u32::from(*byte)) >> 1
}

/// The expression for an attribute in a JSON column, as queries spell it.
pub(crate) fn expression<Db: Seam>(column: &str, schema: &Value, attribute: &str) -> String {
    let steps = indexed_steps(schema, attribute);
    let form = match scalar_kind(schema, &steps) {
        Some(Kind::Number) => Form::Number,
        Some(Kind::Flag) => Form::Flag,
        Some(Kind::Text) | None if is_time(schema, &steps) => Form::Time,
        Some(Kind::Text) | None => Form::Text,
    };
    Db::json(column, &steps, form)
}

impl Declared {
    /// The expressions that it is on, of rows whose attributes may be no JSON.
    pub(crate) fn values<Db: Seam>(&self, vocabulary: &Vocabulary) -> Vec<String> {
        let element = &self.index.element;
        let schema = if self.on_nodes {
            vocabulary.document.nodes.get(element).map(|node| &node.schema)
        } else {
            vocabulary.document.edges.get(element).map(|edge| &edge.schema)
        };
        let attributes =
            schema.into_iter().flat_map(|schema| self.index.attributes.iter().map(move |name| (schema, name)));
        attributes.map(|(schema, name)| expression::<Db>(Db::READABLE_ATTRIBUTES, schema, name)).collect()
    }
}

#[cfg(feature = "validate")]
impl Declared {
    /// The condition that the texts of a row are too long for it; `None` where it is on no texts.
    pub(crate) fn is_too_long<Db: Seam>(&self, vocabulary: &Vocabulary) -> Option<String> {
        let element = &self.index.element;
        let check =
            if self.on_nodes { &vocabulary.node(element).ok()?.check } else { &vocabulary.edge(element).ok()?.check };
        let (before, after) = Db::BYTES;
        let values = self.values::<Db>(vocabulary);
        let texts = self.index.attributes.iter().zip(values).filter(|(attribute, _)| check.indexes_text(attribute));
        let bytes: Vec<_> = texts.map(|(_, value)| format!("coalesce({before}{value}{after}, 0)")).collect();
        (!bytes.is_empty()).then(|| format!("{} > {}", bytes.join(" + "), metagraph_core::Key::MAX_BYTES))
    }
}

/// How many bytes of text the attributes of each index may have together.
pub(crate) fn text_attributes(indexes: &[IndexDocument], schema: &Value) -> Vec<Vec<String>> {
    let is_text = |attribute: &&String| {
        let kind = scalar_kind(schema, &[Step::Member((*attribute).clone().into())]);
        !matches!(kind, Some(Kind::Number | Kind::Flag))
    };
    let texts = indexes.iter().map(|index| index.attributes.iter().filter(is_text).cloned().collect::<Vec<_>>());
    texts.filter(|attributes| !attributes.is_empty()).collect()
}

/// Unique rules by the attributes they are about.
pub(crate) fn unique_rules(indexes: &[IndexDocument]) -> Vec<Vec<String>> {
    indexes.iter().filter(|index| index.unique).map(|index| index.attributes.clone()).collect()
}

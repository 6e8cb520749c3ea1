//! The stored types of one graph type, as writes and reads need them.

#[cfg(feature = "validate")]
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use metagraph_core::Key;
use metagraph_core::document::{EdgeConfig, EdgeDocument, GraphDocument, IndexDocument, NodeDocument};
use metagraph_core::query::Kind;
use metagraph_core::query::source::Step;
use metagraph_core::schema::{attribute_names, is_time, scalar_kind};
#[cfg(feature = "validate")]
use metagraph_core::schema::{has_times, has_whole_floats, with_ranges, write_alike};
use metagraph_core::validate::{Invalid, Violation, attributes_without_rules, unproven_rule};
use serde_json::Value;

use crate::backend::{GraphConnection, Seam};
use crate::error::{Error, Result};
use crate::indexes;
use crate::record::{self, Record};
use crate::run;
use crate::statement::Statement;

/// A graph type as it is stored, with the ids that its members have in this database.
#[derive(Debug)]
pub struct Vocabulary {
    pub(crate) graph_type: i64,
    pub(crate) revision: i64,
    pub(crate) document: GraphDocument,
    nodes: HashMap<String, NodeKind>,
    edges: HashMap<String, EdgeKind>,
    names: HashMap<i64, String>,
}

/// A stored node type.
#[derive(Debug)]
pub(crate) struct NodeKind {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) key: Option<String>,
    pub(crate) restrict_delete: bool,
    /// Unique rules, by the attributes they are about.
    pub(crate) unique: Vec<Vec<String>>,
    pub(crate) check: Check,
}

/// A stored edge type.
#[derive(Debug)]
pub(crate) struct EdgeKind {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) key: Option<String>,
    pub(crate) from: Vec<i64>,
    pub(crate) to: Vec<i64>,
    pub(crate) rules: EdgeConfig,
    /// What the column `simple` holds: 1 for ordered pairs, 2 where a pair has no order.
    pub(crate) simple: Option<i64>,
    /// Sets of edge types, this one among them, that together close no cycle.
    pub(crate) acyclic: Vec<Vec<i64>>,
    /// Unique rules, by the attributes they are about.
    pub(crate) unique: Vec<Vec<String>>,
    pub(crate) check: Check,
}

/// How attributes of a type are checked.
#[derive(Debug)]
pub struct Check {
    schema: Value,
    key: Option<String>,
    /// For each index the attributes that hold text.
    indexed_texts: Vec<Vec<String>>,
    proven: OnceLock<bool>,
    fits_alone: OnceLock<BTreeSet<String>>,
    #[cfg(feature = "validate")]
    has_times: OnceLock<bool>,
    #[cfg(feature = "validate")]
    validator: OnceLock<Result<metagraph_core::validate::Validator, String>>,
}

impl Check {
    fn new(schema: Value, key: Option<String>, indexes: &[IndexDocument]) -> Self {
        Self {
            key,
            indexed_texts: indexes::text_attributes(indexes, &schema),
            schema,
            proven: OnceLock::new(),
            fits_alone: OnceLock::new(),
            #[cfg(feature = "validate")]
            has_times: OnceLock::new(),
            #[cfg(feature = "validate")]
            validator: OnceLock::new(),
        }
    }

    /// The schema of the attributes.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Whether this attribute's text is what the column of keys has.
    pub(crate) fn is_key(&self, attribute: &str) -> bool {
        let steps = [Step::Member(attribute.to_owned().into())];
        self.key.as_deref() == Some(attribute)
            && scalar_kind(&self.schema, &steps) == Some(Kind::Text)
            && !is_time(&self.schema, &steps)
    }

    /// Whether an index has the text of this attribute.
    pub(crate) fn indexes_text(&self, attribute: &str) -> bool {
        self.indexed_texts.iter().flatten().any(|indexed| indexed == attribute)
    }

    /// Whether every value that serde writes fits by construction.
    pub(crate) fn holds_for_typed(&self) -> bool {
        *self.proven.get_or_init(|| unproven_rule(&self.schema).is_none())
    }

    /// Whether a row fits whatever value of its Rust type, written by serde and not null, this attribute gets; a text in an
    /// index can still be too long.
    pub(crate) fn fits_alone(&self, attribute: &str) -> bool {
        // What several texts in one index have together is bounded.
        let indexed_with_others =
            self.indexed_texts.iter().any(|texts| texts.len() > 1 && texts.iter().any(|text| text == attribute));
        !indexed_with_others
            && self.fits_alone.get_or_init(|| attributes_without_rules(&self.schema)).contains(attribute)
    }

    /// Refuses text that PostgreSQL cannot store in an index, so that SQLite refuses it, too.
    pub(crate) fn refuse_long(&self, element: &str, attributes: &str) -> Result<()> {
        // What is short altogether has no long part.
        if self.indexed_texts.is_empty() || attributes.len() <= Key::MAX_BYTES {
            return Ok(());
        }
        let stored: Value =
            serde_json::from_str(attributes).map_err(|source| Error::Encode { element: element.to_owned(), source })?;
        for names in &self.indexed_texts {
            let bytes = names.iter().filter_map(|name| stored.get(name)?.as_str()).map(str::len).sum();
            if bytes > Key::MAX_BYTES {
                let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                return Err(Error::TooLong { element: format!("{} of {element}", names.join(" with ")), bytes });
            }
        }
        Ok(())
    }

    /// Refuses a patch that names an attribute which neither the type nor the stored row has.
    pub(crate) fn refuse_unknown(&self, element: &str, stored: &str, patch: &Value) -> Result<()> {
        let (Some(known), Value::Object(changes)) = (attribute_names(&self.schema), patch) else { return Ok(()) };
        let stored: Value =
            serde_json::from_str(stored).map_err(|source| Error::Decode { element: element.to_owned(), source })?;
        let unknown = changes.keys().filter(|name| !known.contains(name.as_str()) && stored.get(name).is_none());
        let violations: Vec<_> = unknown
            .map(|name| Violation {
                path: format!("/{}", name.replace('~', "~0").replace('/', "~1")),
                rule: "/properties".to_owned(),
                message: format!("there is no such attribute; there are {}", listed(&known)),
            })
            .collect();
        if violations.is_empty() {
            return Ok(());
        }
        Err(Error::Invalid { element: element.to_owned(), source: Invalid { violations } })
    }

    /// A value that fits, with its times and integers written as a typed write would.
    #[cfg(feature = "validate")]
    pub(crate) fn written_alike<'v>(&self, element: &str, value: &'v Value) -> Result<Cow<'v, Value>> {
        if !*self.has_times.get_or_init(|| has_times(&self.schema)) && !has_whole_floats(value) {
            return Ok(Cow::Borrowed(value));
        }
        let mut written = value.clone();
        write_alike(&self.schema, &mut written)
            .map_err(|source| Error::Invalid { element: element.to_owned(), source })?;
        Ok(Cow::Owned(written))
    }

    /// Whether values can be checked against the stored schema.
    #[cfg(feature = "validate")]
    pub(crate) fn is_usable(&self) -> bool {
        self.validator().is_ok()
    }

    #[cfg(feature = "validate")]
    fn validator(&self) -> &Result<metagraph_core::validate::Validator, String> {
        self.validator.get_or_init(|| metagraph_core::validate::Validator::new(&with_ranges(&self.schema)))
    }

    /// Checks a value against the stored schema.
    #[cfg(feature = "validate")]
    pub(crate) fn check(&self, element: &str, value: &Value) -> Result<()> {
        let invalid = |source| Error::Invalid { element: element.to_owned(), source };
        match self.validator() {
            Ok(validator) => validator.check(value).map_err(invalid),
            // The schema was verified before it was stored, so somebody else wrote this one.
            Err(message) => Err(invalid(Invalid {
                violations: vec![Violation {
                    path: String::new(),
                    rule: String::new(),
                    message: format!("the stored schema is not usable: {message}"),
                }],
            })),
        }
    }
}

/// The ids of a graph type's members in this database, by name.
#[derive(Debug)]
pub(crate) struct TypeIds {
    pub(crate) nodes: HashMap<String, i64>,
    pub(crate) edges: HashMap<String, i64>,
}

impl TypeIds {
    pub(crate) fn of<C: GraphConnection>(conn: &mut C, graph_type: i64) -> Result<Self> {
        let statement =
            Statement::new("SELECT CAST(0 AS bigint), id, name FROM __metagraph_node_types WHERE graph_type_id = ")
                .integer(graph_type)
                .sql(" UNION ALL SELECT CAST(1 AS bigint), id, name FROM __metagraph_edge_types WHERE graph_type_id = ")
                .integer(graph_type);
        let stored: Vec<Stored> = run::all(conn, "reading the types of a graph type", statement)?;
        let (edges, nodes): (Vec<_>, Vec<_>) = stored.into_iter().partition(|stored| stored.is_edge);
        let by_name = |stored: Vec<Stored>| stored.into_iter().map(|stored| (stored.name, stored.id)).collect();
        Ok(Self { nodes: by_name(nodes), edges: by_name(edges) })
    }
}

struct Stored {
    is_edge: bool,
    id: i64,
    name: String,
}

impl Record for Stored {
    fn read<'a, Db: Seam>(row: &impl diesel::row::Row<'a, Db>) -> diesel::deserialize::Result<Self> {
        Ok(Self { is_edge: record::integer(row, 0)? == 1, id: record::integer(row, 1)?, name: record::text(row, 2)? })
    }
}

impl Vocabulary {
    /// Reads the ids of a stored graph type's members; `document` is the one stored at `revision`.
    pub(crate) fn load<C: GraphConnection>(
        conn: &mut C,
        graph_type: i64,
        revision: i64,
        document: GraphDocument,
    ) -> Result<Self> {
        Ok(Self::assemble(graph_type, revision, document, &TypeIds::of(conn, graph_type)?))
    }

    /// The vocabulary of a document whose members have these ids; those that have none have no rows either.
    pub(crate) fn assemble(graph_type: i64, revision: i64, document: GraphDocument, ids: &TypeIds) -> Self {
        let TypeIds { nodes: node_ids, edges: edge_ids } = ids;
        let nodes: HashMap<_, _> = document
            .nodes
            .iter()
            .filter_map(|(name, node)| Some((name.clone(), node_kind(name, *node_ids.get(name)?, node))))
            .collect();
        let edges = document
            .edges
            .iter()
            .filter_map(|(name, edge)| {
                Some((name.clone(), edge_kind(name, *edge_ids.get(name)?, edge, &document, node_ids, edge_ids)))
            })
            .collect();
        let names = nodes.values().map(|node| (node.id, node.name.clone())).collect();
        Self { graph_type, revision, document, nodes, edges, names }
    }

    /// Lets edges end at nodes of further types: their rows are deleted, and the edges with them.
    #[cfg(feature = "validate")]
    pub(crate) fn admit_ends(&mut self, ids: &[i64]) {
        for edge in self.edges.values_mut() {
            edge.from.extend_from_slice(ids);
            edge.to.extend_from_slice(ids);
        }
    }

    pub(crate) fn node(&self, name: &str) -> Result<&NodeKind> {
        self.nodes.get(name).ok_or_else(|| self.unknown("node type", name, self.nodes.keys()))
    }

    pub(crate) fn edge(&self, name: &str) -> Result<&EdgeKind> {
        self.edges.get(name).ok_or_else(|| self.unknown("edge type", name, self.edges.keys()))
    }

    /// All node types, in no order.
    pub(crate) fn all_nodes(&self) -> impl Iterator<Item = &NodeKind> {
        self.nodes.values()
    }

    /// All edge types, in no order.
    pub(crate) fn all_edges(&self) -> impl Iterator<Item = &EdgeKind> {
        self.edges.values()
    }

    /// The node type with this id.
    pub(crate) fn node_by_id(&self, id: i64) -> Option<&NodeKind> {
        self.nodes.get(self.node_name(id)?)
    }

    /// Ids of all node types, and of those that restrict deletion.
    #[cfg(feature = "validate")]
    pub(crate) fn node_kinds(&self) -> (Vec<i64>, Vec<i64>) {
        let restricted = self.nodes.values().filter(|kind| kind.restrict_delete).map(|kind| kind.id).collect();
        (self.nodes.values().map(|kind| kind.id).collect(), restricted)
    }

    /// Ids of all edge types.
    #[cfg(feature = "validate")]
    pub(crate) fn edge_kinds(&self) -> Vec<i64> {
        self.edges.values().map(|kind| kind.id).collect()
    }

    /// The edge type with this id, which this vocabulary gave.
    pub(crate) fn edge_with(&self, id: i64) -> Result<&EdgeKind> {
        self.edge_by_id(id).ok_or_else(|| self.unknown("edge type", &id.to_string(), self.edges.keys()))
    }

    /// The edge type with this id.
    pub(crate) fn edge_by_id(&self, id: i64) -> Option<&EdgeKind> {
        self.edges.values().find(|edge| edge.id == id)
    }

    /// The name of the node type with this id.
    pub(crate) fn node_name(&self, id: i64) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Names of node types by their ids.
    pub(crate) fn node_names(&self, ids: &[i64]) -> Vec<String> {
        ids.iter().filter_map(|id| self.node_name(*id)).map(str::to_owned).collect()
    }

    fn unknown<'a>(&self, kind: &'static str, name: &str, known: impl Iterator<Item = &'a String>) -> Error {
        let mut known: Vec<_> = known.cloned().collect();
        known.sort_unstable();
        Error::UnknownType { graph_type: self.document.name.clone(), kind, name: name.to_owned(), known }
    }
}

fn listed(names: &BTreeSet<&str>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn node_kind(name: &str, id: i64, node: &NodeDocument) -> NodeKind {
    NodeKind {
        id,
        name: name.to_owned(),
        key: node.key.clone(),
        restrict_delete: node.restrict_delete,
        unique: indexes::unique_rules(&node.indexes),
        check: Check::new(node.schema.clone(), node.key.clone(), &node.indexes),
    }
}

fn edge_kind(
    name: &str,
    id: i64,
    edge: &EdgeDocument,
    document: &GraphDocument,
    node_ids: &HashMap<String, i64>,
    edge_ids: &HashMap<String, i64>,
) -> EdgeKind {
    let ids = |names: &[String]| names.iter().filter_map(|name| node_ids.get(name).copied()).collect();
    let mixed = document.config.direction == "mixed";
    let acyclic = edge
        .rules
        .acyclic
        .iter()
        .map(|set| {
            let in_set = document.edges.iter().filter(|(_, other)| other.rules.acyclic.contains(set));
            in_set.filter_map(|(name, _)| edge_ids.get(name).copied()).collect()
        })
        .collect();
    EdgeKind {
        id,
        name: name.to_owned(),
        key: edge.key.clone(),
        from: ids(&edge.from),
        to: ids(&edge.to),
        simple: edge.rules.simple.then_some(if mixed { 2 } else { 1 }),
        acyclic,
        rules: edge.rules.clone(),
        unique: indexes::unique_rules(&edge.indexes),
        check: Check::new(edge.schema.clone(), edge.key.clone(), &edge.indexes),
    }
}

//! From the derive's constant data to the document, once per Rust type.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;

use super::{EdgeConfig, EdgeDocument, GraphConfig, GraphDocument, IndexDocument, NodeDocument};
use crate::definition::{
    Direction, EdgeDefinition, ElementDefinition, Endpoint, GraphDefinition, Member, NodeDefinition, OnDelete,
    Parallel, Past, Scope, Shape,
};
use crate::element::GraphType;
use crate::schema::canonical;
use crate::schema::verify::{self, InvalidSchema, Problem};

/// The verified document of a graph type in this program, with its canonical text and hash.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
/// # fn main() {
/// use metagraph_core::document::CompiledType;
///
/// let compiled = CompiledType::of::<Packages>().unwrap();
/// assert_eq!(compiled.document().name, "packages");
/// assert_eq!(compiled.document().canonical_text(), compiled.text());
/// # }
/// ```
#[derive(Debug)]
pub struct CompiledType {
    document: GraphDocument,
    past: TypePast,
    text: String,
    hash: String,
}

/// What the members of a graph type were in earlier releases; nothing of it is stored.
#[derive(Debug, Clone, Default)]
pub struct TypePast {
    /// Node types by the names they have now.
    pub nodes: BTreeMap<String, Past>,
    /// Edge types by the names they have now.
    pub edges: BTreeMap<String, Past>,
}

impl CompiledType {
    /// The document of `G`; made and verified once per process.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use std::sync::Arc;
    ///
    /// use metagraph_core::document::CompiledType;
    ///
    /// let first = CompiledType::of::<Packages>().unwrap();
    /// let again = CompiledType::of::<Packages>().unwrap();
    /// assert!(Arc::ptr_eq(&first, &again));
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`InvalidSchema`] with everything that is wrong.
    pub fn of<G: GraphType>() -> Result<Arc<Self>, InvalidSchema> {
        static MADE: OnceLock<Mutex<HashMap<TypeId, Arc<CompiledType>>>> = OnceLock::new();
        let made = MADE.get_or_init(Mutex::default);
        if let Some(known) = made.lock().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<G>()) {
            return Ok(Arc::clone(known));
        }
        let compiled = Arc::new(Self::new(&G::DEFINITION)?);
        made.lock().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<G>(), Arc::clone(&compiled));
        Ok(compiled)
    }

    pub(crate) fn new(definition: &GraphDefinition) -> Result<Self, InvalidSchema> {
        let mut problems = Vec::new();
        let mut document = GraphDocument {
            name: definition.name.to_owned(),
            version: definition.version,
            scope: scope(definition.scope).to_owned(),
            description: definition.description.to_owned(),
            config: config(definition),
            nodes: BTreeMap::new(),
            edges: BTreeMap::new(),
        };
        let mut past = TypePast::default();
        add_members((&mut document, &mut past), definition, &[], &mut problems);
        check_former_names(&past.nodes, &mut problems);
        check_former_names(&past.edges, &mut problems);
        if !problems.is_empty() {
            return Err(InvalidSchema { graph_type: document.name, problems });
        }
        let text = document.canonical_text();
        let hash = canonical::hash(&text);
        Ok(Self { document, past, text, hash })
    }

    /// The document.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// assert_eq!(compiled.document().version, 1);
    /// # }
    /// ```
    pub fn document(&self) -> &GraphDocument {
        &self.document
    }

    /// What its members were before, as far as their author says.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// assert!(compiled.past().nodes["package"].names.is_empty());
    /// # }
    /// ```
    pub fn past(&self) -> &TypePast {
        &self.past
    }

    /// Its canonical text.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// assert_eq!(compiled.text(), compiled.document().canonical_text());
    /// # }
    /// ```
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, as 64 hexadecimal digits.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/packages.rs"));
    /// # fn main() {
    /// use metagraph_core::document::CompiledType;
    ///
    /// let compiled = CompiledType::of::<Packages>().unwrap();
    /// assert_eq!(compiled.hash(), compiled.document().hash());
    /// # }
    /// ```
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::System => "system",
        Scope::Tenant => "tenant",
        Scope::User => "user",
    }
}

fn config(definition: &GraphDefinition) -> GraphConfig {
    let rules = definition.rules;
    let direction = match rules.direction {
        Direction::Directed => "directed",
        Direction::Undirected => "undirected",
        Direction::Mixed => "mixed",
    };
    GraphConfig {
        direction: direction.to_owned(),
        multi: rules.parallel == Parallel::Multi,
        simple: rules.simple,
        allow_self_loops: rules.self_loops,
        acyclic: rules.acyclic,
    }
}

/// Adds the members of a graph type, and of those it imports: these keep the rules of the type that declared them.
fn add_members(
    (document, past): (&mut GraphDocument, &mut TypePast),
    definition: &GraphDefinition,
    acyclic_outside: &[String],
    problems: &mut Vec<Problem>,
) {
    let mut acyclic = acyclic_outside.to_vec();
    if definition.rules.acyclic {
        acyclic.push(format!("graph:{}", definition.name));
    }
    for member in definition.members {
        match member {
            Member::Node(node) => {
                past.nodes.insert(node.element.name.to_owned(), node.element.past);
                document.nodes.insert(node.element.name.to_owned(), node_document(node, problems));
            }
            Member::Edge(edge) => {
                past.edges.insert(edge.element.name.to_owned(), edge.element.past);
                let made = edge_document(edge, definition, &acyclic, problems);
                document.edges.insert(edge.element.name.to_owned(), made);
            }
            Member::Import(imported) => add_members((document, past), imported, &acyclic, problems),
        }
    }
}

/// A type can only have been what no other is or was.
fn check_former_names(past: &BTreeMap<String, Past>, problems: &mut Vec<Problem>) {
    let mut had: BTreeMap<&str, &str> = BTreeMap::new();
    for (element, was) in past {
        for &name in was.names {
            let other = match had.insert(name, element) {
                Some(other) if other != element => format!("`{other}` says the same"),
                _ if past.contains_key(name) => "another type has this name now".to_owned(),
                _ => continue,
            };
            problems.push(Problem::FormerName { element: element.clone(), name: name.to_owned(), other });
        }
    }
}

fn node_document(node: &NodeDefinition, problems: &mut Vec<Problem>) -> NodeDocument {
    NodeDocument {
        key: node.element.key.map(str::to_owned),
        restrict_delete: node.on_delete == OnDelete::Restrict,
        indexes: indexes(&node.element),
        schema: schema(&node.element, problems),
    }
}

fn edge_document(
    edge: &EdgeDefinition,
    graph: &GraphDefinition,
    acyclic: &[String],
    problems: &mut Vec<Problem>,
) -> EdgeDocument {
    let undirected = graph.rules.direction == Direction::Undirected || edge.rules.undirected;
    // A cycle needs directions: the graph's rule speaks of its directed edges.
    let mut acyclic = if undirected { Vec::new() } else { acyclic.to_vec() };
    if edge.rules.acyclic {
        acyclic.push(format!("edge:{}", edge.element.name));
    }
    EdgeDocument {
        key: edge.element.key.map(str::to_owned),
        from: names(edge.from),
        to: names(edge.to),
        rules: EdgeConfig {
            undirected,
            multi: edge.rules.parallel.unwrap_or(graph.rules.parallel) == Parallel::Multi,
            simple: graph.rules.simple,
            self_loops: graph.rules.self_loops && acyclic.is_empty(),
            one_out: edge.rules.one_out,
            one_in: edge.rules.one_in,
            acyclic,
        },
        indexes: indexes(&edge.element),
        schema: schema(&edge.element, problems),
    }
}

fn names(endpoint: Endpoint) -> Vec<String> {
    let names: BTreeSet<_> = endpoint.iter().flat_map(|set| set.iter()).map(|node| node.element.name).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn indexes(element: &ElementDefinition) -> Vec<IndexDocument> {
    let mut indexes: Vec<_> = element
        .indexes
        .iter()
        .map(|index| IndexDocument {
            name: index.name.to_owned(),
            attributes: index.fields.iter().map(|&field| field.to_owned()).collect(),
            unique: index.unique,
        })
        .collect();
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    indexes
}

fn schema(element: &ElementDefinition, problems: &mut Vec<Problem>) -> Value {
    let generated = (element.schema)();
    let schema = match element.shape {
        Shape::Object => canonical::normalized(&generated),
        Shape::Unit => canonical::of_unit(&generated),
    };
    verify::element(element, &schema, problems);
    crate::validate::verify(element, &schema, problems);
    schema
}

//! The types that the rows of one graph may have.

use std::collections::{BTreeSet, HashMap};

use super::findings::{At, Findings};
use super::types::Types;
use super::{Damage, Subject};
use crate::vocabulary::{EdgeKind, NodeKind, Vocabulary};

/// A graph whose rows are checked, and what is known of its types.
pub(super) struct Scope<'t> {
    pub(super) graph: i64,
    graph_type_id: i64,
    pub(super) graph_type: Option<&'t str>,
    pub(super) vocabulary: Option<&'t Vocabulary>,
    types: &'t Types,
    nodes: HashMap<i64, &'t NodeKind>,
    edges: HashMap<i64, &'t EdgeKind>,
    /// Edge types of which a row was found that their indexes do not see as they should.
    pub(super) suspects: BTreeSet<i64>,
}

/// The type of a row.
pub(super) struct Typed<'t, K> {
    pub(super) name: Option<&'t str>,
    /// `None` where nothing is known of it.
    pub(super) kind: Option<&'t K>,
}

impl<'t> Scope<'t> {
    pub(super) fn new(graph: i64, graph_type_id: i64, types: &'t Types) -> Self {
        let known = types.graphs.get(&graph_type_id);
        let name = known.map(|known| known.name.as_str());
        Self::with(graph, graph_type_id, name, known.and_then(|known| known.vocabulary.as_ref()), types)
    }

    /// The same with a vocabulary that is not in force.
    #[cfg(feature = "validate")]
    pub(super) fn of(graph: i64, vocabulary: &'t Vocabulary, types: &'t Types) -> Self {
        Self::with(graph, vocabulary.graph_type, Some(&vocabulary.document.name), Some(vocabulary), types)
    }

    fn with(
        graph: i64,
        graph_type_id: i64,
        graph_type: Option<&'t str>,
        vocabulary: Option<&'t Vocabulary>,
        types: &'t Types,
    ) -> Self {
        Self {
            graph,
            graph_type_id,
            graph_type,
            vocabulary,
            types,
            nodes: vocabulary.into_iter().flat_map(Vocabulary::all_nodes).map(|kind| (kind.id, kind)).collect(),
            edges: vocabulary.into_iter().flat_map(Vocabulary::all_edges).map(|kind| (kind.id, kind)).collect(),
            suspects: BTreeSet::new(),
        }
    }

    pub(super) fn node(&self, id: i64) -> Typed<'t, NodeKind> {
        let stored = self.types.nodes.get(&id);
        Typed { name: stored.map(|(_, name)| name.as_str()), kind: self.nodes.get(&id).copied() }
    }

    pub(super) fn edge(&self, id: i64) -> Typed<'t, EdgeKind> {
        let stored = self.types.edges.get(&id);
        Typed { name: stored.map(|(_, name)| name.as_str()), kind: self.edges.get(&id).copied() }
    }

    /// Says of a node or an edge that its type is none of the graph's, if it is not.
    pub(super) fn check_type(&self, findings: &mut Findings, at: At<'_>, id: i64) {
        let stored = if at.subject == Subject::Node { self.types.nodes.get(&id) } else { self.types.edges.get(&id) };
        match stored {
            None => findings.add(Damage::UnknownType, at, || format!("there is no {} type {id}", at.subject)),
            Some((graph_type, name)) if *graph_type != self.graph_type_id => {
                let known = self.types.graphs.get(graph_type).map(|known| known.name.as_str());
                let of = known.map_or_else(|| graph_type.to_string(), |name| format!("`{name}`"));
                findings.add(Damage::ForeignType, at, || format!("the type `{name}` belongs to graph type {of}"));
            }
            Some(_) => {}
        }
    }

    pub(super) fn at(&self, subject: Subject) -> At<'t> {
        At { graph_type: self.graph_type, graph: Some(self.graph), ..At::of(subject) }
    }
}
